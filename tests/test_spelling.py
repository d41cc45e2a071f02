"""Whatever way a secret is written, the finding stands exactly on what spells it."""

from __future__ import annotations

import base64

import pytest

from llmsec_nb.api import check_text
from llmsec_nb.config import Config
from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.location import InFile
from llmsec_nb.core.rule import Kind
from llmsec_nb.sources.decode import Budget, views

from .samples import Maker

TOKEN = Maker(11).token("SEC103")
HEAD, TAIL = TOKEN[:14], TOKEN[14:]
KEY = Maker(12).of(40)


def spelled(form: str) -> str:
    return "".join(form.format(ord(char)) for char in TOKEN)


CASES = {
    "plus": ("x.py", f"t = '{HEAD}' + '{TAIL}'", f"{HEAD}' + '{TAIL}"),
    "plus over lines": ("x.py", f't = ("{HEAD}" +\n     "{TAIL}")', f'{HEAD}" +\n     "{TAIL}'),
    "backslash": ("x.py", f't = "{HEAD}" \\\n  "{TAIL}"', f'{HEAD}" \\\n  "{TAIL}'),
    "implicit": ("x.py", f"t = f('{HEAD}' '{TAIL}')", f"{HEAD}' '{TAIL}"),
    "script": ("x.js", f"const t = `{HEAD}` + '{TAIL}';", f"{HEAD}` + '{TAIL}"),
    "join": ("x.py", f"t = ''.join(['{HEAD}', '{TAIL}'])", f"{HEAD}', '{TAIL}"),
    "f-string": ("x.py", f"a = '{HEAD}'\nt = f'{{a}}{TAIL}'", f"{{a}}{TAIL}"),
    "octets": ("x.py", f"t = '{spelled(chr(92) + 'x{:02x}')}'", spelled("\\x{:02x}")),
    "code points": ("x.js", f"t = '{spelled(chr(92) + 'u{:04X}')}'", spelled("\\u{:04X}")),
    "percent": ("x.txt", f"u?t={spelled('%{:02X}')}&v=1", spelled("%{:02X}")),
    "hexadecimal": ("x.py", f"t = bytes.fromhex('{spelled('{:02x}')}')", spelled("{:02x}")),
    "tag": ("x.html", f"<p>{HEAD}<b>{TAIL}</b></p>", f"{HEAD}<b>{TAIL}"),
    "reference": ("x.html", f"<p>{TOKEN.replace('_', '&#95;')}</p>", TOKEN.replace("_", "&#95;")),
    "colour": ("x.txt", f"\x1b[1m{HEAD}\x1b[31m{TAIL}\x1b[0m", f"{HEAD}\x1b[31m{TAIL}"),
    "column": (
        "x.html",
        f"<table><tr><th>n</th><th>api_key</th></tr><tr><td>1</td><td> {KEY} </td></tr></table>",
        KEY,
    ),
    "pair": ("x.html", f"<table><tr><td>api_key</td><td>{KEY}</td></tr></table>", KEY),
}


@pytest.mark.parametrize("name", CASES)
def test_exact_place(name: str) -> None:
    path, text, expected = CASES[name]
    report = check_text(text, path, Config())
    lines = text.split("\n")
    pieces = set()
    for finding in report.findings:
        place = finding.location
        if place.line == place.end_line:
            pieces.add(lines[place.line][place.column : place.end_column])
        else:
            rest = lines[place.line + 1 : place.end_line]
            first, last = (
                lines[place.line][place.column :],
                lines[place.end_line][: place.end_column],
            )
            pieces.add("\n".join([first, *rest, last]))
    assert pieces == {expected}


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("depth", [1, 2])
def test_base64(codec: str, depth: int) -> None:
    """The place is exact to the four characters that hold a byte, or is the whole payload."""
    payload = f"token={TOKEN}\n".encode(codec)
    for _ in range(depth):
        payload = base64.b64encode(payload)
    source = f"t = decode('{payload.decode()}')"
    (finding,) = check_text(source, "x.py").findings
    assert finding.rule == "SEC103"
    found = source[finding.location.column : finding.location.end_column]
    if codec == "utf-8" and depth == 1:
        start, end = len("token="), len("token=") + len(TOKEN)
        assert found == payload.decode()[start // 3 * 4 : -(-end // 3) * 4]
    else:
        assert found == payload.decode()


@pytest.mark.parametrize(
    "source",
    [
        "t = '' + ''",
        "x = 'a' + str(b) + 'c'",
        'print("""a""" "b")',
        "d = {'a': 'b', 'c': 'd'}",
        "','.join(names)",
        "f'{a}b'",
        "a = b + c",
    ],
)
def test_what_needs_no_folding_has_one_view_or_an_equal_reading(source: str) -> None:
    place = InFile(line=0, column=0, end_line=0, end_column=0)
    part = Part(place=place, text=source, kind=Kind.CODE)
    for view in views(Text.of(part)):
        assert view.locate(0, len(view.text)).part is part


def test_the_budget_is_told() -> None:
    place = InFile(line=0, column=0, end_line=0, end_column=0)
    payload = base64.b64encode(b"some words of text, again and again. " * 9).decode()
    text = Text.of(Part(place=place, text=f"'{payload}'", kind=Kind.CODE))
    assert len(list(views(text))) == 2
    with pytest.raises(ValueError, match="more encoded text than is looked at"):
        list(views(text, budget=Budget(100)))


def test_utf_16_files_are_read() -> None:
    from llmsec_nb.sources.files import read_bytes

    document = read_bytes(f"t = '{TOKEN}'".encode("utf-16"), "x.py")
    assert document.failures == []
    assert document.texts[0].text == f"t = '{TOKEN}'"
