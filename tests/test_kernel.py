"""The magics in a real kernel, through nbclient, and in a plain terminal IPython."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from llmsec_nb.display import MIME

from .samples import Maker

MAKER = "import random\nfrom tests.samples import Maker\ntoken = Maker(5).token('SEC103')"
TOKEN = Maker(5).token("SEC103")
pytestmark = pytest.mark.filterwarnings("default")


def run(*sources: str) -> list[Any]:
    """The outputs of each cell, run in order in a fresh kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in ("%load_ext llmsec_nb", *sources)]
    made = nbformat.v4.new_notebook(cells=cells)
    root = str(__import__("pathlib").Path(__file__).parents[1])
    where = {"metadata": {"path": root}}
    NotebookClient(made, timeout=300, allow_errors=True, resources=where).execute()
    return [cell.outputs for cell in made.cells[1:]]


def reports(outputs: list[Any]) -> list[dict[str, Any]]:
    return [output.data[MIME] for output in outputs if MIME in output.get("data", {})]


def texts(outputs: list[Any]) -> str:
    return "".join(output.get("text", "") for output in outputs)


def test_check_sees_sources_and_every_output() -> None:
    outputs = run(
        MAKER,
        "print(token)",
        "token",
        "from IPython.display import HTML, display\ndisplay(HTML(f'<b>{token}</b>'))",
        "raise ValueError(token)",
        f"own = 'postgres://ada:{Maker(5).password()}@db.corp/x'",
        "%llmsec check",
    )
    (bundle,) = outputs[-1]
    assert set(bundle.data) == {"text/plain", "text/html", MIME}
    found = [
        (f["rule"], f["location"]["execution"], f["location"]["type"], f["location"].get("mime"))
        for f in bundle.data[MIME]["findings"]
    ]
    assert sorted(set(found), key=str) == [
        ("SEC103", 3, "output", "application/vnd.jupyter.stdout"),
        ("SEC103", 4, "output", "text/plain"),
        ("SEC103", 5, "output", "text/html"),
        ("SEC103", 6, "output", "application/vnd.jupyter.error"),
        ("SEC203", 7, "cell", None),
    ]
    assert TOKEN not in str(outputs[-1])


def test_check_of_a_path_and_of_a_rerun_cell() -> None:
    outputs = run("%llmsec check tests/conftest.py", "%llmsec check no/such.ipynb")
    assert reports(outputs[0])[0]["summary"]["files"] == 1
    assert reports(outputs[1])[0]["failures"] == [
        {"path": "no/such.ipynb", "message": "no such file"}
    ]


def test_watching() -> None:
    leak = f"a = 'postgres://ada:{Maker(5).password()}@db.corp/x'"
    outputs = run("%llmsec on", leak, MAKER, "token", "1 + 1", "%llmsec off", leak)
    assert texts(outputs[0]) == "llmsec: on; each cell is scanned as it runs\n"
    assert [f["rule"] for f in reports(outputs[1])[0]["findings"]] == ["SEC203"]
    assert [f["location"]["output"] for f in reports(outputs[3])[0]["findings"]] == [0]
    assert not reports(outputs[4])
    assert not reports(outputs[6])


def test_cell_magic() -> None:
    leak = f"a = 'postgres://ada:{Maker(5).password()}@db.corp/x'\nprint('ran')"
    outputs = run(
        f"%%llmsec\n{leak}",
        f"%%llmsec --block high\n{leak}",
        "%%llmsec\n1/0",
        "%%llmsec --block high\nx = 2",
        "x",
    )
    assert texts(outputs[0]) == "ran\n"
    assert len(reports(outputs[0])) == 1
    assert texts(outputs[1]) == "llmsec: not run: a finding is high or worse\n"
    assert [o.ename for o in outputs[2]] == ["ZeroDivisionError"]
    assert outputs[4][0].data["text/plain"] == "2"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("chek", 'UsageError: %llmsec: no command "chek"; did you mean "check"? (see %llmsec help)\n'),
        ("check --select NO", 'UsageError: no rule is called "NO"\n'),
        ("check --what", "UsageError: %llmsec check: unrecognized arguments: --what\n"),
        ("check 'open", "UsageError: %llmsec: No closing quotation\n"),
        ("explain", "UsageError: %llmsec explain: which rule? (see %llmsec rules)\n"),
    ],
)  # fmt: skip
def test_errors_are_short(line: str, message: str) -> None:
    (output,) = run(f"%llmsec {line}")[0]
    assert output.text.startswith(message)
    assert "Traceback" not in output.text


def test_words_and_completion() -> None:
    complete = (
        "from IPython.core.completer import provisionalcompleter\n"
        "with provisionalcompleter():\n"
        "    for t in ('%llmsec ch', '%llmsec explain github-t', '%%llmsec --bl', 'le'):\n"
        "        print([c.text for c in get_ipython().Completer.completions(t, len(t))][:3])"
    )
    outputs = run(
        "%llmsec help", "%llmsec explain SEC103", "%llmsec rules", "%llmsec status", complete
    )
    assert "%llmsec check PATH" in texts(outputs[0])
    assert "SEC103 github-token" in texts(outputs[1])
    assert "UNI105  homoglyph-identifier" in texts(outputs[2])
    assert "watching is off" in texts(outputs[3])
    lines = texts(outputs[4]).splitlines()
    assert lines[:3] == ["['check']", "['github-token']", "['--block']"]
    assert "'len'" in lines[3]


def test_loading_twice_and_unloading() -> None:
    outputs = run(
        "%load_ext llmsec_nb\n%reload_ext llmsec_nb\nprint(len(get_ipython().events.callbacks['post_run_cell']))",
        "%unload_ext llmsec_nb\nprint(get_ipython().find_line_magic('llmsec'))",
    )
    assert texts(outputs[1]).endswith("None\n")


def test_terminal_shows_plain_text() -> None:
    password = Maker(5).password()
    script = f"%load_ext llmsec_nb\nx = 'postgres://ada:{password}@db.corp/x'\n%llmsec check\n"
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", "--no-banner", "--simple-prompt"],
        input=script,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "SEC203 url-password [critical]" in done.stdout
    assert "<style>" not in done.stdout
    assert password not in done.stdout


def test_names_are_followed_from_the_cells_that_ran_before() -> None:
    outputs = run(
        "import yaml as y",
        "%llmsec on",
        "n = 1",
        "if 0: y.load(open('a'))",
        "%%llmsec\nimport pickle as p",
        "if 0: p.load(x)",
        "%llmsec off",
        "y = None",
        "%llmsec check",
    )
    found = [
        [(f["rule"], f["location"]["execution"], f["location"]["column"]) for f in one["findings"]]
        for shown in outputs
        for one in reports(shown)
    ]
    assert found == [
        [("COD004", 5, 6)],
        [("COD002", 7, 6)],
        [("COD004", 5, 6), ("COD002", 7, 6)],
    ]
