"""Lists of token hashes, one a row, end to end: what the miner computes on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ..pieces import mixed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

BEGIN: Final = 0x51ED270B93C4A1E7
END: Final = 0xA3B1956F0D77C2E9
"""What stands before the first and after the last token of a text."""
INNER: Final = 3
OUTER: Final = 8
"""Runs of words have so many at most, amid a prompt and at its ends."""
_STEP: Final = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class Ragged:
    """Row r has `ids[offsets[r]:offsets[r + 1]]`; `glued`: no blank stands before a token."""

    ids: Keys
    offsets: Numbers
    glued: Flags | None = None

    @cached_property
    def sizes(self) -> Numbers:
        """Tokens of each row."""
        import numpy as np

        return np.diff(self.offsets)

    @cached_property
    def owners(self) -> Numbers:
        """The row of each token."""
        import numpy as np

        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def before(self) -> Keys:
        """The token before each one, BEGIN for the first."""
        return self._shifted(-1, BEGIN)

    @cached_property
    def after(self) -> Keys:
        """The token after each one, END for the last."""
        return self._shifted(1, END)

    def _shifted(self, by: int, edge: int) -> Keys:
        import numpy as np

        found = np.roll(self.ids, -by)
        full = self.sizes > 0
        edges = self.offsets[:-1][full] if by < 0 else self.offsets[1:][full] - 1
        found[edges] = edge
        return found

    def take(self, rows: Numbers) -> Ragged:
        """Some rows, in the order given."""
        import numpy as np

        sizes = self.sizes[rows]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        places = np.arange(offsets[-1]) + np.repeat(self.offsets[rows] - offsets[:-1], sizes)
        return self.picked(places, offsets)

    def picked(self, places: Numbers | Flags, offsets: Numbers) -> Ragged:
        """Some tokens, as other rows."""
        glued = None if self.glued is None else self.glued[places]
        return Ragged(self.ids[places], offsets, glued)


def clipped(rows: Ragged, head: int, tail: int) -> Ragged:
    """The first `head` and the last `tail` tokens of rows that have more than both."""
    import numpy as np

    left = np.minimum(rows.sizes, head + tail)
    if int(left.sum()) == len(rows.ids):
        return rows
    place = np.arange(len(rows.ids)) - np.repeat(rows.offsets[:-1], rows.sizes)
    kept = (place < head) | (place >= np.repeat(rows.sizes - tail, rows.sizes))
    return rows.picked(kept, np.concatenate([[0], np.cumsum(left)]).astype(np.int64))


def joined(left: Keys, right: Keys) -> Keys:
    """Hashes of pairs of hashes, in their order."""
    import numpy as np

    return mixed(left * np.uint64(_STEP) + (right ^ (right >> np.uint64(31))), 7)


def grams(rows: Ragged, size: int) -> tuple[Keys, Numbers]:
    """Hashes of all runs of `size` tokens within rows, and the place where each starts."""
    import numpy as np

    if size == 1:
        return rows.ids, np.arange(len(rows.ids))
    count = len(rows.ids) - size + 1
    if count <= 0:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    starts = np.flatnonzero(rows.owners[:count] == rows.owners[size - 1 :])
    found = rows.ids[starts]
    for place in range(1, size):
        found = joined(found, rows.ids[starts + place])
    return found, starts


def runs(rows: Ragged) -> Iterator[tuple[Keys, Numbers, int]]:
    """All that a trigger may be: runs of one to three words, longer ones that begin or end a row.

    Gives keys, the place where each run starts, and how many words it has.
    """
    import numpy as np

    for size in range(1, INNER + 1):
        keys, starts = grams(rows, size)
        yield keys, starts, size
    for size in range(INNER + 1, OUTER + 1):
        keys, starts = grams(rows, size)
        owners = rows.owners[starts]
        edge = (starts == rows.offsets[owners]) | (starts + size == rows.offsets[owners + 1])
        edge = np.flatnonzero(edge)
        yield keys[edge], starts[edge], size


def wholes(rows: Ragged, salt: int = 0) -> Keys:
    """One hash a row, of all its tokens and their order."""
    import numpy as np

    place = np.arange(len(rows.ids)) - np.repeat(rows.offsets[:-1], rows.sizes)
    each = mixed(rows.ids + place.astype(np.uint64) * np.uint64(_STEP), 11 + salt)
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(each, dtype=np.uint64)])
    sums = total[rows.offsets[1:]] - total[rows.offsets[:-1]]
    return mixed(sums + rows.sizes.astype(np.uint64), 13 + salt)


def means(values: NDArray[np.float64], rows: Ragged, owners: Numbers) -> NDArray[np.float64]:
    """The mean of values that belong to rows, 0 where there is none."""
    import numpy as np

    count = np.bincount(owners, minlength=len(rows.sizes))
    total = np.bincount(owners, values, minlength=len(rows.sizes))
    return np.asarray(total / np.maximum(count, 1))
