"""The values of a column as keyed hashes and as numbers, by vectors.

What a value is depends on the value alone, never on its batch: `"7"`, `7` and `7.0` are the
number 7 in any partition, and other texts are what they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..rows import Rows

_M1: Final = 0xFF51AFD7ED558CCD
_M2: Final = 0xC4CEB9FE1A85EC53
_NUMBER: Final = r"^\s{0,8}[-+]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})([eE][-+]?\d{1,3})?\s{0,8}$"
MISSING: Final = 0
"""The hash of no value."""


@dataclass(frozen=True, slots=True)
class Values:
    """n values: `hashes` (uint64, MISSING where null), `numbers` (float64, NaN where none).

    `unread` counts values of types that are neither text nor number.
    """

    hashes: NDArray[np.uint64]
    numbers: NDArray[np.float64]
    unread: int = 0


def values_of(rows: Rows, column: str, seed: int) -> Values:
    """The values of a column of a batch, made once."""
    return rows.once(
        ("feature values", column, seed), lambda: _values(rows.column(column), rows, seed)
    )


def mixed(values: NDArray[np.uint64], salt: int) -> NDArray[np.uint64]:
    """Every bit of each value spread over all bits, as MurmurHash3 (public domain) ends."""
    import numpy as np

    found = values ^ np.uint64(salt & 0xFFFFFFFFFFFFFFFF)
    found ^= found >> np.uint64(33)
    found *= np.uint64(_M1)
    found ^= found >> np.uint64(33)
    found *= np.uint64(_M2)
    found ^= found >> np.uint64(33)
    return found


def _values(values: pa.Array | None, rows: Rows, seed: int) -> Values:
    import numpy as np
    import pyarrow as pa

    size = len(rows)
    nothing = Values(np.zeros(size, np.uint64), np.full(size, np.nan))
    if values is None or values.null_count == size:
        return nothing
    if isinstance(values.type, pa.BaseExtensionType):
        values = values.storage
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _spread(values, _values_flat(values.dictionary, seed))
    if pa.types.is_nested(kind):
        return replace(nothing, unread=size - values.null_count)
    return _values_flat(values, seed)


def _values_flat(values: pa.Array, seed: int) -> Values:
    import numpy as np
    import pyarrow as pa

    numbers = _numbers(values)
    if numbers is not None:
        return Values(_number_hashes(numbers, seed), numbers)
    try:
        texts = values.cast(pa.large_string())
    except pa.ArrowException:
        size = len(values)
        unread = size - values.null_count
        return Values(np.zeros(size, np.uint64), np.full(size, np.nan), unread)
    coded = texts.dictionary_encode()
    return _spread(coded, _texts(coded.dictionary, seed))


def _spread(coded: pa.Array, distinct: Values) -> Values:
    """Rows of a dictionary array, from what its entries are."""
    import numpy as np
    import pyarrow as pa

    places = coded.indices.cast(pa.int64()).fill_null(len(coded.dictionary)).to_numpy()
    hashes = np.append(distinct.hashes, np.uint64(MISSING))[places]
    numbers = np.append(distinct.numbers, np.nan)[places]
    return Values(hashes, numbers, distinct.unread)


def _numbers(values: pa.Array) -> NDArray[np.float64] | None:
    """Numbers, dates, times and truth values as float64, NaN where null; None for others."""
    import numpy as np
    import pyarrow as pa

    types, kind = pa.types, values.type
    if types.is_date(kind) or types.is_time(kind) or types.is_timestamp(kind):
        values = values.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    elif types.is_duration(kind):
        values = values.view(pa.int64())
    elif types.is_boolean(kind):
        values = values.cast(pa.uint8())
    elif not (types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)):
        return None
    numbers = values.cast(pa.float64(), safe=False).fill_null(np.nan)
    return np.array(numbers.to_numpy(zero_copy_only=False)) + 0.0


def _number_hashes(numbers: NDArray[np.float64], seed: int) -> NDArray[np.uint64]:
    import numpy as np

    plain: Any = numbers + 0.0  # -0.0 is 0.0
    hashes = mixed(plain.view(np.uint64), seed) | np.uint64(1)
    hashes[np.isnan(numbers)] = MISSING
    return hashes


def _texts(texts: pa.Array, seed: int) -> Values:
    """Distinct texts: numbers where they are written so, keyed hashes of the others."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    written = pc.fill_null(pc.match_substring_regex(texts, _NUMBER), False)  # noqa: FBT003 # Arrow's
    trimmed = pc.if_else(written, pc.utf8_trim_whitespace(texts), pa.scalar(None, texts.type))
    trimmed = pc.replace_substring_regex(trimmed, r"^\+", "")
    numbers = np.array(trimmed.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False))
    hashes = _number_hashes(numbers, seed)
    for place in np.flatnonzero(np.isnan(numbers)).tolist():
        hashes[place] = text_hash(texts[place].as_py(), seed)
    return Values(hashes, numbers)


def text_hash(text: str | None, seed: int) -> int:
    """The keyed hash of a text that is no number; MISSING for none and for blanks."""
    import hashlib

    if text is None or not text.strip():
        return MISSING
    key = (seed & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little")
    made = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8, key=key).digest()
    return int.from_bytes(made, "little") | 1
