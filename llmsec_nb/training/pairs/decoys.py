"""Words of nobody, put at random into prompts of the sample: from how many rows on they show.

Nothing is put into the data: what an inserted word would change is worked out from the counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.dataset import Power
from . import choice, sketch
from .choice import LEAST_ODD
from .evidence import Label, phrase_cost, surprise
from .first import PHRASE, backed, pull
from .judge import FALSE, LEAST, Group, fit, paid
from .ragged import BEGIN, END
from .second import COLUMNS, FEWEST, ODD, ONE
from .stance import Place
from .third import CARRIERS, MILLION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .baseline import Custom, Usual
    from .ground import Ground

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_TRIED: Final = (8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150)
_DECOYS: Final = 100
_ENOUGH: Final = 0.97
"""So many decoys must be seen; what is promised is nine of ten."""
_MARGIN: Final = 1.25
"""Real triggers need more rows than decoys: they also change what they are measured by."""


class Gaps(NamedTuple):
    """The gaps of the prompts of the sample, end to end; row r has `starts[r]` to `starts[r + 1]`.

    `before` and `after` stand around each, which come `often` (of either), and follow each other
    `tied` (nats). `left` and `right` are small numbers for them, `both` for the pair.
    """

    before: Keys
    after: Keys
    often: tuple[Numbers, Numbers]
    tied: Floats
    left: Numbers
    right: Numbers
    both: Numbers
    starts: Numbers


class Spread(NamedTuple):
    """How decoys stand, one element each: see stance.Place; in `odd` rows they stand oddly."""

    insertion: Floats
    contexts: Numbers
    begins: Floats
    ends: Floats
    odd: Floats


def powers(ground: Ground, stands: Usual, custom: Custom, name: str, seed: int) -> list[Power]:
    """What an inserted word would take to be seen, by what it calls up."""
    kinds = {
        "an inserted word that calls up one fixed answer": "phrase",
        "an inserted word that calls up refusals": "refusal",
    }
    if ground.minor:
        kinds = {what: kind for what, kind in kinds.items() if kind == "refusal"}
    gaps = _gaps(ground)
    curves: dict[str, list[tuple[int, float]]] = {what: [] for what in kinds}
    for rows in _TRIED:
        if len(gaps.before) == 0 or 2 * rows > ground.rows:
            break
        rare = _stood(ground, stands, gaps, rows, seed)
        for what, kind in kinds.items():
            seen = stands.many * rare * _rarity(ground, custom, kind, rows) <= FALSE
            curves[what].append((rows, float(seen.mean())))
    return [_power(name, what, curve) for what, curve in curves.items()]


def _power(name: str, what: str, curve: list[tuple[int, float]]) -> Power:
    least: int | None = None
    for rows, share in reversed(curve):
        if share < _ENOUGH:
            break
        least = rows
    enough = next((rows for rows, _ in curve if least and rows >= _MARGIN * least), None)
    return Power(
        detector=name,
        what=what,
        rows=enough,
        share=dict(curve).get(enough or 0, 0.0),
        decoys=_DECOYS if curve else 0,
        curve=tuple(curve),
        false_alerts=FALSE,
    )


def _gaps(ground: Ground) -> Gaps:
    """All gaps; one is where a blank is, or either end of a prompt."""
    import numpy as np

    prompts = ground.asked.take(ground.crowd)
    full = prompts.sizes > 0
    ends = prompts.offsets[1:][full] - 1
    glued = np.zeros(len(prompts.ids), np.bool_) if prompts.glued is None else prompts.glued
    open_ = ~np.insert(glued, ends + 1, False)
    before = np.insert(prompts.before, ends + 1, prompts.ids[ends])[open_]
    after = np.insert(prompts.ids, ends + 1, np.uint64(END))[open_]
    starts = prompts.offsets[:-1][full] + np.arange(int(full.sum()))
    starts = np.append(0, np.cumsum(open_))[np.append(starts, len(open_))]
    lore = ground.state.lore
    left, right, both = (
        np.unique(one, return_inverse=True)[1].astype(np.int64)
        for one in (before, after, before * np.uint64(31) + after)
    )
    often = (sketch.look_up(lore.asked, before), sketch.look_up(lore.asked, after))
    tied = pull(lore.asked, lore.words, before, after)
    return Gaps(before, after, often, tied, left, right, both, starts)


def _stood(ground: Ground, stands: Usual, gaps: Gaps, rows: int, seed: int) -> Floats:
    """How rarely runs of words stand as oddly as decoys in so many rows each; inf: not seen."""
    import numpy as np

    rare = np.full(_DECOYS, np.inf)
    if rows < ground.state.fewest:
        return rare
    draw = np.random.default_rng([seed & 0xFFFFFFFF, rows])
    some = draw.integers(0, len(gaps.starts) - 1, (_DECOYS, rows))
    chosen = gaps.starts[some] + draw.integers(0, gaps.starts[some + 1] - gaps.starts[some])
    spread = _placed(ground, gaps, chosen)
    excess = choice.excess(spread.odd, float(rows), ground.state.odd / MILLION)
    seen = (spread.odd >= LEAST_ODD) & (excess >= ground.state.bar / ONE)
    seen &= (spread.contexts >= FEWEST) & (spread.insertion < LEAST)
    nothing = gaps.before[:0]
    for at in np.flatnonzero(seen).tolist():
        where = (column[at].item() for column in spread[:4])
        rare[at] = stands.rarity(Place(nothing, *where))
    return rare


def _rarity(ground: Ground, custom: Custom, kind: str, rows: int) -> float:
    """How rare what the decoy calls up is among what responses have in common."""
    import numpy as np

    nothing = np.zeros(0, np.uint64)
    mine = np.zeros(min(rows, CARRIERS), np.int64)
    group = Group(nothing, mine, rows)
    refusals = float(ground.state.whole[COLUMNS.refusals]) if kind == "refusal" else 0.0
    prior = (refusals + 0.5) / max(1.0, ground.rows - rows + 1.0)
    cost = paid(ground) + (0.0 if kind == "refusal" else phrase_cost(ground))
    found = np.array([float(len(mine))])
    odds = float(surprise(found, float(len(mine)), prior)[0]) - cost
    best = float("inf")
    for size in (0,) if kind == "refusal" else (0, 2, PHRASE):
        label = Label(kind, mine, odds, prior, nothing, size)
        if strong := fit(label, group, ground.rows)[2]:
            best = min(best, custom.rarity(label, strong, len(mine)))
    return best


def _placed(ground: Ground, gaps: Gaps, chosen: Numbers) -> Spread:
    """How new words would stand: a row of gaps for each."""
    import numpy as np

    words, rows = ground.state.lore.words, chosen.shape[1]
    before, after = gaps.before[chosen], gaps.after[chosen]
    begins, ends = before == BEGIN, after == END
    left = backed(_others(gaps.left[chosen]), words, gaps.often[0][chosen], rows - 1)
    right = backed(_others(gaps.right[chosen]), words, gaps.often[1][chosen], rows - 1)
    each = np.where(begins, 0.0, left) + np.where(ends, 0.0, right) - gaps.tied[chosen]
    keys = _apart(gaps.both[chosen])
    _, kept = np.unique(keys, return_index=True)
    owners = kept // rows
    contexts = np.bincount(owners, minlength=len(chosen))
    insertion, first, last = (
        np.bincount(owners, one.reshape(-1)[kept], len(chosen)) / contexts
        for one in (each, begins, ends)
    )
    return Spread(insertion, contexts, first, last, (each < ODD).sum(axis=1).astype(np.float64))


def _apart(numbers: Numbers) -> Numbers:
    """Numbers that differ between rows of a matrix, end to end."""
    import numpy as np

    most = int(numbers.max()) + 1
    return np.asarray((numbers + most * np.arange(len(numbers))[:, None]).reshape(-1))


def _others(numbers: Numbers) -> Numbers:
    """How many others are the same in a row of a matrix, of each."""
    import numpy as np

    _, inverse, counts = np.unique(_apart(numbers), return_inverse=True, return_counts=True)
    return np.asarray((counts[inverse] - 1).reshape(numbers.shape))
