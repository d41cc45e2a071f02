"""What the sums of the third pass say of each chosen word or phrase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .around import HALF
from .choice import evidence
from .first import UNIT
from .speech import BINS, SCALE
from .stream import LONGEST, sizes_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..counts import Counts
    from .first import Known
    from .third import Third

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

_CONTEXT: Final = 24
_SHIFT: Final = 64 - _CONTEXT
_CLOSED: Final = 0.95
_ELSEWHERE: Final = 2
_EDGED: Final = 2
"""Tokens of one word with the edge of a row."""
_Z: Final = 1.96


@dataclass(slots=True)
class Measures:
    """Figures of c words and phrases, one a place.

    `rows` hold it, equal ones counting once, `hits` of them have the label `target`, which a share
    `prior` of all rows has; `distinct`: in so many different surroundings. `label`: evidence (nats)
    that it goes with the label. `insertion`: how much better its neighbours fit each other than it
    fits them (nats a place). `support`: where its rows stand among those of the label, by what else
    they say: 0.5 in the middle. `opens`, `closes`: it stands at the start or end of rows.
    `common`: it is but one word at the edge, which is as often elsewhere. `closed`: no longer
    phrase explains it. `places`: where it stands among the chosen.
    """

    places: Places
    rows: Reals
    hits: Reals
    target: Places
    prior: Reals
    distinct: Reals
    label: Reals
    insertion: Reals
    support: Reals
    opens: Flags
    closes: Flags
    common: Flags
    closed: Flags

    @property
    def anchored(self) -> Flags:
        """Which stand at an edge of rows."""
        return self.opens | self.closes

    @property
    def bound(self) -> Reals:
        """The lower bound (Wilson, 95 %) of the purity, equal surroundings counting once."""
        return lower_bound(self.hits * self.distinct / self.rows, self.distinct)

    def __len__(self) -> int:
        """How many."""
        return len(self.rows)


def lower_bound(hits: Any, rows: Any) -> Reals:
    """The lower bound (Wilson, 95 %) of shares."""
    import numpy as np

    share, square = hits / rows, _Z**2 / rows
    half = _Z * np.sqrt(share * (1 - share) / rows + square / (4 * rows))
    found: Reals = np.maximum(0, (share + square / 2 - half) / (1 + square))
    return found


def measured(state: Third) -> Measures:
    """All chosen words and phrases, measured."""
    import numpy as np

    known, chosen = state.known, state.chosen
    count = len(chosen.keys)
    total = np.maximum(state.sums[:, 0], 1)
    opens, closes = state.sums[:, 1] > 0, state.sums[:, 2] > 0
    left, most_left = _contexts(state.left.settle(), known, count)
    right, most_right = _contexts(state.right.settle(), known, count)
    fixed_left = ~opens & (most_left >= _CLOSED * total)
    fixed_right = ~closes & (most_right >= _CLOSED * total)
    # of what is longer than n-grams are, the two ends stand for the whole
    longest = sizes_of(chosen.keys) == LONGEST
    closed = np.where(longest, ~(fixed_left & fixed_right), ~(fixed_left | fixed_right))
    single = (opens | closes) & (sizes_of(chosen.keys) == _EDGED)
    opens, closes = opens | (longest & fixed_left), closes | (longest & fixed_right)
    around = (state.around.settle().keys >> np.uint64(_SHIFT)).astype(np.int64)
    distinct = np.minimum(np.bincount(around, minlength=count), chosen.rows)
    hits = state.support.sum(1) / UNIT
    prior = priors(state)[chosen.target]
    standing = ranks(state.classes)[chosen.target]
    tells = evidence(distinct, hits * distinct / chosen.rows, prior)
    return Measures(
        places=np.arange(count),
        rows=chosen.rows,
        hits=hits,
        target=chosen.target,
        prior=prior,
        distinct=distinct.astype(float),
        label=np.where(hits > prior * chosen.rows, tells, 0.0),
        insertion=(state.sums[:, 3] / SCALE - left - right) / total,
        support=(state.support * standing).sum(1) / UNIT / np.maximum(hits, 1e-9),
        opens=opens,
        closes=closes,
        common=single & (state.rarest >= _ELSEWHERE * total),
        closed=closed,
    )


def taken(found: Measures, kept: Any) -> Measures:
    """Some of them."""
    return Measures(**{name: getattr(found, name)[kept] for name in Measures.__slots__})


def ranks(classes: Places) -> Reals:
    """By label and bin: the share of the label's rows below that bin, its own counting half.

    Rows that say nothing stand in the middle.
    """
    import numpy as np

    told = classes[:, :BINS]
    size = np.maximum(told.sum(1, keepdims=True), 1)
    found = (np.cumsum(told, 1) - told / 2) / size
    return np.concatenate([found, np.full((len(found), 1), 0.5)], axis=1)


def priors(state: Third) -> Reals:
    """The share of each label among all rows, equal ones counting once."""
    import numpy as np

    sizes = state.classes.sum(1)
    found: Reals = sizes / np.maximum(sizes.sum(), 1)
    return found


def _contexts(counts: Counts, known: Known, count: int) -> tuple[Reals, Places]:
    """How much each one's neighbours at one side are its own, and the most frequent of them.

    The first in nats, summed over its places, of the second how often it stands there.
    """
    import numpy as np

    which = (counts.keys >> np.uint64(_SHIFT)).astype(np.int64)
    times = counts.values[:, 0]
    short = known.words.keys >> np.uint64(_CONTEXT)
    wanted = counts.keys & np.uint64((1 << _SHIFT) - 1)
    place = np.minimum(np.searchsorted(short, wanted), max(0, len(short) - 1))
    known_word = short[place] == wanted if len(short) else np.zeros(len(wanted), bool)
    often = np.where(known_word, known.words.values[place, 0] if len(short) else 1, 1)
    total = np.bincount(which, times, minlength=count)
    expected = (total[which] - 1) * often / known.tokens
    own = times * np.log((times - 1 + HALF) / (expected + HALF))
    most = np.zeros(count, np.int64)
    np.maximum.at(most, which, times)
    summed: Reals = np.bincount(which, own, minlength=count).astype(np.float64)
    return summed, most
