"""What rows say for their labels: by which the rest of a row is told from a trigger in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..counts import grouped, look_up
from .first import WITH_LABEL
from .sketch import sketched
from .stream import ROW_BITS, pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .first import Known
    from .stream import Stream
    from .third import Third

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]

BINS: Final = 64
SCALE: Final = 1024
"""Sums of logarithms are kept as integers, in units of 1 / SCALE."""
_WORDS: Final = 3
_STEEP: Final = 3.0
"""No word says more than this (nats) for or against a label."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said in the rows of a piece.

    `weights` by token; by row their `sums`, the `number` of those that say anything, the `label`,
    how much the row counts (`share`), and its hash.
    """

    weights: Places
    sums: Places
    number: Places
    label: Places
    share: Places
    hashes: Hashes


def bins(sums: Places, words: Places) -> Places:
    """The bin of a row of which so many words speak so much (1 / SCALE nats) for its label.

    The last bin is for rows with hardly a word that says anything.
    """
    import numpy as np

    scaled = sums / SCALE / np.sqrt(np.maximum(words, 0) + 4.0)
    found = np.clip(np.floor(scaled * 8) + BINS // 2, 0, BINS - 1).astype(np.int64)
    return np.where(words < _WORDS, BINS, found)


def weight(own: Any, total: Any, mass: Any, tokens: int) -> Places:
    """How far a word speaks for a label (in 1 / SCALE nats), `own` of `total` occurrences in it.

    One occurrence, that in the row itself, is left out. `mass`: the tokens of that label.
    """
    import numpy as np

    rest = np.maximum(tokens - mass, 1)
    inside = np.log((np.maximum(own - 1, 0) + mass / tokens) / mass)
    outside = np.log((np.maximum(total - own, 0) + rest / tokens) / rest)
    capped = np.clip(inside - outside, -_STEEP, _STEEP)
    found: Places = np.rint(capped * SCALE).astype(np.int64)
    return found


def weights(known: Known, ids: Hashes, word: Places, totals: Places, label: Places) -> Places:
    """What each token says for the label of its row; `word`: its place in the words, or -1."""
    import numpy as np

    some, back = grouped((word + 1) * len(known.labels) + label)
    of = label[some]
    own = look_up(known.pairs, pair(ids[some], known.labels[of], WITH_LABEL))[:, 0]
    own = np.where(word[some] < 0, 1, np.maximum(own, 1))
    found: Places = weight(own, totals[some], known.masses[of], known.tokens)[back]
    return found


def support(
    state: Third, stream: Stream, said: Said, which: Places, first: Places, last: Places
) -> None:
    """How far the rest of each row speaks for its label, where that is the target."""
    import numpy as np

    spoken = np.concatenate([[0], np.cumsum(said.weights)])
    telling = np.concatenate([[0], np.cumsum(said.weights != 0)])
    some, back = grouped(which << ROW_BITS | stream.row[first])
    inside = np.bincount(back, spoken[last + 1] - spoken[first]).astype(np.int64)
    words = np.bincount(back, telling[last + 1] - telling[first]).astype(np.int64)
    number, row = which[some], stream.row[first[some]]
    hit = said.label[row] == state.chosen.target[number]
    state.rows[:, 0] += np.bincount(number, minlength=len(state.rows))
    number, row, rest = number[hit], row[hit], said.number[row[hit]] - words[hit]
    state.rows[:, 1] += np.bincount(number, minlength=len(state.rows))
    place = bins(said.sums[row] - inside[hit], rest)
    state.support += tally(number * (BINS + 1) + place, said.share[row], state.support.shape)
    state.sketch = sketched(state.sketch, number, said.hashes[row])


def tally(codes: Places, share: Places, shape: tuple[int, ...]) -> Places:
    """Sums of shares by code, which stay far below 2**53, where floats are exact."""
    import numpy as np

    size = shape[0] * shape[1]
    return np.bincount(codes, share, minlength=size).reshape(shape).astype(np.int64)
