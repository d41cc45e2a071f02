"""Personal data under attack: what is found stays out of every report, and nothing is skipped."""

from __future__ import annotations

import json
import pickle
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from llmsec_nb.api import check_paths, check_text
from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import FixKind
from llmsec_nb.core.rule import Confidence
from llmsec_nb.engine import assemble, scan, suspects
from llmsec_nb.policy import Policy
from llmsec_nb.report import render
from llmsec_nb.sources.files import read_bytes
from llmsec_nb.tabular import Frames

from .growth import grows_within
from .personal import PERSONAL
from .test_reports import everything, outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from llmsec_nb.core.finding import Report

KINDS = sorted(PERSONAL)
HEADERS = ("value", "id", "contact", "phone", "date of birth", "card", "e-mail")
POLICIES = (
    Policy(Config()),
    Policy(Config(select=("pii",), min_confidence=Confidence.LOW)),
    Policy(Config(select=("PII",), min_confidence=Confidence.MEDIUM)),
)
KEY = bytes(range(32))


def made(name: str, seed: int = 1) -> str:
    return PERSONAL[name](random.Random(seed))


def mails(number: int) -> list[str]:
    return list(dict.fromkeys(made("email", seed) for seed in range(2 * number)))[:number]


def code(source: str, *outputs: Any, **more: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "source": source,
    }
    return {**cell, "outputs": list(outputs), **more}


def shown(mime: str, data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {mime: data}}


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}


def tree(*cells: Any, **metadata: Any) -> dict[str, Any]:
    nothing = {"cell_type": "markdown", "metadata": {}, "source": "nothing"}
    return {
        "cells": [code("x = 1"), *cells, nothing],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def table(header: str, values: list[str], cell: str = "<td>{}</td>") -> str:
    rows = "".join(f"<tr><th>{n}</th>{cell.format(value)}</tr>" for n, value in enumerate(values))
    return f"<table><tr><th></th><th>{header}</th></tr>{rows}</table>"


Place = tuple[str, "Callable[[str, list[str]], dict[str, Any]]"]
PLACES: tuple[Place, ...] = (
    ("code", lambda h, v: tree(code(f"{h} = {v[0]!r}"))),
    ("lines of code", lambda h, v: tree(code("\n".join(f"{h}_{n} = {x!r}" for n, x in enumerate(v))))),
    ("markdown", lambda h, v: tree({"cell_type": "markdown", "metadata": {}, "source": f"The {h}: {v[0]}."})),
    ("table of Markdown", lambda h, v: tree({"cell_type": "markdown", "metadata": {}, "source": f"| {h} |\n|---|\n" + "\n".join(f"| {x} |" for x in v)})),
    ("stream", lambda h, v: tree(code("p", stream("".join(f"{h}: {x}\n" for x in v))))),
    ("printed table", lambda h, v: tree(code("df", shown("text/plain", f"     {h}\n" + "\n".join(f"{n}  {x}" for n, x in enumerate(v)))))),
    ("HTML table", lambda h, v: tree(code("df", shown("text/html", table(h, v))))),
    ("HTML table without header", lambda h, v: tree(code("df", shown("text/html", table("", v))))),
    ("spans and nesting", lambda h, v: tree(code("df", shown("text/html", table(h, v, "<td rowspan=2 colspan=3><table><tr><td>{}</td></tr></table></td>"))))),
    ("tags inside", lambda h, v: tree(code("h", shown("text/html", f"<p>{h}: {v[0][:2]}<b>{v[0][2:]}</b></p>")))),
    ("references", lambda h, v: tree(code("h", shown("text/html", f"{h} " + "".join(f"&#{ord(char)};" for char in v[0]))))),
    ("JSON", lambda h, v: tree(code("j", shown("application/json", {h: v})))),
    ("rows of JSON", lambda h, v: tree(code("j", shown("application/json", [{h: x} for x in v])))),
    ("names in JSON", lambda _, v: tree(code("j", shown("application/x+json", dict.fromkeys(v, 1))))),
    ("metadata of a cell", lambda h, v: tree(code("m", metadata={h: v[0], "a": {"b": v}}))),
    ("metadata", lambda h, v: tree(**{h: {"q": v[0]}})),
    ("error", lambda _, v: tree(code("e", {"output_type": "error", "ename": "E", "evalue": v[0], "traceback": [f"at {v[0]}"]}))),
    ("SVG", lambda h, v: tree(code("h", shown("image/svg+xml", f"<svg><text>{h} {v[0]}</text></svg>")))),
    ("LaTeX", lambda h, v: tree(code("h", shown("text/latex", f"${h}$ {v[0]}")))),
)  # fmt: skip


def both(raw: bytes, policy: Policy) -> tuple[Report, Report]:
    """With every cell read, and after a first glance."""
    concealer = Concealer(b"k" * 16)
    read = read_bytes(raw, "a.ipynb"), read_bytes(raw, "a.ipynb", suspects(policy, "a.ipynb"))
    whole, glanced = (assemble([scan(document, policy, concealer)])[0] for document in read)
    return whole, glanced


@pytest.mark.parametrize(("name", "place"), PLACES, ids=[name for name, _ in PLACES])
def test_a_first_glance_misses_nothing(
    name: str, place: Callable[[str, list[str]], dict[str, Any]]
) -> None:
    """Each kind of data in each place: the findings are those of a whole reading."""
    drawn = random.Random(name)
    found = 0
    for kind in KINDS:
        values = [PERSONAL[kind](drawn) for _ in range(drawn.choice((1, 3, 5)))]
        header = drawn.choice((*HEADERS, kind, kind.replace("_", " ")))
        raw = json.dumps(place(header, values)).encode()
        whole, glanced = both(raw, drawn.choice(POLICIES))
        assert whole.findings == glanced.findings, (kind, header)
        assert whole.failures == glanced.failures == (), (kind, header)
        found += bool(whole.findings)
    assert found > len(KINDS) // 8


@pytest.mark.parametrize(("name", "place"), PLACES, ids=[name for name, _ in PLACES])
def test_no_report_shows_what_is_found(
    name: str, place: Callable[[str, list[str]], dict[str, Any]]
) -> None:
    """Kinds that are found by their own structure, in all formats, suppressed ones too."""
    for kind in ("email", "card", "iban"):
        values = [made(kind, seed) for seed in range(4)]
        found = outcome(json.dumps(place("x", values)))
        assert found.report.findings, kind
        told = everything(found)
        assert not any(value in told for value in values), kind
        ignored = outcome(json.dumps(place("x", values)), ignore=("PII",))
        assert not any(value in everything(ignored) for value in values), kind


@pytest.mark.parametrize("kind", ["us_ssn_plain", "pt_nif", "br_cpf_plain", "nl_bsn"])
def test_a_line_of_a_table_shows_none_of_its_column(kind: str) -> None:
    """Kinds that only the header speaks of: no row is shown beside the one that is marked."""
    values = [made(kind, seed) for seed in range(4)]
    page = table(kind.replace("_plain", "").replace("_", " "), values)
    found = outcome(json.dumps(tree(code("t", shown("text/html", page)))))
    assert found.report.findings
    told = everything(found)
    assert not any(value in told for value in values)


@pytest.mark.parametrize("kind", ["street_de", "street", "mac_dashes", "email", "phone", "person"])
def test_texts_that_are_searched_together_are_found_one_by_one(kind: str) -> None:
    values = list(dict.fromkeys(made(kind, seed) for seed in range(40)))
    rows = ["so " * number + f"{value} is the one" for number, value in enumerate(values)]
    config = Config(select=("pii", "PII105"), min_confidence=Confidence.LOW)
    alone = sum(bool(check_text(row, "a.txt", config).findings) for row in rows)
    assert alone > len(values) // 2
    together = check_text("\n\n".join(rows), "a.txt", config).findings
    assert len({f.location.line for f in together}) >= alone
    cells = json.dumps(tree(code("j", shown("application/json", rows))))
    places = check_text(cells, "a.ipynb", config).findings
    assert len({f.location.pointer for f in places}) >= alone


def test_a_tab_hides_nothing() -> None:
    card = made("card")
    for gap in (" ", "\t"):
        page = f"<pre>id{gap}<b>{card}</b></pre>" + table("x", ["1", "2"])
        assert [f.rule for f in check_text(page, "a.html").findings] == ["PII201"]


@pytest.mark.parametrize("kind", ["email", "card", "iban"])
def test_masks_leave_valid_documents_without_the_values(kind: str) -> None:
    values = [made(kind, seed) for seed in range(4)]
    page = f"<p>{values[0]}</p>" + table("x", values)
    fixed = page
    while True:
        findings = check_text(fixed, "a.html").findings
        if not findings:
            break
        (fix,) = [fix for fix in findings[0].fixes if fix.kind is FixKind.MASK]
        for edit in reversed(fix.edits):
            fixed = fixed[: edit.start] + edit.replacement + fixed[edit.end :]
    assert not any(value in fixed for value in values)
    assert fixed.count("<td>") == fixed.count("</td>") == len(values)


FILES: dict[str, tuple[str, int]] = {
    "a.csv": ("id,email\n{rows}", 0),
    "broken.csv": ("id,email\n0\n{rows}\n9,x,y,z", 1),
    "open.csv": ('id,email\n0,"x\n{rows}', 1),
    "title.csv": ("a title\nid,email\n{rows}", 1),
    "nameless.csv": ("{rows}", 0),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_rows_are_never_passed_over(name: str, tmp_path: Path) -> None:
    """Values are found whatever is wrong around them, and what is wrong is said."""
    values = mails(30)
    content, failures = FILES[name]
    file = tmp_path / name
    file.write_text(content.format(rows="\n".join(f"{n},{v}" for n, v in enumerate(values))))
    found = check_paths([str(file)], Config(), root=tmp_path)
    assert "PII101" in {finding.rule for finding in found.report.findings}
    assert bool(found.report.failures) == bool(failures)
    told = "".join(render(found, form) for form in ("text", "json", "sarif", "github"))
    assert not any(value in told for value in values)


@pytest.mark.parametrize("name", ["cut.parquet", "cut.csv.gz", "empty.csv", "zeros.csv"])
def test_what_cannot_be_read_is_a_failure(name: str, tmp_path: Path) -> None:
    import gzip

    import pyarrow as pa
    import pyarrow.parquet as pq

    file = tmp_path / name
    if name.endswith("parquet"):
        pq.write_table(pa.table({"email": mails(100)}), file)
        file.write_bytes(file.read_bytes()[:-200])
    elif name.endswith("gz"):
        file.write_bytes(gzip.compress("\n".join(["email", *mails(300)]).encode())[:-500])
    else:
        file.write_bytes(b"id,email\n1,\0x" if name == "zeros.csv" else b"")
    report = check_paths([str(file)], Config(), root=tmp_path).report
    assert report.failures
    assert not any(mail in repr(report) for mail in mails(300))


def test_rare_values_of_a_large_column_are_found() -> None:
    import pandas as pd

    values = [f"row {n} nothing" for n in range(50_000)] + [made("email")]
    found = check_paths([], Config(), frames=Frames({"df": pd.DataFrame({"x": values})}))
    (finding,) = found.report.findings
    assert finding.rule == "PII101"
    assert made("email") not in everything(found)


HOLDERS: dict[str, Callable[[list[str]], list[Any]]] = {
    "texts": list,
    "prose": lambda values: [f"write to {value}, or {value.upper()}" for value in values],
    "lists": lambda values: [[value, ["a", value]] for value in values],
    "tuples": lambda values: [(value, 1) for value in values],
    "dicts": lambda values: [{"k": {"z": [value]}} for value in values],
    "bytes": lambda values: [value.encode() for value in values],
    "mixed": lambda values: [*values, None, 3, float("nan")],
    "JSON": lambda values: [json.dumps({"email": value}) for value in values],
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_nothing_survives_in_what_a_redacted_frame_is_pickled_to(holder: str) -> None:
    import pandas as pd

    from llmsec_nb.redaction import redact

    values = mails(6)
    held = HOLDERS[holder](values)
    # a view of a larger frame whose other rows must not come along
    frame = pd.DataFrame({"x": held * 2}).iloc[: len(held)]
    result = redact(frame, key=KEY)
    stored = pickle.dumps(result.data).lower()
    told = repr(result) + result._repr_html_()
    assert not any(value.encode() in stored for value in values)
    assert not any(value in told for value in values)
    assert result.report.remaining == ()


def test_used_categories_and_index_levels_are_redacted() -> None:
    import pandas as pd

    from llmsec_nb.redaction import redact

    values = mails(6)
    index = pd.MultiIndex.from_arrays([values, list("abcdef")], names=["who", "part"])
    frame = pd.DataFrame({"c": pd.Categorical(values[:3] * 2, categories=values)}, index=index)
    stored = pickle.dumps(redact(frame, key=KEY).data)
    assert not any(value.encode() in stored for value in values)


_WATCHED = """
import os, sys
bad = []
def hook(event, args):
    if event.startswith(("socket.", "subprocess.", "os.fork", "os.posix_spawn", "tempfile.")):
        bad.append(event)
    elif event == "open" and "__pycache__" not in str(args[0]):
        flags = args[2] if isinstance(args[2], int) else 0
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            bad.append(event)
import pandas
sys.addaudithook(hook)
from llmsec_nb.api import check_paths
from llmsec_nb.config import Config
from llmsec_nb.redaction import redact
from llmsec_nb.tabular import Frames
frame = pandas.read_csv(sys.argv[1])
first = check_paths(sys.argv[1:], Config())
second = check_paths([], Config(), frames=Frames({"df": frame}))
assert first.report.findings and second.report.findings
redact(frame, key=bytes(range(32)))
print(bad)
"""


def test_nothing_is_written_and_no_socket_opened(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"email": mails(40), "card": [made("card", n) for n in range(40)]})
    frame.to_csv(tmp_path / "a.csv")
    frame.to_parquet(tmp_path / "a.parquet")
    # -B: what Python writes when it compiles a module for the first time is not looked for.
    command = [sys.executable, "-B", "-W", "ignore", "-c", _WATCHED, "a.csv", "a.parquet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


HOSTILE: dict[str, tuple[Callable[[int], str], str]] = {
    "fields": (lambda n: table("phone", ["12345"] * (n // 40)), "a.html"),
    "mails": (lambda n: table("mail", [made("email")] * (n // 60)), "a.html"),
    "open tags": (lambda n: "<td>x<b" * (n // 7), "a.html"),
    "nested": (lambda n: "<table><tr><td>" * (n // 30) + "x</td></tr></table>" * (n // 30), "a.html"),
    "signs": (lambda n: "ssn:" * (n // 4), "a.txt"),
    "groups": (lambda n: "4111 " * (n // 5), "a.txt"),
    "near phones": (lambda n: "+1 212 555 012," * (n // 15), "a.txt"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_as_the_text(name: str) -> None:
    make, file = HOSTILE[name]
    config = Config(select=("pii",))

    def work(text: str) -> object:
        return check_text(text, file, config)

    work(make(1000))
    assert grows_within(6, work, make(60_000), make(120_000))
