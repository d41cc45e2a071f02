"""Byte strings for all rows at once: heads made by NumPy, joined by Arrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Member:
    """What stands before a value, and what stands in place of nothing."""

    head: bytes = b""
    nothing: bytes = b""

    @classmethod
    def named(cls, name: str) -> Self:
        """A member of an object: left out where there is nothing."""
        return cls(head_of(name))


def head_of(name: str) -> bytes:
    """A name with its length (u32) before it."""
    data = name.encode()
    return len(data).to_bytes(4, "little") + data


def columns(present: Mask, member: Member, *fields: Any) -> pa.Array:
    """One byte string a row: the member's head and `fields`, or what stands for nothing.

    Each field is one byte string for all rows, or an array of the rows that are present.
    """
    import numpy as np

    count = int(present.sum())
    parts = [_matrix(field, count) for field in (member.head, *fields)]
    table = np.concatenate(parts, axis=1)
    sizes = np.where(present, table.shape[1], len(member.nothing))
    if not member.nothing or count == len(present):
        return of_bytes(table, sizes)
    data = np.empty(int(sizes.sum()), np.uint8)
    held = np.repeat(present, sizes)
    data[held] = table.reshape(-1)
    data[~held] = np.tile(np.frombuffer(member.nothing, np.uint8), len(present) - count)
    return of_bytes(data, sizes)


def _matrix(field: Any, count: int) -> NDArray[np.uint8]:
    import numpy as np

    if isinstance(field, bytes):
        return np.broadcast_to(np.frombuffer(field, np.uint8), (count, len(field)))
    return np.ascontiguousarray(field).view(np.uint8).reshape(count, field.dtype.itemsize)


def of_bytes(data: Any, sizes: Any) -> pa.Array:
    """`data` cut into pieces of so many bytes, as `large_binary`."""
    import numpy as np
    import pyarrow as pa

    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    content = pa.py_buffer(np.ascontiguousarray(data))
    return pa.Array.from_buffers(
        pa.large_binary(), len(sizes), [None, pa.py_buffer(offsets), content]
    )


def joined(parts: Sequence[pa.Array], rows: int) -> pa.Array:
    """The parts of each row one after the other, as `large_binary`; a null is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not parts:
        return pa.repeat(pa.scalar(b"", pa.large_binary()), rows)
    nothing = pa.scalar(b"", pa.large_binary())
    return pc.binary_join_element_wise(
        *parts, nothing, null_handling="replace", null_replacement=b""
    )


def layout(data: pa.Array) -> tuple[memoryview, NDArray[np.int64]]:
    """The bytes of a `large_binary` array, and n + 1 offsets into them."""
    import numpy as np

    _, places, content = data.buffers()
    if not len(data) or places is None:
        return memoryview(b""), np.zeros(len(data) + 1, np.int64)
    offsets: Any = np.frombuffer(places, np.int64)[data.offset : data.offset + len(data) + 1]
    return memoryview(content if content is not None else b""), offsets
