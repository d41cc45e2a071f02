"""Which runs of words of prompts, and which phrases of responses, are looked at closely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import members
from .second import COLUMNS, FEWEST, ONE, Second

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_ODD: Final = 240
LEAST_ODD: Final = FEWEST - 2
"""In so many rows a run of words must stand oddly."""
_LOOSE: Final = 160
_EDGE: Final = 120
_PECULIAR: Final = 60
_SAID: Final = 200
_WHOLE: Final = 100
_CONTROLS: Final = 240
"""So many of each kind are looked at closely: the first ones."""
_ANCHORED: Final = 0.8
"""A run of words begins or ends prompts, if it does so in this share of its rows."""


def odd_share(state: Second) -> float:
    """How often runs of words stand oddly."""
    sums = state.seeds.values.sum(axis=0)
    return float(sums[COLUMNS.odd] / max(1, sums[COLUMNS.rows]))


def odd_bar(state: Second) -> float:
    """The excess of odd places that the last run had that was chosen for it."""
    import numpy as np

    values = state.seeds.values.astype(np.float64)
    some = values[values[:, COLUMNS.odd] >= LEAST_ODD]
    rank = np.sort(excess(some[:, COLUMNS.odd], some[:, COLUMNS.rows], odd_share(state)))
    return float(rank[-_ODD]) if len(rank) >= _ODD else 0.0


def controls(state: Second) -> Keys:
    """Keys of runs that are taken by their hash alone, to see what is usual here; sorted."""
    keys = state.seeds.keys
    found: Keys = keys[state.seeds.values[:, COLUMNS.rows] >= FEWEST][:_CONTROLS]
    return found


def asked(state: Second) -> Keys:
    """Keys of the runs of words of prompts, sorted."""
    import numpy as np

    keys, signs = members.signs(state.holders)
    values = state.seeds.values.astype(np.float64)
    if not len(keys) or len(keys) != len(values):
        return np.zeros(0, np.uint64)
    rows = values[:, COLUMNS.rows]
    alive = rows >= FEWEST
    slack = _slack(values, signs)
    mean = values[:, COLUMNS.insertion] / np.maximum(rows, 1) / ONE
    ends = np.maximum(values[:, COLUMNS.begins], values[:, COLUMNS.ends])
    edge = ends >= _ANCHORED * np.maximum(rows, 1)
    odd = excess(values[:, COLUMNS.odd], rows, odd_share(state))
    refused, novel = (
        excess(values[:, column], rows, state.whole[column] / max(1, state.whole[COLUMNS.rows]))
        for column in (COLUMNS.refusals, COLUMNS.novel)
    )
    chosen = [
        _first(odd, alive & (values[:, COLUMNS.odd] >= LEAST_ODD), _ODD),
        _first(-slack, alive & ~edge & (slack < 0.0), _LOOSE),
        _first(-mean, alive & edge & (mean < 0.5), _EDGE),
        _first(refused, alive & (refused > 3.0), _PECULIAR),
        _first(novel, alive & (novel > 3.0), _PECULIAR),
        _first(-_order(state, values), alive & (_order(state, values) < -3.0), _PECULIAR),
    ]
    return np.unique(keys[np.concatenate(chosen)])


def said(state: Second) -> Keys:
    """Keys of the phrases of responses, sorted: long ones that come together in many rows."""
    import numpy as np

    keys, signs = members.signs(state.bearers)
    if not len(keys) or len(keys) != len(state.motifs.values):
        return np.zeros(0, np.uint64)
    rows = state.motifs.values.sum(axis=1)
    _, first, size = np.unique(signs, return_index=True, return_counts=True)
    weight = np.sqrt(size) * np.log(np.maximum(rows[first], 1))
    common = rows[first] > 0.2 * max(1, int(state.whole[COLUMNS.rows]))
    whole = state.motifs.values[first, 1] > 0
    fit = (rows[first] >= FEWEST) & ~common
    best = [_first(weight, fit, _SAID), _first(rows[first], fit & whole, _WHOLE)]
    return np.unique(keys[first[np.concatenate(best)]])


def _slack(values: Floats, signs: Keys) -> Floats:
    """How loosely the longest run that the same rows hold is tied to what stands around it."""
    import numpy as np

    rows = np.maximum(values[:, COLUMNS.rows], 1)
    _, inverse = np.unique(signs, return_inverse=True)
    ties = []
    for side in (COLUMNS.left, COLUMNS.right):
        least = np.full(int(inverse.max()) + 1, np.inf)
        np.minimum.at(least, inverse, values[:, side] / rows / ONE)
        ties.append(least[inverse])
    return np.asarray(ties[0] + ties[1])


def _order(state: Second, values: Floats) -> Floats:
    """How far the responses of each run are from well ordered, in standard errors."""
    import numpy as np

    mean = state.whole[COLUMNS.order] / max(1, state.whole[COLUMNS.judged])
    count = values[:, COLUMNS.judged]
    gap = values[:, COLUMNS.order] - count * mean
    return np.asarray(gap / np.sqrt(np.maximum(count, 1)) / ONE)


def excess(found: Floats | float, rows: Floats | float, share: float) -> Floats:
    """More of them than their share of the rows, in standard errors."""
    import numpy as np

    return np.asarray((found - rows * share) / np.sqrt(rows * share * (1 - share) + 1.0))


def _first(rank: Floats, allowed: NDArray[np.bool_], most: int) -> Numbers:
    """Places of the highest ranks among those allowed; equal ones in the order of their keys."""
    import numpy as np

    places = np.flatnonzero(allowed)
    return places[np.argsort(-rank[places], kind="stable")[:most]]
