"""Counts by hashed key that add up in any order, within a bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

LIMIT: Final = 8_000_000
"""So many distinct keys are kept as they are."""
_SMALL: Final = 500
_SHIFT: Final = 40
"""Beyond that only the first 24 bits of each key are: at most 16 million."""


class Counts(Struct, kw_only=True, dict=True):
    """Sorted distinct keys (uint64), and a row of integers (int64) for each.

    `coarse`: there were more than `limit` distinct keys, hence keys are cut to 24 bits, and what
    is told of one may be of several together. That depends on the keys alone: a part with too many
    makes the whole have too many. None of it is changed once it is made.
    """

    keys: Any
    values: Any
    limit: int = LIMIT
    coarse: bool = False


def empty(columns: int, limit: int = LIMIT) -> Counts:
    """Nothing counted, in so many columns."""
    import numpy as np

    return Counts(keys=np.zeros(0, np.uint64), values=np.zeros((0, columns), np.int64), limit=limit)


def counted(keys: Keys, limit: int = LIMIT) -> Counts:
    """How often each key occurs, in one column."""
    import numpy as np

    ranked = np.sort(keys)
    starts = _starts(ranked)
    values = np.diff(np.append(starts, len(ranked)))[:, None]
    return _bounded(Counts(keys=ranked[starts], values=values, limit=limit))


def summed(keys: Keys, values: Numbers, limit: int = LIMIT) -> Counts:
    """Rows of integers, added up by key."""
    import numpy as np

    order = np.argsort(keys)
    ranked = keys[order]
    starts = _starts(ranked)
    if len(starts) == len(ranked):
        return _bounded(Counts(keys=ranked, values=values[order], limit=limit))
    total = np.add.reduceat(values[order], starts, axis=0)
    return _bounded(Counts(keys=ranked[starts], values=total, limit=limit))


def merge(left: Counts, right: Counts) -> Counts:
    """The counts of both; the columns of one must be those of the other."""
    import numpy as np

    if left.coarse or right.coarse:
        left, right = _cut(left), _cut(right)
    if not len(left.keys) or not len(right.keys):
        return right if len(right.keys) else left
    if len(left.keys) < len(right.keys):
        left, right = right, left
    spots = np.searchsorted(left.keys, right.keys)
    known = left.keys[np.minimum(spots, len(left.keys) - 1)] == right.keys
    values = left.values.copy()
    values[spots[known]] += right.values[known]
    fresh = np.flatnonzero(~known)
    if not len(fresh):
        return Counts(keys=left.keys, values=values, limit=left.limit, coarse=left.coarse)
    size = len(left.keys) + len(fresh)
    new = spots[fresh] + np.arange(len(fresh))
    old = np.ones(size, bool)
    old[new] = False
    keys, both = np.empty(size, np.uint64), np.empty((size, values.shape[1]), np.int64)
    keys[new], both[new] = right.keys[fresh], right.values[fresh]
    keys[old], both[old] = left.keys, values
    return _bounded(Counts(keys=keys, values=both, limit=left.limit, coarse=left.coarse))


def places(counts: Counts, keys: Keys) -> Numbers:
    """The place of each key among the counted ones, -1 for none."""
    if counts.coarse:
        keys = _first_bits(keys)
    if len(counts.keys) < _SMALL:
        return _searched(counts.keys, keys)
    return _probed(counts, keys)


def _searched(sorted_keys: Keys, keys: Keys) -> Numbers:
    """Places by binary search: for small tables, and for sorted keys."""
    import numpy as np

    if not len(sorted_keys):
        return np.full(len(keys), -1, np.int64)
    found = np.searchsorted(sorted_keys, keys).astype(np.int64)
    found[found == len(sorted_keys)] = 0
    found[sorted_keys[found] != keys] = -1
    return found


def _probed(counts: Counts, keys: Keys) -> Numbers:
    """Places by the first bits of keys, which are hashes: few have the same."""
    import numpy as np

    shift, begins = _index(counts)
    bucket = (keys >> shift).astype(np.int64)
    place, end = begins[bucket], begins[bucket + 1]
    found = np.full(len(keys), -1, np.int64)
    left = np.flatnonzero(place < end)
    while len(left):
        here = place[left]
        there = counts.keys[here] == keys[left]
        found[left[there]] = here[there]
        here += 1
        place[left] = here
        left = left[~there & (here < end[left])]
    return found


def _index(counts: Counts) -> tuple[np.uint64, Numbers]:
    """Where the keys with each beginning start; worked out once, and not part of the state."""
    import numpy as np

    made = counts.__dict__.get("index")
    if made is None:
        bits = max(1, len(counts.keys).bit_length())
        shift = np.uint64(64 - bits)
        marks = np.arange(1 << bits, dtype=np.uint64) << shift
        begins = np.append(np.searchsorted(counts.keys, marks), len(counts.keys))
        made = counts.__dict__["index"] = (shift, begins.astype(np.int64))
    found: tuple[np.uint64, Numbers] = made
    return found


def look_up(counts: Counts, keys: Keys) -> Numbers:
    """The row of each key, zeros for what was not counted."""
    found = places(counts, keys)
    if not len(counts.keys):
        return _zeros(len(keys), counts.values.shape[1])
    values: Numbers = counts.values[found]
    values[found < 0] = 0
    return values


def grouped(codes: Numbers) -> tuple[Numbers, Numbers]:
    """Equal codes (from 0 to 2**32 - 1) in groups, by code.

    The place of one of each group, and the number of the group that stands at each place. Codes
    and places are sorted as one number, which takes a fraction of the time of `numpy.unique`.
    """
    import numpy as np

    half = np.uint64(32)
    both = np.sort(codes.astype(np.uint64) << half | np.arange(len(codes), dtype=np.uint64))
    order = (both & np.uint64((1 << 32) - 1)).astype(np.int64)
    starts = _starts(both >> half)
    back = np.empty(len(codes), np.int64)
    back[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(codes)))
    return order[starts], back


class Pile(Struct, kw_only=True):
    """Counts that come in many small parts: each is merged a few times only, whatever the order."""

    parts: list[Counts]

    def add(self, part: Counts) -> None:
        """Take in a part."""
        self.parts.append(part)
        while len(self.parts) > 1 and 2 * len(part.keys) >= len(self.parts[-2].keys):
            part = merge(self.parts.pop(), self.parts.pop())
            self.parts.append(part)

    def settle(self) -> Counts:
        """All of them as one."""
        while len(self.parts) > 1:
            self.parts.append(merge(self.parts.pop(), self.parts.pop()))
        return self.parts[0]


def pile(columns: int, limit: int = LIMIT) -> Pile:
    """A pile of nothing."""
    return Pile(parts=[empty(columns, limit)])


def at_least(counts: Counts, least: int) -> Counts:
    """Only the keys whose first column reaches `least`."""
    kept = counts.values[:, 0] >= least
    return Counts(
        keys=counts.keys[kept], values=counts.values[kept], limit=counts.limit, coarse=counts.coarse
    )


def _first_bits(keys: Keys) -> Keys:
    import numpy as np

    return keys >> np.uint64(_SHIFT) << np.uint64(_SHIFT)


def _zeros(rows: int, columns: int) -> Numbers:
    import numpy as np

    return np.zeros((rows, columns), np.int64)


def _starts(ranked: Keys) -> Numbers:
    """Where each distinct key begins in sorted ones."""
    import numpy as np

    if not len(ranked):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))


def _bounded(counts: Counts) -> Counts:
    return _cut(counts) if len(counts.keys) > counts.limit else counts


def _cut(counts: Counts) -> Counts:
    """The same by the first bits of the keys."""
    import numpy as np

    if counts.coarse:
        return counts
    keys = _first_bits(counts.keys)
    starts = _starts(keys)
    values = np.add.reduceat(counts.values, starts, axis=0) if len(starts) else counts.values
    return Counts(keys=keys[starts], values=values, limit=counts.limit, coarse=True)
