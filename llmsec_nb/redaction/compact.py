"""Arrow arrays without what stands in their memory but in no row.

A slice shares the memory of the whole, and a missing value may hide one that was there: pickling
takes both along. So does a dictionary with what no row uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def compact(array: Any) -> Any:
    """An equal array (or chunked one) with memory of its own, only for what its rows show.

    Raises ArrowException, TypeError, ValueError, OverflowError or NotImplementedError for types
    that Arrow cannot copy in this way.
    """
    import pyarrow as pa

    kind = array.type
    if isinstance(array, pa.ChunkedArray):
        return pa.chunked_array([compact(chunk) for chunk in array.chunks], type=kind)
    view = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}.get(kind)
    if view is not None:
        return _flat(array.cast(view)).cast(kind)
    if isinstance(kind, pa.BaseExtensionType) or pa.types.is_nested(kind):
        return _made_of_others(array)
    if pa.types.is_dictionary(kind):
        return _dictionary(array)
    if pa.types.is_run_end_encoded(kind):
        return _by_rows(array)
    return pa.nulls(len(array)) if pa.types.is_null(kind) else _flat(array)


def _made_of_others(array: Any) -> Any:
    import pyarrow as pa

    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, compact(array.storage))
    if pa.types.is_struct(kind) and kind.num_fields:
        members = [compact(one) for one in array.flatten()]
        return pa.StructArray.from_arrays(members, fields=list(kind), mask=array.is_null())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _lists(array)
    return _by_rows(array)


def _by_rows(array: Any) -> Any:
    import pyarrow as pa

    return pa.array(array.to_pylist(), type=array.type)


def _flat(array: Any) -> Any:
    """Only what is there is taken: a missing value gets an empty place."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not array.null_count:
        return array.take(pa.array(range(len(array)), pa.int64()))
    there = array.is_valid()
    places = pc.subtract(pc.cumulative_sum(there.cast(pa.int64())), 1)
    return array.drop_null().take(pc.if_else(there, places, pa.scalar(None, pa.int64())))


def _dictionary(array: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    used = array.indices.drop_null().unique()
    used = used.take(pc.array_sort_indices(used))
    indices = pc.index_in(array.indices, value_set=used).cast(array.type.index_type)
    values = compact(array.dictionary.take(used))
    return pa.DictionaryArray.from_arrays(indices, values, ordered=array.type.ordered)


def _lists(array: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    width = pa.int64() if pa.types.is_large_list(kind) else pa.int32()
    sizes = pc.fill_null(pc.list_value_length(array), 0).cast(width)
    ends = pc.cumulative_sum(sizes)
    offsets = pa.concat_arrays([pa.array([0], width), ends])
    values = compact(array.flatten())
    mask = array.is_null() if array.null_count else None
    return type(array).from_arrays(offsets, values, type=kind, mask=mask)


def names_in(kind: Any) -> Iterator[str]:
    """The names and remarks that an Arrow type or field carries inside of it."""
    for at in range(getattr(kind, "num_fields", 0) or 0):
        field = kind.field(at)
        yield field.name
        yield from remarks(field.metadata)
        yield from names_in(field.type)


def remarks(metadata: dict[bytes, bytes] | None) -> Iterator[str]:
    """Keys and values of what is attached to a field or a schema."""
    for name, text in (metadata or {}).items():
        yield name.decode("utf-8", "replace")
        yield text.decode("utf-8", "replace")
