"""Second pass: which words and phrases go with a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ..counts import Counts, Pile, look_up, pile
from .first import Known, shares
from .stream import END, START, grams, key_of, pair, row_less, twins

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from .stream import Stream

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]


class Second(Struct, kw_only=True):
    """Rows by n-gram.

    `known` is what the first pass taught. `grams`: rows by n-gram; the first column is all of them,
    column 1 + b those in whose label's number bit b is set. With two labels that is exact, and of
    many labels the one that most rows have is always told.
    """

    known: Known
    grams: Pile


def nothing(known: Known) -> Second:
    """The state of no rows."""
    return Second(known=known, grams=pile(1 + bits(len(known.labels))))


def merged(left: Second, right: Second) -> Second:
    """The counts of both."""
    for part in right.grams.parts:
        left.grams.add(part)
    return left


def bits(labels: int) -> int:
    """How many bits number so many labels."""
    return max(1, (labels - 1).bit_length())


def observe(state: Second, stream: Stream) -> None:
    """Count the n-grams of a piece of a batch, once a row."""
    import numpy as np

    totals = look_up(state.known.words, stream.ids)[:, 0]
    found = list(occurrences(state.known, stream, totals))
    rows = np.concatenate([stream.row[places] for _, places, _ in found]).astype(np.uint64)
    if not len(rows):
        return
    marked = np.sort(np.concatenate([keys for _, _, keys in found]) | rows)
    marked = marked[np.concatenate([[True], marked[1:] != marked[:-1]])]
    keys = row_less(marked)
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    row = (marked ^ keys).astype(np.int64)
    label, share = numbers(state.known, stream)[row], shares(state.known, twins(stream))[row]
    columns = [np.add.reduceat(share, starts)]
    columns += [
        np.add.reduceat((label >> bit & 1) * share, starts)
        for bit in range(bits(len(state.known.labels)))
    ]
    limit = state.grams.parts[0].limit
    counts = Counts(keys=keys[starts], values=np.stack(columns, 1), limit=limit)
    state.grams.add(counts)


def occurrences(
    known: Known, stream: Stream, totals: Places
) -> Iterator[tuple[int, Places, Hashes]]:
    """By length: where words and phrases stand that are frequent enough, and their keys.

    `totals`: how often each token occurs, less than `known.least` for any that occurs less often.
    """
    import numpy as np

    ids, row = stream.ids, stream.row
    inner = (ids != START) & (ids != END)
    inner &= totals >= known.least
    places = np.flatnonzero(inner)
    yield 1, places, key_of(ids[places], 1)
    twos = pair(ids[:-1], ids[1:])
    linked = row[:-1] == row[1:]
    linked &= look_up(known.bigrams, twos)[:, 0] >= known.least
    threes = np.flatnonzero(linked[:-1] & linked[1:])
    often = look_up(known.trigrams, pair(twos[threes], ids[threes + 2]))[:, 0] >= known.least
    chained = np.zeros(len(linked), bool)
    chained[threes[often]] = True
    for size, places, found in grams(ids, linked, chained):
        yield size, places, key_of(found, size)


def numbers(known: Known, stream: Stream) -> Places:
    """The number of the label of each row, in the order of their hashes."""
    import numpy as np

    places: Places = np.searchsorted(known.labels, stream.hashes).astype(np.int64)[stream.labels]
    return places
