"""What rows look like by label: naive Bayes over all columns, made from counts.

The score of a row for a label is a sum over columns, so that any column can be left out of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .counts import bins_of
from .profile import BINS, REPEATED, columns_of, labels_of
from .state import State, places
from .telling import told
from .values import MISSING, values_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows

WORDS: Final = 160
"""So many repeated values of a column are told apart in pairs."""
STEPS: Final = 64
COPIES: Final = 20
"""So many times a row stands in a table before it is said."""
_DISTINCT: Final = 0.1
_REACH: Final = 16.0
_HALF: Final = 0.5
_OWN: Final = 2
"""Codes before those of values: missing, and rare."""


def learned(state: State) -> dict[str, Any]:
    """What the second pass taught: values by column, and log-probabilities by code.

    A column that alone tells the label says nothing about whether the rest of a row speaks for it.
    """
    import numpy as np

    known = dict(state.known)
    del known["heavy"]
    del known["heavy rows"]
    tables, starts, nb, own, tells = [], [0], [], [], []
    known["labels count"] = labels = state.sums["labels"]
    for at, numeric in enumerate(known["numeric"].tolist()):
        tally = state.tallies[f"values {at}"]
        vocabulary = _vocabulary(tally.keys, tally.counts)
        known[f"words {at}"] = tally.keys[vocabulary]
        known[f"keys {at}"], known[f"counts {at}"] = _repeated(state, at)
        known[f"spots {at}"] = _spots(state, at, known[f"keys {at}"])
        if numeric:
            table = state.sums["bins"][at]
        else:
            words, missing = tally.counts[vocabulary], state.sums["missing"][at]
            rare = labels - words.sum(axis=0) - missing
            table = np.concatenate([missing[None], rare[None], words])
        tables.append(table)
        starts.append(starts[-1] + len(table))
        tells.append("" if known["binned"] else told(table, numeric=numeric))
        shares = np.log((table + _HALF) / (table.sum(axis=0) + _HALF * len(table)))
        nb.append(shares * (not tells[-1]))
        less = np.maximum(0, table - 1)
        alone = np.log((less + _HALF) / (np.maximum(0, labels - 1) + _HALF * len(table)))
        own.append((alone - shares) * (not tells[-1]))
    known["starts"] = np.array(starts, np.int64)
    known["table"] = np.concatenate(tables)
    known["tells"] = tells
    known["own"] = np.concatenate(own)
    known["nb"] = np.concatenate(nb)
    known["bins"] = state.sums["bins"]
    known["copies"], known["copies of"] = _copies(state)
    return known


def _copies(state: State) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes of rows that repeat, and how often, in a table in which rows can hardly do so."""
    import numpy as np

    tally, known = state.tallies["repeats"], state.known
    totals = tally.counts.sum(axis=1)
    kept = totals >= COPIES
    number = int(state.sums["labels"].sum())
    room = max(known["distinct"].tolist(), default=0)
    if int(totals[kept].sum()) * 2 > number or room < min(_DISTINCT * number, known["buckets"] / 4):
        kept = np.zeros(len(totals), bool)
    return tally.keys[kept], totals[kept]


def _repeated(state: State, at: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The values of a column that repeat, missing first, and their counts by label."""
    import numpy as np

    tally, missing = state.tallies[f"values {at}"], state.sums["missing"][at]
    kept = tally.counts.sum(axis=1) >= REPEATED
    keys = np.concatenate([[np.uint64(MISSING)], tally.keys[kept]])
    return keys, np.concatenate([missing[None], tally.counts[kept]])


def _spots(state: State, at: int, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The bin in which each value lies, 0 for what is no number."""
    import numpy as np

    tally = state.tallies.get(f"bin of {at}")
    if tally is None:
        return np.zeros(len(keys), np.int64)
    found = tally.of(keys)
    sums: Any = np.concatenate([tally.counts, [[1, 0]]])[found]
    spots: NDArray[np.int64] = sums[:, 1] // sums[:, 0]
    return spots


def _vocabulary(keys: NDArray[np.uint64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of values to tell apart: the most frequent ones, and the purest."""
    import numpy as np

    totals = counts.sum(axis=1)
    kept = np.flatnonzero(totals >= REPEATED)
    if len(kept) <= WORDS:
        return kept
    prior = counts.sum(axis=0) / max(1, counts.sum())
    shares = counts[kept] / totals[kept, None]
    gain = totals[kept] * (shares * np.log(np.maximum(shares, 1e-9) / np.maximum(prior, 1e-9))).sum(
        axis=1
    )
    frequent = np.argsort(-totals[kept], kind="stable")[: WORDS // 2]
    telling = np.argsort(-gain, kind="stable")
    more = telling[~np.isin(telling, frequent)][: WORDS - len(frequent)]
    return np.sort(kept[np.concatenate([frequent, more])])


def words_of(state: State, rows: Rows) -> NDArray[np.int64]:
    """Columns x rows: the codes of exact values; 0 missing, 1 rare."""
    import numpy as np

    known = state.known

    def made() -> NDArray[np.int64]:
        found = []
        for at, column in enumerate(columns_of(rows.roles)):
            hashes = values_of(rows, column, known["seed"]).hashes
            codes = places(known[f"words {at}"], hashes) + _OWN
            codes[hashes == MISSING] = 0
            found.append(codes)
        return np.stack(found)

    return rows.once(("words", known["seed"]), made)


def codes_of(state: State, rows: Rows) -> NDArray[np.int64]:
    """Columns x rows: places in the tables of the model."""
    import numpy as np

    known = state.known

    def made() -> NDArray[np.int64]:
        words = words_of(state, rows)
        found = np.empty_like(words)
        for at, column in enumerate(columns_of(rows.roles)):
            if known["numeric"][at]:
                numbers = values_of(rows, column, known["seed"]).numbers
                found[at] = bins_of(known, at, numbers)
            else:
                found[at] = words[at]
            found[at] += known["starts"][at]
        return found

    return rows.once(("codes", known["seed"]), made)


def scores_of(state: State, rows: Rows) -> NDArray[np.float64]:
    """Rows x labels: log-score of each label, all columns together.

    What a row itself added to the counts of its label is taken out: no row speaks for itself.
    """
    import numpy as np

    known = state.known

    def made() -> NDArray[np.float64]:
        counts = known["labels count"]
        total = np.tile(np.log((counts + _HALF) / (counts.sum() + _HALF)), (len(rows), 1))
        labels = labels_of(state, rows)
        for codes in codes_of(state, rows):
            total += shares_of(known, codes, labels)
        return total

    return rows.once(("scores", known["seed"]), made)


def shares_of(
    known: dict[str, Any], codes: NDArray[np.int64], labels: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Rows x labels: what one column adds to the scores of rows with these codes and labels."""
    import numpy as np

    found: NDArray[np.float64] = known["nb"][codes]
    at = np.flatnonzero(labels >= 0)
    found[at, labels[at]] += known["own"][codes[at], labels[at]]
    return found


def steps_of(scores: NDArray[np.float64], target: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far each row speaks for its target, in steps from 0 to STEPS - 1."""
    import numpy as np

    at = np.arange(len(scores))
    mine = scores[at, target]
    others = scores.copy()
    others[at, target] = -np.inf
    margin = mine - np.logaddexp.reduce(others, axis=1)
    scaled: NDArray[np.float64] = (
        (np.clip(margin, -_REACH, _REACH - 1e-9) + _REACH) / (2 * _REACH) * STEPS
    )
    steps: NDArray[np.int64] = scaled.astype(np.int64)
    return steps


def calibrated(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Labels x steps: how often rows of a step have the label; counts: labels x steps x 2."""
    import numpy as np

    centre = ((np.arange(STEPS) + 0.5) / STEPS * 2 - 1) * _REACH
    guess = 1 / (1 + np.exp(-centre))
    found: NDArray[np.float64] = (counts[:, :, 1] + 2 * guess) / (counts.sum(axis=2) + 2)
    return found


def window(
    known: dict[str, Any], at: int, code: int, own: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What numbers near a value say: log-probabilities by label, its own rows (`own`) left out.

    Zero for values that are no numbers: nothing is near them.
    """
    import numpy as np

    labels = known["labels count"]
    if not known["numeric"][at] or code <= 0:
        return np.zeros(len(labels))
    near = known["bins"][at][max(1, code - 1) : min(BINS, code + 2)].sum(axis=0)
    rest = np.maximum(0, near - own)
    share = (rest.sum() + 1) / (labels.sum() + 1)
    found: NDArray[np.float64] = np.log((rest + 4 * share) / (labels + 4))
    return found
