"""Cells taken apart: Python, commands, bodies, each with the characters that it stands in."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.cells import Program, read
from llmsec_nb.cells.flow import AssignSite, CallSite, CommandSite, Site, Trail, follow
from llmsec_nb.cells.past import Past
from llmsec_nb.cells.unit import units_of
from llmsec_nb.code_screen import code_screen, unread
from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.finding import Failure
from llmsec_nb.core.location import InCell
from llmsec_nb.core.rule import Kind
from llmsec_nb.sources.document import Document

from .growth import grows_within

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOKS = Path(__file__).parents[2] / "shared/data/notebooks"


def calls(program: Program) -> list[str]:
    """The source of each call, cut out by its span."""
    found = []
    for tree in program.python.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                start, end = program.python.span(node)
                found.append(program.text[start:end])
    return found


def commands(program: Program) -> list[tuple[str, str, str]]:
    return [(one.sign, one.name, program.words(one)) for one in program.commands]


def test_python_alone_is_left_as_it_is() -> None:
    source = 'x = 1\ns = """\n!no\n%no\n"""\ny = (x\n% 5)\nf"{x!r}" # !x\nawait f(x)\n'
    program = read(source)
    assert program.python.text == source
    assert commands(program) == []
    assert program.broken == []
    assert calls(program) == ["f(x)"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("!pip install a", [("!", "", "pip install a")]),
        ("!!ls", [("!", "", "ls")]),
        ("%pip install a", [("%", "pip", " install a")]),
        ("x = !ls -l", [("!", "", "ls -l")]),
        ("a, b = !ls", [("!", "", "ls")]),
        ("x = %sql select 1", [("%", "sql", " select 1")]),
        ("if x:\n    !ls\n", [("!", "", "ls")]),
        ("!pip install \\\n  a \\\n  b\nx = 1", [("!", "", "pip install \\\n  a \\\n  b")]),
        ("df.head?", [("?", "", "df.head?")]),
        ("?print", [("?", "", "print")]),
        ("%%bash\nls", [("%%", "bash", "")]),
        ("\n\n%%time\nx", [("%%", "time", "")]),
        ("f(1,\n!ls\ny = 2", [("!", "", "ls")]),
        ("a = b % c", []),
        ("print(1 if x != y else 2)", []),
        ("x = (y\n%s\n)", []),
    ],
)
def test_commands_are_found_with_their_words(
    source: str, found: list[tuple[str, str, str]]
) -> None:
    assert commands(read(source)) == found


EVALS = [
    "eval(x)",
    "  \neval(x)",
    "%time eval(x)",
    "%timeit -n 10 -r3 eval(x)",
    "y = %timeit -o eval(x)",
    "%prun -s cumulative -l 5 eval(x)",
    "%memit eval(x)",
    "%%time\neval(x)",
    "%%time eval(x)\n1",
    "%%timeit -n 3\neval(x)",
    "%%capture out\neval(x)",
    "%%time\n%%capture\neval(x)",
    "%%script python -u\neval(x)",
    "%%script /usr/bin/env python3\neval(x)",
    "%%python3\neval(x)",
    "%%some_magic\neval(x)",
    "if y:\n    !ls\n    eval(x)",
    "%matplotlib inline\n!ls\neval(x)",
    "async with a() as b:\n    eval(x)",
    "await b; eval(x)",
    "def broken(:\n  pass\neval(x)",
    "f(1,\neval(x)",
    "é = '日本'; eval(x)",
    "df?\neval(x)",
]


@pytest.mark.parametrize("source", EVALS)
def test_the_same_call_however_it_is_run(source: str) -> None:
    assert "eval(x)" in calls(read(source))


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("%%bash\npip install a\n", ("bash", "SHELL", ".sh", "pip install a\n")),
        ("%%script bash\nls", ("script", "SHELL", ".sh", "ls")),
        ("%%!\nls", ("!", "SHELL", ".sh", "ls")),
        ("%%writefile -a src/x.py\nimport os\n", ("writefile", "FILE", "src/x.py", "import os\n")),
        ("%%file 'Dockerfile'\nFROM a\n", ("file", "FILE", "Dockerfile", "FROM a\n")),
        ("%%html\n<b>\n", ("html", "OTHER", ".html", "<b>\n")),
        ("%%unheard\nselect 1\n", ("unheard", "OTHER", ".?", "select 1\n")),
        ("%%time\n%%sh\nls", ("sh", "SHELL", ".sh", "ls")),
        ("%%writefile x\n", ("writefile", "FILE", "x", "")),
    ],
)
def test_bodies_are_read_as_the_file_they_become(
    source: str, body: tuple[str, str, str, str]
) -> None:
    [found] = read(source).bodies
    text = source[found.start : found.end]
    assert (found.magic, found.reading.name, found.name, text) == body


def test_one_broken_statement_hides_no_other() -> None:
    source = "a = one(1)\ndef f(:\n  x\nb = two(2)\n@deco\ndef g():\n  !ls\n  return three(3)\n"
    program = read(source)
    assert calls(program) == ["one(1)", "two(2)", "three(3)"]
    assert [source[one.start : one.end] for one in program.broken] == ["def f(:\n  x"]
    assert program.broken[0].reason.startswith("not valid Python")


def test_a_reason_quotes_nothing_of_the_cell() -> None:
    for source in ("x = 'secret", "import secret secret", "f(secret=1, secret=2)", "nonlocal x"):
        assert all("secret" not in one.reason for one in read(source).broken)


@given(st.text(alphabet="ab(=)[]{}'\"\\\n%!? #:é", max_size=60))
def test_nothing_moves_and_nothing_raises(source: str) -> None:
    program = read(source)
    assert len(program.python.text) == len(source)
    assert [place for place, char in enumerate(source) if char == "\n"] == [
        place for place, char in enumerate(program.python.text) if char == "\n"
    ]
    for one in program.commands:
        assert 0 <= one.start <= one.end <= len(source)


@pytest.mark.parametrize(
    "hostile",
    ["(", "'", '"""', "!", "%time ", "x = !", "\\\n", "a=", "f(", "\n(\n", "%%a\n", "[]," , "{'a"],
)  # fmt: skip
def test_hostile_cells_cost_no_more_than_their_size(hostile: str) -> None:
    short, long = ((hostile * size)[:size] for size in (100_000, 200_000))
    assert grows_within(3.0, read, short, long)


def test_real_notebooks_are_read_whole() -> None:
    if not NOTEBOOKS.exists():
        pytest.skip("the notebooks are not there")
    cells = broken = 0
    for path in sorted(NOTEBOOKS.rglob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8")).get("cells", []):
            if cell["cell_type"] == "code":
                cells += 1
                broken += bool(read("".join(cell["source"])).broken)
    assert (cells, broken) == (2588, 2)


def source_of(path: str) -> str:
    return "model" if path.endswith(".create") else ""


def sites(*cells: str) -> list[CallSite | AssignSite | CommandSite]:
    return list(follow(enumerate(map(read, cells)), source_of))


def paths(*cells: str) -> list[str]:
    return [one.path for one in sites(*cells) if isinstance(one, CallSite)]


def test_names_are_followed_from_cell_to_cell() -> None:
    assert paths("import torch as t", "load = t.load", "load(x)") == ["torch.load"]
    assert paths("from torch import load as l, nn", "l(x)\nnn.Linear(1)") == [
        "torch.load",
        "torch.nn.Linear",
    ]
    assert paths("import os.path", "os.system(x)") == ["os.system"]
    assert paths("torch.load(x)") == ["torch.load"]
    assert paths("def torch_load(x): pass", "eval = print", "eval(x)") == ["builtins.print"]
    assert paths("from . import load", "load(x)") == [".load"]
    assert paths("client.chat.create(x)") == ["?client.chat.create"]


def test_what_a_model_says_is_followed_through_names_functions_and_members() -> None:
    found = sites(
        "from openai import OpenAI\nclient = OpenAI()",
        "def ask(q):\n    r = client.chat.create(q)\n    return r.choices[0].text",
        "code = ask('x').strip()\nexec(f'{code}')\neval('1')",
    )
    tainted = {
        one.path: [value.taints for value in one.arguments]
        for one in found
        if isinstance(one, CallSite) and one.path.startswith("builtins")
    }
    assert tainted == {
        "builtins.exec": [frozenset({"model"})],
        "builtins.eval": [frozenset()],
    }


@pytest.mark.parametrize(
    "line",
    [
        "a = c.create(); b = a['x']; eval(b)",
        "a = [c.create()]; eval(a[0])",
        "for a in c.create():\n    eval(a)",
        "with c.create() as a:\n    eval(a)",
        "a, b = c.create(); eval(b)",
        "if a := c.create():\n    eval(a)",
        "a = ''; a += c.create(); eval(a)",
        "a = {}; a['k'] = c.create(); eval(a['k'])",
        "eval(' '.join(x for x in c.create()))",
        "eval(re.sub('a', 'b', c.create()))",
        "async def f():\n    return await c.create()\neval(f())",
        "class A:\n  def f(self):\n    self.x = c.create()\n  def g(self):\n    eval(self.x)",
        "eval('%s' % c.create())",
        "eval(c.create() if y else '')",
        "eval(lambda: c.create())",
    ],
)
def test_ways_of_what_a_model_says(line: str) -> None:
    found = [
        one
        for one in sites("import client as c", line)
        if isinstance(one, CallSite) and one.path == "builtins.eval"
    ]
    assert [one.arguments[0].taints for one in found] == [frozenset({"model"})]


def test_a_name_that_is_given_another_value_is_clean_again() -> None:
    [call] = [
        one
        for one in sites("a = c.create()", "a = '1'\neval(a)")
        if isinstance(one, CallSite) and one.path == "builtins.eval"
    ]
    assert (call.arguments[0].taints, call.arguments[0].constant) == (frozenset(), "1")


def test_commands_know_what_is_put_into_them() -> None:
    found = sites("a = c.create()\n!run {a} $a {b + a}\nx = 1\n!run {x}")
    values = [
        {name: bool(value.taints) for name, value in one.values.items()}
        for one in found
        if isinstance(one, CommandSite)
    ]
    assert values == [{"a": True, "b + a": True}, {"x": False}]


def test_assignments_to_members_and_items() -> None:
    found = [
        (one.path, one.key.constant, one.value.constant)
        for one in sites("import os, ssl\nos.environ['A'] = 'b'\nssl.x = 1\ny = 2")
        if isinstance(one, AssignSite)
    ]
    assert found == [("os.environ[]", "A", "b"), ("ssl.x", None, 1)]


def test_deep_expressions_and_statements_end() -> None:
    deep = "(" * 90 + "f(x)" + ")" * 90
    assert paths(deep) == ["?f"]
    nested = "".join(f"{' ' * depth}if x:\n" for depth in range(80)) + " " * 80 + "f(x)\n"
    assert isinstance(sites(nested), list)


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ("    eval(x)\n    y = 1", ["eval(x)"]),
        ("\n  é = 'ü'; eval(x)\n  if 1:\n     eval(y)", ["eval(x)", "eval(y)"]),
        (">>> eval(x)\n... eval(z)", ["eval(x)", "eval(z)"]),
        (">>> def f():\n...     eval(x)\n", ["eval(x)"]),
        ("In [3]: eval(x)\n   ...: eval(y)", ["eval(x)", "eval(y)"]),
        ("%%time\n    eval(x)", ["eval(x)"]),
        ("    %time eval(x)\n    z = eval(q)", ["eval(x)", "eval(q)"]),
        ("  x = 1 + \\\n  eval(y)", ["eval(y)"]),
        ("x = '''\n>>> eval(a)\n'''; eval(b)", ["eval(b)"]),
    ],
)
def test_what_ipython_takes_from_the_left(source: str, calls: list[str]) -> None:
    program = read(source)
    assert program.broken == []
    found = [
        source[slice(*program.python.span(node))]
        for tree in program.python.trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]
    assert found == calls


def test_what_is_too_deep_to_be_followed_is_told_and_hides_nothing_else() -> None:
    program = read("x" + ".a()" * 900 + "\neval(y)")
    sites = list(follow([(0, program)], lambda path: ""))
    assert [site.path for site in sites if isinstance(site, CallSite)][-1] == "builtins.eval"
    assert [one.reason for one in program.python.deep] == ["nested too deeply to be followed"]


def test_magics_above_each_other_are_read_whatever_their_number() -> None:
    program = read("%%time\n" * 5_000 + "f(1)\n")
    assert len(program.commands) == 5_000
    assert calls(program) == ["f(1)"]
    assert program.broken == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("pip install a-b", [("%", "pip", " install a-b")]),
        ("\n  conda install -y 'x y'\n", [("%", "conda", " install -y 'x y'")]),
        ("cd ../data", [("%", "cd", " ../data")]),
        ("rm -rf out/*", [("%", "rm", " -rf out/*")]),
        ("uv pip install x", [("%", "uv", " pip install x")]),
    ],
)
def test_a_lone_line_that_ipython_takes_for_a_magic(
    source: str, found: list[tuple[str, str, str]]
) -> None:
    program = read(source)
    assert commands(program) == found
    assert program.broken == []
    assert len(program.python.code) == len(source)


def test_the_python_behind_a_magic_without_a_sign_is_kept() -> None:
    program = read("timeit -n 3 f(1)")
    assert commands(program) == [("%", "timeit", " -n 3 f(1)")]
    assert calls(program) == ["f(1)"]


@pytest.mark.parametrize(
    "source",
    [
        "pip install x\ny = 1",
        "# first\npip install x",
        "cp = = 1",
        "pipe install x",
        "pip3 install x",
    ],
)
def test_what_ipython_does_not_take_for_a_magic_is_broken(source: str) -> None:
    program = read(source)
    assert program.commands == []
    assert len(program.broken) == 1


@pytest.mark.parametrize("source", ["ls -l", "cp = 1", "time(1)", "run"])
def test_what_is_valid_python_stays_it(source: str) -> None:
    program = read(source)
    assert program.commands == []
    assert program.broken == []
    assert program.python.code == source


def texts(*cells: str) -> list[Text]:
    place: dict[str, Any] = {"line": 0, "column": 0, "end_line": 0, "end_column": 0}
    return [
        Text.of(Part(place=InCell(**place, cell=number), text=cell, kind=Kind.CODE))
        for number, cell in enumerate(cells)
    ]


def written(*cells: str) -> list[tuple[str, bool, str]]:
    """Of each file that cells write: its name, whether it is read as Python, why it is not read."""
    units = units_of(texts(*cells), "a.ipynb")
    return [(unit.name, unit.program is not None, unit.unread) for unit in units if unit.name]


CODE = "import os\nos.getcwd()\n"
UNKNOWN_FILE = "the name of the file that it writes is only known when it runs"


@pytest.mark.parametrize(
    ("cells", "name", "is_python"),
    [
        (["F = 'a.py'\nG: str = 'src'", f"%%writefile $G/$F\n{CODE}"], "src/a.py", True),
        (["F = 'a.py'", "F = 'a.sh'", f"%%writefile {{F}}\n{CODE}"], "a.sh", False),
        (["x = 1", "%%writefile ${F}\n" + CODE], "${F}.py", True),
        (["%%writefile {F}\n#!/usr/bin/env bash\nls"], "{F}.sh", False),
        (["%%writefile start\n#! /bin/sh\nls"], "start.sh", False),
        (["%%writefile run\n#!/usr/bin/python3 -u\nprint(1)"], "run.py", True),
        ([f"%%writefile tool\n{CODE}"], "tool.py", True),
        ([f"%%writefile a.txt\n{CODE}"], "a.txt", False),
        ([f"%%writefile {{d}}/a.txt\n{CODE}"], "{d}/a.txt", False),
        (["%%writefile NOTES\nimport duties rose in May"], "NOTES", False),
    ],
)
def test_what_a_cell_writes_is_read_as_what_it_is(
    cells: list[str], name: str, *, is_python: bool
) -> None:
    assert written(*cells) == [(name, is_python, "")]


def test_a_file_of_which_nobody_knows_what_it_is_says_so() -> None:
    assert written("%%writefile {d}/{F}\nhello there") == [("{d}/{F}", False, UNKNOWN_FILE)]
    assert written("%%writefile {d}/{F}\n\n") == [("{d}/{F}", False, "")]


def told(*cells: str) -> list[str]:
    document = Document(path="a.ipynb", texts=texts(*cells))
    units = units_of(document.texts, document.path)
    return [f"{type(one).__name__} {one.message}" for one in unread(document, units)]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            "x = = 1",
            "cell[0] line 1: not valid Python: invalid syntax; rules for code did not read it",
        ),
        (
            "f()\n\nx = = 1",
            "cell[0] line 3: not valid Python: invalid syntax; rules for code read the rest",
        ),
        ("(" * 301, "cell[0] line 1: nested deeper than 300; rules for code did not read it"),
        (
            "a = 1\n" * 90_000,
            "cell[0] line 1: longer than 500,000 characters; rules for code did not read it",
        ),
        (
            "%%writefile {F}\n\nhello there",
            f"cell[0] line 1 of {{F}}: {UNKNOWN_FILE}; rules for code did not read it",
        ),
        (
            "%%writefile a.py\nx = = 1\ny = 2",
            "cell[0] line 1 of a.py: not valid Python: invalid syntax; rules for code read the rest",
        ),
    ],
)
def test_what_is_not_read_is_told_as_it_is(cell: str, message: str) -> None:
    assert told(cell) == [f"Skip {message}"]


def test_a_long_command_is_no_long_python() -> None:
    assert told("!pip install " + "a " * 300_000) == []


def test_a_cell_that_breaks_the_reader_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> Program:
        if "poison" in text:
            raise KeyError(text)
        return read(text)

    monkeypatch.setattr("llmsec_nb.cells.unit.read", broken)
    document = Document(path="a.ipynb", texts=texts("import os", "poison", "eval(input())"))
    code = code_screen().read(document)
    assert code is not None
    assert [site.cell for site in code.orders[0]] == [2, 2]
    assert list(unread(document, code.units)) == [
        Failure(
            path="a.ipynb",
            message="line 1: cannot be taken apart: KeyError; rules for code did not read it",
            remedy="please report it",
            cell=1,
        )
    ]


def test_a_cell_that_cannot_be_followed_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Trail.statement

    def broken(trail: Trail, node: ast.stmt) -> Iterator[Site]:
        if isinstance(node, ast.Assert):
            raise KeyError(node.lineno)
        return plain(trail, node)

    monkeypatch.setattr(Trail, "statement", broken)
    cells = ("import os as o", "def f():\n    assert 1\nf()", "o.system(a)")
    document = Document(path="a.ipynb", texts=texts(*cells))
    code = code_screen().read(document)
    assert code is not None
    paths = [site.path for site in code.orders[0] if isinstance(site, CallSite)]
    assert paths == ["os.system"]
    assert [one.message for one in unread(document, code.units)] == [
        "line 1: cannot be followed: KeyError; rules for code did not read it"
    ]


def test_what_of_the_past_is_not_followed_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    past = Past(lambda path: "")
    past.catch_up(["", "from os import system as run", "x" * 100_001], 3)
    (site,) = past.follow([(0, read("run(x)"))])
    assert isinstance(site, CallSite)
    assert site.path == "os.system"
    known = "rules for code do not know the names of "
    assert past.gaps() == [f"{known}an earlier cell: it is longer than 100,000 characters"]
    assert past.gaps() == []

    def broken(*_: object) -> None:
        raise KeyError

    inputs = ["", *["y = 1"] * 400]
    past.catch_up(inputs, 401)
    monkeypatch.setattr("llmsec_nb.cells.past.read", broken)
    past.follow([])
    assert past.gaps() == [
        f"{known}cells that ran before the last 300",
        f"{known}an earlier cell: it cannot be followed (KeyError)",
    ]
