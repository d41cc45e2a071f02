"""Third pass: the chosen words and phrases among what stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from ..counts import Counts, Pile, look_up, pile, places
from ..tokens import Shape
from .around import around
from .choice import Chosen
from .features import FEATURES, features
from .first import Known, shares
from .second import numbers, occurrences
from .sketch import NONE, SKETCH, sketched, smallest
from .speech import BINS, Said, bins, support, tally, weights
from .stream import END, START, twins

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .stream import Stream

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]

SAMPLE: Final = 256
_SAMPLED: Final = 256
"""Tokens that are kept of a row of the sample."""
_LEAST_MASK: Final = 3
_HALF_AS_OFTEN: Final = 0.5


class Third(Struct, kw_only=True):
    """What stands around the c chosen n-grams, and what is said there.

    For each of them, by place in `chosen`: `support` (c, BINS + 1): rows with the target, each
    counting UNIT shared by equal ones, by how far the rest of the row speaks for it; `rows` (c, 2):
    all rows, and those with the target; `sums` (c, 4): occurrences, those at the start and at the
    end of a row, and the sum of how well its two neighbours fit each other; `left`, `right`,
    `around`: how often it has which neighbours, by place and hash; `sketch` (c, SKETCH): the
    smallest hashes of rows that have the target, by which triggers in the same rows are known;
    `lead` (c): the hash of its first two tokens; `rarest` (c): how often its rarest word occurs.

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
    rarest: Any
    classes: Any
    traits: Any
    marks: Any
    sample: dict[int, tuple[int, bytes]] = msgspec.field(default_factory=dict)


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
        rarest=np.zeros(count, np.int64),
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
    left.rarest = np.maximum(left.rarest, right.rarest)
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

    known = state.known
    label = numbers(known, stream)
    word = places(known.words, stream.ids)
    times = known.words.values[:, 0] if len(known.words.keys) else np.ones(1, np.int64)
    totals = np.where(word < 0, 1, times[word])
    says = weights(known, stream.ids, word, totals, label[stream.row])
    says[(stream.ids == START) | (stream.ids == END)] = 0
    which, first, last = _found(state, stream, totals)
    _mask(says, state, (which, first, last))
    sums = np.add.reduceat(says, stream.offsets[:-1])
    said = np.add.reduceat((says != 0).astype(np.int64), stream.offsets[:-1])
    own = bins(sums, said)
    hashes = twins(stream)
    share = shares(known, hashes)
    state.classes += tally(label * (BINS + 1) + own, share, state.classes.shape)
    traits = features(stream)
    for number, has in enumerate(traits.values()):
        found = (label * (BINS + 1) + own)[has]
        state.traits[number] += tally(found, share[has], state.classes.shape)
    marks = np.concatenate(
        [np.flatnonzero(has) + number * stream.rows for number, has in enumerate(traits.values())]
    )
    trait, row = marks // stream.rows, marks % stream.rows
    state.marks = sketched(state.marks, trait * len(known.labels) + label[row], hashes[row])
    _keep(state, stream, label, hashes)
    if not len(which):
        return
    around(state, stream, totals, which, first, last)
    support(state, stream, Said(says, sums, said, label, share, hashes), which, first, last)


def _found(state: Third, stream: Stream, totals: Places) -> tuple[Places, Places, Places]:
    """Which chosen n-gram stands where: its place among them, its first and last token."""
    import numpy as np

    keys = state.chosen.keys
    table = Counts(keys=keys, values=np.arange(len(keys))[:, None] + 1)
    which, first, last = [], [], []
    for size, starts, found in occurrences(state.known, stream, totals):
        number = look_up(table, found)[:, 0] - 1
        hit = number >= 0
        which.append(number[hit])
        first.append(starts[hit])
        last.append(starts[hit] + size - 1)
    return np.concatenate(which), np.concatenate(first), np.concatenate(last)


def _mask(says: Places, state: Third, found: tuple[Places, Places, Places]) -> None:
    """What is said by long phrases of one label alone says nothing of the rest of the row.

    Of phrases that share a token only those at least half as frequent as any of them: what
    stands beside a trigger by chance is no part of it.
    """
    import numpy as np

    which, first, last = found
    long = np.flatnonzero(state.chosen.strong[which] & (last - first + 1 >= _LEAST_MASK))
    if not len(long):
        return
    often, first, last = state.chosen.rows[which[long]], first[long], last[long]
    sizes = last - first + 1
    starts = np.cumsum(sizes) - sizes
    tokens = np.arange(sizes.sum()) + np.repeat(first - starts, sizes)
    most = np.zeros(len(says))
    np.maximum.at(most, tokens, np.repeat(often, sizes))
    kept = often >= _HALF_AS_OFTEN * np.maximum.reduceat(most[tokens], starts)
    says[tokens[np.repeat(kept, sizes)]] = 0


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
