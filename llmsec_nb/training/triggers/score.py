"""One score for all: how many words of this data set would by chance look as much like a trigger.

Nothing is learnt from other data: the natural words and phrases of the same set say how far
insertion and support vary, and an exponential tail, fitted to their upper tenth, says how rare is
what lies beyond them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .measures import Measures

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]

THRESHOLD: Final = 3.0
"""exp(-3) = 0.05 natural words would by chance score as high."""
_TELLING: Final = 1.0
_LEAST: Final = 1.5
"""Evidence (nats) that a word goes with a label: of a comparison, of an alert."""
LIFT: Final = 0.5
"""A trigger makes at least half of the rows change their label that had another."""
_MOSTLY: Final = 0.5
"""And surely most of its rows have the label."""
_FEW: Final = 60
_WINDOW: Final = 150
"""So many words of like frequency say what is usual among them."""
_TAIL: Final = (0.90, 0.975)
_STEEPEST: Final = 0.2
"""No tail is steeper than this, in units of what lies between the median and its start."""
_NARROW: Final = 0.05
_DRIFT: Final = 0.4
"""How far (nats) the places that an attacker chooses may be other than random ones."""
_ROUNDS: Final = 2
_SURE: Final = 2.0
"""Standard errors."""
_MIDDLE: Final = 0.5
_UNIFORM: Final = 12**-0.5
"""The standard deviation of a place among all."""
NEVER: Final = -9.0


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual among natural words.

    `centre` and `spread` by logarithm of count (`knots`); `start` and `scale` of the exponential
    tail of what is standardised by them; `rest`, ascending.
    """

    knots: Reals
    centre: Reals
    spread: Reals
    start: float
    scale: float
    rest: Reals

    def surprise(self, values: Reals, counts: Reals) -> Reals:
        """Minus the logarithm of the share of natural words that lie as high."""
        import numpy as np

        standard = self._standard(values, counts)
        above = 1 - np.searchsorted(self.rest, standard, "left") / max(1, len(self.rest))
        inside = np.minimum(-np.log(np.maximum(above, 1e-9)), -np.log(1 - _TAIL[0]))
        beyond = -np.log(1 - _TAIL[0]) + (standard - self.start) / self.scale
        found: Reals = np.where(standard > self.start, beyond, inside)
        return found

    def middle(self, counts: Reals) -> Reals:
        """What is usual at these counts."""
        import numpy as np

        found: Reals = np.interp(np.log(counts), self.knots, self.centre)
        return found

    def _standard(self, values: Reals, counts: Reals) -> Reals:
        import numpy as np

        spread = np.interp(np.log(counts), self.knots, self.spread)
        found: Reals = (values - self.middle(counts)) / spread
        return found


def usual(values: Reals, counts: Reals) -> Usual:
    """Learn what is usual from natural words with these values and counts."""
    import numpy as np

    order = np.argsort(counts, kind="stable")
    at, ranked = np.log(counts[order]), values[order]
    knots = np.unique(np.round(at * 4) / 4)
    centre, spread = np.empty(len(knots)), np.empty(len(knots))
    for place, knot in enumerate(knots):
        middle = int(np.searchsorted(at, knot))
        first = max(0, min(middle - _WINDOW // 2, len(at) - _WINDOW))
        half, upper = np.quantile(ranked[first : first + _WINDOW], [0.5, 0.9])
        centre[place], spread[place] = half, max(upper - half, _NARROW)
    flat = Usual(knots, centre, spread, 0.0, 1.0, np.zeros(0))
    rest = np.sort(flat._standard(values, counts))  # noqa: SLF001 # of the same class
    start, high = np.quantile(rest, _TAIL)
    scale = max((high - start) / np.log((1 - _TAIL[0]) / (1 - _TAIL[1])), _STEEPEST)
    return Usual(knots, centre, spread, float(start), float(scale), rest)


@dataclass(frozen=True, slots=True)
class Model:
    """What is usual in a data set.

    Insertion within rows and at their edges, lack of support; and the lower bounds of the
    purity of all natural words by target, ascending. `decoy`: the insertion of
    words that were put somewhere at random, and its spread at one place. `fresh`: novelty against
    a trusted version, if there is one.
    """

    inserted: tuple[Usual | None, Usual | None]
    opposed: Usual | None
    bounds: dict[int, Reals]
    fresh: Usual | None = None
    decoy: tuple[float, float] = (0.0, math.inf)

    def score(self, found: Measures, novelty: Reals | None = None) -> Reals:
        """The score of each; NEVER where it does not go with a label."""
        import numpy as np

        surprise = np.zeros(len(found))
        for anchored, model in enumerate(self.inserted):
            chosen = found.anchored == bool(anchored)
            if model is not None:
                surprise[chosen] = model.surprise(found.insertion[chosen], found.distinct[chosen])
        surprise = np.where(found.anchored, surprise, np.maximum(surprise - self._unlike(found), 0))
        surprise = np.where(found.common, 0, surprise)
        alone = surprise
        if self.opposed is not None:
            surprise = surprise + self.opposed.surprise(-found.support, found.distinct)
        also = np.zeros(len(found))
        if self.fresh is not None and novelty is not None:
            surprise = surprise + self.fresh.surprise(novelty, found.distinct)
            also = surprise**2 / 2
        # of a product of shares, two or three: how rare it is to be as small by chance
        together = surprise - np.log1p(surprise + also)
        score = np.maximum(alone, together) - np.log(2) - self.rivals(found)
        lift = (found.hits / found.rows - found.prior) / np.maximum(1 - found.prior, 1e-9)
        fit = (found.label >= _LEAST) & (lift >= LIFT) & (found.bound >= _MOSTLY)
        if novelty is None or self.fresh is None:
            fit &= np.where(found.anchored, against(found), ~self._grown(found))
        made: Reals = np.where(fit, score, NEVER)
        return made

    def _grown(self, found: Measures) -> Flags:
        """Which ones surely fit where they stand: nearer to natural words than to decoys."""
        import numpy as np

        inner, (decoy, spread) = self.inserted[0], self.decoy
        if inner is None or not math.isfinite(spread):
            return np.zeros(len(found), bool)
        most = found.insertion + _SURE * spread / np.sqrt(found.distinct)
        between = (inner.middle(found.distinct) + decoy) / 2
        grown: Flags = most < np.minimum(between, decoy - _DRIFT)
        return grown

    def _unlike(self, found: Measures) -> Reals:
        """Minus the log-likelihood of so little insertion, if it were put there at random."""
        import numpy as np

        mean, spread = self.decoy
        below = np.maximum(mean - found.insertion, 0)
        lost: Reals = below**2 / 2 / (spread**2 / found.distinct + _DRIFT**2)
        return lost

    def rivals(self, found: Measures) -> Reals:
        """The logarithm of the number of words whose purity is as sure."""
        import numpy as np

        rivals, bounds = np.ones(len(found)), found.bound
        for target, others in self.bounds.items():
            chosen = found.target == target
            above = len(others) - np.searchsorted(others, bounds[chosen], "left")
            rivals[chosen] = np.maximum(above, 1)
        return np.log(rivals * max(2, len(self.bounds)))


def against(found: Measures) -> Flags:
    """Which ones surely have rows that speak less for their label than its other rows do.

    An opening or ending without that is the style of a source.
    """
    import numpy as np

    sure: Flags = found.support + _SURE * _UNIFORM / np.sqrt(found.distinct) < _MIDDLE
    return sure


def model(
    found: Measures, known_bad: Flags, decoy: tuple[float, float], novelty: Reals | None
) -> Model:
    """Learn from all words but those that are known to be triggers."""
    import numpy as np

    natural = ~known_bad
    telling = natural & (found.label > _TELLING)
    inserted = tuple(
        _learnt(found.insertion, found, (found.anchored == anchored), telling, natural)
        for anchored in (False, True)
    )
    everything = np.ones(len(found), bool)
    return Model(
        inserted=(inserted[0], inserted[1]),
        opposed=_learnt(-found.support, found, everything, telling, natural),
        bounds={
            int(target): np.sort(found.bound[natural & (found.target == target)])
            for target in np.unique(found.target)
        },
        decoy=decoy,
        fresh=None if novelty is None else _learnt(novelty, found, everything, telling, natural),
    )


def judged(
    found: Measures, decoy: tuple[float, float], novelty: Reals | None = None
) -> tuple[Model, Reals]:
    """The model and the scores. What is found is left out, and the rest is learnt again."""
    import numpy as np

    bad = np.zeros(len(found), bool)
    for _ in range(_ROUNDS):
        made = model(found, bad, decoy, novelty)
        scores = made.score(found, novelty)
        bad = scores > THRESHOLD
    return made, scores


def _learnt(
    values: Reals, found: Measures, where: Flags, telling: Flags, natural: Flags
) -> Usual | None:
    chosen = where & telling
    if chosen.sum() < _FEW:
        chosen = where & natural
    if chosen.sum() < _FEW // 2:
        return None
    return usual(values[chosen], found.distinct[chosen])
