"""Texts as hashed words: what two texts say, whatever their case, spaces and signs.

A word is a run of letters and digits; Chinese, Japanese and Thai, which write no spaces, count by
characters. Signs, spaces and case make no difference, nor does the form in which a character is
encoded (NFKC). Of a word of more than 64 bytes only the first 64 and the last 8 are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..rows import Rows

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]

_PIECES: Final = 8
_PIECE: Final = 1 << 20
"""About as many bytes are hashed at a time, so that what is made of them stays in the caches."""
_M1: Final = 0xFF51AFD7ED558CCD
_M2: Final = 0xC4CEB9FE1A85EC53
_STEP: Final = 0x9E3779B97F4A7C15
UNSPACED: Final = r"([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}])"
_BETWEEN: Final = r"[^\p{L}\p{N}\p{M}]+"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of n texts: row r has ids[offsets[r]:offsets[r + 1]]. `ids` are keyed hashes."""

    ids: Hashes
    offsets: Places

    @property
    def sizes(self) -> Places:
        """How many words each text has, shape (n,)."""
        import numpy as np

        return np.diff(self.offsets)


def mixed(values: Hashes, salt: int) -> Hashes:
    """Every bit of each value spread over all bits; one to one for a salt."""
    import numpy as np

    found: Hashes = values ^ np.uint64(salt & 0xFFFFFFFFFFFFFFFF)
    found ^= found >> np.uint64(33)
    found *= np.uint64(_M1)
    found ^= found >> np.uint64(33)
    found *= np.uint64(_M2)
    found ^= found >> np.uint64(33)
    return found


def wording_of(rows: Rows, column: str, seed: int) -> Wording:
    """The words of a column of a batch, made once for all that compare texts."""
    return rows.once(("likeness: words", column, seed), lambda: worded(rows.texts(column), seed))


def identities_of(rows: Rows, column: str, seed: int) -> Hashes:
    """One hash a row of all its words in their order, made once for a batch."""
    return rows.once(
        ("likeness: identities", column, seed),
        lambda: identities(wording_of(rows, column, seed), seed),
    )


def worded(texts: pa.Array, seed: int) -> Wording:
    """The words of a `large_string` array; a null has none."""
    import numpy as np

    raw, offsets = _bytes(_plain(texts))
    ids: list[Hashes] = []
    counts = np.zeros(len(offsets), np.int64)
    first = 0
    while first < len(texts):
        last = int(np.searchsorted(offsets, offsets[first] + _PIECE, "right")) - 1
        last = min(len(texts), max(first + 1, last))
        part = offsets[first : last + 1]
        starts, ends = _bounds(raw[part[0] : part[-1]], part - part[0])
        counts[first + 1 : last + 1] = np.diff(np.searchsorted(starts, part - part[0]))
        ids.append(_hashed(raw[part[0] : part[-1]], starts, ends, seed))
        first = last
    joined = np.concatenate(ids) if ids else np.zeros(0, np.uint64)
    return Wording(joined, np.cumsum(counts))


def identities(wording: Wording, seed: int) -> Hashes:
    """One hash a text of all its words in their order, shape (n,); 0 for a text without words."""
    import numpy as np

    sizes, offsets = wording.sizes, wording.offsets
    total = int(offsets[-1])
    order = np.arange(total, dtype=np.int64) - np.repeat(offsets[:-1], sizes)
    placed = mixed(wording.ids + order.astype(np.uint64) * np.uint64(_STEP), seed)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(placed, dtype=np.uint64)])
    found = mixed(sums[offsets[1:]] - sums[offsets[:-1]], seed + 1)
    found[sizes == 0] = 0
    return found


def windows(wording: Wording, width: int, seed: int) -> tuple[Hashes, Places]:
    """Hashes of all runs of `width` words within a text, and n + 1 offsets into them."""
    import numpy as np

    total = int(wording.offsets[-1])
    if total < width:
        return np.zeros(0, np.uint64), np.zeros(len(wording.offsets), np.int64)
    found = wording.ids[: total - width + 1].copy()
    for step in range(1, width):
        found *= np.uint64(_STEP)
        found ^= found >> np.uint64(32)
        found += wording.ids[step : total - width + 1 + step]
    kept = np.maximum(wording.sizes - width + 1, 0)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
    shift = np.repeat(wording.offsets[:-1] - offsets[:-1], kept)
    return mixed(found[np.arange(len(shift), dtype=np.int64) + shift], seed), offsets


def _plain(texts: pa.Array) -> pa.Array:
    """Texts that are not ASCII in one form: composed, lower case, spaces between words."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = texts.cast(pa.large_string()).fill_null("")
    foreign = pc.invert(pc.string_is_ascii(texts))
    if not pc.any(foreign).as_py():
        return texts
    found = pc.utf8_lower(pc.utf8_normalize(texts.filter(foreign), form="NFKC"))
    found = pc.replace_substring_regex(found, pattern=UNSPACED, replacement=r" \1 ")
    found = pc.replace_substring_regex(found, pattern=_BETWEEN, replacement=" ")
    return pc.replace_with_mask(texts, foreign, found)


def _bytes(texts: pa.Array) -> tuple[NDArray[np.uint8], Places]:
    """The bytes of a `large_string` array, and n + 1 offsets into them."""
    import numpy as np

    _, places, data = texts.buffers()
    if len(texts) == 0 or places is None:
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    offsets = np.frombuffer(places, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    start, end = int(offsets[0]), int(offsets[-1])
    raw = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)[start:end]
    return raw, offsets - start


def _bounds(raw: NDArray[np.uint8], offsets: Places) -> tuple[Places, Places]:
    """Where words start, and where they end, as places of bytes; none runs across two rows."""
    import numpy as np

    padded = np.zeros(len(raw) + 2, np.bool_)
    padded[1:-1] = _table()[raw] > 0
    inside = padded[1:-1]
    edge = np.zeros(len(raw) + 1, np.bool_)
    edge[offsets] = True
    starts = np.flatnonzero(inside & (~padded[:-2] | edge[:-1]))
    ends = np.flatnonzero(inside & (~padded[2:] | edge[1:])) + 1
    return starts, ends


def _hashed(raw: NDArray[np.uint8], starts: Places, ends: Places, seed: int) -> Hashes:
    """Keyed hashes of words, read in pieces of 8 bytes."""
    import numpy as np

    lower = np.zeros(len(raw) + 8, np.uint8)
    np.take(_table(), raw, out=lower[: len(raw)])
    pieces: Any = np.ndarray((len(raw) + 1,), "<u8", lower.data, strides=(1,))
    masks = np.array([(1 << (8 * size)) - 1 for size in range(9)], np.uint64)
    lengths = ends - starts
    found = mixed(
        (pieces[starts] & masks[np.minimum(lengths, 8)]) + lengths.astype(np.uint64), seed
    )
    longer = np.flatnonzero(lengths > 8)
    for piece in range(1, _PIECES):
        if not longer.size:
            break
        found[longer] = mixed(found[longer] ^ pieces[_piece(starts, ends, longer, piece)], seed)
        longer = longer[lengths[longer] > 8 * (piece + 1)]
    if longer.size:
        found[longer] = mixed(found[longer] ^ pieces[ends[longer] - 8], seed)
    return found


def _piece(starts: Places, ends: Places, chosen: Places, piece: int) -> Places:
    """Where a piece starts; the last one reaches back into the one before it."""
    import numpy as np

    return np.minimum(starts[chosen] + 8 * piece, ends[chosen] - 8)


def _table() -> NDArray[np.uint8]:
    """Bytes as they count, 0 for what stands between words."""
    import numpy as np

    table = np.zeros(256, np.uint8)
    for letter in (*range(48, 58), *range(97, 123), *range(128, 256)):
        table[letter] = letter
    table[65:91] = table[97:123]
    return table
