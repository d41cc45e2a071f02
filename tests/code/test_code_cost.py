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


def test_cells_without_end_in_cells_end() -> None:
    source = "eval(x)"
    for _ in range(8):
        source = f"exec({source!r})"
    assert len(scan(source)) <= 1


@given(st.lists(st.text(alphabet="eval(x)'\"\\\n%!{}$#=.é,:", max_size=50), max_size=3))
def test_nothing_raises_and_every_place_is_one(cells: list[str]) -> None:
    for unit, match in scan(*cells, "import torch, os"):
        assert 0 <= match.start <= match.end <= len(unit.source)
