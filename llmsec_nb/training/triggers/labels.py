"""The labels of a batch, by keyed hashes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..pieces import digest

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..rows import Rows

_SALT: Final = 0x6C6162656C
_LONGEST: Final = 200
"""Characters of a label that are told apart."""


@dataclass(frozen=True, slots=True)
class Labels:
    """`codes` (int64) gives each row its place in `hashes` and `names`, -1 where there is none."""

    codes: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    names: list[str]


def labels_of(rows: Rows, seed: int) -> Labels:
    """The labels of a batch, made once. A list or a struct is no label."""
    return rows.once(("trigger-labels", seed), lambda: _read(rows.column(rows.roles.label), seed))


def _read(values: pa.Array | None, seed: int) -> Labels:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = None if values is None else _written(values)
    if values is None or texts is None:
        size = 0 if values is None else len(values)
        return Labels(np.full(size, -1, np.int64), np.zeros(0, np.uint64), [])
    coded = pc.utf8_slice_codeunits(texts, 0, _LONGEST).dictionary_encode()
    names = coded.dictionary.to_pylist()
    hashes = np.array([digest(name.encode(), seed ^ _SALT) for name in names], np.uint64)
    codes = pc.fill_null(coded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return Labels(codes.astype(np.int64), hashes, names)


def _written(values: pa.Array) -> pa.Array | None:
    """Labels as texts, null where there is none; whole floats as the integers they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types, kind = pa.types, values.type
    if types.is_dictionary(kind):
        values = values.dictionary_decode()
        kind = values.type
    if types.is_nested(kind) or types.is_null(kind):
        return None
    if types.is_floating(kind):
        values = values.cast(pa.float64())
        values = pc.if_else(pc.is_finite(values), values, None)
        if pc.all(pc.equal(pc.floor(values), values)).as_py() and _small(values):
            values = values.cast(pa.int64())
    try:
        texts = values.cast(pa.large_string())
    except pa.ArrowInvalid:  # bytes that are no text
        return None
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _small(values: pa.Array) -> bool:
    import pyarrow.compute as pc

    most = pc.max(pc.abs(values)).as_py()
    return most is None or most < 2.0**53
