"""Values that hold no others in the row format (see encoding.py), by vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .pieces import Member, columns

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_WHOLE: Final = 2.0**53
_PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_NANO: Final = 10**9


def flat(  # noqa: PLR0911 # one return a kind of type
    array: pa.Array, member: Member, seen: set[str]
) -> list[pa.Array]:
    """See values.pieces."""
    import pyarrow as pa

    types, kind = pa.types, array.type
    if has_bytes(kind):
        return _bytes(array, member, seen)
    if types.is_null(kind):
        return [columns(present_in(array), member)]
    if types.is_boolean(kind):
        present = present_in(array)
        return [_fixed(b"b", array.drop_null().cast(pa.uint8()).to_numpy(), present, member, seen)]
    if types.is_integer(kind):
        return [_integers(array, member, seen)]
    if types.is_floating(kind):
        return [_floats(array, member, seen)]
    if types.is_decimal(kind):
        return _decimals(array, member, seen)
    return [_times(array, member, seen)]


def has_bytes(kind: pa.DataType) -> bool:
    """Whether the values are texts or bytes."""
    import pyarrow as pa

    types = pa.types
    tests = (
        types.is_string,
        types.is_large_string,
        types.is_string_view,
        types.is_binary,
        types.is_large_binary,
        types.is_binary_view,
        types.is_fixed_size_binary,
    )
    return any(test(kind) for test in tests)


def is_text(kind: pa.DataType) -> bool:
    """Whether the values are texts."""
    import pyarrow as pa

    types = pa.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def present_in(array: pa.Array) -> NDArray[np.bool_]:
    """Which values are no nulls."""
    found: NDArray[np.bool_] = array.is_valid().to_numpy(zero_copy_only=False)
    return found


def sized(tag: bytes, body: pa.Array, member: Member, seen: set[str]) -> list[pa.Array]:
    """Tag, length and body; an empty body, or null, is nothing. `body` is `large_binary`."""
    import pyarrow.compute as pc

    lengths = pc.binary_length(body).fill_null(0).to_numpy()
    present = lengths > 0
    if present.any():
        seen.add(tag.decode())
    return [columns(present, member, tag, lengths[present].astype("<u8")), body]


def _bytes(array: pa.Array, member: Member, seen: set[str]) -> list[pa.Array]:
    import pyarrow as pa

    text = is_text(array.type)
    if text:
        array = array.cast(pa.large_string())
    elif pa.types.is_binary_view(array.type):
        array = array.cast(pa.binary())
    return sized(b"s" if text else b"y", array.cast(pa.large_binary()), member, seen)


def _fixed(tag: bytes, values: Any, present: Any, member: Member, seen: set[str]) -> pa.Array:
    if present.any():
        seen.add(tag.decode())
    return columns(present, member, tag, values)


def _tagged(tags: Any, values: Any, present: Any, member: Member, seen: set[str]) -> pa.Array:
    """`tags` (uint8) and `values` (64 bits) of the rows that are present."""
    import numpy as np

    seen.update(map(chr, np.unique(tags).tolist()))
    return columns(present, member, tags, values)


def _integers(array: pa.Array, member: Member, seen: set[str]) -> pa.Array:
    import numpy as np

    present = present_in(array)
    values = array.drop_null().to_numpy(zero_copy_only=False)
    bits = values.astype(np.uint64 if values.dtype == np.uint64 else np.int64).view("<u8")
    beyond = (
        values > np.uint64(2**63 - 1) if values.dtype == np.uint64 else np.zeros(len(bits), bool)
    )
    return _tagged(_tags(beyond, "u", "i"), bits, present, member, seen)


def _tags(chosen: Any, tag: str, other: str) -> NDArray[np.uint8]:
    import numpy as np

    return np.where(chosen, np.uint8(ord(tag)), np.uint8(ord(other)))


def _floats(array: pa.Array, member: Member, seen: set[str]) -> pa.Array:
    import numpy as np

    present = present_in(array)
    values = array.drop_null().to_numpy(zero_copy_only=False).astype(np.float64)
    known = ~np.isnan(values)
    present[present] = known
    values = values[known]
    whole = (np.trunc(values) == values) & (np.abs(values) <= _WHOLE)
    bits = values.astype("<f8").view("<u8")
    bits[whole] = values[whole].astype("<i8").view("<u8")
    return _tagged(_tags(whole, "i", "f"), bits, present, member, seen)


def _decimals(array: pa.Array, member: Member, seen: set[str]) -> list[pa.Array]:
    """Whole ones within i64 as integers, others by their shortest text."""
    import numpy as np
    import pyarrow as pa

    values = array.to_pylist()
    whole = [
        int(value)
        if value is not None and value == int(value) and -(2**63) <= value < 2**63
        else None
        for value in values
    ]
    texts = [
        None if value is None or number is not None else f"{value.normalize():f}"
        for value, number in zip(values, whole, strict=True)
    ]
    numbers = pa.array(whole, pa.int64())
    others = pa.array(texts, pa.large_string()).cast(pa.large_binary())
    either = Member(member.head)
    parts = [_integers(numbers, either, seen), *sized(b"d", others, either, seen)]
    if member.nothing:
        missing = np.array([value is None for value in values], bool)
        parts.append(columns(missing, Member(member.nothing)))
    return parts


def _times(array: pa.Array, member: Member, seen: set[str]) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    types, kind = pa.types, array.type
    present = present_in(array)
    values = array.drop_null()
    if types.is_date(kind):
        days = values.cast(pa.date32(), safe=False).view(pa.int32()).to_numpy().astype("<i8")
        return _fixed(b"D", days, present, member, seen)
    wide = values.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    numbers = wide.to_numpy().astype(np.int64)
    per = _PER_SECOND[kind.unit]
    if types.is_time(kind):
        return _fixed(b"t", (numbers * (_NANO // per)).astype("<i8"), present, member, seen)
    moments = np.empty(len(numbers), np.dtype([("seconds", "<i8"), ("nanoseconds", "<u4")]))
    moments["seconds"] = numbers // per
    moments["nanoseconds"] = numbers % per * (_NANO // per)
    tag = b"P" if types.is_duration(kind) else (b"Z" if kind.tz else b"T")
    return _fixed(tag, moments, present, member, seen)
