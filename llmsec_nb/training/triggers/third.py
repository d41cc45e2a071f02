"""Third pass: the chosen words and phrases among what stands around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from ..counts import Counts, Pile, counted, look_up, pile
from ..pieces import mixed
from ..tokens import Shape
from .choice import Chosen
from .features import FEATURES, features
from .first import WITH_LABEL, Known, shares
from .second import numbers, occurrences
from .sketch import NONE, SKETCH, sketched, smallest
from .stream import END, ROW_BITS, START, pair, twins

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .stream import Stream

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]
    Reals = NDArray[np.float64]

BINS: Final = 64
SCALE: Final = 1024
"""Sums of logarithms are kept as integers, in units of 1 / SCALE."""
HALF: Final = 0.5
"""Stands for what was never seen beside each other."""
SAMPLE: Final = 256
_SAMPLED: Final = 256
"""Tokens that are kept of a row of the sample."""
_WORDS: Final = 3
_STEEP: Final = 3.0
"""No word says more than this (nats) for or against a label."""
_CONTEXT: Final = 24
_LEAST_MASK: Final = 3
_NEAR: Final = 2
_FAR: Final = 16
"""Tokens at each side by which places are told apart; more of them at the edge of a row, where
there is one side only.
"""


class Third(Struct, kw_only=True):
    """What stands around the c chosen n-grams, and what is said there.

    For each of them, by place in `chosen`: `support` (c, BINS + 1): rows with the target, each
    counting UNIT shared by equal ones, by how far the rest of the row speaks for it; `rows` (c, 2):
    all rows, and those with the target; `sums` (c, 4): occurrences, those at the start and at the
    end of a row, and the sum of how well its two neighbours fit each other; `left`, `right`,
    `around`: how often it has which neighbours, by place and hash; `sketch` (c, SKETCH): the
    smallest hashes of rows that have the target, by which triggers in the same rows are known;
    `lead` (c): the hash of its first two tokens.

    `classes` (labels, BINS + 1) and `traits` (features, labels, BINS + 1): all rows, and those that
    have a feature, by how far they speak for their label; `marks` (features x labels, SKETCH): a
    sketch of the latter. `sample`: rows by hash, with label, tokens (8 bytes each), and whether a
    blank is before each (a byte each).
    """

    known: Known
    chosen: Chosen
    support: Any
    rows: Any
    sums: Any
    left: Pile
    right: Pile
    around: Pile
    sketch: Any
    lead: Any
    classes: Any
    traits: Any
    marks: Any
    sample: dict[int, tuple[int, bytes]] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Said:
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


def nothing(known: Known, chosen: Chosen) -> Third:
    """The state of no rows."""
    import numpy as np

    count, labels = len(chosen.keys), len(known.labels)
    return Third(
        known=known,
        chosen=chosen,
        support=np.zeros((count, BINS + 1), np.int64),
        rows=np.zeros((count, 2), np.int64),
        sums=np.zeros((count, 4), np.int64),
        left=pile(1),
        right=pile(1),
        around=pile(1),
        sketch=np.full((count, SKETCH), NONE, np.uint64),
        lead=np.zeros(count, np.uint64),
        classes=np.zeros((labels, BINS + 1), np.int64),
        marks=np.full((len(FEATURES) * labels, SKETCH), NONE, np.uint64),
        traits=np.zeros((len(FEATURES), labels, BINS + 1), np.int64),
    )


def merged(left: Third, right: Third) -> Third:
    """The sums of both."""
    import numpy as np

    for name in ("support", "rows", "sums", "classes", "traits"):
        setattr(left, name, getattr(left, name) + getattr(right, name))
    for name in ("left", "right", "around"):
        for part in getattr(right, name).parts:
            getattr(left, name).add(part)
    left.marks = smallest(np.concatenate([left.marks, right.marks], axis=1))
    left.lead = np.maximum(left.lead, right.lead)
    left.sketch = smallest(np.concatenate([left.sketch, right.sketch], axis=1))
    left.sample = _sampled(left.sample | right.sample)
    return left


def settle(state: Third) -> None:
    """The one form that depends on the rows alone."""
    for name in ("left", "right", "around"):
        getattr(state, name).settle()
    state.sample = _sampled(state.sample)


def observe(state: Third, stream: Stream) -> None:
    """Look at a piece of a batch."""
    import numpy as np

    known, chosen = state.known, state.chosen
    label = numbers(known, stream)
    unique, inverse = np.unique(stream.ids, return_inverse=True)
    totals = np.maximum(look_up(known.words, unique)[:, 0], 1)
    weights = _weights(known, unique, inverse, totals, label[stream.row])
    weights[(stream.ids == START) | (stream.ids == END)] = 0
    which, first, last = _found(state, stream)
    _mask(weights, chosen, which, first, last)
    sums = np.add.reduceat(weights, stream.offsets[:-1])
    said = np.add.reduceat((weights != 0).astype(np.int64), stream.offsets[:-1])
    own = bins(sums, said)
    hashes = twins(stream)
    share = shares(known, hashes)
    state.classes += _tally(label * (BINS + 1) + own, share, state.classes.shape)
    traits = features(stream)
    for number, has in enumerate(traits.values()):
        found = (label * (BINS + 1) + own)[has]
        state.traits[number] += _tally(found, share[has], state.classes.shape)
    marks = np.concatenate(
        [np.flatnonzero(has) + number * stream.rows for number, has in enumerate(traits.values())]
    )
    trait, row = marks // stream.rows, marks % stream.rows
    state.marks = sketched(state.marks, trait * len(known.labels) + label[row], hashes[row])
    _keep(state, stream, label, hashes)
    if not len(which):
        return
    _around(state, stream, totals[inverse], which, first, last)
    _support(state, stream, _Said(weights, sums, said, label, share, hashes), which, first, last)


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


def _weights(
    known: Known, unique: Hashes, inverse: Places, totals: Places, label: Places
) -> Places:
    """What each token says for the label of its row."""
    import numpy as np

    labels = len(known.labels)
    codes, back = np.unique(inverse * labels + label, return_inverse=True)
    word, of = codes // labels, codes % labels
    own = look_up(known.pairs, pair(unique[word], known.labels[of], WITH_LABEL))[:, 0]
    found: Places = weight(np.maximum(own, 1), totals[word], known.masses[of], known.tokens)[back]
    return found


def _found(state: Third, stream: Stream) -> tuple[Places, Places, Places]:
    """Which chosen n-gram stands where: its place among them, its first and last token."""
    import numpy as np

    keys = state.chosen.keys
    table = Counts(keys=keys, values=np.arange(len(keys))[:, None] + 1)
    which, first, last = [], [], []
    for size, places, found in occurrences(state.known, stream):
        number = look_up(table, found)[:, 0] - 1
        hit = number >= 0
        which.append(number[hit])
        first.append(places[hit])
        last.append(places[hit] + size - 1)
    return np.concatenate(which), np.concatenate(first), np.concatenate(last)


def _mask(weights: Places, chosen: Chosen, which: Places, first: Places, last: Places) -> None:
    """What is said by long phrases of one label alone says nothing of the rest of the row."""
    import numpy as np

    long = chosen.strong[which] & (last - first + 1 >= _LEAST_MASK)
    edges = np.zeros(len(weights) + 1, np.int64)
    np.add.at(edges, first[long], 1)
    np.add.at(edges, last[long] + 1, -1)
    weights[np.cumsum(edges)[:-1] > 0] = 0


def _around(
    state: Third, stream: Stream, totals: Places, which: Places, first: Places, last: Places
) -> None:
    """The neighbours, and how well they fit each other."""
    import numpy as np

    ids, known = stream.ids, state.known
    opens, closes = ids[first] == START, ids[last] == END
    before, after = np.where(opens, first, first - 1), np.where(closes, last, last + 1)
    state.lead[which] = pair(ids[first], ids[np.minimum(first + 1, len(ids) - 1)])
    state.lead[which[first == last]] = 0
    seen = look_up(known.bigrams, pair(ids[before], ids[after]))[:, 0]
    expected = totals[before] * totals[after] / known.tokens
    fit = np.rint(np.log((seen + HALF) / (expected + HALF)) * SCALE).astype(np.int64)
    count = len(state.chosen.keys)
    for column, values in enumerate((np.ones(len(which), np.int64), opens, closes, fit)):
        # the sums stay far below 2**53, where floats are exact
        sums = np.bincount(which, values, minlength=count)
        state.sums[:, column] += sums.astype(np.int64)
    wide = _surroundings(stream, first, last, np.where(opens | closes, _FAR, _NEAR))
    for name, has, hashes in (
        ("left", ~opens, ids[before]),
        ("right", ~closes, ids[after]),
        ("around", np.ones(len(which), bool), wide),
    ):
        high = which[has].astype(np.uint64) << np.uint64(64 - _CONTEXT)
        getattr(state, name).add(counted(high | hashes[has] >> np.uint64(_CONTEXT)))


def _surroundings(stream: Stream, first: Places, last: Places, width: Places) -> Hashes:
    """A hash of so many tokens at each side, whatever their order."""
    import numpy as np

    hashes = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed(stream.plain, _FAR))])
    start, end = stream.offsets[stream.row[first]], stream.offsets[stream.row[first] + 1]
    left = hashes[first] - hashes[np.maximum(first - width, start)]
    right = hashes[np.minimum(last + 1 + width, end)] - hashes[last + 1]
    return mixed(left + right, _NEAR)


def _support(
    state: Third, stream: Stream, said: _Said, which: Places, first: Places, last: Places
) -> None:
    """How far the rest of each row speaks for its label, where that is the target."""
    import numpy as np

    spoken = np.concatenate([[0], np.cumsum(said.weights)])
    telling = np.concatenate([[0], np.cumsum(said.weights != 0)])
    codes, back = np.unique(which << ROW_BITS | stream.row[first], return_inverse=True)
    inside = np.bincount(back, spoken[last + 1] - spoken[first]).astype(np.int64)
    words = np.bincount(back, telling[last + 1] - telling[first]).astype(np.int64)
    number, row = codes >> ROW_BITS, codes & (1 << ROW_BITS) - 1
    hit = said.label[row] == state.chosen.target[number]
    state.rows[:, 0] += np.bincount(number, minlength=len(state.rows))
    number, row, rest = number[hit], row[hit], said.number[row[hit]] - words[hit]
    state.rows[:, 1] += np.bincount(number, minlength=len(state.rows))
    place = bins(said.sums[row] - inside[hit], rest)
    state.support += _tally(number * (BINS + 1) + place, said.share[row], state.support.shape)
    state.sketch = sketched(state.sketch, number, said.hashes[row])


def _keep(state: Third, stream: Stream, label: Places, hashes: Hashes) -> None:
    """Take the rows with the smallest hashes into the sample."""
    import numpy as np

    for row in np.unique(hashes, return_index=True)[1][:SAMPLE].tolist():
        start, end = stream.offsets[row : row + 2].tolist()
        part = slice(start, min(end, start + _SAMPLED))
        glued = (stream.shapes[part] & Shape.GLUED) != 0
        glued[0] = False
        text = stream.ids[part].tobytes() + glued.tobytes()
        state.sample[int(hashes[row])] = int(label[row]), text
    state.sample = _sampled(state.sample)


def _sampled(sample: dict[int, tuple[int, bytes]]) -> dict[int, tuple[int, bytes]]:
    return dict(sorted(sample.items())[:SAMPLE])


def _tally(codes: Places, share: Places, shape: tuple[int, ...]) -> Places:
    """Sums of shares by code, which stay far below 2**53, where floats are exact."""
    import numpy as np

    size = shape[0] * shape[1]
    return np.bincount(codes, share, minlength=size).reshape(shape).astype(np.int64)
