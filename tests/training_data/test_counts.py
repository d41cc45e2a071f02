"""Counts by hashed keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.training import packing
from llmsec_nb.training.counts import (
    Counts,
    at_least,
    counted,
    empty,
    grouped,
    look_up,
    merge,
    pile,
    places,
    summed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from numpy.typing import NDArray

keys = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 5).map(lambda n: n << 40), max_size=30)


def hashes(values: Iterable[int]) -> NDArray[np.uint64]:
    return np.array(list(values), np.uint64)


def same(left: Counts, right: Counts) -> bool:
    return packing.pack("counts", 1, left) == packing.pack("counts", 1, right)


@given(keys)
def test_each_occurrence_counts_one(values: list[int]) -> None:
    found = counted(hashes(values))
    assert found.keys.tolist() == sorted(set(values))
    assert found.values[:, 0].tolist() == [values.count(key) for key in sorted(set(values))]


@given(st.lists(keys, min_size=1, max_size=5), st.sampled_from([3, 10, 1000]), st.randoms())
def test_parts_in_any_order_give_the_counts_of_the_whole(
    parts: list[list[int]], limit: int, random: Random
) -> None:
    whole = counted(hashes([key for part in parts for key in part]), limit)
    states = [counted(hashes(part), limit) for part in parts]
    while len(states) > 1:
        random.shuffle(states)
        states.append(merge(states.pop(), states.pop()))
    assert same(states[0], whole)


@given(st.lists(keys, max_size=8), st.sampled_from([3, 1000]))
def test_a_pile_settles_to_the_counts_of_the_whole(parts: list[list[int]], limit: int) -> None:
    stacked = pile(1, limit)
    for part in parts:
        stacked.add(counted(hashes(part), limit))
    assert same(stacked.settle(), counted(hashes([key for part in parts for key in part]), limit))


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 4), max_size=30))
def test_equal_codes_are_one_group(codes: list[int]) -> None:
    some, back = grouped(np.array(codes, np.int64))
    assert [codes[place] for place in some] == sorted(set(codes))
    assert [codes[some[group]] for group in back] == codes


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_rows_of_numbers_add_up(rows: list[tuple[int, int, int]]) -> None:
    values = np.array([row[1:] for row in rows], np.int64).reshape(-1, 2)
    found = summed(hashes([row[0] for row in rows]), values)
    expected: dict[int, tuple[int, int]] = {}
    for key, one, two in rows:
        before = expected.get(key, (0, 0))
        expected[key] = before[0] + one, before[1] + two
    assert (
        dict(zip(found.keys.tolist(), map(tuple, found.values.tolist()), strict=True)) == expected
    )


def test_look_up_and_places() -> None:
    found = counted(hashes([7, 5, 7]))
    assert places(found, hashes([5, 6, 7, 2**63])).tolist() == [0, -1, 1, -1]
    assert look_up(found, hashes([7, 6])).tolist() == [[2], [0]]
    assert look_up(empty(2), hashes([7])).tolist() == [[0, 0]]
    assert at_least(found, 2).keys.tolist() == [7]


def test_beyond_the_limit_keys_are_cut() -> None:
    near = [(9 << 40) + low for low in range(4)]
    found = counted(hashes(near), limit=3)
    assert found.coarse
    assert found.keys.tolist() == [9 << 40]
    assert look_up(found, hashes([near[2], 8 << 40])).tolist() == [[4], [0]]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_coarse_part_makes_the_whole_coarse(order: tuple[int, int]) -> None:
    parts = [counted(hashes(range(5)), 4), counted(hashes([1 << 50]), 4)]
    merged = merge(parts[order[0]], parts[order[1]])
    assert merged.coarse
    assert merged.keys.tolist() == [0, 1 << 50]
    assert merged.values[:, 0].tolist() == [5, 1]
