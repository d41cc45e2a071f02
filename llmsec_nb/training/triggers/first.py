"""First pass: how often words, and words side by side, occur; words by label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ..counts import Counts, Pile, at_least, counted, empty, look_up, merge, pile, summed
from .stream import pair, streams, twins

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows
    from .stream import Stream

LABELS: Final = 256
"""With more different labels than this a column is none of classes."""
_LENGTHS: Final = 24
"""Lengths by powers of two."""
WITH_LABEL: Final = 0x776C
_PILES: Final = ("words", "pairs", "bigrams", "trigrams", "twins")
_TRIGRAMS: Final = 2_000_000
"""Beyond so many they are told apart by 24 bits only: what seems frequent may then not be."""
UNIT: Final = 1024
"""A row counts so much, shared by all that are equal to it."""


class First(Struct, kw_only=True):
    """Counts of the first pass, by keyed hashes.

    `labels`: rows by label; `words`: occurrences; `pairs`: those of a word with a label;
    `bigrams`: of two side by side, the edges of rows included; `twins`: rows by what they say, to
    know equal ones. `lengths`: rows by the power of two of their tokens.
    """

    labels: Counts
    words: Pile
    pairs: Pile
    bigrams: Pile
    trigrams: Pile
    twins: Pile
    lengths: Any
    rows: int = 0
    tokens: int = 0
    cut: int = 0
    unlabelled: int = 0


def nothing() -> First:
    """The state of no rows."""
    import numpy as np

    return First(
        labels=empty(2, 16 * LABELS),
        words=pile(1),
        pairs=pile(1),
        bigrams=pile(1),
        trigrams=pile(1, _TRIGRAMS),
        twins=pile(1),
        lengths=np.zeros(_LENGTHS, np.int64),
    )


def read(state: First, rows: Rows, seed: int) -> None:
    """Count in the rows of a batch."""
    state.unlabelled += len(rows)
    for stream in streams(rows, seed):
        state.unlabelled -= stream.rows
        _observe(state, stream)


def _observe(state: First, stream: Stream) -> None:
    """Count a piece of a batch."""
    import numpy as np

    ids, row = stream.ids, stream.row
    owners = stream.hashes[stream.labels]
    inner = np.ones(len(ids), bool)
    inner[stream.offsets[:-1]] = inner[stream.offsets[1:] - 1] = False
    both = np.stack([np.ones(stream.rows, np.int64), stream.lengths], 1)
    state.labels = merge(state.labels, summed(owners, both, state.labels.limit))
    state.words.add(counted(ids))
    state.pairs.add(counted(pair(ids[inner], owners[row[inner]], WITH_LABEL)))
    twos = pair(ids[:-1], ids[1:])
    state.bigrams.add(counted(twos[row[:-1] == row[1:]]))
    threes = pair(twos[:-1], ids[2:])[row[:-2] == row[2:]]
    state.trigrams.add(counted(threes, _TRIGRAMS))
    state.twins.add(counted(twins(stream)))
    sizes = np.minimum(np.log2(stream.lengths + 1).astype(np.int64), _LENGTHS - 1)
    state.lengths += np.bincount(sizes, minlength=_LENGTHS)
    state.rows += stream.rows
    state.tokens += len(ids)
    state.cut += stream.cut


def merged(left: First, right: First) -> First:
    """The counts of both."""
    for name in _PILES:
        mine: Pile = getattr(left, name)
        for part in getattr(right, name).parts:
            mine.add(part)
    left.labels = merge(left.labels, right.labels)
    left.lengths = left.lengths + right.lengths
    for name in ("rows", "tokens", "cut", "unlabelled"):
        setattr(left, name, getattr(left, name) + getattr(right, name))
    return left


def settle(state: First) -> None:
    """The one form that depends on the rows alone."""
    for name in _PILES:
        found: Pile = getattr(state, name)
        found.settle()


class Known(Struct, kw_only=True):
    """What the later passes need of the first: only what was seen at least twice.

    `labels`: the hashes of the labels, ascending, with `sizes`, their rows, and `masses`, their
    tokens.
    """

    labels: Any
    sizes: Any
    masses: Any
    words: Counts
    pairs: Counts
    bigrams: Counts
    trigrams: Counts
    twins: Counts
    rows: int
    tokens: int
    least: int
    lengths: Any
    cut: int
    unlabelled: int
    coarse: bool


def known(state: First, least: int) -> Known:
    """A digest of the first pass; n-grams are judged from `least` occurrences on."""
    import numpy as np

    labels: Counts = state.labels
    words, pairs, bigrams, trigrams, equal = (getattr(state, name).settle() for name in _PILES)
    return Known(
        labels=labels.keys,
        sizes=labels.values[:, 0],
        masses=np.maximum(labels.values[:, 1], 1),
        words=at_least(words, 2),
        pairs=at_least(pairs, 2),
        bigrams=at_least(bigrams, 2),
        trigrams=at_least(trigrams, least),
        twins=at_least(equal, 2),
        rows=state.rows,
        tokens=state.tokens,
        least=least,
        lengths=state.lengths,
        cut=state.cut,
        unlabelled=state.unlabelled,
        coarse=words.coarse or pairs.coarse or bigrams.coarse,
    )


def shares(known: Known, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How much each row counts, in parts of UNIT, by its hash."""
    import numpy as np

    found: NDArray[np.int64] = UNIT // np.clip(look_up(known.twins, hashes)[:, 0], 1, UNIT)
    return found
