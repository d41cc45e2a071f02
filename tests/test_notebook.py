"""Reading a notebook whole: every part is found at its exact place, in the part and in the file."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.api import check_documents
from llmsec_nb.config import Config
from llmsec_nb.core.finding import Finding, Report
from llmsec_nb.sources.files import read_text
from llmsec_nb.sources.position import Literal, string_offsets

from .samples import HEX, Maker

TOKEN = Maker(7).token("SEC103")


def notebook(*cells: dict[str, Any], **top: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **top}


def code(source: Any = "", *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "c1",
        "metadata": {},
        "execution_count": None,
    }
    return {**cell, "source": source, "outputs": list(outputs), **more}


def data(mime: str, value: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {mime: value}}


def scan(tree: dict[str, Any], **dump: Any) -> tuple[Report, str]:
    raw = json.dumps(tree, **{"indent": 1, **dump})
    return check_documents([read_text(raw, "x.ipynb")], Config()).report, raw


def only(tree: dict[str, Any], rule: str = "SEC103") -> tuple[Finding, str]:
    report, raw = scan(tree)
    assert [finding.rule for finding in report.findings] == [rule], report
    assert not report.failures
    return report.findings[0], raw


def in_file(finding: Finding, raw: str) -> str:
    """What stands in the file where the finding says it is."""
    place = finding.location
    lines = raw.split("\n")
    assert place.file_line == place.file_end_line
    return lines[place.file_line or 0][place.file_column : place.file_end_column]


@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_sources(kind: str, as_list: bool) -> None:
    text = f'# caf\u00e9 "\U0001f600"\n\tx = "{TOKEN}"\n'
    cell = code(text.splitlines(keepends=True) if as_list else text) | {"cell_type": kind}
    finding, raw = only(notebook(code("pass"), cell))
    place = finding.location
    assert type(place).__name__ == "InCell"
    assert (place.cell, place.cell_id) == (1, "c1")  # type: ignore[union-attr]
    assert (place.line, place.column) == (1, 6)
    assert (place.end_line, place.end_column) == (1, 6 + len(TOKEN))
    assert in_file(finding, raw) == TOKEN


@pytest.mark.parametrize(
    ("output", "mime", "line", "column"),
    [
        ({"output_type": "stream", "name": "stderr", "text": ["a\n", f"b {TOKEN}"]},
         "application/vnd.jupyter.stderr", 1, 2),
        ({"output_type": "stream", "name": "stdout", "text": f"\x1b[31m{TOKEN[:9]}\x1b[0m{TOKEN[9:]}"},
         "application/vnd.jupyter.stdout", 0, 5),
        ({"output_type": "execute_result", "execution_count": 1, "metadata": {},
          "data": {"text/plain": [f"'{TOKEN}'"]}}, "text/plain", 0, 1),
        ({"output_type": "error", "ename": "E", "evalue": "", "traceback": ["one", f"two\n {TOKEN}"]},
         "application/vnd.jupyter.error", 2, 1),
        (data("text/html", f"<p\n title='{TOKEN}'>"), "text/html", 1, 8),
        (data("text/html", f"<b>{TOKEN[:8]}</b><i>{TOKEN[8:]}</i>"), "text/html", 0, 3),
        (data("image/svg+xml", f"<svg><text>{TOKEN}</text></svg>"), "image/svg+xml", 0, 11),
        (data("text/latex", f"$\\text{{{TOKEN}}}$"), "text/latex", 0, 7),
        (data("application/javascript", f"let a='{TOKEN}'"), "application/javascript", 0, 7),
        (data("application/json", {"a": [{"b": f"= {TOKEN}"}]}), "application/json", 0, 2),
        (data("application/vnd.custom.v1+json", {"a": TOKEN}), "application/vnd.custom.v1+json", 0, 0),
        (data("text/markdown", f"`{TOKEN}`"), "text/markdown", 0, 1),
    ],
)  # fmt: skip
def test_outputs(output: dict[str, Any], mime: str, line: int, column: int) -> None:
    finding, _ = only(notebook(code("pass", output)))
    place = finding.location
    assert (place.output, place.mime) == (0, mime)  # type: ignore[union-attr]
    assert (place.line, place.column) == (line, column)


def test_base64_inside_html() -> None:
    inner = f"<html><a href='x'>{TOKEN}</a></html>"
    payload = base64.b64encode(inner.encode()).decode()
    start = '<iframe src="data:text/html;charset=utf-8;base64,'
    finding, raw = only(notebook(code("pass", data("text/html", f'{start}{payload}"></iframe>'))))
    covered = in_file(finding, raw)
    assert covered in payload
    assert TOKEN.encode() in base64.b64decode(covered)
    assert finding.location.column - len(start) == inner.index(TOKEN) // 3 * 4


def png(kind: bytes, body: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + name + content + check

    header = chunk(b"IHDR", bytes(13))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(kind, body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "image",
    [
        png(b"tEXt", b"Comment\0" + TOKEN.encode()),
        png(b"zTXt", b"Comment\0\0" + zlib.compress(TOKEN.encode())),
        png(b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(TOKEN.encode())),
        png(b"eXIf", b"II*\0" + TOKEN.encode() + b"\0"),
        png(b"tIME", b"") + TOKEN.encode(),
        b"\xff\xd8\xff\xe1\x00\x40Exif\0\0" + TOKEN.encode() + bytes(16) + b"\xff\xd9",
        b"\xff\xd8\xff\xfe\x00\x2c" + TOKEN.encode() + b" x\xff\xd9",
    ],
    ids=["tEXt", "zTXt", "iTXt", "eXIf", "trailing", "jpeg-exif", "jpeg-comment"],
)
def test_images_and_attachments(image: bytes) -> None:
    payload = base64.b64encode(image).decode()
    mime = "image/jpeg" if image.startswith(b"\xff") else "image/png"
    finding, raw = only(notebook(code("pass", data(mime, payload + "\n"))))
    assert in_file(finding, raw) in payload
    cell = code("![x](attachment:a.png)", attachments={"a.png": {mime: payload}})
    attached, _ = only(notebook(cell | {"cell_type": "markdown"}))
    assert type(attached.location).__name__ == "InAttachment"
    assert attached.location.pointer == f"/cells/0/attachments/a.png/{mime.replace('/', '~1')}"


def test_metadata_parameters_and_widgets() -> None:
    secret = Maker(3).of(32)
    password = Maker(4).password()
    state = {"x" * 32: {"model_name": "PasswordModel", "state": {"value": password}}}
    tree = notebook(
        code("pass", metadata={"note": TOKEN}),
        metadata={
            "papermill": {"parameters": {"api_key": secret}},
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": state}},
        },
    )
    report, raw = scan(tree)
    found = {f.rule: f for f in report.findings}
    assert set(found) == {"SEC103", "SEC301", "SEC302"}
    assert found["SEC103"].location.pointer == "/cells/0/metadata/note"
    assert found["SEC302"].location.pointer == "/metadata/papermill/parameters/api_key"
    assert in_file(found["SEC302"], raw) == secret
    assert in_file(found["SEC301"], raw) == password


def test_member_names_and_unknown_members_are_read() -> None:
    report, raw = scan(notebook(code("pass", extra={TOKEN: 1})))
    (finding,) = report.findings
    assert TOKEN not in (finding.location.pointer or "")
    assert in_file(finding, raw) == TOKEN


def test_nbformat_3() -> None:
    old = nbformat.v3
    sheet = old.new_worksheet(
        cells=[
            old.new_text_cell("markdown", source=f"see {TOKEN}"),
            old.new_code_cell(
                input=f"a = '{TOKEN}'",
                outputs=[
                    old.new_output("pyout", output_text=f"<{TOKEN}>", prompt_number=1),
                    old.NotebookNode(output_type="stream", stream="stderr", text=f" {TOKEN}"),
                ],
            ),
        ]
    )
    raw = nbformat.writes(old.new_notebook(worksheets=[sheet]), version=3)
    report = check_documents([read_text(raw, "old.ipynb")], Config()).report
    places = [
        (type(f.location).__name__, getattr(f.location, "cell", None), f.location.column)
        for f in report.findings
    ]
    assert places == [("InCell", 0, 4), ("InCell", 1, 5), ("InOutput", 1, 1), ("InOutput", 1, 1)]
    assert [in_file(f, raw) for f in report.findings] == [TOKEN] * 4


@pytest.mark.parametrize("minor", range(6))
def test_nbformat_4_written_by_nbformat(minor: int) -> None:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"t = '{TOKEN}'")])
    made.nbformat_minor = minor
    if minor < 5:
        made.cells[0].pop("id")
    raw = nbformat.writes(made)
    report = check_documents([read_text(raw, "x.ipynb")], Config()).report
    assert [in_file(f, raw) for f in report.findings] == [TOKEN]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ('{"cells": [', "broken JSON at line 1, column 12"),
        ("[" * 100_000, "broken JSON: nested too deeply"),
        ("[]", "not a notebook: the JSON is not an object"),
        ('{"nbformat": 2}', "unknown notebook format: nbformat is 2, 3 and 4 are read"),
        ('{"a": 1}', "unknown notebook format: nbformat is missing, 3 and 4 are read"),
        ("", "broken JSON at line 1, column 1"),
    ],
)
def test_unreadable(raw: str, message: str) -> None:
    document = read_text(raw, "x.ipynb")
    assert len(document.failures) == 1
    assert document.failures[0].message.startswith(message)
    assert "\n" not in document.failures[0].message


def test_odd_cells_hide_nothing() -> None:
    report, _ = scan(notebook(code(5), code("ok", 7), f"loose {TOKEN}", code(TOKEN)))  # type: ignore[arg-type]
    assert [f.rule for f in report.findings] == ["SEC103", "SEC103"]
    assert [f.cell for f in report.failures] == [0, 1, 2]


def test_duplicate_members_are_told() -> None:
    raw = json.dumps(notebook(code("x"))).replace(
        '"source": "x"', f'"source": "{TOKEN}", "source": "x"'
    )
    document = read_text(raw, "x.ipynb")
    assert [f.message for f in document.failures] == [
        '"source" occurs twice in one JSON object; only the last one was scanned'
    ]


TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@settings(max_examples=150, deadline=None)
@given(before=TEXTS, after=TEXTS, ascii_only=st.booleans(), split=st.integers(0, 60))
def test_positions_round_trip(before: str, after: str, ascii_only: bool, split: int) -> None:
    """Line and column in the part, and in the file, wherever the text is cut and escaped."""
    text = f"{before} {TOKEN} {after}"
    lines = [text[:split], text[split:]]
    raw = json.dumps(notebook(code("pass"), code(lines)), indent=1, ensure_ascii=ascii_only)
    report = check_documents([read_text(raw, "x.ipynb")], Config()).report
    finding = next(f for f in report.findings if f.rule == "SEC103")
    place = finding.location
    start = len(before) + 1
    assert place.line == text.count("\n", 0, start)
    assert text.split("\n")[place.line][place.column :].startswith(TOKEN)
    offset = _offset(raw, place.file_line or 0, place.file_column or 0)
    assert raw[offset:].startswith(
        TOKEN[: max(1, min(len(TOKEN), split - start))] if 0 < split - start < len(TOKEN) else TOKEN
    )


def _offset(raw: str, line: int, column: int) -> int:
    return sum(len(text) + 1 for text in raw.split("\n")[:line]) + column


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, ascii_only=st.booleans())
def test_raw_offsets_walk_over_escapes(text: str, ascii_only: bool) -> None:
    raw = json.dumps({"a": {"b": [1, text]}}, ensure_ascii=ascii_only)
    pointer = (("a", "b", 1), False)
    begin = string_offsets(raw, {pointer})[pointer]
    for index in range(len(text) + 1):
        cut = raw[begin : Literal(raw, begin).raw(index)]
        assert json.loads(f'"{cut}"') == text[:index]


def test_a_scan_leaves_the_file_alone(tmp_path: Any) -> None:
    file = tmp_path / "x.ipynb"
    file.write_text(json.dumps(notebook(code(TOKEN))))
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    from llmsec_nb import check

    assert check(file).summary.findings == 1
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert [p.name for p in tmp_path.iterdir()] == ["x.ipynb"]


def test_hex_of_widgets_is_no_secret() -> None:
    maker = Maker(9)
    ids = {maker.of(32, HEX): {"layout": f"IPY_MODEL_{maker.of(32, HEX)}"} for _ in range(50)}
    report, _ = scan(notebook(code("pass"), metadata={"widgets": {"state": ids}}))
    assert not report.findings


def test_a_broken_up_token_is_where_it_stands_among_the_strings_of_a_tree() -> None:
    leaves = {"first": "plain text", "second": f"a {TOKEN[:9]}\u200b{TOKEN[9:]}", "third": "x"}
    report, _ = scan(notebook(code("pass", metadata=leaves)))
    places = {
        (f.location.pointer, f.location.column) for f in report.findings if f.rule == "SEC103"
    }
    assert places == {("/cells/0/metadata/second", 2)}
    report, _ = scan(notebook(code("pass", metadata={**leaves, "second": "a\u200bb", "t": TOKEN})))
    tokens = [f.location.pointer for f in report.findings if f.rule == "SEC103"]
    assert tokens == ["/cells/0/metadata/t"]
