"""Which rows hold items of a reference: equal, inside of a longer text, or little changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from .reference import GRAM
from .signature import BANDS, bands, signatures_of
from .wording import identities_of, windows, wording_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows
    from .reference import Reference
    from .signature import Signatures
    from .wording import Hashes, Places

    Bits = NDArray[np.bool_]

NEAR: Final = 0.6
"""A text of this estimated similarity to an item is the item, little changed."""
SHARE: Final = 0.5
WORDS: Final = 6
"""A text holds an item if it has half of its runs of words, and six of them or all."""
_COMMON: Final = 0.01
_MOST: Final = 100
_BITS: Final = 22
_PER_KEY: Final = 8
_PAIRS: Final = 1 << 16
_BINS: Final = 8
"""So many bins of an item have to be its own, for its signature to tell anything."""


class Kind(IntEnum):
    """How a row holds an item; the strongest counts."""

    NONE = 0
    INSIDE = 1
    NEAR = 2
    EQUAL = 3


@dataclass(frozen=True, slots=True)
class Hits:
    """`kinds` (uint8, one a row), and places of the items that were met (int64, distinct)."""

    kinds: NDArray[np.uint8]
    items: Places


class Index:
    """A reference made ready to be asked, for one process."""

    def __init__(self, reference: Reference, seed: int) -> None:
        """Sorts bands and runs of words; runs that many items share say nothing, and are left out.

        Such are the forms that all questions of a set are put in.
        """
        import numpy as np

        self.seed = seed
        self.items = items = reference.items
        places = np.flatnonzero(items.comparable)
        keys = bands(items.signature[places], seed).ravel()
        order = np.argsort(keys, kind="stable")
        self.bands = _Table(keys[order], np.repeat(places, BANDS)[order])
        self.rare = _rare(items.signature, self._most())
        _, codes, counts = np.unique(items.grams, return_inverse=True, return_counts=True)
        rare = counts[codes] <= self._most()
        owners = np.searchsorted(items.hashes, items.owners[rare])
        self.grams = _Table(items.grams[rare], owners)
        self.sizes = np.bincount(owners, minlength=len(items.hashes))

    def _most(self) -> float:
        """So many items may share what still tells one apart."""
        return min(_MOST, max(3, _COMMON * len(self.items.hashes)))

    def hits(self, rows: Rows, columns: tuple[str, ...], chosen: Bits) -> Hits:
        """What the chosen rows hold. Equal can only be the first column: others are answers."""
        import numpy as np

        kinds = np.zeros(len(rows), np.uint8)
        hashes = identities_of(rows, columns[0], self.seed)
        place = np.searchsorted(self.items.hashes, hashes)
        place = np.minimum(place, len(self.items.hashes) - 1)
        equal = chosen & (self.items.hashes[place] == hashes) & (hashes != 0)
        kinds[equal] = Kind.EQUAL
        met = [place[equal]]
        left = chosen & ~equal
        for column in columns:
            for kind, (row, item) in (
                (Kind.NEAR, self._near(rows, column, left)),
                (Kind.INSIDE, self._inside(rows, column, left)),
            ):
                np.maximum.at(kinds, row, np.uint8(kind))
                met.append(item)
        return Hits(kinds, np.unique(np.concatenate(met)))

    def _near(self, rows: Rows, column: str, left: Bits) -> tuple[Places, Places]:
        import numpy as np

        signature, enough = signatures_of(rows, column, self.seed)
        places = np.flatnonzero(enough & left)
        found, item = self.bands.find(bands(signature[places], self.seed).ravel(), _PER_KEY)
        row = places[found // BANDS]
        pair = np.unique(row * len(self.items.hashes) + item)
        row, item = np.divmod(pair, len(self.items.hashes))
        near = np.zeros(len(row), np.bool_)
        for start in range(0, len(row), _PAIRS):
            part = slice(start, start + _PAIRS)
            rare = self.rare[item[part]]
            same = (signature[row[part]] == self.items.signature[item[part]]) & rare
            own = rare.sum(axis=1)
            near[part] = (own >= _BINS) & (same.sum(axis=1) >= NEAR * own)
        return row[near], item[near]

    def _inside(self, rows: Rows, column: str, left: Bits) -> tuple[Places, Places]:
        import numpy as np

        grams, offsets = windows(wording_of(rows, column, self.seed), GRAM, self.seed)
        known = self.grams.known(grams)
        row = np.searchsorted(offsets, known, "right") - 1
        known, row = known[left[row]], row[left[row]]
        order = np.lexsort((grams[known], row))
        row, asked = row[order], grams[known][order]
        fresh = np.ones(len(row), np.bool_)  # the same run of words twice in a row counts once
        fresh[1:] = (row[1:] != row[:-1]) | (asked[1:] != asked[:-1])
        row, asked = row[fresh], asked[fresh]
        found, item = self.grams.find(asked)
        width = len(self.items.hashes)
        once = row[found] * width + item
        pair, counts = np.unique(once, return_counts=True)
        row, item = np.divmod(pair, width)
        sizes = self.sizes[item]
        held = (counts >= SHARE * sizes) & ((counts >= WORDS) | (counts >= sizes))
        return row[held], item[held]


def _rare(signature: Signatures, most: float) -> Bits:
    """Which bins of items hold what few items have in them, of the shape of `signature`."""
    import numpy as np

    found = np.zeros(signature.shape, np.bool_)
    for place, column in enumerate(signature.T):
        _, codes, counts = np.unique(column, return_inverse=True, return_counts=True)
        found[:, place] = counts[codes] <= most
    return found


class _Table:
    """Sorted keys with a value each, behind a bitmap that most of what is asked for fails."""

    def __init__(self, keys: Hashes, values: Places) -> None:
        import numpy as np

        self.keys = keys
        self.values = values
        self.bits = np.zeros(1 << _BITS, np.bool_)
        self.bits[self._slots(keys)] = True

    def known(self, asked: Hashes) -> Places:
        """The places of those that are keys."""
        import numpy as np

        likely = np.flatnonzero(self.bits[self._slots(asked)])
        if not likely.size:
            return likely
        place = np.minimum(np.searchsorted(self.keys, asked[likely]), len(self.keys) - 1)
        found: Places = likely[self.keys[place] == asked[likely]]
        return found

    def find(self, asked: Hashes, most: int | None = None) -> tuple[Places, Places]:
        """Pairs of a place in `asked` and a value of that key; of a key at most `most`."""
        import numpy as np

        likely = self.known(asked)
        first = np.searchsorted(self.keys, asked[likely], "left")
        sizes = np.searchsorted(self.keys, asked[likely], "right") - first
        if most is not None:
            sizes = np.minimum(sizes, most)
        place = np.repeat(likely, sizes)
        starts = np.repeat(first - np.concatenate([[0], np.cumsum(sizes)])[:-1], sizes)
        return place, self.values[np.arange(len(place)) + starts]

    def _slots(self, keys: Hashes) -> Places:
        import numpy as np

        slots: Places = (keys >> np.uint64(64 - _BITS)).astype(np.int64)
        return slots
