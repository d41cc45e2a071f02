"""Counts that add up, whatever the order: the one form of the state in all passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABELS: Final = 4096
"""So many distinct labels are told apart while it is open how many there are."""


class Tally(Struct, kw_only=True):
    """Counts by key: `keys` (uint64, ascending, each once), `counts` (int64, keys x width).

    With a `limit`, only that many and one more of the smallest keys are kept. They have been kept
    in every part, so their counts are exact, and the order of merging does not matter.
    """

    keys: Any
    counts: Any
    limit: int = 0

    @classmethod
    def none(cls, width: int = 1, limit: int = 0) -> Tally:
        """No counts."""
        import numpy as np

        return cls(keys=np.zeros(0, np.uint64), counts=np.zeros((0, width), np.int64), limit=limit)

    @property
    def full(self) -> bool:
        """Whether there are more keys than the limit."""
        return bool(self.limit) and len(self.keys) > self.limit

    def add(self, keys: NDArray[np.uint64], counts: NDArray[np.int64]) -> None:
        """Take in keys, in any order and repeated, and their counts (keys x width)."""
        import numpy as np

        if not keys.size:
            return
        keys = np.concatenate([self.keys, keys])
        counts = np.concatenate([self.counts, counts])
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        self.keys = keys[starts]
        self.counts = np.add.reduceat(counts[order], starts, axis=0)
        if self.full:
            self.keys = self.keys[: self.limit + 1].copy()
            self.counts = self.counts[: self.limit + 1].copy()

    def add_rows(self, keys: NDArray[np.uint64], column: NDArray[np.int64] | None = None) -> None:
        """Count rows by key, each in the column of the counts that is given for it."""
        import numpy as np

        if not keys.size:
            return
        distinct, codes = np.unique(keys, return_inverse=True)
        width = self.counts.shape[1]
        cells = codes * width + (0 if column is None else column)
        found = np.bincount(cells, minlength=len(distinct) * width)
        self.add(distinct, found.reshape(-1, width).astype(np.int64))

    def of(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Where each key stands in `keys`, -1 for one that is not there."""
        return places(self.keys, keys)


class State(Struct, kw_only=True):
    """A pass over the rows. `known` is what former passes taught: the same in all parts.

    `sums` are arrays that add up, `tallies` counts by keyed hashes. No text stands in it.
    """

    phase: int
    known: dict[str, Any] = field(default_factory=dict)
    sums: dict[str, Any] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)

    def absorb(self, other: State) -> None:
        """Take in what other rows gave in the same pass."""
        if self.phase != other.phase:
            raise ValueError("states of two different passes do not merge")
        for name, values in other.sums.items():
            self.sums[name] = self.sums[name] + values
        for name, tally in other.tallies.items():
            self.tallies[name].add(tally.keys, tally.counts)

    def settle(self) -> State:
        """Itself, its parts in the order of their names."""
        self.known = dict(sorted(self.known.items()))
        self.sums = dict(sorted(self.sums.items()))
        self.tallies = dict(sorted(self.tallies.items()))
        return self


def places(known: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where each key stands among ascending ones, -1 for one that does not."""
    import numpy as np

    if not len(known):
        return np.full(len(keys), -1, np.int64)
    found = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[found] == keys, found, -1)
