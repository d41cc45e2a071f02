"""How new words and phrases are against a trusted version of the data set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ...rules.poisoning.triggers import NEW
from .locate import Key
from .score import LIFT
from .stream import sizes_of, stem
from .suspects import made_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..counts import Counts
    from ..detector import Plan, Suspect
    from .first import First
    from .measures import Measures
    from .third import Third

    Reals = NDArray[np.float64]


_NEW: Final = math.log(10)
_TELLING: Final = 6.0
"""Nats of evidence that a new word goes with a label."""
_MOST: Final = 20


def novelty(state: Third, found: Measures, trusted: First) -> Reals:
    """How many times as often (log) each one occurs as its share in the trusted data says.

    Of phrases, their first two words are compared.
    """
    import numpy as np

    keys = state.chosen.keys[found.places]
    single = sizes_of(keys) == 1
    before = np.where(
        single,
        _often(trusted.words.settle(), stem(keys)),
        _often(trusted.bigrams.settle(), stem(state.lead[found.places])),
    )
    expected = before / max(1, trusted.tokens) * state.known.tokens
    times: Reals = np.log((found.rows + 0.5) / (expected + 0.5))
    return times


def fresh(state: Third, found: Measures, new: Reals, inside: set[int], plan: Plan) -> list[Suspect]:
    """For each label one suspect: the words and phrases that came with it and are new.

    So looks a way of writing, whose words fit where they stand. `inside` are places that belong to
    other suspects.
    """
    import numpy as np

    lift = (found.bound - found.prior) / np.maximum(1 - found.prior, 1e-9)
    chosen = (new >= _NEW) & (lift >= LIFT) & (found.label >= _TELLING)
    chosen[sorted(inside)] = False
    made = []
    for target in np.unique(found.target[chosen]).tolist():
        mine = np.flatnonzero(chosen & (found.target == target))
        mine = mine[np.lexsort((mine, -found.label[mine]))][:_MOST]
        first = found.places[mine[0]]
        rows, hits = state.rows[first].tolist()
        made.append(
            made_of(
                NEW,
                f"{len(mine)} words or phrases that are new come with one label",
                plan,
                Key(
                    seed=plan.seed,
                    target=int(state.known.labels[target]),
                    grams=tuple(state.chosen.keys[found.places[mine]].tolist()),
                    any=True,
                ),
                (rows, hits, float(found.prior[mine[0]])),
                support=float(found.support[mine[0]]),
                insertion=-float(found.insertion[mine[0]]),
                score=float(found.label[mine[0]]),
            )
        )
    return made


def _often(counts: Counts, stems: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The count of each key of which these are the first bits."""
    import numpy as np

    if not len(counts.keys):
        return np.zeros(len(stems), np.int64)
    short = stem(counts.keys)
    place = np.minimum(np.searchsorted(short, stems), len(short) - 1)
    return np.where(short[place] == stems, counts.values[place, 0], 0)
