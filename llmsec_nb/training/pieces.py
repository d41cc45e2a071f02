"""Keyed 64-bit hashes of pieces of bytes, by vectors."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Places = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

_M1: Final = 0xFF51AFD7ED558CCD
_M2: Final = 0xC4CEB9FE1A85EC53
_STEP: Final = 0x9E3779B97F4A7C15
_ALL: Final = 0xFFFFFFFFFFFFFFFF
_LONG: Final = 64
"""Longer pieces are hashed one by one."""


def layout(texts: pa.Array) -> tuple[Bytes, Places]:
    """The bytes of an array of texts, and n + 1 offsets into them; nulls are empty."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = texts.cast(pa.large_string())
    if texts.null_count:
        texts = pc.fill_null(texts, "")
    _, places, data = texts.buffers()
    if len(texts) == 0 or places is None:
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    offsets = np.frombuffer(places, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    first, last = int(offsets[0]), int(offsets[-1])
    raw = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)[first:last]
    return raw, offsets - first


def mixed(values: Hashes, salt: int) -> Hashes:
    """Every bit of each value spread over all bits; one to one for a salt."""
    import numpy as np

    found: Hashes = values ^ np.uint64(salt & _ALL)
    found ^= found >> np.uint64(33)
    found *= np.uint64(_M1)
    found ^= found >> np.uint64(33)
    found *= np.uint64(_M2)
    found ^= found >> np.uint64(33)
    return found


def hashes(raw: Bytes, starts: Places, ends: Places, seed: int) -> Hashes:
    """A hash, never 0, of each of the pieces `starts` to `ends` of some bytes."""
    import numpy as np

    padded = np.concatenate([raw, np.zeros(8, np.uint8)])
    eights = np.ndarray((len(raw) + 1,), "<u8", padded.data, strides=(1,))
    masks = np.array([(1 << (8 * size)) - 1 for size in range(9)], np.uint64)
    sizes = ends - starts
    found = mixed(sizes.astype(np.uint64), seed)
    found = _absorbed(found, eights[starts] & masks[np.minimum(sizes, 8)])
    chosen = np.flatnonzero((sizes > 8) & (sizes <= _LONG))
    for piece in range(8, _LONG, 8):
        chosen = chosen[sizes[chosen] > piece]
        left = np.minimum(sizes[chosen] - piece, 8)
        found[chosen] = _absorbed(found[chosen], eights[starts[chosen] + piece] & masks[left])
    for place in np.flatnonzero(sizes > _LONG).tolist():
        found[place] = digest(raw[starts[place] : ends[place]].tobytes(), seed)
    found = mixed(found, seed)
    found[found == 0] = 1
    return found


def digest(data: bytes, seed: int) -> int:
    """A keyed hash that nobody can forge, one at a time."""
    key = (seed & _ALL).to_bytes(8, "little")
    return int.from_bytes(blake2b(data, digest_size=8, key=key).digest(), "little")


def _absorbed(found: Hashes, pieces: Hashes) -> Hashes:
    import numpy as np

    found = (found ^ pieces) * np.uint64(_STEP)
    return found ^ (found >> np.uint64(29))
