"""Whether one group stands out among the groups of the same set.

Sizes of groups of near-copies have long tails in honest data: retweets, templates, quotations. A
Pareto tail is fitted to the sizes of the others (the maximum-likelihood exponent of Hill, 1975;
Clauset, Shalizi and Newman, SIAM Review 2009, for counts); what counts is how many groups as
large as this it would bring forth.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from .clusters import LOOSE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .wording import Places

_FEW: Final = 10
"""A tail is fitted to so many groups at least, if there are as many."""
_SHARES: Final = (0.1, 0.4)
"""Tails are fitted to the largest tenth of the groups up to two fifths of them.

Sizes are small whole numbers: where one tail starts, chance decides, and much hangs on it.
"""
_STEEPEST: Final = 3.0
"""A few small groups say little of how large one may grow: no steeper tail is believed in."""
_JUDGED: Final = 100
EXPECTED: Final = 0.01
"""So many groups of such a size, or fewer, are expected by chance: then it stands out."""
SURE: Final = EXPECTED / 2
"""Near the edge, chance decides on which side of it a group comes to lie: this is beyond doubt."""


class Fit(NamedTuple):
    """Of `groups` of at least `start` texts, (size / start) ** -slope have at least `size`."""

    groups: int
    start: float
    slope: float


class Tail(Struct, frozen=True):
    """How sizes of groups fall off, by some fits.

    `odd`: the share of groups that are such as the one in question, where that is less common.
    """

    fits: tuple[Fit, ...]
    odd: float = 1.0

    def expected(self, size: float) -> float:
        """How many groups of at least this size chance would bring forth: the geometric mean."""
        total = 0.0
        for fit in self.fits:
            ratio = max(size - 0.5, fit.start) / fit.start
            total += log(fit.groups + 1) - fit.slope * log(ratio)
        return exp(total / len(self.fits)) * self.odd


def tail_below(size: int, sizes: Places, odd: NDArray[np.bool_] | None = None) -> Tail:
    """The tail of the groups of two and more that are smaller than `size`.

    `odd` says which of those that are large enough to be judged are such as the one in question.
    """
    import numpy as np

    others = (sizes >= 2) & (sizes < size)
    ranked = np.sort(sizes[others])[::-1]
    few, many = (max(_FEW, round(len(ranked) * share)) for share in _SHARES)
    first, last = (int(ranked[:most][-1]) if len(ranked) else 2 for most in (many, few))
    share = 1.0
    if odd is not None:
        judged = others & (sizes >= LOOSE)
        # As if four more had been judged: of a handful, one more or less says little.
        share = (int(odd[judged].sum()) + 2) / (int(judged.sum()) + 4)
    return Tail(tuple(_fit(ranked, least) for least in range(first, last + 1)), share)


def _fit(ranked: Places, least: int) -> Fit:
    import numpy as np

    start = least - 0.5
    above = ranked[ranked >= least]
    # Two more groups, of a slope of two: a prior that a handful of pairs cannot overrule.
    slope = (len(above) + 2) / (float(np.log(above / start).sum()) + 1)
    return Fit(len(above), start, min(_STEEPEST, slope))


def outstanding(
    sizes: Places,
    fewest: int,
    odd: NDArray[np.bool_] | None = None,
    expected: float = EXPECTED,
) -> Places:
    """Places of the groups that stand out, largest first; none is smaller than `fewest`.

    They do where chance would bring forth so few of their size as `expected`, or fewer.

    Each is judged by all that are smaller, so that several floods do not excuse each other; what
    is larger than one that stands out by its size does so as well. A group that is `odd` needs
    less, as far as others are not.
    """
    import numpy as np

    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] >= fewest]
    plain = [tail_below(int(sizes[at]), sizes).expected(int(sizes[at])) for at in order[:_JUDGED]]
    found = max((place for place, chance in enumerate(plain) if chance <= expected), default=-1)
    chosen = np.arange(len(order)) <= found
    if odd is not None:
        for place, at in enumerate(order[:_JUDGED]):
            if odd[at] and not chosen[place]:
                size = int(sizes[at])
                chosen[place] = tail_below(size, sizes, odd).expected(size) <= expected
    return order[chosen]
