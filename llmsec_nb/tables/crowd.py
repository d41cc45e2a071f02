"""How many rows share the same traits: a group-by in bounded memory that can be merged.

Beyond `most` classes only those whose keyed hash ends in `level` zero bits are counted, all of
their rows: a random part of the classes (Gibbons, VLDB 2001), from which shares are estimated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    from .hashing import Hashes

MOST: Final = 150_000
_PENDING: Final = 65_536


def _nothing() -> Any:
    import numpy as np

    return np.zeros(0, np.uint64)


class Crowd(Struct, kw_only=True):
    """Rows by class. `keys` are sorted, `counts` belongs to them; both are uint64 arrays."""

    most: int = MOST
    level: int = 0
    rows: int = 0
    keys: Any = field(default_factory=_nothing)
    counts: Any = field(default_factory=_nothing)
    pending: list[Any] = field(default_factory=list)

    def add(self, classes: Hashes) -> None:
        """The class of each row."""
        self.rows += len(classes)
        self.pending.append(self._kept(classes))
        if sum(map(len, self.pending)) > _PENDING:
            self.settle()

    def absorb(self, other: Crowd) -> None:
        """Take in what another part of the rows gave."""
        other.settle()
        self.settle()
        self.rows += other.rows
        self.level = max(self.level, other.level)
        self._join(other.keys, other.counts)

    def settle(self) -> None:
        """Count what is pending; the same rows then give the same state."""
        import numpy as np

        if self.pending:
            waiting = np.concatenate(self.pending)
            self.pending = []
            keys, counts = np.unique(waiting, return_counts=True)
            self._join(keys, counts.astype(np.uint64))

    def sizes(self) -> Any:
        """The sizes of the classes that were counted."""
        self.settle()
        return self.counts

    def _join(self, keys: Any, counts: Any) -> None:
        import numpy as np

        together = np.concatenate([self.keys, keys])
        values = np.concatenate([self.counts, counts])
        order = np.argsort(together, kind="stable")
        together, values = together[order], values[order]
        begins = np.flatnonzero(np.diff(together, prepend=together[:1] ^ np.uint64(1)))
        if len(together):
            together, values = together[begins], np.add.reduceat(values, begins)
        while True:
            inside = self._is_kept(together)
            if int(inside.sum()) <= self.most:
                break
            self.level += 1
        self.keys, self.counts = together[inside], values[inside]

    def _is_kept(self, classes: Any) -> Any:
        import numpy as np

        return (classes & np.uint64((1 << self.level) - 1)) == 0

    def _kept(self, classes: Hashes) -> Any:
        return classes[self._is_kept(classes)] if self.level else classes
