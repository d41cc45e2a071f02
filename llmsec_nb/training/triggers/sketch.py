"""Rows by their smallest hashes: enough to know whether two triggers are in the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]

SKETCH: Final = 32
NONE: Final = 0xFFFFFFFFFFFFFFFF


def sketched(sketch: Hashes, number: Places, hashes: Hashes) -> Hashes:
    """The sketch with more rows, by number of its line and hash."""
    import numpy as np

    order = np.lexsort((hashes, number))
    number, hashes = number[order], hashes[order]
    other = np.ones(len(number), bool)
    other[1:] = (number[1:] != number[:-1]) | (hashes[1:] != hashes[:-1])
    number, hashes = number[other], hashes[other]
    starts = np.searchsorted(number, np.arange(len(sketch)))
    rank = np.arange(len(number)) - starts[number]
    few = rank < SKETCH
    fresh = np.full((len(sketch), SKETCH), NONE, np.uint64)
    fresh[number[few], rank[few]] = hashes[few]
    return smallest(np.concatenate([sketch, fresh], axis=1))


def smallest(hashes: Hashes) -> Hashes:
    """The smallest different ones of each line."""
    import numpy as np

    ranked = np.sort(hashes, axis=1)
    ranked[:, 1:][ranked[:, 1:] == ranked[:, :-1]] = NONE
    found: Hashes = np.sort(ranked, axis=1)[:, :SKETCH]
    return found
