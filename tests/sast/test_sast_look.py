"""What bandit and ruff see, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.sast.look import look
from llmsec_nb.sast.reading import read_code
from llmsec_nb.sast.seen import Seen, plain
from llmsec_nb.sast.tools import Bandit, Ruff
from llmsec_nb.sources.files import read_text

from .made import LANGUAGE, looked, notebook, spots, write

FILLERS = (
    "",
    "",
    "a = 1",
    "# -*- coding: latin-1 -*-",
    "# é 😀 # nosec",
    "%matplotlib inline",
    "!ls -l | wc",
    "files = !ls",
    "name = '😀é\u2028'",
    "def f():\n    pass",
    "class A:\n\n\n\n    def g(self): return 1\n    def h(self): return 2",
    "text = '''\n%%bash\n!pip\nget_ipython().system('x')\n'''",
    "value = (1\n  % 2)",
    "print('a');",
    "print?",
    "\x0c",
    "import os\\\n  as o",
    "# %%NBQA-CELL-SEP123456",
)
"""Lines that a reader of notebooks may stumble over, each a whole number of statements."""
LEADS = ("", "x = ", "'😀é'; ", "if 1: ", "%time ", "%timeit -n 1 ", "f(a, b)[", "for i in 1, 2: ")
HEADS = ("", "", "", "%%time\n", "%%capture out\n", "\n\n", "%%timeit -r 2\n")
BROKEN = "def f(:\n  return"
MARKER = "eval(marker)"


@st.composite
def marked(draw: st.DrawFn) -> tuple[list[str], int, int, int]:
    """Cells, and the cell, line and column of the marker in them."""
    cells = draw(st.lists(st.lists(st.sampled_from(FILLERS), max_size=6), min_size=1, max_size=5))
    number = draw(st.integers(0, len(cells) - 1))
    at = draw(st.integers(0, len(cells[number])))
    lead = draw(st.sampled_from(LEADS))
    head = draw(st.sampled_from(HEADS))
    before = "\n".join([*cells[number][:at], ""]) if at else ""
    line = f"{lead}{MARKER}" + ("]" if "[" in lead else "")
    after = "\n".join(["", *cells[number][at:]]) if cells[number][at:] else ""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    texts = ["\n".join(cell) for cell in cells]
    texts[number] = f"{head}{before}{line}{after}"
    for index in range(len(texts)):
        if index != number and draw(st.booleans()):
            texts[index] = draw(st.sampled_from([BROKEN, "%%bash\nls (", "   "]))
    row = f"{head}{before}".count("\n")
    return [text.replace("\n", newline) for text in texts], number, row, len(lead)


@settings(  # each example starts both tools once; to shrink one would start them a thousand times
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(marked(), min_size=50, max_size=50))
@pytest.mark.parametrize(("tool", "code"), [(Bandit(), "B307"), (Ruff(), "S307")])
def test_a_call_is_told_at_its_cell_line_and_column(
    tool: Bandit | Ruff, code: str, made: list[tuple[list[str], int, int, int]]
) -> None:
    documents = [
        read_text(notebook(*cells), f"{number}.ipynb") for number, (cells, *_) in enumerate(made)
    ]
    found = look(documents, tools=[tool])
    assert found.failures == []
    for number, (_, cell, line, column) in enumerate(made):
        assert spots(found.seen.get(f"{number}.ipynb", []), code) == [
            (cell, line, column, line, column + len(MARKER))
        ]


SPELLINGS = (
    "eval(x)",
    "%time eval(x)",
    "%timeit eval(x)",
    "%prun eval(x)",
    "%%time\neval(x)",
    "%%capture\neval(x)",
    "%%timeit\neval(x)",
    "%%prun -l 3\neval(x)",
    "%%script python\neval(x)",
    "%%python\neval(x)",
    "%%writefile x.py\neval(x)",
    "y = !ls\neval(x)",
    "get_ipython().run_cell('eval(x)')",
    "get_ipython().run_line_magic('time', 'eval(x)')",
    "get_ipython().run_cell_magic('time', '', 'eval(x)')",
    "get_ipython().system('ls'); eval(x)",
    "await f(); eval(x)",
    "def f(:\n  pass\neval(x)",
    "    eval(x)",
    "x?\neval(x)",
)


def test_no_spelling_hides_a_call(tmp_path: Path) -> None:
    targets = [write(tmp_path, f"{number}.ipynb", text) for number, text in enumerate(SPELLINGS)]
    found = looked(*targets)
    for number, text in enumerate(SPELLINGS):
        place = text.index("eval(x)")
        line = text.count("\n", 0, place)
        column = place - (text.rfind("\n", 0, place) + 1)
        expected = (0, line, column, line, column + 7)
        assert expected in spots(found.seen[f"{number}.ipynb"], "B307"), text


def test_a_call_over_several_lines_is_told_whole(tmp_path: Path) -> None:
    call = "subprocess.run(\n  name,\n  shell=True,\n)"
    found = looked(write(tmp_path, "a.ipynb", "a = 1", f"import subprocess\nx = '😀'; {call}"))
    assert spots(found.seen["a.ipynb"], "B602") == [(1, 1, 9, 4, 1)]


def test_what_a_tool_says_is_taken_over(tmp_path: Path) -> None:
    found = looked(write(tmp_path, "a.py", "import subprocess", "subprocess.run(a, shell=True)"))
    assert found.seen["a.py"][-1] == Seen(
        "bandit",
        "B602",
        None,
        1,
        0,
        1,
        29,
        Severity.HIGH,
        Confidence.HIGH,
        "subprocess call with shell=True identified, security issue",
        78,
    )
    assert {one.code for one in found.seen["a.py"]} == {"B404", "B602"}


@pytest.mark.parametrize(
    ("source", "bandit", "ruff"),
    [
        ("assert a", ["B101"], []),
        ("import telnetlib\ntelnetlib.Telnet(a)", ["B312", "B401"], []),
        ("import requests\nrequests.Session().get('http://x')", [], []),
        ("from fabric.api import run\nassert a; open('/tmp/x')", ["B101", "B108"], []),
    ],
)
def test_what_both_say_is_said_once(
    tmp_path: Path, source: str, bandit: list[str], ruff: list[str]
) -> None:
    found = looked(write(tmp_path, "a.ipynb", source)).seen.get("a.ipynb", [])
    assert sorted({one.code for one in found if one.tool == "bandit"}) == bandit
    assert sorted({one.code for one in found if one.tool == "ruff"}) == ruff


def test_a_broken_cell_costs_itself_alone(tmp_path: Path) -> None:
    cells = ["eval(a)", "x = 1\ndef f(:\n  eval(b)\n\neval(c)", "eval(d)", ">>> eval(e)"]
    found = looked(write(tmp_path, "a.ipynb", *cells))
    lines = [place[:2] for place in spots(found.seen["a.ipynb"], "B307")]
    assert lines == [(0, 0), (1, 4), (2, 0), (3, 0)]
    assert found.failures == []
    assert [skip.message.partition(":")[0] for skip in found.skips] == ["cell[1] line 2"]


def test_code_that_is_too_deep_for_a_tool_costs_itself_alone(tmp_path: Path) -> None:
    deep = "x" + ".a()" * 700
    found = looked(write(tmp_path, "a.ipynb", "eval(a)", deep, "eval(b)"))
    assert [place[:2] for place in spots(found.seen["a.ipynb"], "B307")] == [(0, 0), (2, 0)]
    assert [(one.path, one.cell, one.message) for one in found.failures] == [
        (
            "a.ipynb",
            1,
            "bandit did not read it to its end; what it looks for was not scanned",
        )
    ]


def test_a_text_that_is_run_shares_the_names_of_the_cells(tmp_path: Path) -> None:
    cells = ["import pickle as p", "get_ipython().run_cell('a = 1\\np.loads(b)')"]
    found = looked(write(tmp_path, "a.ipynb", *cells))
    assert spots(found.seen["a.ipynb"], "B301") == [(1, 0, 31, 0, 41)]


def test_a_file_does_not_share_names_with_the_cells(tmp_path: Path) -> None:
    cells = ["import pickle as np", "%%writefile a.py\nimport numpy as np\nnp.load(f)"]
    found = looked(write(tmp_path, "a.ipynb", *cells))
    assert [one.code for one in found.seen["a.ipynb"]] == ["B403"]


def test_only_python_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "r.ipynb"
    file.write_text(notebook("eval(x)", metadata={"kernelspec": {"language": "R"}}))
    document, skips = read_code(file, "r.ipynb", 10_000_000)
    assert document is None
    assert [skip.message for skip in skips] == ["not a notebook of Python: bandit and ruff skip it"]
    file.write_text(notebook("eval(x)", metadata=dict(LANGUAGE)))
    assert read_code(file, "r.ipynb", 10_000_000)[1] == []


def test_outputs_are_left_out_of_what_is_read(tmp_path: Path) -> None:
    made = json.loads(notebook("a = 1"))
    made["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "eval(x)"}]
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps(made))
    document, _ = read_code(file, "a.ipynb", 10_000_000)
    assert document is not None
    assert [text.text for text in document.texts if "eval" in text.text] == []
    assert document.raw == json.dumps(made)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Possible hardcoded password: 'it's me'", "Possible hardcoded password: ***s me***"),
        ('Probable insecure usage of temporary file or directory: "/tmp/me"', None),
        ("Use of insecure `hashlib`: `md5`", "Use of insecure `hashlib`: `md5`"),
        ("Call of `my secret words`.", "Call of ***"),
        ("Unclosed 'value", "Unclosed ***"),
    ],
)
def test_messages_quote_nothing(said: str, shown: str | None) -> None:
    assert plain(said) == (shown or "Probable insecure usage of temporary file or directory: ***")
