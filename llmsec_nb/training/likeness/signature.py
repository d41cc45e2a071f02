"""MinHash signatures: how many words two texts share, from a few bytes a text.

One permutation with optimal densification (Shrivastava, ICML 2017): the shingles of a text fall
into bins, each keeps its lowest hash, and an empty bin takes that of another one, chosen by its
own sequence. Two texts agree in a bin with a probability of their Jaccard similarity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .wording import mixed, windows, wording_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows
    from .wording import Hashes, Wording

    Signatures = NDArray[np.uint16]

WIDTH: Final = 2
"""Words of a shingle: of pairs a changed word spoils two, of triples three."""
BINS: Final = 32
BANDS: Final = 16
FEWEST: Final = 8
"""Shingles of a text that can be compared at all: short texts are alike by their grammar."""
BORROWED: Final = 1
"""The bit of what a bin has from another one."""
_EMPTY: Final = 0xFFFFFFFF


def signatures_of(rows: Rows, column: str, seed: int) -> tuple[Signatures, NDArray[np.bool_]]:
    """`signatures` of a column of a batch, made once for all that compare texts."""
    return rows.once(
        ("likeness: signatures", column, seed),
        lambda: signatures(wording_of(rows, column, seed), seed),
    )


def signatures(
    wording: Wording, seed: int, fewest: int = FEWEST, width: int = BINS, words: int = WIDTH
) -> tuple[Signatures, NDArray[np.bool_]]:
    """Signatures of n texts, shape (n, width), and which have the shingles to have one, (n,).

    A shingle is a run of `words` words. What has none at all is one and the same value.
    """
    import numpy as np

    shingles, offsets = windows(_steady(wording), words, seed)
    sizes = np.diff(offsets)
    enough = sizes >= fewest
    count = len(sizes)
    rows = np.repeat(np.arange(count, dtype=np.int64) * width, sizes)
    bins = ((shingles >> np.uint64(32)) * np.uint64(width)) >> np.uint64(32)
    lowest = np.full(count * width, _EMPTY, np.uint32)
    np.minimum.at(lowest, rows + bins.astype(np.int64), shingles.astype(np.uint32))
    own = lowest != _EMPTY
    _fill(lowest, np.repeat(enough, width), seed, width)
    return _short(lowest, own).reshape(count, width), enough


def _steady(wording: Wording) -> Wording:
    """Each run of one word as one: texts of "ha ha ha" and of many mentions are not alike."""
    import numpy as np

    from .wording import Wording

    ids, offsets = wording.ids, wording.offsets
    kept = np.ones(len(ids), np.bool_)
    kept[1:] = ids[1:] != ids[:-1]
    kept[offsets[:-1][offsets[:-1] < len(ids)]] = True
    if kept.all():
        return wording
    counts = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
    return Wording(ids[kept], counts[offsets])


def _short(lowest: NDArray[np.uint32], own: NDArray[np.bool_]) -> Signatures:
    """Hashes in 16 bits, lower ones lower: an exponent, the first 10 bits, and BORROWED.

    In a bin a shingle is always its own or always borrowed, so that the bit changes no comparison.
    """
    import numpy as np

    floats = (lowest.astype(np.float32) + np.float32(1)).view(np.uint32)
    order = np.minimum((floats - np.uint32(127 << 23)) >> np.uint32(13), np.uint32(0x7FFF))
    found: Signatures = ((order << np.uint32(1)) | ~own).astype(np.uint16)
    return found


def _fill(lowest: NDArray[np.uint32], wanted: NDArray[np.bool_], seed: int, width: int) -> None:
    """Give empty bins of `wanted` rows what another bin of the same row holds."""
    import numpy as np

    empty = np.flatnonzero((lowest == _EMPTY) & wanted)
    full = lowest.copy()
    bins = empty % width
    attempt = 0
    while empty.size:
        draws = mixed(np.arange(width, dtype=np.uint64) + np.uint64(width * attempt), seed)
        other = (draws % np.uint64(width)).astype(np.int64)
        taken = full[empty - bins + other[bins]]
        lowest[empty] = taken
        left = taken == _EMPTY
        empty, bins = empty[left], bins[left]
        attempt += 1


def bands(signature: Signatures, seed: int) -> Hashes:
    """Keys of n texts, shape (n, BANDS): near-copies have at least one in common."""
    import numpy as np

    step = BINS // BANDS
    numbers = np.arange(1, BANDS + 1, dtype=np.uint64) << np.uint64(16 * step)
    keys = np.tile(numbers, (len(signature), 1))
    for piece in range(step):
        keys ^= signature[:, piece::step].astype(np.uint64) << np.uint64(16 * piece)
    return mixed(keys, seed)


def alike(signature: Signatures, others: Signatures) -> NDArray[np.float64]:
    """Estimates of the Jaccard similarity of pairs; shapes broadcast, the last axis is BINS."""
    import numpy as np

    return np.asarray((signature == others).mean(axis=-1))


def centre(signature: Signatures) -> Signatures:
    """What most of some texts hold in each bin, one value a bin: what they are copies of."""
    import numpy as np

    found = np.empty(signature.shape[1], np.uint16)
    for place, column in enumerate(signature.T):
        values, counts = np.unique(column, return_counts=True)
        found[place] = values[counts.argmax()]
    return found
