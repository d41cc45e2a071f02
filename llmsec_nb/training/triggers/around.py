"""What stands at both sides of the chosen words and phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..counts import counted, look_up
from ..pieces import mixed
from .speech import SCALE
from .stream import END, START, pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .stream import Stream
    from .third import Third

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]

HALF: Final = 0.5
"""Stands for what was never seen beside each other."""
_CONTEXT: Final = 24
_EDGE: Final = 1 << 40
"""Edges of rows are rarer than no word."""
_NEAR: Final = 2
_FAR: Final = 16
"""Tokens at each side by which places are told apart; more of them at the edge of a row, where
there is one side only.
"""


def around(
    state: Third, stream: Stream, totals: Places, which: Places, first: Places, last: Places
) -> None:
    """The neighbours, and how well they fit each other."""
    import numpy as np

    ids, known = stream.ids, state.known
    opens, closes = ids[first] == START, ids[last] == END
    before, after = np.where(opens, first, first - 1), np.where(closes, last, last + 1)
    _name(state, stream, totals, which, first, last)
    seen = look_up(known.bigrams, pair(ids[before], ids[after]))[:, 0]
    expected = totals[before] * totals[after] / known.tokens
    fit = np.rint(np.log((seen + HALF) / (expected + HALF)) * SCALE).astype(np.int64)
    count = len(state.chosen.keys)
    for column, values in enumerate((np.ones(len(which), np.int64), opens, closes, fit)):
        # the sums stay far below 2**53, where floats are exact
        sums = np.bincount(which, values, minlength=count)
        state.sums[:, column] += sums.astype(np.int64)
    wide = _surroundings(stream, first, last, np.where(opens | closes, _FAR, _NEAR))
    for name, has, hashes in (
        ("left", ~opens, ids[before]),
        ("right", ~closes, ids[after]),
        ("around", np.ones(len(which), bool), wide),
    ):
        high = which[has].astype(np.uint64) << np.uint64(64 - _CONTEXT)
        getattr(state, name).add(counted(high | hashes[has] >> np.uint64(_CONTEXT)))


def _name(
    state: Third, stream: Stream, totals: Places, which: Places, first: Places, last: Places
) -> None:
    """The first two tokens of each one, and how often its rarest word occurs."""
    import numpy as np

    ids, some = stream.ids, np.full(len(state.chosen.keys), -1)
    some[which] = np.arange(len(which))  # any place will do, all are alike
    some = some[some >= 0]
    some = some[np.argsort(first[some], kind="stable")]
    which, first, last = which[some], first[some], last[some]
    lead = pair(ids[first], ids[np.minimum(first + 1, len(ids) - 1)])
    state.lead[which] = np.where(first == last, 0, lead)
    often = np.append(np.where((ids == START) | (ids == END), _EDGE, totals), _EDGE)
    lows = np.minimum.reduceat(often, np.stack([first, last + 1], 1).ravel())[::2]
    state.rarest[which] = lows


def _surroundings(stream: Stream, first: Places, last: Places, width: Places) -> Hashes:
    """A hash of so many tokens at each side, whatever their order."""
    import numpy as np

    hashes = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed(stream.plain, _FAR))])
    start, end = stream.offsets[stream.row[first]], stream.offsets[stream.row[first] + 1]
    left = hashes[first] - hashes[np.maximum(first - width, start)]
    right = hashes[np.minimum(last + 1 + width, end)] - hashes[last + 1]
    return mixed(left + right, _NEAR)
