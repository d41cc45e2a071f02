"""The same picture again: looks that differ in a few bits, and labels that differ."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..features.state import Tally

_BITS: Final = 6
_BANDS: Final = 4
_CROWD: Final = 300


def is_torn(counts: Sequence[int]) -> bool:
    """Whether numbers of which there are a count, a sum and a sum of squares differ."""
    return counts[0] * counts[2] != counts[1] ** 2


def crowds(tally: Tally) -> Iterable[tuple[list[tuple[int, int]], list[int]]]:
    """Looks that differ in a few bits, joined: their keys, and their counts together.

    Compared are those that have one of four bands of 16 bits in common: so all that differ in three
    bits, and most that differ in more (but for crowds of hundreds).
    """
    keys, counts = tally.keys.tolist(), tally.counts.tolist()
    heads = list(range(len(keys)))

    def head(at: int) -> int:
        while heads[at] != at:
            heads[at] = heads[heads[at]]
            at = heads[at]
        return at

    for one, other in _near(keys):
        heads[head(other)] = head(one)
    joined: dict[int, list[int]] = {}
    for at in range(len(keys)):
        joined.setdefault(head(at), []).append(at)
    for members in joined.values():
        sums = [sum(counts[at][place] for at in members) for place in range(3)]
        yield [(keys[at], counts[at][0]) for at in members], sums


def _near(keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Places of keys that differ in a few bits."""
    for band in range(_BANDS):
        groups: dict[int, list[int]] = {}
        for at, key in enumerate(keys):
            groups.setdefault(key >> (16 * band) & 0xFFFF, []).append(at)
        for group in groups.values():
            for one, other in combinations(group[:_CROWD], 2):
                if (keys[one] ^ keys[other]).bit_count() <= _BITS:
                    yield one, other
