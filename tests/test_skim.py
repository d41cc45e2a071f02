"""What a first glance leaves unread holds nothing: with it and without it the report is the same."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.engine import assemble, scan, suspects
from llmsec_nb.policy import Policy
from llmsec_nb.rules.secrets.token import TokenDetector
from llmsec_nb.sources.files import read_bytes
from llmsec_nb.sources.media import glance

from .samples import HEX, Maker

NOTEBOOKS = Path(__file__).parents[2] / "shared" / "data" / "notebooks"
POLICY = Policy(Config())
TOKEN = Maker(5).token("SEC103")
HALF = len(TOKEN) // 2
KEY = Maker(6).of(40)


def notebook(*cells: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def png(*texts: tuple[str, str]) -> str:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
        )

    named = [chunk(b"tEXt", f"{name}\0{text}".encode()) for name, text in texts]
    parts = [b"\x89PNG\r\n\x1a\n", *named, chunk(b"IDAT", bytes(300)), chunk(b"IEND", b"")]
    return base64.b64encode(b"".join(parts)).decode()


def both(raw: bytes, path: str = "a.ipynb") -> tuple[Any, Any]:
    concealer = Concealer(b"k")
    read = [read_bytes(raw, path), read_bytes(raw, path, suspects(POLICY, path))]
    reports = [assemble([scan(document, POLICY, concealer)])[0] for document in read]
    return reports[0], reports[1]


def spelled(*cells: Any, **members: Any) -> bytes:
    tree = notebook(code("x = 1"), *cells, markdown("nothing here"))
    return json.dumps({**tree, **members}).encode()


def shown(mime: str, data: object) -> Any:
    output = {"output_type": "display_data", "metadata": {}, "data": {mime: data}}
    return {**code("show()"), "outputs": [output]}


ESCAPED = "".join(f"\\x{ord(char):02x}" for char in TOKEN)
BASE64 = base64.b64encode(f"token: {TOKEN}\n".encode()).decode()
HIDING = {
    "plain": spelled(code(f"t = '{TOKEN}'")),
    "name": spelled(code(f"client = Client(api_key='{KEY}')")),
    "joined": spelled(code(f"t = '{TOKEN[:2]}' + '{TOKEN[2:]}'")),
    "implicit": spelled(code(f"t = ('{TOKEN[:HALF]}'\n     '{TOKEN[HALF:]}')")),
    "join": spelled(code(f"t = ''.join(['{TOKEN[:3]}', '{TOKEN[3:HALF]}', '{TOKEN[HALF:]}'])")),
    "f-string": spelled(code(f"a = '{TOKEN[:HALF]}'\nt = f'{{a}}{TOKEN[HALF:]}'")),
    "sum": spelled(code(f"a = '{TOKEN[:HALF]}'\nb = '{TOKEN[HALF:]}'\nt = a + b\n")),
    "escaped": spelled(code(f"t = '{ESCAPED}'")),
    "percent": spelled(code("u = '" + "".join(f"%{ord(char):02X}" for char in TOKEN) + "'")),
    "hex": spelled(code(f"t = bytes.fromhex('{TOKEN.encode().hex()}')")),
    "base64": spelled(code(f"t = b64decode('{BASE64}')")),
    "utf-16": spelled(code(f"t = '{base64.b64encode(TOKEN.encode('utf-16')).decode()}'")),
    "twice": spelled(code(f"t = '{base64.b64encode(BASE64.encode()).decode()}'")),
    "invisible": spelled(code(f"t = '{TOKEN[:9]}\u200b{TOKEN[9:]}'")),
    "alike": spelled(code("t = '" + TOKEN.replace("gh", "g\u04bb", 1) + "'")),
    "ansi": spelled(shown("text/plain", f"\x1b[31m{TOKEN[:3]}\x1b[0m{TOKEN[3:]}")),
    "tag": spelled(shown("text/html", f"<p>{TOKEN[:5]}<b>{TOKEN[5:]}</b></p>")),
    "entity": spelled(shown("text/html", f"<p>{TOKEN.replace('_', '&lowbar;')}</p>")),
    "table": spelled(
        shown(
            "text/html",
            f"<table><tr><th></th><th>api_key</th></tr><tr><th>0</th><td>{KEY}</td></tr></table>",
        )
    ),
    "member": spelled(shown("application/json", {"api_key": KEY})),
    "data URI": spelled(markdown(f"![](data:text/plain;base64,{BASE64})")),
    "picture": spelled(shown("image/png", png(("Comment", TOKEN)))),
    "trailing": spelled(
        shown(
            "image/png",
            base64.b64encode(base64.b64decode(png(("a", "b"))) + TOKEN.encode()).decode(),
        )
    ),
    "no picture": spelled(shown("image/png", f"iVBORw0KGgo {TOKEN}")),
    "metadata": spelled(metadata={"widgets": {"a": {"api_key": KEY}}}),
    "member name": spelled({**code("x"), "metadata": {TOKEN: 1}}),
    "unknown member": spelled({**code("x"), "more": [[{"a": TOKEN}]]}),
    "odd cell": spelled({"cell_type": "other", "source": [TOKEN]}),
    "odd source": spelled({**code("x"), "source": {"a": TOKEN}}),
    "odd MIME": spelled(shown(TOKEN, "x")),
    "joined in Markdown": spelled(markdown(f"```python\nt = '{TOKEN[:9]}' + '{TOKEN[9:]}'\n```")),
    "joined in an output": spelled(shown("text/plain", f"t = '{TOKEN[:9]}' + '{TOKEN[9:]}'")),
    "joined in a script": spelled(
        shown("application/javascript", f"const t = '{TOKEN[:9]}' + '{TOKEN[9:]}'")
    ),
    "joined in an error": spelled(
        {
            **code("x"),
            "outputs": [
                {
                    "output_type": "error",
                    "ename": "E",
                    "evalue": f"'{TOKEN[:9]}' + '{TOKEN[9:]}'",
                    "traceback": [],
                }
            ],
        }
    ),
    "colour in JSON": spelled(
        shown("application/json", {"a": f"\x1b[1m{TOKEN[:9]}\x1b[0m{TOKEN[9:]}"})
    ),
    "colour in metadata": spelled(metadata={"a": f"{TOKEN[:9]}\x1b[0m{TOKEN[9:]}"}),
    "picture attached": spelled(
        {**markdown("![](a.png)"), "attachments": {"a.png": {"image/png": png(("Comment", TOKEN))}}}
    ),
    "name of an attachment": spelled(
        {**markdown("![](a.png)"), "attachments": {TOKEN: {"image/png": png(("a", "b"))}}}
    ),
    "binary payload": spelled(
        shown(
            "application/x-data",
            base64.b64encode(bytes(range(200, 256)) * 3 + TOKEN.encode()).decode(),
        )
    ),
    "JSON as text": spelled(shown("text/json", f"t = '{TOKEN[:9]}' + '{TOKEN[9:]}'")),
    "password between tags": spelled(
        shown("text/html", "<p>postgres://ada:<b>x7K!pq92Lm</b>@db.corp/x</p>")
    ),
    "suppressed": spelled(code(f"t = '{TOKEN}'  # llmsec: ignore[SEC103] test")),
    "unused": spelled(code("t = 1  # llmsec: ignore[SEC103] none here")),
    "tag of a cell": spelled({**code("x"), "metadata": {"tags": ["llmsec: ignore[SEC103]"]}}),
    "bidi": spelled(code("a = 'x\u202e'")),
}


def test_the_name_of_the_file_counts() -> None:
    """Some formats are told by a word that may stand in the path alone."""
    raw = spelled(code(f'key = "{Maker(3).of(40, HEX)}"'))
    whole, glanced = both(raw, "wandb_login.ipynb")
    assert [finding.rule for finding in whole.findings] == ["SEC151"]
    assert whole == glanced


def test_a_detector_that_breaks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, text: object, hint: object, context: object) -> Any:
        raise KeyError(TOKEN)

    monkeypatch.setattr(TokenDetector, "detect", broken)
    whole, glanced = both(HIDING["plain"])
    assert {failure.message for failure in glanced.failures} == {
        "TokenDetector stopped with KeyError; what it looks for was not scanned"
    }
    assert whole == glanced


@pytest.mark.parametrize("name", HIDING)
def test_nothing_is_missed(name: str) -> None:
    whole, glanced = both(HIDING[name])
    assert whole.findings or whole.failures
    assert whole == glanced


def test_a_plain_notebook_is_not_read() -> None:
    raw = spelled(code("x = 1\ny = x + 2"), markdown("# Title"))
    assert read_bytes(raw, "a.ipynb", suspects(POLICY, "a.ipynb")).texts == []


def test_of_a_cell_that_is_only_read_as_code_the_source_is_enough() -> None:
    call = code("yaml.load(x)") | {"outputs": [shown("text/html", "<p>words</p>")["outputs"][0]]}
    raw = spelled(code("import yaml"), call, markdown("# Title"))
    texts = read_bytes(raw, "a.ipynb", suspects(POLICY, "a.ipynb")).texts
    assert [text.text for text in texts] == ["x = 1", "import yaml", "yaml.load(x)"]
    secrets = Policy(Config(select=("secret",)))
    assert read_bytes(raw, "a.ipynb", suspects(secrets, "a.ipynb")).texts == []
    assert len(read_bytes(raw, "a.ipynb").texts) >= 4


def test_texts_of_a_picture_are_seen_at_a_glance() -> None:
    assert glance(png(("Software", "Matplotlib"))) == ["Software\0Matplotlib"]
    assert glance("iVBORw0KGgo") is None
    assert glance("R0lGODlh") is None


@pytest.mark.skipif(not NOTEBOOKS.is_dir(), reason="the real notebooks are not here")
def test_real_notebooks_give_the_same() -> None:
    for file in sorted(NOTEBOOKS.rglob("*.ipynb")):
        whole, glanced = both(file.read_bytes())
        assert whole == glanced, file.name
