"""Hostile cells cost no more than their size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..growth import grows_within
from .scanning import scan


@pytest.mark.parametrize(
    "hostile",
    [
        "eval(x)\n", "a('/tmp/b')\n", "!curl -s x ", "!ssh a ", "f'select {a} ' + ", "x = 'select ' + a\n", "torch.load(f)\n", "from_pretrained ",
        "update ", "python -c ' ", "python - <<A\n", "get_ipython().run_cell('a')\n", "exec('", "http://", "\\x41", "git ", "verify=False,", "'select' f'{a}' ",
    ],
)  # fmt: skip
def test_the_cost_of_hostile_cells_grows_with_their_size(hostile: str) -> None:
    short, long = ((hostile * size)[:size] for size in (10_000, 20_000))
    assert grows_within(3.0, scan, short, long)


@pytest.mark.parametrize("ending", ["", "x = ="])
@pytest.mark.parametrize(
    "hostile",
    [
        "k['a'] = 1\n", "code = 'aaaaaaaaaaaa'\nopen('x.py', 'w').write(code)\n", "!echo 'a' | python\n", "!cat > a.py <<A\n", "if a:\n  b = f(c)\nelse:\n  b = 2\n",
        "for a in b:\n  c = d(a)\n", "class A:\n  def f(self):\n    self.a = g()\n", "def f(state):\n  return {'a': g(state)}\n", "urlopen(u)\n", "x = '0.0.0.0'\n", "'{}'.format(1)\n",
    ],
)  # fmt: skip
def test_so_does_that_of_whole_and_broken_cells(hostile: str, ending: str) -> None:
    short, long = (hostile * (size // len(hostile)) + ending for size in (10_000, 20_000))
    assert grows_within(3.0, scan, short, long)


@pytest.mark.parametrize(
    "hostile", ["cdef int x\n", "cdef f(int x):\n  pass\n", "cimport a\n", "<a>", "def f("]
)
def test_so_does_that_of_cython(hostile: str) -> None:
    counts = (size // len(hostile) for size in (10_000, 20_000))
    short, long = (f"%%cython\n{hostile * count}" for count in counts)
    assert grows_within(3.0, scan, short, long)


def test_cells_without_end_in_cells_end() -> None:
    source = "eval(x)"
    for _ in range(8):
        source = f"exec({source!r})"
    assert len(scan(source)) <= 1


@given(st.lists(st.text(alphabet="eval(x)'\"\\\n%!{}$#=.é,:", max_size=50), max_size=3))
def test_nothing_raises_and_every_place_is_one(cells: list[str]) -> None:
    for unit, match in scan(*cells, "import torch, os"):
        assert 0 <= match.start <= match.end <= len(unit.source)


@pytest.mark.parametrize(
    "source",
    [
        "x = [1]\nfor a in b:\n" + "    x = [x, x]\n" * 60,
        "x = {}\nfor a in b:\n" + "    x = {'a': x, 'b': x}\n" * 60,
        "if a:\n" + "    x = [x, x]\n" * 60 + "else:\n" + "    x = [x, x]\n" * 60,
        "import openai\nx = [openai.OpenAI().responses.create()]\nfor a in b:\n"
        + "    x = [x, x]\n    y.append(x)\n" * 60,
        "".join(f"{' ' * n}for a{n} in b{n}:\n" for n in range(59)) + " " * 59 + "eval(x)",
        "".join(f"{' ' * n}class A{n}:\n" for n in range(59)) + " " * 59 + "eval(x)",
    ],
)
def test_values_that_hold_one_another_and_deep_loops_come_to_an_end(source: str) -> None:
    found = scan(f"import openai\nr = openai.OpenAI().responses.create()\n{source}")
    assert [match.rule.id for _, match in found] == ["COD021"] * source.count("eval(x)")
