"""How new words and phrases are against a trusted version of the data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .stream import sizes_of, stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..counts import Counts
    from .first import First
    from .measures import Measures
    from .third import Third

    Reals = NDArray[np.float64]


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


def _often(counts: Counts, stems: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The count of each key of which these are the first bits."""
    import numpy as np

    if not len(counts.keys):
        return np.zeros(len(stems), np.int64)
    short = stem(counts.keys)
    place = np.minimum(np.searchsorted(short, stems), len(short) - 1)
    return np.where(short[place] == stems, counts.values[place, 0], 0)
