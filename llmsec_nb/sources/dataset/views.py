"""Whether the views of an array stay inside of its buffers: Arrow's own validation lets some pass.

A view (of `string_view`, `binary_view`) has 16 bytes: its length, and beyond 12 bytes of length a
prefix, the number of a buffer and the offset in it.
https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

_INLINE: Final = 12


def fit(array: pa.Array) -> bool:
    """Whether all views in an array and in what it nests are in bounds, null ones included."""
    return "_view" not in str(array.type) or all(_fits(part) for part in _parts(array))


def _parts(array: pa.Array) -> Iterator[pa.Array]:
    import pyarrow as pa

    types = pa.types
    kind = array.type
    yield array
    if isinstance(kind, pa.BaseExtensionType):
        yield from _parts(array.storage)
    elif types.is_dictionary(kind):
        yield from _parts(array.dictionary)
    elif types.is_struct(kind) or types.is_union(kind):
        for index in range(kind.num_fields):
            yield from _parts(array.field(index))
    elif types.is_map(kind):
        yield from _parts(array.keys)
        yield from _parts(array.items)
    elif types.is_nested(kind) or types.is_run_end_encoded(kind):
        yield from _parts(array.values)


def _fits(array: pa.Array) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind, number = array.type, len(array)
    if not number or not (pa.types.is_string_view(kind) or pa.types.is_binary_view(kind)):
        return True
    _, views, *data = array.buffers()
    if views is None or views.size < 16 * (array.offset + number):
        return False
    words = pa.Array.from_buffers(pa.int32(), 4 * number, [None, views], offset=4 * array.offset)
    first = pa.array(range(0, 4 * number, 4), pa.int64())
    length, buffer, offset = (words.take(pc.add(first, at)) for at in (0, 2, 3))
    if pc.min(length).as_py() < 0:
        return False
    outside = pc.greater(length, _INLINE)
    length, buffer, offset = (part.filter(outside) for part in (length, buffer, offset))
    if not len(length):
        return True
    low = min(pc.min(buffer).as_py(), pc.min(offset).as_py())
    if low < 0 or pc.max(buffer).as_py() >= len(data):
        return False
    sizes = pa.array([0 if one is None else one.size for one in data], pa.int64())
    ends = pc.add(offset.cast(pa.int64()), length.cast(pa.int64()))
    return bool(pc.all(pc.less_equal(ends, sizes.take(buffer))).as_py())
