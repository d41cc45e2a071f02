"""Keyed 64-bit hashes of the values of an array, by vectors; they never leave the process.

Of a text of more than 256 bytes only pieces are read: texts that differ in between are alike here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_TIERS: Final = ((24, 2), (40, 3), (136, 5))
"""Texts longer than so many bytes: 2 to the power of so many more pieces of 8 bytes, and one."""
_M1: Final = 0xFF51AFD7ED558CCD
_M2: Final = 0xC4CEB9FE1A85EC53
_STEP: Final = 0x9E3779B97F4A7C15


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


def layout(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of a string array, and n + 1 offsets into them."""
    import numpy as np
    import pyarrow as pa

    wide = pa.types.is_large_string(texts.type)
    _, places, data = texts.buffers()
    if len(texts) == 0 or places is None:
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    stored: Any = np.frombuffer(places, np.int64 if wide else np.int32)
    offsets = stored[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    first, last = int(offsets[0]), int(offsets[-1])
    raw = np.frombuffer(data, np.uint8)[first:last] if data is not None else np.zeros(0, np.uint8)
    return raw, offsets - first


def of_texts(texts: pa.Array, seed: int) -> Hashes:
    """Hashes of a `string` or `large_string` array; those of nulls mean nothing."""
    import numpy as np

    raw, offsets = layout(texts)
    padded = np.concatenate([raw, np.zeros(8, np.uint8)])
    words = np.ndarray((len(raw) + 1,), "<u8", padded.data, strides=(1,))
    starts, lengths = offsets[:-1], np.diff(offsets)
    head = np.minimum(lengths, 8)
    masks = np.array([(1 << (8 * size)) - 1 for size in range(9)], np.uint64)[head]
    found = mixed(lengths.astype(np.uint64), seed)
    _absorb(found, words, starts, lengths - head, masks, 1)
    for longer, power in _TIERS:
        if (chosen := np.flatnonzero(lengths > longer)).size:
            part = found[chosen]
            _absorb(part, words, starts[chosen], lengths[chosen] - 8, None, power)
            found[chosen] = part
    return mixed(found, seed)


def _absorb(found: Hashes, words: Any, starts: Any, room: Any, masks: Any, power: int) -> None:
    """Mix in pieces that are spread evenly over each text."""
    import numpy as np

    for piece in range((1 << power) + 1):
        taken = words[starts + (room * piece >> power) if piece else starts]
        if masks is not None:
            taken &= masks
        found ^= taken
        found *= np.uint64(_STEP)
        found ^= found >> np.uint64(29)


def of_numbers(values: pa.Array, seed: int) -> Hashes:
    """Hashes of numbers, dates, times and truth values; those of nulls mean nothing."""
    import numpy as np
    import pyarrow as pa

    types, kind = pa.types, values.type
    if types.is_floating(kind) or types.is_decimal(kind):
        bits = values.cast(pa.float64(), safe=False).fill_null(0.0).to_numpy().view(np.uint64)
        return mixed(bits, seed)
    if types.is_boolean(kind):
        values = values.cast(pa.uint8())
    elif not types.is_integer(kind):
        values = values.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    whole = values.fill_null(0).to_numpy(zero_copy_only=False)
    return mixed(whole.astype(np.int64, copy=False).view(np.uint64), seed)
