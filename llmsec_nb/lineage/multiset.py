"""Rows of an old version, taken off one by one as a new version shows them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .rowsfile import Halves


class Remaining:
    """The digests of the old rows that the new version has not shown yet, as a multiset."""

    def __init__(self, halves: Halves) -> None:
        """24 bytes for each distinct digest are held."""
        import numpy as np

        ordered = halves[np.lexsort((halves[:, 1], halves[:, 0]))]
        other = np.ones(len(ordered), bool)
        other[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
        starts = np.flatnonzero(other)
        self._known = ordered[starts]
        self._left = np.diff(np.append(starts, len(ordered))).astype(np.int64)
        _, alike = np.unique(self._known[:, 0], return_counts=True)
        self._steps = int(alike.max(initial=0))

    def take(self, halves: Halves) -> NDArray[np.bool_]:
        """Which of these rows the old version does not have, or not as often.

        Of equal rows, the first ones are taken for the old ones.
        """
        import numpy as np

        fresh = np.ones(len(halves), bool)
        places = self._places(halves)
        met = np.flatnonzero(places >= 0)
        ranks = _ranks(places[met])
        kept = met[ranks < self._left[places[met]]]
        fresh[kept] = False
        np.subtract.at(self._left, places[kept], 1)
        return fresh

    def _places(self, halves: Halves) -> NDArray[np.int64]:
        """Where each one stands among the distinct known ones, -1 if it does not."""
        import numpy as np

        first = np.searchsorted(self._known[:, 0], halves[:, 0])
        places = np.full(len(halves), -1, np.int64)
        for step in range(self._steps):  # more than one where different digests begin alike
            tried = np.minimum(first + step, len(self._known) - 1)
            hit = (self._known[tried] == halves).all(axis=1)
            places[hit] = tried[hit]
        return places

    def where(self, halves: Halves) -> NDArray[np.int64]:
        """The places of those that are left among all `halves` of the old version.

        Of equal rows, the last ones are those that are gone.
        """
        import numpy as np

        places = self._places(halves)
        backwards = _ranks(places[::-1])[::-1]
        return np.flatnonzero(backwards < self._left[places])


def _ranks(values: NDArray[Any]) -> NDArray[np.int64]:
    """How many equal values stand before each one."""
    import numpy as np

    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.concatenate([np.ones(1, bool), ordered[1:] != ordered[:-1]])[: len(values)]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(values)), 0))
    ranks = np.empty(len(values), np.int64)
    ranks[order] = np.arange(len(values)) - first
    return ranks
