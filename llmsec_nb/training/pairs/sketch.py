"""Counts of hashed keys in an array of fixed size: they add up cell by cell, in any order.

Each key has one cell in either of two halves; the smaller one is an upper bound of its count
(count-min: Cormode and Muthukrishnan, J. Algorithms 2005).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]

MOST: Final = 24
"""Sketches have at most so many bits."""
_DAMAGED: Final = "a damaged state of the detector pairs"


class Sketch(Struct, kw_only=True):
    """2 to the power of `bits` cells (uint32) in either half, `cells[half, place]`.

    As it is stored it has no `cells`, but `places` and `counts` of those that are not 0.
    """

    bits: int
    cells: Any = None
    places: Any = None
    counts: Any = None


def empty(bits: int) -> Sketch:
    """Nothing counted."""
    import numpy as np

    return Sketch(bits=bits, cells=np.zeros((2, 1 << bits), np.uint32))


def add(sketch: Sketch, keys: Keys) -> None:
    """Each occurrence of a key counts 1. Keys must be well mixed."""
    import numpy as np

    size = 1 << sketch.bits
    for half, places in enumerate(_places(sketch, keys)):
        sketch.cells[half] += np.bincount(places, minlength=size).astype(np.uint32)


def look_up(sketch: Sketch, keys: Keys) -> NDArray[np.int64]:
    """How often each key was counted, or a little more."""
    import numpy as np

    left, right = _places(sketch, keys)
    found: NDArray[np.int64] = np.minimum(sketch.cells[0, left], sketch.cells[1, right]).astype(
        np.int64
    )
    return found


def merge(left: Sketch, right: Sketch) -> Sketch:
    """The counts of both, which have the same size."""
    left.cells += right.cells
    return left


def folded(sketch: Sketch, bits: int) -> Sketch:
    """The same counts in fewer cells; unchanged if there are no more than asked for."""
    import numpy as np

    while sketch.bits > bits:
        size = 1 << (sketch.bits - 1)
        cells = (sketch.cells[:, :size] + sketch.cells[:, size:]).astype(np.uint32)
        sketch = Sketch(bits=sketch.bits - 1, cells=cells)
    return sketch


def at_least(sketch: Sketch, most: int, fewest: int) -> int:
    """The count, `fewest` or more, that at most about `most` keys reach."""
    import numpy as np

    tops = np.bincount(np.minimum(sketch.cells[0], 1 << 16))
    reaching = np.cumsum(tops[::-1])[::-1]
    high = np.flatnonzero(reaching > most)
    return max(fewest, int(high[-1]) + 1 if len(high) else fewest)


def sparse(sketch: Sketch) -> Sketch:
    """The form to be stored."""
    import numpy as np

    flat = sketch.cells.reshape(-1)
    places = np.flatnonzero(flat)
    return Sketch(bits=sketch.bits, places=places.astype(np.uint32), counts=flat[places])


def dense(stored: Sketch) -> Sketch:
    """What `sparse` was given. Raises ValueError on places that are none."""
    import numpy as np

    if not 1 <= stored.bits <= MOST or len(stored.places) != len(stored.counts):
        raise ValueError(_DAMAGED)
    cells = np.zeros(2 << stored.bits, np.uint32)
    if len(stored.places) and int(stored.places.max()) >= len(cells):
        raise ValueError(_DAMAGED)
    cells[stored.places] = stored.counts
    return Sketch(bits=stored.bits, cells=cells.reshape(2, -1))


def _places(sketch: Sketch, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    mask = np.uint64((1 << sketch.bits) - 1)
    first = (keys & mask).astype(np.int64)
    return first, ((keys >> np.uint64(32)) & mask).astype(np.int64)
