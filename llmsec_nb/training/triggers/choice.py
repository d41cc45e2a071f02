"""Between the second and the third pass: the words and phrases that are looked at closely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ..pieces import mixed
from .first import UNIT
from .second import bits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..counts import Counts
    from .first import Known

MOST: Final = 20_000
_ENOUGH: Final = 1.0
"""The evidence (nats) that a phrase goes with a label, from which on it is looked at."""
_USUAL: Final = 500
_PURE: Final = 0.95
_SURE: Final = 6.0


class Chosen(Struct, kw_only=True):
    """N-grams to be looked at closely, by key, ascending.

    `rows` hold it, `hits` of them have the label with the number `target`. `strong`: nearly all
    have it, and they are many; what else stands in a row is then judged without those words, too.
    """

    keys: Any
    rows: Any
    target: Any
    hits: Any
    strong: Any
    beyond: int = 0
    coarse: bool = False


def evidence(
    rows: NDArray[Any], hits: NDArray[Any], prior: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log-likelihood ratio (nats) of the share that was seen against the share in all rows."""
    import numpy as np

    share = hits / np.maximum(rows, 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(hits > 0, share * np.log(share / prior), 0)
        second = np.where(hits < rows, (1 - share) * np.log((1 - share) / (1 - prior)), 0)
    found: NDArray[np.float64] = rows * (first + second)
    return found


def choose(known: Known, grams: Counts) -> Chosen:
    """The n-grams of which more rows than by chance have one label; the most striking if many.

    And some of the others, drawn by hash: they show what is usual.
    """
    import numpy as np

    total, ones = grams.values[:, :1], grams.values[:, 1:]
    width = bits(len(known.labels))
    target = ((2 * ones > total) << np.arange(width)).sum(1)
    agreeing = np.where((target[:, None] >> np.arange(width) & 1) == 1, ones, total - ones)
    hits, rows = agreeing.min(1) / UNIT, total[:, 0] / UNIT
    prior = known.sizes / max(1, known.rows)
    inside = (target < len(known.labels)) & (hits >= known.least)
    target = np.minimum(target, len(known.labels) - 1)
    inside &= hits > prior[target] * rows
    found = np.where(inside, evidence(rows, hits, prior[target]), 0)
    if grams.coarse:  # keys are cut, and what they stand for is lost
        found[:] = 0
        rows[:] = 0
    usual = np.flatnonzero((found < _ENOUGH) & (rows >= known.least))
    usual = usual[np.argsort(mixed(grams.keys[usual], _USUAL), kind="stable")[:_USUAL]]
    found[usual] = np.maximum(found[usual], _ENOUGH)
    kept = np.flatnonzero(found >= _ENOUGH)
    beyond = max(0, len(kept) - MOST)
    if beyond:  # the strongest, ties by key
        kept = np.sort(kept[np.lexsort((kept, -found[kept]))[:MOST]])
    return Chosen(
        keys=grams.keys[kept],
        rows=rows[kept],
        target=target[kept],
        hits=hits[kept],
        strong=(hits[kept] >= _PURE * rows[kept]) & (found[kept] >= _SURE),
        beyond=beyond,
        coarse=grams.coarse,
    )
