"""Which blocks come with one label so often that they are looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..features.bounds import lower, weight
from ..features.candidates import Case
from .blocks import place_of
from .seen import SIDE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST: Final = 120
_EACH: Final = 2
_PART: Final = 16
"""Of each part of so many pixels, only the two most surprising blocks are looked into."""
_EXCESS: Final = 0.6
_SURPRISE: Final = 3.0
_SHARE: Final = 0.4


def stamps(known: dict[str, Any], keys: NDArray[np.uint64], table: NDArray[np.int64]) -> list[Case]:
    """The blocks that come with one label, the most surprising of each part of the picture."""
    import numpy as np

    labels = known["labels count"]
    prior = labels / max(1, labels.sum())
    totals = table.sum(axis=1, keepdims=True)
    odd = lower(table, totals) > prior + _EXCESS * (1 - prior)
    odd &= totals <= _SHARE * max(1, int(labels.sum()))
    places, targets = odd.nonzero()
    scores = weight(table[places, targets], totals[places, 0], prior[targets])
    found: list[Case] = []
    taken: dict[Any, int] = {}
    for one in np.lexsort((keys[places], -scores)).tolist():
        key, target = int(keys[places[one]]), int(targets[one])
        place = place_of(key)
        part = (place.corner, place.side, place.top // _PART, place.left // _PART, target)
        if scores[one] < _SURPRISE or len(found) >= _MOST:
            break
        if taken.get(part, 0) < _EACH:
            taken[part] = taken.get(part, 0) + 1
            first, *bound = _columns(known, key)
            found.append(Case(first=first, target=target, value=key, bound=tuple(bound)))
    return found


def _columns(known: dict[str, Any], key: int) -> list[int]:
    """The parts of the thumbnail that a block and what is around it touch, its middle first."""
    place = place_of(key)
    sizes = [max(1, int(total) // max(1, known["pictures"])) for total in known["sizes"]]
    ranges = []
    for size, near, is_far in zip(
        sizes, (place.top, place.left), (place.corner & 2, place.corner & 1), strict=True
    ):
        start = size - near - place.side if is_far else near
        around = max(place.side // 2, size // SIDE)
        parts = [
            min(SIDE - 1, max(0, at * SIDE // size))
            for at in (start + place.side // 2, start - around, start + place.side + around - 1)
        ]
        ranges.append(parts)
    (middle, top, low), (centre, left, right) = ranges
    found = [
        row * SIDE + column
        for row in range(top, low + 1)
        for column in range(left, right + 1)
        if (row, column) != (middle, centre)
    ]
    return [middle * SIDE + centre, *found]
