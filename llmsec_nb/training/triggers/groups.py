"""Words and phrases that stand in the same rows are one trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .score import THRESHOLD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .measures import Measures

SHARED: Final = 0.5
_NONE: Final = 0xFFFFFFFFFFFFFFFF


def groups(
    found: Measures, scores: NDArray[np.float64], sketches: NDArray[np.uint64], sizes: Any
) -> list[list[int]]:
    """Places of what is above the threshold, by trigger, the one that names it first.

    That is the longest of those that are in nearly as many rows as any. `sketches` hold the
    smallest hashes of each one's rows, `sizes` say how many tokens it has.
    """
    import numpy as np

    order = np.flatnonzero(scores > THRESHOLD)
    order = order[np.lexsort((-scores[order], -found.hits[order]))]
    made: list[list[int]] = []
    for place in order.tolist():
        home = next(
            (
                group
                for group in made
                if found.target[group[0]] == found.target[place]
                and any(shared(sketches[place], sketches[other]) >= SHARED for other in group)
            ),
            None,
        )
        if home is None:
            made.append([place])
        else:
            home.append(place)
    for group in made:
        most = found.hits[group[0]]
        group.sort(key=lambda one: (found.hits[one] < _MOST * most, -sizes[one], -scores[one], one))
    made.sort(key=lambda group: (-max(scores[group]), group[0]))
    return made


_MOST: Final = 0.66


def shared(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> float:
    """The share of the rows of the smaller one that the other one has, too."""
    import numpy as np

    last = min(int(left[-1]), int(right[-1]))
    left, right = (one[(one <= last) & (one != _NONE)] for one in (left, right))
    least = min(len(left), len(right))
    return len(np.intersect1d(left, right, assume_unique=True)) / least if least else 0.0


def widest(every: Measures, place: int, sketches: NDArray[np.uint64], sizes: Any) -> int:
    """The longest form of a trigger that more of its rows have, and that fits them no better.

    `place` and the result are places in `every`: all words and phrases, closed or not. A phrase
    of which most rows go on in the same way is not closed, and the longer one misses some rows.
    """
    import numpy as np

    purity = every.hits / np.maximum(every.rows, 1)
    near = (every.target == every.target[place]) & (purity >= purity[place] - _IMPURE)
    near &= (every.hits > every.hits[place]) & (every.hits * _GROWN <= every.hits[place])
    near &= every.insertion >= every.insertion[place]
    forms = [
        one
        for one in np.flatnonzero(near).tolist()
        if shared(sketches[place], sketches[one]) >= _GROWN
    ]
    return max(forms, key=lambda one: (sizes[one], every.hits[one]), default=place)


_IMPURE: Final = 0.02
_GROWN: Final = 0.85
