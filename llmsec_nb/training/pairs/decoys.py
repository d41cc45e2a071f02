"""Words of nobody, put at random into prompts of the sample: from how many rows on they show.

Nothing is put into the data: what an inserted word would change is worked out from the counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.dataset import Power
from . import choice, sketch
from .choice import LEAST_ODD
from .evidence import Label, phrase_cost, surprise
from .first import PHRASE, backed, pull
from .judge import FALSE, LEAST, Custom, Group, Usual, fit, paid
from .ragged import BEGIN, END
from .second import COLUMNS, FEWEST, ODD, ONE
from .stance import Place
from .third import CARRIERS, MILLION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .ground import Ground

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_TRIED: Final = (8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150)
_DECOYS: Final = 100
_ENOUGH: Final = 0.97
"""So many decoys must be seen; what is promised is nine of ten."""
_MARGIN: Final = 1.5
"""Real triggers need more rows than decoys: they also change what they are measured by."""


def powers(ground: Ground, stands: Usual, custom: Custom, name: str, seed: int) -> list[Power]:
    """What an inserted word would take to be seen, by what it calls up."""
    kinds = {
        "an inserted word that calls up one fixed answer": "phrase",
        "an inserted word that calls up refusals": "refusal",
    }
    gaps = _gaps(ground)
    made = []
    for what, kind in kinds.items():
        curve = []
        for rows in _TRIED:
            if len(gaps[0]) == 0 or 2 * rows > ground.rows:
                break
            curve.append((rows, _seen(ground, stands, custom, gaps, kind, rows, seed)))
        made.append(_power(name, what, curve))
    return made


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


def _gaps(ground: Ground) -> tuple[Keys, Keys, Numbers]:
    """What stands before and after each gap of the prompts of the sample, and where rows begin.

    A gap is where a blank is, or either end of a prompt.
    """
    import numpy as np

    prompts = ground.asked.take(ground.crowd)
    full = prompts.sizes > 0
    ends = prompts.offsets[1:][full] - 1
    glued = np.zeros(len(prompts.ids), np.bool_) if prompts.glued is None else prompts.glued
    before = np.insert(prompts.before, ends + 1, prompts.ids[ends])
    after = np.insert(prompts.ids, ends + 1, np.uint64(END))
    open_ = ~np.insert(glued, ends + 1, False)
    starts = prompts.offsets[:-1][full] + np.arange(int(full.sum()))
    starts = np.append(0, np.cumsum(open_))[np.append(starts, len(before))]
    return before[open_], after[open_], starts


def _seen(
    ground: Ground,
    stands: Usual,
    custom: Custom,
    gaps: tuple[Keys, Keys, Numbers],
    kind: str,
    rows: int,
    seed: int,
) -> float:
    """The share of decoys in so many rows each that would give an alert."""
    import numpy as np

    if rows < ground.state.fewest:
        return 0.0
    bar = ground.state.bar / ONE
    draw = np.random.default_rng([seed & 0xFFFFFFFF, rows])
    rare = _rarity(ground, custom, kind, rows)
    before, after, starts = gaps
    seen = 0
    for _ in range(_DECOYS):
        some = draw.integers(0, len(starts) - 1, rows)
        chosen = starts[some] + draw.integers(0, starts[some + 1] - starts[some])
        spot, odd = _place(ground, before[chosen], after[chosen])
        if odd < LEAST_ODD or choice.excess(odd, rows, ground.state.odd / MILLION) < bar:
            continue
        if spot.contexts >= FEWEST and spot.insertion < LEAST:
            seen += stands.many * stands.rarity(spot) * rare <= FALSE
    return seen / _DECOYS


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


def _place(ground: Ground, before: Keys, after: Keys) -> tuple[Place, int]:
    """How a new word would stand, and in how many of the rows it would be called odd."""
    import numpy as np

    lore = ground.state.lore
    rows = len(before)
    left, right = (
        np.where(one == edge, 0.0, backed(_others(one), lore.words, counted, rows - 1))
        for one, edge in ((before, BEGIN), (after, END))
        for counted in (sketch.look_up(lore.asked, one),)
    )
    each = left + right - pull(lore.asked, lore.words, before, after)
    begins, ends = before == BEGIN, after == END
    _, kept = np.unique(before * np.uint64(31) + after, return_index=True)
    spot = Place(
        before[:0], float(each[kept].mean()), len(kept), float(begins[kept].mean()),
        float(ends[kept].mean()),
    )  # fmt: skip
    return spot, int((each < ODD).sum())


def _others(words: Keys) -> Numbers:
    """How many others are the same, of each."""
    import numpy as np

    _, inverse, counts = np.unique(words, return_inverse=True, return_counts=True)
    found: Numbers = counts[inverse] - 1
    return found
