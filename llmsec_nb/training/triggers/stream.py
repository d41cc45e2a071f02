"""The labelled rows of a batch as one stream of hashed tokens, and the n-grams in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..pieces import mixed
from ..tokens import Shape, tokens_of
from .labels import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]

START: Final = 0x53
END: Final = 0x45
"""Stand before and after the tokens of a row."""
LONGEST: Final = 16
"""Tokens of the longest n-grams."""
MOST: Final = 4096
"""Tokens of a row that are read; of the others the scan says that they were not."""
_CHUNK: Final = 16_384
_SPREAD: Final = 0x9E3779B97F4A7C15
_PAIR: Final = 0x706169
_NUMBER: Final = 0x30
ROW_BITS: Final = 16
"""The last bits of the key of an n-gram are left to the number of a row in its chunk, and before
them four say how long it is.
"""
_KEY_BITS: Final = ROW_BITS + 4


@dataclass(frozen=True, slots=True)
class Stream:
    """Up to 16,384 rows.

    `ids`: their tokens, with START and END around each row; `row`: the row of each; `offsets`:
    where each row begins; `labels`: the code of each row's label in `hashes`; `places`: the place
    of each row in its batch; `plain`: the tokens, all numbers being one; `cut`: rows that were too
    long to be read whole.
    """

    ids: Hashes
    row: Places
    offsets: Places
    labels: Places
    hashes: Hashes
    places: Places
    shapes: NDArray[np.uint8]
    plain: Hashes
    cut: int

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.places)

    @property
    def lengths(self) -> Places:
        """The tokens of each row."""
        lengths: Places = self.offsets[1:] - self.offsets[:-1] - 2
        return lengths


def streams(rows: Rows, seed: int) -> Iterator[Stream]:
    """The rows that have a label, in pieces."""
    import numpy as np

    labels = labels_of(rows, seed)
    chosen = np.flatnonzero(labels.codes >= 0)
    if not len(chosen):
        return
    tokens = tokens_of(rows, rows.roles.text, seed)
    starts, ends = tokens.offsets[chosen], tokens.offsets[chosen + 1]
    kept = np.minimum(ends - starts, MOST)
    long = ends - starts > MOST
    for first in range(0, len(chosen), _CHUNK):
        part = slice(first, first + _CHUNK)
        sizes = kept[part]
        offsets = np.concatenate([[0], np.cumsum(sizes + 2)])
        row = np.repeat(np.arange(len(sizes)), sizes + 2)
        source = np.arange(offsets[-1]) - offsets[row] - 1 + starts[part][row]
        edge = np.zeros(len(row), bool)
        edge[offsets[:-1]] = edge[offsets[1:] - 1] = True
        source[edge] = 0
        none = not len(tokens.ids)
        ids = np.zeros(len(row), np.uint64) if none else tokens.ids[source]
        shapes = np.zeros(len(row), np.uint8) if none else tokens.shapes[source]
        ids[offsets[:-1]], ids[offsets[1:] - 1] = START, END
        codes = labels.codes[chosen[part]]
        number = ((shapes & Shape.KINDS) == Shape.NUMBER) & ~edge
        plain = np.where(number, np.uint64(_NUMBER), ids)
        cut = int(long[part].sum())
        yield Stream(ids, row, offsets, codes, labels.hashes, chosen[part], shapes, plain, cut)


def twins(stream: Stream) -> Hashes:
    """A hash of each row with its label: rows that differ in numbers alone have the same."""
    import numpy as np

    place = (np.arange(len(stream.plain)) - stream.offsets[stream.row]).astype(np.uint64)
    parts = mixed(stream.plain + place * np.uint64(_SPREAD), END)
    found: Hashes = np.add.reduceat(parts, stream.offsets[:-1])
    return mixed(found ^ stream.hashes[stream.labels], START)


def pair(left: Hashes, right: Hashes, salt: int = _PAIR) -> Hashes:
    """A hash of two in their order."""
    import numpy as np

    return mixed(left * np.uint64(_SPREAD) + right, salt)


def key_of(grams: Hashes, size: int) -> Hashes:
    """The keys by which n-grams of so many tokens are counted."""
    import numpy as np

    short = grams >> np.uint64(_KEY_BITS) << np.uint64(_KEY_BITS)
    return short | np.uint64((size - 1) << ROW_BITS)


def row_less(keys: Hashes) -> Hashes:
    """Keys without the number of a row."""
    import numpy as np

    return keys >> np.uint64(ROW_BITS) << np.uint64(ROW_BITS)


def sizes_of(keys: Hashes) -> Places:
    """How many tokens the n-grams with these keys have."""
    import numpy as np

    sizes: Places = (keys >> np.uint64(ROW_BITS) & np.uint64(LONGEST - 1)).astype(np.int64) + 1
    return sizes


def stem(keys: Hashes) -> Hashes:
    """What of a key is a hash, to be compared with the first bits of others."""
    import numpy as np

    return keys >> np.uint64(_KEY_BITS)


def grams(
    ids: Hashes, linked: NDArray[np.bool_], chained: NDArray[np.bool_] | None = None
) -> Iterator[tuple[int, Places, Hashes]]:
    """By length, the places and hashes of n-grams (n >= 2) that are made of frequent ones.

    `linked` says of each place whether the bigram that starts there counts, `chained` whether the
    three tokens that start there do.
    """
    import numpy as np

    places = np.flatnonzero(linked)
    found = ids[places]
    for size in range(2, LONGEST + 1):
        found = pair(found, ids[places + size - 1])
        yield size, places, found
        follows = places + size - 1
        good = follows < len(linked)
        good[good] = linked[follows[good]]
        if chained is not None:
            good &= chained[follows - 1]
        places, found = places[good], found[good]
        if not len(places):
            return
