"""Distinct texts as signatures, within a bound: those of the lowest hashes.

While all of them are kept, nothing else is needed. Once there are more, the bands of all rows are
counted in cells, too, so that a second pass can keep to the texts that may have near-copies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from .content import END
from .signature import BANDS, BINS, bands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .content import Content
    from .wording import Hashes

SIZE: Final = 1 << 17
CELLS: Final = 1 << 22
_ALL: Final = (1 << 64) - 1


class Texts(Struct, kw_only=True):
    """Distinct texts in the order of their hashes; arrays of one length, NumPy.

    `counts` (int64): in how many rows each comes; `lows`, `highs` (uint64): the lowest and the
    highest hash of what these rows teach; `signature` (uint16, n x BINS) is that of the whole,
    `ends` (uint16, n x 2 END) are those of the first and the last words.
    """

    hashes: Any
    counts: Any
    lows: Any
    highs: Any
    signature: Any
    ends: Any

    def __len__(self) -> int:
        """How many texts."""
        return len(self.hashes)

    def chosen(self, which: Any) -> Texts:
        """Some of them, by a mask, places or a slice."""
        return Texts(
            hashes=self.hashes[which],
            counts=self.counts[which],
            lows=self.lows[which],
            highs=self.highs[which],
            signature=self.signature[which],
            ends=self.ends[which],
        )


class Sample(Struct, kw_only=True):
    """The texts whose hashes are at most `limit`. `rows` counts those that were offered.

    `cells` (uint32, CELLS) are there once texts were left out. `heavy` (bits, uint8) says in the
    second pass which cells count. `loose` holds what is not yet in order, and is empty in a
    packed state.
    """

    texts: Texts
    rows: int = 0
    limit: int = _ALL
    cells: Any = None
    heavy: Any = None
    loose: list[Texts] = field(default_factory=list)
    waiting: int = 0


def no_texts() -> Texts:
    """None."""
    import numpy as np

    return Texts(
        hashes=np.zeros(0, np.uint64),
        counts=np.zeros(0, np.int64),
        lows=np.zeros(0, np.uint64),
        highs=np.zeros(0, np.uint64),
        signature=np.zeros((0, BINS), np.uint16),
        ends=np.zeros((0, 2 * END), np.uint16),
    )


def offer(sample: Sample, hashes: Hashes, taught: Hashes, content: Content, seed: int) -> None:
    """Take in the rows that can be compared, by hashes of their texts and of what they teach."""
    import numpy as np

    places = np.flatnonzero(content.enough)
    hashes, taught, sig = hashes[places], taught[places], content.signature[places]
    sample.rows += len(hashes)
    if sample.heavy is not None:
        chosen = _crowded(sample.heavy, bands(sig, seed)) & (hashes <= np.uint64(sample.limit))
    else:
        if sample.cells is not None:
            np.add.at(sample.cells, _cells(bands(sig, seed)).ravel(), np.uint32(1))
        chosen = hashes <= np.uint64(sample.limit)
    count = int(chosen.sum())
    part = Texts(
        hashes=hashes[chosen],
        counts=np.ones(count, np.int64),
        lows=taught[chosen],
        highs=taught[chosen],
        signature=sig[chosen],
        ends=content.ends[places[chosen]],
    )
    sample.loose.append(part)
    sample.waiting += count
    if sample.waiting > SIZE:
        settle(sample, seed)


def absorb(sample: Sample, other: Sample, seed: int) -> None:
    """Take in what another part of the rows gave."""
    import numpy as np

    settle(sample, seed)
    settle(other, seed)
    sample.rows += other.rows
    for one, two in ((sample, other), (other, sample)):
        if one.heavy is None and one.cells is None and two.cells is not None:
            one.cells = _counted(one.texts, seed)
    if sample.cells is not None:
        sample.cells = np.add(sample.cells, other.cells)
    sample.limit = min(sample.limit, other.limit)
    texts = _joined([sample.texts, other.texts])
    sample.texts = texts.chosen(texts.hashes <= np.uint64(sample.limit))
    _cut(sample, seed)


def settle(sample: Sample, seed: int) -> None:
    """Bring it into the form that depends on the rows alone."""
    if not sample.loose:
        return
    import numpy as np

    fresh = _joined(sample.loose)
    sample.loose, sample.waiting = [], 0
    fresh = fresh.chosen(fresh.hashes <= np.uint64(sample.limit))
    sample.texts = _joined([sample.texts, fresh])
    _cut(sample, seed)


def threshold(rows: int) -> int:
    """How often a band must come to be more than chance, where so many rows fill the cells."""
    mean = rows * BANDS / CELLS
    return int(mean + 6 * mean**0.5 + 4)


def second(sample: Sample) -> Sample:
    """The empty sample of the second pass, for which only texts in crowded cells count."""
    import numpy as np

    heavy = np.packbits(sample.cells >= threshold(sample.rows), bitorder="little")
    return Sample(texts=no_texts(), heavy=heavy)


def _cut(sample: Sample, seed: int) -> None:
    if len(sample.texts) <= SIZE:
        return
    if sample.heavy is None and sample.cells is None:
        sample.cells = _counted(sample.texts, seed)
    sample.texts = sample.texts.chosen(slice(SIZE))
    sample.limit = int(sample.texts.hashes[-1])


def _joined(parts: list[Texts]) -> Texts:
    """Texts of several parts, each distinct one once, in the order of their hashes."""
    import numpy as np

    hashes = np.concatenate([part.hashes for part in parts])
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    first = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])[: len(hashes)])
    if not first.size:
        return no_texts()

    def sorted_(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])[order]

    kept = order[first]
    return Texts(
        hashes=hashes[first],
        counts=np.add.reduceat(sorted_("counts"), first),
        lows=np.minimum.reduceat(sorted_("lows"), first),
        highs=np.maximum.reduceat(sorted_("highs"), first),
        signature=np.concatenate([part.signature for part in parts])[kept],
        ends=np.concatenate([part.ends for part in parts])[kept],
    )


def _cells(keys: Hashes) -> NDArray[np.int64]:
    import numpy as np

    return (keys & np.uint64(CELLS - 1)).astype(np.int64)


def _counted(texts: Texts, seed: int) -> NDArray[np.uint32]:
    """The cells of texts that are all there."""
    import numpy as np

    cells = np.zeros(CELLS, np.uint32)
    for start in range(0, len(texts), 1 << 16):
        part = texts.chosen(slice(start, start + (1 << 16)))
        weights = np.repeat(part.counts.astype(np.uint32), BANDS)
        np.add.at(cells, _cells(bands(part.signature, seed)).ravel(), weights)
    return cells


def _crowded(heavy: NDArray[np.uint8], keys: Hashes) -> NDArray[np.bool_]:
    """Which texts have at least three bands in cells that count."""
    import numpy as np

    cells = _cells(keys)
    bits = (heavy[cells >> 3] >> (cells & 7).astype(np.uint8)) & 1
    return np.asarray(bits.sum(axis=1) >= 3)
