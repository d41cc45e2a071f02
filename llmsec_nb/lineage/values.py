"""The values of a column in the row format (see encoding.py), by vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .pieces import Member, columns, joined, layout, of_bytes
from .scalars import flat, is_text, present_in, sized

if TYPE_CHECKING:
    import pyarrow as pa

_IN_LIST: Final = Member(nothing=b"n")


def pieces(  # noqa: PLR0911 # one return a kind of type
    array: pa.Array, member: Member, seen: set[str]
) -> list[pa.Array]:
    """Arrays of byte strings which, joined row by row, are the encoded values.

    `seen` learns the tags of the values that are there.
    """
    import pyarrow as pa

    types, kind = pa.types, array.type
    if isinstance(kind, pa.BaseExtensionType):
        return pieces(array.storage, member, seen)
    if types.is_dictionary(kind):
        return pieces(array.dictionary.take(array.indices), member, seen)
    if types.is_run_end_encoded(kind):
        return pieces(_without_runs(array), member, seen)
    if types.is_struct(kind):
        return _struct(array, member, seen)
    if types.is_map(kind):
        return _map(array, member, seen)
    if types.is_union(kind):
        return _union(array, member, seen)
    if types.is_nested(kind):
        return _list(array, member, seen)
    if types.is_interval(kind):
        return flat(_interval(array), member, seen)
    return flat(array, member, seen)


def _without_runs(array: pa.Array) -> pa.Array:
    import numpy as np

    ends = array.run_ends.to_numpy()
    wanted = np.arange(array.offset, array.offset + len(array))
    return array.values.take(_indices(np.searchsorted(ends, wanted, side="right")))


def _indices(places: Any) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    return pa.array(np.asarray(places, np.int64))


def _interval(array: pa.Array) -> pa.Array:
    """Intervals of months, days and nanoseconds as text."""
    import pyarrow as pa

    return pa.array([None if v is None else str(v) for v in array.to_pylist()], pa.large_string())


def _union(array: pa.Array, member: Member, seen: set[str]) -> list[pa.Array]:
    """Each value as what it is; which of the types it came from does not count."""
    import numpy as np
    import pyarrow as pa

    # Not array.type_codes and array.offsets: of a slice they start where the whole array does.
    buffers, number, start = array.buffers(), len(array), array.offset
    codes = pa.Array.from_buffers(pa.int8(), number, [None, buffers[1]], offset=start).to_numpy()
    parts: list[pa.Array] = []
    places: list[Any] = []
    for index, code in enumerate(array.type.type_codes):
        inside = np.flatnonzero(codes == code)
        wanted = inside
        if array.type.mode == "dense":
            offsets = pa.Array.from_buffers(pa.int32(), number, [None, buffers[2]], offset=start)
            wanted = offsets.to_numpy()[inside]
        child = array.field(index).take(_indices(wanted))
        parts.append(joined(pieces(child, member, seen), len(child)))
        places.append(inside)
    return [pa.concat_arrays(parts).take(_indices(np.argsort(np.concatenate(places))))]


def _struct(array: pa.Array, member: Member, seen: set[str]) -> list[pa.Array]:
    # flatten(), not field(): where the struct is null, what its children hold does not count
    children = sorted(
        zip([field.name for field in array.type], array.flatten(), strict=True),
        key=lambda pair: pair[0].encode(),
    )
    inner: set[str] = set()
    parts = [part for name, child in children for part in pieces(child, Member.named(name), inner)]
    return sized(b"o", joined(parts, len(array)), member, seen)


def _list(array: pa.Array, member: Member, seen: set[str]) -> list[pa.Array]:
    import numpy as np
    import pyarrow.compute as pc

    present = present_in(array)
    counts = pc.list_value_length(array).fill_null(0).to_numpy().astype(np.int64)
    values = array.flatten()
    body = joined(pieces(values, _IN_LIST, set()), len(values))
    seen.update("l" if present.any() else "")
    head = columns(present, member, b"l", counts[present].astype("<u8"))
    return [head, _together(body, counts)]


def _together(parts: pa.Array, counts: Any) -> pa.Array:
    """The first `counts[0]` parts as one, the next `counts[1]`, and so on. Nothing is copied."""
    import numpy as np

    data, offsets = layout(parts)
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    bounds = offsets[ends]
    whole = np.frombuffer(data, np.uint8)[int(bounds[0]) : int(bounds[-1])]
    return of_bytes(whole, np.diff(bounds))


def _map(array: pa.Array, member: Member, seen: set[str]) -> list[pa.Array]:
    """A map of texts is an object; another one, its entries in their order.

    Arrow ends the process when some maps are asked for their flat values: it is made a list first.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    entries = pa.struct([array.type.key_field, array.type.item_field])
    pairs = pa.Array.from_buffers(
        pa.list_(pa.field("entries", entries, nullable=False)),
        len(array),
        array.buffers()[:2],
        offset=array.offset,
        children=[pa.StructArray.from_arrays([array.keys, array.items], fields=list(entries))],
    )
    counts = pc.list_value_length(pairs).fill_null(0).to_numpy().astype(np.int64)
    keys, items = pairs.flatten().flatten()
    if is_text(keys.type):
        return sized(b"o", _together(_members(keys, items, counts), counts), member, seen)
    present = present_in(array)
    both = [*pieces(keys, _IN_LIST, set()), *pieces(items, _IN_LIST, set())]
    seen.update("m" if present.any() else "")
    head = columns(present, member, b"m", counts[present].astype("<u8"))
    return [head, _together(joined(both, len(keys)), counts)]


def _members(keys: pa.Array, items: pa.Array, counts: Any) -> pa.Array:
    """The entries as members of objects, each in its place within its object."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    names = keys.cast(pa.large_string()).cast(pa.large_binary())
    order = np.lexsort(
        (
            pc.rank(names, tiebreaker="dense").to_numpy(),
            np.repeat(np.arange(len(counts)), counts),
        )
    )
    names, items = names.take(_indices(order)), items.take(_indices(order))
    values = joined(pieces(items, Member(), set()), len(items))
    held = pc.binary_length(values).to_numpy() > 0
    lengths = pc.binary_length(names).to_numpy()[held].astype("<u4")
    names = pc.if_else(pa.array(held), names, pa.scalar(b"", pa.large_binary()))
    return joined([columns(held, Member(), lengths), names, values], len(items))
