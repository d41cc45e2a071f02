"""The live scan: cell by cell it finds what a scan of the file finds, whatever the cells are."""

from __future__ import annotations

import json
import os
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmsec_nb import wire
from llmsec_nb.api import check, check_documents
from llmsec_nb.config import NAMES, Config, ConfigError, candidates, load, with_ignored
from llmsec_nb.core.finding import Finding
from llmsec_nb.engine import MOST_FINDINGS, Scanned
from llmsec_nb.live import BadPath, Judge, OutsideRoot
from llmsec_nb.live.replies import reply as cell_reply
from llmsec_nb.sources.files import read_text
from llmsec_nb.sources.notebook import read_cell
from llmsec_nb.surroundings import surroundings
from llmsec_nb.worker import answer

from .samples import Maker
from .test_notebook import code, data, notebook
from .test_trust import HOSTILE, REAL

MAKER = Maker(17)
TOKEN, OTHER = MAKER.token("SEC103"), MAKER.token("SEC108")
PASSWORD = MAKER.password()
LEAK = f't = "{TOKEN}"'


@pytest.fixture(autouse=True)
def _same_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMSEC_KEY", "tests")


def request(*cells: Any, path: str = "a.ipynb", **more: Any) -> dict[str, Any]:
    inputs = [{"key": f"k{n}", "index": n, "cell": cell} for n, cell in enumerate(cells)]
    return {"path": path, "cells": inputs, **more}


def program(*cells: Any) -> list[dict[str, Any]]:
    """What the front end sends of the code of cells."""
    sent = []
    for number, cell in enumerate(cells):
        source = cell.get("source")
        lines = source if isinstance(source, list) else [source]
        if cell.get("cell_type") != "code" or not all(isinstance(line, str) for line in lines):
            continue
        metadata = cell.get("metadata")
        tags = metadata.get("tags") if isinstance(metadata, dict) else None
        one = {"key": f"k{number}", "index": number, "source": "".join(lines)}
        one |= {"id": cell.get("id"), "execution": cell.get("execution_count")}
        sent.append(one | {"tags": tags if isinstance(tags, list) else []})
    return sent


def reply(judge: Judge, words: dict[str, Any], seconds: float = 60.0) -> Any:
    status, text = answer(judge, "scan", json.dumps(words).encode(), seconds)
    assert status == 200, text
    return json.loads(text)


def rules(cell: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in cell["findings"]]


def plain(finding: Finding) -> str:
    """All of a finding but its place in the file."""
    words = msgspec.to_builtins(finding)
    place = {k: v for k, v in words["location"].items() if not k.startswith("file_")}
    return json.dumps({**words, "location": place}, sort_keys=True)


def live_and_whole(
    tree: dict[str, Any], root: Path, config: Config
) -> tuple[list[str], list[str], int, int]:
    judge = Judge(root)
    words = request(*tree["cells"], metadata=tree.get("metadata"), code=program(*tree["cells"]))
    made = judge.scan(msgspec.convert(words, wire.ScanRequest), 1000)
    parts = [*([made.notebook] if made.notebook else []), *made.cells, *(made.code or ())]
    live = sorted(plain(finding) for part in parts for finding in part.findings)
    document = read_text(json.dumps(tree), "a.ipynb")
    document.around = surroundings(root, root)
    report = check_documents([document], config, root).report
    unsure = sum(part.low_confidence for part in parts)
    return live, sorted(map(plain, report.findings)), unsure, report.summary.low_confidence


def assert_same(tree: dict[str, Any], root: Path, config: Config | None = None) -> int:
    live, whole, unsure, also_unsure = live_and_whole(tree, root, config or Config())
    assert live == whole
    assert unsure == also_unsure
    return len(live)


PARTS = [
    LEAK,
    f"password = '{PASSWORD}'",
    f"u = 'postgres://ada:{PASSWORD}@db.corp/x'\nu2 = 'postgres://ada:{PASSWORD}@db.corp/x'",
    f"{LEAK}  # llmsec: ignore[SEC103] a fake, {TOKEN}",
    f"# llmsec: ignore-cell[SEC103] fakes\n{LEAK}",
    "# llmsec: ignore[SEC103] nothing here\nx = 1",
    "# llmsec: ignore[NOSUCH] what\nx = 1",
    "p\u0430ssword = 1  # \u202e",
    f'x = """\n{MAKER.pem()}\n"""',
    "import wandb\nx = 1",
    f"key = '{MAKER.of(40, '0123456789abcdef')}'",
    "\ud800 lone",
    "",
    "import pickle as p\nfrom os import system as run",
    "m = p.load(open('m.bin', 'rb'))\nrun(input())",
    f"!pip install sklearn --index-url https://ada:{PASSWORD}@pypi.corp/x",
    "p.load(f)  # llmsec: ignore[COD002] mine",
    "# llmsec: ignore[COD002] of no use\nx = 1",
    "def f(:\n    eval(x)\neval(input())",
    "%%writefile a.py\nimport os\nos.system(input())",
]
OUTPUTS: list[dict[str, Any]] = [
    {"output_type": "stream", "name": "stderr", "text": [f"a {TOKEN}\n", "b"]},
    {"output_type": "error", "ename": "E", "evalue": OTHER, "traceback": [f"\x1b[31m{OTHER}"]},
    data("text/html", f"<b>{TOKEN[:9]}</b>{TOKEN[9:]} {OTHER}"),
    data("application/json", {"api_key": OTHER, "password": PASSWORD, "list": [TOKEN]}),
    data("application/vnd.x+json", {"a" * 30: {"b": OTHER}}),
    data("text/plain", f"'{TOKEN}'"),
    data("image/svg+xml", f"<svg><text>{OTHER}</text></svg>"),
    {"output_type": "execute_result", "metadata": {"k": TOKEN}, "data": {}, "execution_count": 1},
    {"output_type": "what", "more": OTHER},
]
METADATA: list[dict[str, Any]] = [
    {},
    {"tags": ["llmsec-ignore-SEC103", "other"]},
    {"tags": ["llmsec: ignore[SEC108] a fake"]},
    {"tags": ["llmsec-ignore-COD002", "llmsec-ignore-COD021"]},
    {"k": {"token": OTHER}},
    {"tags": "no list"},
    {"a": "# llmsec: ignore-cell[ALL] of no effect", "token": OTHER},
]
ATTACHED = {"a.txt": {"text/plain": TOKEN}, OTHER: {"image/png": "iVBORw0KGgo="}}


@st.composite
def notebooks(draw: st.DrawFn) -> dict[str, Any]:
    cells = []
    for number in range(draw(st.integers(0, 5))):
        text = "\n".join(draw(st.lists(st.sampled_from(PARTS), max_size=3)))
        kind = draw(st.sampled_from(["code", "code", "markdown", "raw", "odd"]))
        cell: dict[str, Any] = {
            "cell_type": kind,
            "source": draw(st.sampled_from([text, text.splitlines(keepends=True)])),
            "metadata": draw(st.sampled_from(METADATA)),
        }
        if draw(st.integers(0, 5)) == 0:
            cell["source"] = 3
        if draw(st.booleans()):
            cell["id"] = f"id{number}"
        if kind == "code":
            cell["outputs"] = draw(st.lists(st.sampled_from(OUTPUTS), max_size=3))
            cell["execution_count"] = draw(st.sampled_from([None, number]))
        elif draw(st.booleans()):
            cell["attachments"] = ATTACHED
        cells.append(cell)
    return notebook(*cells, metadata=draw(st.sampled_from(METADATA)))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tree=notebooks(), strict=st.booleans())
def test_parity(tmp_path: Path, tree: dict[str, Any], strict: bool) -> None:
    text = 'min-confidence = "low"\nextend-select = ["ALL"]\nignore = ["SEC203"]\n'
    (tmp_path / "llmsec.toml").write_text(text if strict else "")
    assert_same(tree, tmp_path, load(tmp_path)[0])


def test_parity_of_everything_at_once(tmp_path: Path) -> None:
    cells = [code(part, *OUTPUTS, id=f"c{n}") for n, part in enumerate(PARTS)]
    cells.append({"cell_type": "markdown", "id": "m", "source": LEAK, "attachments": ATTACHED})
    assert assert_same(notebook(*cells, metadata={"t": TOKEN}), tmp_path) > 100


@pytest.mark.skipif(not REAL.is_dir(), reason="the real notebooks are not here")
def test_parity_of_real_notebooks(tmp_path: Path) -> None:
    files = sorted(REAL.rglob("*.ipynb"))[::5]
    config = 'min-confidence = "low"\nextend-select = ["ALL"]\n'
    (tmp_path / "llmsec.toml").write_text(config)
    counts = []
    for file in files:
        tree = json.loads(file.read_text("utf-8"))
        if tree["nbformat"] == 4:
            counts.append(assert_same(tree, tmp_path, load(tmp_path)[0]))
    assert len(counts) > 25


# The code of all cells


ALIASED = ["import pickle as p", "x = 1", "p.load(open('m.bin', 'rb'))"]


def judged(root: Path, *sources: str, path: str = "a.ipynb", **more: Any) -> dict[str, Any]:
    """What is said of the code of cells, by their keys."""
    cells = [code(source, id=f"i{number}") for number, source in enumerate(sources)]
    sent = [one | more for one in program(*cells)]
    made = reply(Judge(root), {"path": path, "code": sent})
    assert (made["cells"], made["notebook"]) == ([], None)
    return {part["key"]: part for part in made["code"]}


def test_names_are_followed_from_cell_to_cell(tmp_path: Path) -> None:
    told = judged(tmp_path, *ALIASED)
    assert list(told) == ["k2", ""]
    (finding,) = told["k2"]["findings"]
    assert finding["rule"] == "COD002"
    place = finding["location"]
    assert (place["cell"], place["cell_id"], place["pointer"]) == (2, "i2", "/cells/2/source")
    assert (place["line"], place["column"], place["end_column"]) == (0, 0, 27)
    assert "k2" not in judged(tmp_path, "import json as p", *ALIASED[1:])


def test_each_half_says_what_the_other_does_not(tmp_path: Path) -> None:
    cells = [code(f"{source}\n{LEAK}") for source in ALIASED]
    made = reply(Judge(tmp_path), request(*cells, code=program(*cells)))
    assert [rules(cell) for cell in made["cells"]] == [["SEC103"]] * 3
    assert [rules(cell) for cell in made["code"]] == [["COD002"], []]
    assert reply(Judge(tmp_path), request(*cells))["code"] is None
    assert reply(Judge(tmp_path), {"code": []})["code"] == []


def test_what_a_secret_is_in_the_message_of_a_rule_for_code_is_hidden(tmp_path: Path) -> None:
    source = f"!pip install --index-url https://ada:{PASSWORD}@pypi.corp/simple pkg=={TOKEN}"
    told = judged(tmp_path, source)
    assert rules(told["k0"])
    assert PASSWORD not in json.dumps(told)
    assert TOKEN not in json.dumps(told)


@pytest.mark.parametrize(
    ("change", "suppression"),
    [
        ({"tags": ["llmsec-ignore-COD002", "x"]}, {"kind": "tag"}),
        ({"tags": ["other"]}, None),
    ],
)
def test_tags_of_cells_suppress(tmp_path: Path, change: Any, suppression: Any) -> None:
    (finding,) = judged(tmp_path, "\n".join(ALIASED), **change)["k0"]["findings"]
    assert finding.get("suppression") == suppression


def test_comments_suppress_and_those_of_no_use_are_said(tmp_path: Path) -> None:
    told = judged(
        tmp_path,
        *ALIASED[:2],
        f"{ALIASED[2]}  # llmsec: ignore[COD002] my own file",
        "y = 1  # llmsec: ignore[COD002] nothing here",
        "eval(x)  # llmsec: ignore[NOSUCH] each cell says that by itself",
    )
    (finding,) = told["k2"]["findings"]
    assert finding["suppression"] == {"kind": "comment", "reason": "my own file"}
    assert rules(told["k3"]) == ["HYG001"]
    assert "HYG002" not in rules(told.get("k4", {"findings": []}))


def test_markdown_has_no_code_and_says_its_suppressions_itself(tmp_path: Path) -> None:
    cell = {"cell_type": "markdown", "source": "<!-- llmsec: ignore[COD002] none -->"}
    made = reply(Judge(tmp_path), request(cell))
    assert rules(made["cells"][0]) == ["HYG001"]


def test_a_cell_that_does_not_parse_says_so_and_hides_no_other(tmp_path: Path) -> None:
    told = judged(tmp_path, "import pickle as p\ndef f(:", "p.load(f)")
    assert rules(told["k1"]) == ["COD002"]
    (skip,) = told["k0"]["skips"]
    assert skip["message"].startswith("line 2: not valid Python")
    assert told[""]["skips"] == []


def test_pins_are_those_of_the_kernel_that_told_them(tmp_path: Path) -> None:
    cells = program(code("%pip install torch"))
    for told, edits in [({"torch": "2.5.1"}, ["==2.5.1"]), ({"numpy": "2.0"}, []), (None, [])]:
        made = reply(Judge(tmp_path), {"path": "a.ipynb", "code": cells, "environment": told})
        (finding,) = [one for one in made["code"][0]["findings"] if one["rule"] == "DEP001"]
        fixes = [fix for fix in finding["fixes"] if fix["kind"] == "replace"]
        assert [edit["replacement"] for fix in fixes for edit in fix["edits"]] == edits


@pytest.mark.parametrize(("version", "told"), [("3.12.1", ["DEP091"]), ("3.8.10", []), (3, [])])
def test_requirements_for_other_pythons_than_the_notebooks_are_not_audited(
    version: object, told: list[str], tmp_path: Path
) -> None:
    """The command reads the version in the notebook, the front end sends it."""
    cell = code("%pip install \"jinja2==2.0; python_version < '3.9'\"\nimport jinja2")
    info = {"language_info": {"name": "python", "version": version}}
    file = tmp_path / "n.ipynb"
    file.write_text(json.dumps(notebook(cell) | {"metadata": info}))
    assert [one.rule for one in check(file).findings if one.rule == "DEP091"] == told
    sent = version if isinstance(version, str) else ""
    made = reply(Judge(tmp_path), {"path": "n.ipynb", "code": program(cell), "python": sent})
    assert [one for part in made["code"] for one in rules(part) if one == "DEP091"] == told


def test_code_of_another_language_is_not_read_as_python(tmp_path: Path) -> None:
    cells = program(code("eval(parse(text = x))\nif (y) {"))
    made = reply(Judge(tmp_path), {"path": "a.ipynb", "code": cells, "language": "R"})
    (whole,) = made["code"]
    assert (whole["key"], whole["findings"]) == ("", [])
    (skip,) = whole["skips"]
    assert skip["message"].startswith("its language is not Python")
    notebook = {"nbformat": 4, "metadata": {"kernelspec": {"language": "R"}}, "nbformat_minor": 5}
    file = tmp_path / "r.ipynb"
    file.write_text(json.dumps(notebook | {"cells": [code("eval(parse(text = x))")]}))
    assert [one.message for one in check(file).skips] == [skip["message"]]


def test_code_after_the_deadline_is_a_failure(tmp_path: Path) -> None:
    made = reply(Judge(tmp_path), {"path": "a.ipynb", "code": program(code("eval(x)"))}, -1.0)
    (whole,) = made["code"]
    message = "not scanned: the time of the request was spent"
    assert [failure["message"] for failure in whole["failures"]] == [message]
    assert whole["key"] == ""


def test_code_of_what_is_excluded(tmp_path: Path) -> None:
    (tmp_path / "llmsec.toml").write_text('exclude = ["a.ipynb"]')
    made = reply(Judge(tmp_path), {"path": "a.ipynb", "code": program(code("eval(x)"))})
    assert (made["code"], len(made["skips"])) == ([], 1)


def test_a_defect_in_reading_code_is_the_failure_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: Any) -> Any:
        raise KeyError(TOKEN)

    monkeypatch.setattr("llmsec_nb.live.reading.read_cell", read)
    told = judged(tmp_path, "eval(input())")
    assert list(told) == [""]
    message = "the scan stopped with KeyError; this file was not scanned"
    assert [failure["message"] for failure in told[""]["failures"]] == [message]


def test_the_order_of_running_counts(tmp_path: Path) -> None:
    """What is bound again below is as it ran last, and from the top."""
    cells = [code("p.load(f)", execution_count=2), code("import pickle as p", execution_count=1)]
    made = reply(Judge(tmp_path), {"path": "a.ipynb", "code": program(*cells)})
    assert [rules(part) for part in made["code"]] == [["COD002"], []]


def test_what_lies_beside_the_notebook_is_looked_at_and_nothing_outside(root: Path) -> None:
    def fixes(path: str, source: str = "!pip install requests") -> list[str]:
        told = judged(root, source, path=path)
        return [edit["replacement"] for edit in all_edits(told["k0"])]

    (root.parent / "other" / "requirements.txt").write_text("requests==9.9.9\n")
    (root.parent / "requirements.txt").write_text("requests==8.8.8\n")
    assert "8.8.8" not in "".join(fixes("sub/a.ipynb"))
    (root / "requirements.txt").write_text("requests==2.31.0\n")
    assert "2.31.0" in "".join(fixes("sub/a.ipynb"))


def all_edits(part: dict[str, Any]) -> list[dict[str, Any]]:
    """The edits of all fixes of a reply."""
    fixes = [fix for finding in part["findings"] for fix in finding.get("fixes", ())]
    return [edit for fix in fixes for edit in fix["edits"]]


@pytest.mark.parametrize("name", sorted(HOSTILE)[::8])
def test_a_megabyte_of_malice_as_code(tmp_path: Path, name: str) -> None:
    told = judged(tmp_path, "import pickle as p", HOSTILE[name], "p.load(f)")
    assert rules(told["k2"]) == ["COD002"]


MALFORMED: list[Any] = [
    code(LEAK, outputs=3),
    code(3),
    code(["x", 3]),
    code(LEAK, outputs=[[], {"output_type": ["x"]}, {"data": 3}, {"output_type": "stream"}]),
    code(LEAK, metadata=[{"tags": 3}], attachments=7, id=9, cell_type=None),
    code("x", data("application/json", json.loads("[" * 700 + "]" * 700))),
    code(float("nan"), execution_count=10**30),
    {},
]


@pytest.mark.parametrize("number", range(len(MALFORMED)))
def test_a_malformed_cell_hides_no_other(tmp_path: Path, number: int) -> None:
    made = reply(Judge(tmp_path), request(code(LEAK), MALFORMED[number], code(LEAK)))
    assert [cell["key"] for cell in made["cells"]] == ["k0", "k1", "k2"]
    assert rules(made["cells"][0]) == rules(made["cells"][2]) == ["SEC103"]
    assert TOKEN not in json.dumps(made)


def test_a_crash_of_the_reader_is_the_failure_of_its_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(cell: dict[str, Any], index: int, path: str, suspects: Any) -> Any:
        if index == 1:
            raise KeyError(TOKEN)
        return real(cell, index, path, suspects)

    real = read_cell
    monkeypatch.setattr("llmsec_nb.live.read_cell", read)
    made = reply(Judge(tmp_path), request(code(LEAK), code(LEAK), code(LEAK)))
    assert list(map(rules, made["cells"])) == [["SEC103"], [], ["SEC103"]]
    assert [failure["message"] for failure in made["cells"][1]["failures"]] == [
        "the scan stopped with KeyError; this file was not scanned"
    ]
    assert TOKEN not in json.dumps(made)


def test_cells_after_the_deadline_are_failures(tmp_path: Path) -> None:
    made = reply(Judge(tmp_path), request(code(LEAK), code(LEAK), metadata={"t": TOKEN}), -1.0)
    assert [cell["failures"] for cell in made["cells"]] == [
        [
            {
                "path": "a.ipynb",
                "message": "not scanned: the time of the request was spent",
                "remedy": "scan the file with llmsec check",
                "cell": number,
            }
        ]
        for number in range(2)
    ]
    assert rules(made["notebook"]) == ["SEC103"]


@pytest.mark.parametrize("name", sorted(HOSTILE)[1::3])  # tests/test_trust.py has all of them
def test_a_megabyte_of_malice_in_one_cell(tmp_path: Path, name: str) -> None:
    made = reply(Judge(tmp_path), request(code(HOSTILE[name]), code(LEAK)))
    assert rules(made["cells"][1]) == ["SEC103"]
    told = [failure["message"] for failure in made["cells"][0]["failures"]]
    assert all("more findings than the 5000 that are listed" in message for message in told)
    assert len(told) == (len(made["cells"][0]["findings"]) == MOST_FINDINGS)


def test_long_names_do_not_multiply(tmp_path: Path) -> None:
    """A thousand findings that each repeat a megabyte would be a gigabyte."""
    judge = Judge(tmp_path)
    words = request(code(LEAK), metadata={"t": TOKEN})
    made = judge.scan(msgspec.convert(words, wire.ScanRequest), 60)
    assert made.notebook is not None
    ((one,), (two,)) = made.cells[0].findings, made.notebook.findings
    place = msgspec.structs.replace(one.location, cell_id="x" * 1_000_000)
    fix = msgspec.structs.replace(two.fixes[0], pointer="x" * 1_000_000)
    for long in (
        msgspec.structs.replace(one, location=place),
        msgspec.structs.replace(two, fixes=(fix,)),
    ):
        cell = cell_reply("k", "a.ipynb", Scanned(events=[long] * 1000))
        assert len(cell.findings) == 9
        assert [(failure.message, failure.remedy) for failure in cell.failures] == [
            ("991 more findings are not shown: there are too many", "use llmsec check")
        ]
    assert len(cell_reply("k", "a.ipynb", Scanned(events=[one] * 4000)).findings) == 4000


# Paths


ACCEPTED = [
    ("a.ipynb", "a.ipynb"),
    ("", ""),
    ("/", ""),
    (".", ""),
    ("RTC:a.ipynb", "a.ipynb"),
    ("RTC:/sub/a.ipynb", "sub/a.ipynb"),
    ("sub/12:30.ipynb", "sub/12:30.ipynb"),
    ("/etc/passwd", "etc/passwd"),
    ("C:/etc/passwd", "etc/passwd"),
    ("//etc/passwd", "etc/passwd"),
    ("sub//./a.ipynb", "sub/a.ipynb"),
    ("%2e%2e/%2fa.ipynb", "%2e%2e/%2fa.ipynb"),
    ("inner/a.ipynb", "inner/a.ipynb"),
    ("x" * 300 + "/a.ipynb", "x" * 300 + "/a.ipynb"),
    ("caf\u00e9 \U0001f600.ipynb", "caf\u00e9 \U0001f600.ipynb"),
]
REFUSED = [
    ("..", 403, "the path leads out of the served directory"),
    ("../a.ipynb", 403, "the path leads out of the served directory"),
    ("sub/../../other/llmsec.toml", 403, "the path leads out of the served directory"),
    ("sub/../a.ipynb", 403, "the path leads out of the served directory"),
    ("RTC:../a.ipynb", 403, "the path leads out of the served directory"),
    ("RTC:/../a.ipynb", 403, "the path leads out of the served directory"),
    ("outer/a.ipynb", 403, "the path leads out of the served directory"),
    ("outer/deep/../a.ipynb", 403, "the path leads out of the served directory"),
    ("out.ipynb", 403, "the path leads out of the served directory"),
    ("a\0.ipynb", 400, "the path cannot be followed"),
    ("\ud800/a.ipynb", 400, "the path cannot be followed"),
    ("x/" * 3000 + "a.ipynb", 400, "the path is too long"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A served directory beside another one, with links to both."""
    for folder in ("root/sub", "root/.hidden", "other/deep"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "other" / "llmsec.toml").write_text('ignore = ["SEC103"]')
    (tmp_path / "other" / "a.ipynb").write_text("{}")
    made = tmp_path / "root"
    (made / "inner").symlink_to(made / "sub")
    (made / "outer").symlink_to(tmp_path / "other")
    (made / "out.ipynb").symlink_to(tmp_path / "other" / "a.ipynb")
    return made


@pytest.mark.parametrize(("path", "confined"), ACCEPTED)
def test_accepted_paths(root: Path, path: str, confined: str) -> None:
    assert Judge(root).root.confined(path) == confined
    made = reply(Judge(root), request(code(LEAK), path=path))
    assert rules(made["cells"][0]) == ["SEC103"]
    assert made["cells"][0]["findings"][0]["location"].get("path", "") == confined


@pytest.mark.parametrize(("path", "status", "message"), REFUSED)
@pytest.mark.parametrize("action", ["scan", "report", "place"])
def test_refused_paths(root: Path, path: str, status: int, message: str, action: str) -> None:
    bodies: dict[str, Any] = {
        "scan": request(code(LEAK), path=path),
        "report": {"path": path, "format": "json", "notebook": notebook(code(LEAK))},
        "place": path,
    }
    body = json.dumps(bodies[action]).encode()
    assert answer(Judge(root), action, body, 60) == (status, message.encode())


def test_nothing_outside_is_looked_at(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But the root's own ancestors, where a configuration may stand."""
    seen: list[str] = []

    def spy(name: str) -> None:
        real = getattr(os, name)

        def looked(path: Any, *rest: Any, **more: Any) -> Any:
            if not isinstance(path, int):
                seen.append(os.fspath(path))
            return real(path, *rest, **more)

        monkeypatch.setattr(os, name, looked)

    judge = Judge(root)
    for name in ("stat", "lstat", "readlink", "open", "scandir", "listdir"):
        spy(name)
    for path in [*(path for path, _ in ACCEPTED), *(path for path, *_ in REFUSED)]:
        for action in (judge.config_place, lambda p: judge.policies.of(judge.root.confined(p))):
            with suppress(BadPath):
                action(path)
    above = [root, *root.parents]
    for file in map(Path, seen):
        assert ".." not in file.parts, file
        inside = file.is_relative_to(root)
        # A link of the root's own is followed one step: its target is seen, what is in it never.
        of_links = file in {root.parent / "other", root.parent / "other" / "a.ipynb"}
        assert inside or file in above or of_links or file.name in NAMES, file
        assert inside or file.name not in NAMES or file.parent in above, file
    assert any(path.endswith("llmsec.toml") for path in seen)


# The configuration in force


def policy(judge: Judge, *cells: Any, path: str = "sub/a.ipynb") -> Any:
    return reply(judge, request(*(cells or [code(LEAK)]), path=path, metadata={}))


def test_changes_of_the_configuration_are_seen(root: Path) -> None:
    judge = Judge(root)
    first = policy(judge)
    assert policy(judge)["policy"] == first["policy"]
    file = root / "llmsec.toml"
    file.write_text('ignore = ["SEC103"]\n')
    second = policy(judge)
    assert second["policy"] != first["policy"]
    assert second["cells"][0]["findings"][0]["suppression"] == {
        "kind": "config",
        "reason": "ignored by the configuration",
    }
    status = file.stat()
    file.write_text('ignore = ["SEC104"]\n')  # the same size, and the same time of change
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    third = policy(judge)
    assert third["policy"] not in {first["policy"], second["policy"]}
    assert "suppression" not in third["cells"][0]["findings"][0]
    (root / "sub" / "pyproject.toml").write_text('[tool.llmsec]\nignore = ["secret"]')
    assert "suppression" in policy(judge)["cells"][0]["findings"][0]
    (root / "sub" / "pyproject.toml").write_text("[tool.other]\n")
    assert policy(judge)["policy"] == third["policy"]
    file.unlink()
    assert policy(judge)["policy"] == first["policy"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("llmsec.toml", "ignore = [", "llmsec.toml: not valid TOML: "),
        ("llmsec.toml", 'ignore = "SEC103"', "llmsec.toml: Expected `array`, got `str`"),
        ("llmsec.toml", 'ignore = ["NOSUCH"]', 'no rule is called "NOSUCH"'),
        ("llmsec.toml", "fail_on = 3", 'llmsec.toml: unknown key "fail_on"; did you mean'),
        ("llmsec.toml", "a = " + "[" * 5000, "llmsec.toml: nested too deeply"),
        ("llmsec.toml", f"a = {'1' * 5000}", "llmsec.toml: not valid TOML: "),
        ("llmsec.toml", "#" * 1_000_001, "llmsec.toml: too large for a configuration"),
        ("pyproject.toml", "tool = 3\n[", "pyproject.toml: not valid TOML: "),
        ("pyproject.toml", "[tool]\nllmsec = 3", "pyproject.toml: tool.llmsec is not a table"),
    ],
)
def test_a_broken_configuration_is_a_failure(root: Path, name: str, text: str, told: str) -> None:
    (root / name).write_text(text)
    made = policy(Judge(root))
    assert rules(made["cells"][0]) == ["SEC103"]
    (failure,) = made["failures"]
    assert failure["message"].startswith(told)
    assert failure["message"].endswith("; the defaults are in force")
    assert str(root) not in failure["message"]


def test_a_pyproject_whose_tool_is_no_table_says_nothing_of_us(root: Path) -> None:
    (root / "pyproject.toml").write_text("tool = 3")
    assert policy(Judge(root))["failures"] == []


def test_exclude(root: Path) -> None:
    (root / "llmsec.toml").write_text('exclude = ["sub/"]')
    made = policy(Judge(root))
    assert made["cells"] == [
        {"key": "k0", "findings": [], "failures": [], "skips": [], "low_confidence": 0}
    ]
    assert made["notebook"]["key"] == ""
    assert made["skips"] == [
        {
            "path": "sub/a.ipynb",
            "message": "excluded by the configuration: nothing of it is scanned",
        }
    ]
    assert rules(policy(Judge(root), path="a.ipynb")["cells"][0]) == ["SEC103"]


def test_patterns_start_at_the_configuration(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "other")
    (root / "sub" / "llmsec.toml").write_text('[per-path-ignores]\n"/a.ipynb" = ["SEC103"]\n')
    here, there = policy(Judge(root)), policy(Judge(root), path="sub/deep/a.ipynb")
    assert here["cells"][0]["findings"][0]["suppression"] == {
        "kind": "config",
        "reason": "per-path-ignores",
        "where": "/a.ipynb",
    }
    assert "suppression" not in there["cells"][0]["findings"][0]


def test_configurations_of_few_folders_are_kept(root: Path) -> None:
    judge = Judge(root)
    for number in range(100):
        judge.policies.of(f"f{number}/a.ipynb")
    assert len(judge.policies._known) == 64
    known = judge.policies.of("f99/a.ipynb")
    assert judge.policies.of("f99/a.ipynb") is known


# Where a rule may be ignored


def place(judge: Judge, path: str = "sub/a.ipynb") -> tuple[str, str, bool]:
    made = judge.config_place(path)
    return made.file, made.shown, made.exists


def test_config_place(root: Path) -> None:
    judge = Judge(root)
    assert place(judge) == ("llmsec.toml", "llmsec.toml", False)
    (root / "sub" / "pyproject.toml").write_text("[project]\n")
    (root.parent / "llmsec.toml").write_text("")
    assert place(judge) == ("", "llmsec.toml", True)
    (root / "pyproject.toml").write_text("[tool.llmsec]\n")
    assert place(judge) == ("pyproject.toml", "pyproject.toml", True)
    (root / "sub" / "pyproject.toml").write_text("[")
    assert place(judge) == ("sub/pyproject.toml", "sub/pyproject.toml", True)
    (root / "sub" / ".llmsec.toml").write_text("")
    assert place(judge) == ("", ".llmsec.toml", True)
    (root / "sub" / "llmsec.toml").write_text("")
    assert place(judge) == ("sub/llmsec.toml", "sub/llmsec.toml", True)
    assert place(judge, "inner/a.ipynb") == ("inner/llmsec.toml", "inner/llmsec.toml", True)
    assert place(judge, "") == ("pyproject.toml", "pyproject.toml", True)
    assert place(judge, ".") == ("pyproject.toml", "pyproject.toml", True)
    (root / ".hidden" / "llmsec.toml").write_text("")
    assert place(judge, ".hidden/a.ipynb") == ("", "llmsec.toml", True)


@pytest.mark.parametrize("exists", [True, False])
def test_config_place_is_no_link_to_outside(root: Path, exists: bool) -> None:
    """A repository can bring a link; Jupyter would write through it."""
    target = root.parent / "other" / ("llmsec.toml" if exists else "new.toml")
    (root / "llmsec.toml").symlink_to(target)
    assert place(Judge(root)) == ("", "llmsec.toml", exists)


def test_candidates_may_be_unreadable(tmp_path: Path) -> None:
    assert [file for file in candidates(tmp_path / ("x" * 300)) if tmp_path in file.parents] == []


# Ignoring a rule


HEAD = '# top\nfail-on = "high" # x\n'
TEXTS = [
    ("llmsec.toml", ""),
    ("llmsec.toml", HEAD),
    (".llmsec.toml", 'fail-on = "low"'),
    ("llmsec.toml", HEAD + '\n[per-path-ignores]\n"a.py" = ["SEC101"]\n'),
    ("llmsec.toml", HEAD + "ignore = []"),
    ("llmsec.toml", 'ignore = ["SEC101"] # why\n' + HEAD),
    ("llmsec.toml", 'ignore = [\n  "SEC101" # why, and [x]\n]\n' + HEAD),
    ("llmsec.toml", 'ignore = [\n  "SEC101", # why\n  # end\n]\n' + HEAD),
    ("llmsec.toml", "ignore = [\n  # end\n]\n"),
    ("llmsec.toml", 'ignore = [\r\n  "SEC101", # why\r\n]\r\nfail-on = "low"\r\n'),
    ("llmsec.toml", '# a\r\nfail-on = "low"\r\n\r\n[per-path-ignores]\r\n'),
    ("pyproject.toml", ""),
    ("pyproject.toml", '[project]\nname = "x" # the name\n'),
    ("pyproject.toml", '[tool.ruff]\na = 1\n\n[project]\nname = "x"\n\n[tool.mypy]\nb = 1\n'),
    ("pyproject.toml", '[tool.a]\n[x]\n[tool.llmsec]\nfail-on = "low"\n[tool.z]\nb = 1 # b\n'),
    ("pyproject.toml", '[tool.llmsec.per-path-ignores]\n"a" = []\n'),
    ("pyproject.toml", 'tool.llmsec.fail-on = "low"\n[project]\nname = "x"\n'),
    ("pyproject.toml", '[tool]\nllmsec.fail-on = "low" # dotted\nruff.x = 1\n[project]\n'),
    ("pyproject.toml", '[tool]\nllmsec.ignore = ["SEC101"] # dotted\nruff.x = 1\n'),
    ("pyproject.toml", 'tool = {llmsec = {fail-on = "low"}} # inline\n'),
    ("pyproject.toml", '[tool]\nllmsec = {ignore = ["SEC101"], fail-on = "low"} # inline\n[x]\n'),
]


def settings_of(text: str, name: str) -> dict[str, Any]:
    content = tomllib.loads(text)
    found: dict[str, Any] = (
        content.get("tool", {}).get("llmsec", {}) if name == "pyproject.toml" else content
    )
    return found


def without_ignore(text: str, name: str) -> dict[str, Any]:
    content = tomllib.loads(text)
    content.setdefault("tool", {}).setdefault("llmsec", {}).pop("ignore", None)
    content.pop("ignore", None)
    return content


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_with_ignored(name: str, text: str) -> None:
    changed = with_ignored(text, name, "SEC103", 'no risk, "really" # yes')
    before, after = settings_of(text, name), settings_of(changed, name)
    assert after["ignore"] == [*before.get("ignore", []), "SEC103"]
    assert without_ignore(changed, name) == without_ignore(text, name)
    msgspec.convert(after, Config)
    comments = [line[line.index("#") :] for line in text.splitlines() if "#" in line]
    for comment in [*comments, '# no risk, "really" # yes']:
        assert comment in changed
    assert changed.count("\n") == changed.count("\r\n") or "\r" not in text
    assert "\r" in changed or "\r" not in text
    assert with_ignored(changed, name, "SEC103", "again") == changed


def test_with_ignored_exactly() -> None:
    assert with_ignored('ignore = ["SEC101"] # why\n', "llmsec.toml", "SEC103", "a\nb") == (
        'ignore = ["SEC101",\n    "SEC103", # a b\n] # why\n'
    )
    assert with_ignored("[project]\n", "pyproject.toml", "SEC103") == (
        '[project]\n\n[tool.llmsec]\nignore = [\n    "SEC103",\n]\n'
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("llmsec.toml", f'ignore = "{TOKEN}"'),
        ("llmsec.toml", 'ignore = "SEC103"'),
        ("llmsec.toml", "ignore = 3"),
        ("llmsec.toml", "[[ignore]]\na = 1"),
        ("llmsec.toml", f"ignore = [{TOKEN}"),
        ("llmsec.toml", f'{TOKEN} = "x"'),
        ("llmsec.toml", f'fail-on = "{TOKEN}"'),
        ("llmsec.toml", "a = " + "[" * 5000),
        ("llmsec.toml", "\ufeffignore = []"),
        ("pyproject.toml", "tool = 3"),
        ("pyproject.toml", "[tool]\nllmsec = 3"),
        ("pyproject.toml", f"[tool.llmsec]\n{TOKEN} = 3"),
    ],
)
def test_with_ignored_refuses(name: str, text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        with_ignored(text, name, "SEC103")
    assert str(raised.value) == f"{name}: not a valid configuration; mend it first"


@settings(max_examples=150, deadline=None)
@given(
    place=st.sampled_from(TEXTS),
    reason=st.one_of(
        st.text(max_size=60),
        st.text(
            st.sampled_from("\n\r\t\f\0\x1b\x7f\x85\u2028\u202e#\"'[]=,\\ab\ud800 "), max_size=40
        ),
    ),
)
def test_no_reason_breaks_the_file(place: tuple[str, str], reason: str) -> None:
    name, text = place
    changed = with_ignored(text, name, "SEC103", reason)
    plain_change = with_ignored(text, name, "SEC103")
    assert tomllib.loads(changed) == tomllib.loads(plain_change)
    assert changed.count("\n") == plain_change.count("\n")
    changed.encode("utf-8")
    assert with_ignored(changed, name, "SEC103", reason) == changed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"name": TOKEN, "text": "", "rule": "SEC103"}, "no configuration is called so"),
        ({"name": "../llmsec.toml", "text": "", "rule": "SEC103"}, "no configuration is called so"),
        ({"name": "llmsec.toml", "text": "", "rule": TOKEN}, "no rule is called so"),
        ({"name": "llmsec.toml", "text": "", "rule": 'SEC103"]\nx = ["'}, "no rule is called so"),
        (
            {"name": "llmsec.toml", "text": "#" * 1_000_001, "rule": "SEC103"},
            "the configuration is too long",
        ),
        (
            {"name": "llmsec.toml", "text": TOKEN, "rule": "SEC103"},
            "llmsec.toml: not a valid configuration; mend it first",
        ),
    ],
)
def test_ignore_requests_that_are_refused(
    tmp_path: Path, words: dict[str, str], message: str
) -> None:
    made = answer(Judge(tmp_path), "ignore", json.dumps(words).encode(), 60)
    assert made == (400, message.encode())


# Messages


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is not JSON that can be read"),
        (TOKEN.encode(), "the body is not JSON that can be read"),
        (b"[" * 200_000, "the body is not JSON that can be read"),
        (b'{"cells": [' + b"1" * 5000 + b"]}", "the body is not JSON that can be read"),
        (b"\xff\xfe{}", "the body is not JSON that can be read"),
        (b"NaN", "not a ScanRequest: Expected `object`, got `float`"),
        (b"[]", "not a ScanRequest: Expected `object`, got `array`"),
        (
            f'{{"cells": "{TOKEN}"}}'.encode(),
            "not a ScanRequest: Expected `array`, got `str` - at `$.cells`",
        ),
        (
            f'{{"{TOKEN}": 1}}'.encode(),
            "not a ScanRequest: Object contains unknown field",
        ),
        (
            f'{{"cells": [{{"key": "a", "index": 0, "cell": {{}}, "{TOKEN}": 1}}]}}'.encode(),
            "not a ScanRequest: Object contains unknown field",
        ),
        (
            f'{{"cells": [{{"key": "a", "index": 0, "cell": "{TOKEN}"}}]}}'.encode(),
            "not a ScanRequest: Expected `object`, got `str` - at `$.cells[...].cell`",
        ),
        (
            f'{{"cells": [{{"key": "{TOKEN}", "index": "{TOKEN}", "cell": {{}}}}]}}'.encode(),
            "not a ScanRequest: Expected `int`, got `str` - at `$.cells[...].index`",
        ),
    ],
)
def test_messages_that_are_refused(tmp_path: Path, body: bytes, message: str) -> None:
    status, text = answer(Judge(tmp_path), "scan", body, 60)
    assert (status, text.decode().replace("[0]", "[...]")) == (400, message)


@pytest.mark.parametrize("form", ["html", "json", "sarif", "text"])
def test_reports(tmp_path: Path, form: str) -> None:
    words = {"path": "sub/my.ipynb", "format": form, "notebook": notebook(code(LEAK))}
    status, text = answer(Judge(tmp_path), "report", json.dumps(words).encode(), 60)
    made = json.loads(text)
    assert status == 200
    assert made["name"] == f"my.llmsec.{'txt' if form == 'text' else form}"
    assert "SEC103" in made["text"]
    assert TOKEN not in made["text"]


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({}, "unknown notebook format: nbformat is missing, 3 and 4 are read"),
        ({"nbformat": 4}, "the notebook has no list of cells"),
    ],
)
def test_reports_of_what_is_no_notebook(tmp_path: Path, tree: Any, message: str) -> None:
    words = {"path": "a.md", "format": "json", "notebook": tree}
    status, text = answer(Judge(tmp_path), "report", json.dumps(words).encode(), 60)
    assert status == 200
    (failure,) = json.loads(json.loads(text)["text"])["failures"]
    assert failure["message"] == message


def test_a_report_of_an_unknown_format(tmp_path: Path) -> None:
    body = json.dumps({"path": "", "format": TOKEN, "notebook": {}}).encode()
    assert answer(Judge(tmp_path), "report", body, 60) == (
        400,
        b"a report is one of html, json, sarif, text",
    )


def test_the_schema_is_up_to_date() -> None:
    file = Path(wire.__file__).with_name("wire.schema.json")
    assert json.loads(file.read_text("utf-8")) == json.loads(json.dumps(wire.schema()))


def test_errors_of_paths_are_of_one_family() -> None:
    assert issubclass(OutsideRoot, BadPath)
