"""Columns as flat arrays: whatever is nested falls into leaves, and a leaf into text.

Paths: `address.city` in a struct, `tags[]` in a list, `m{}.key` and `m{}.value` in a map,
`u<name>` for a kind of value in a union.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa  # noqa: TC004 # the classes are imported where they are used

_WHOLE: Final = 2.0**53
"""Beyond it a float no longer holds every integer."""


class Leaf(NamedTuple):
    """The values of one path of a batch.

    `rows` are the numbers (int64, from the start of the batch) of the rows in which the values
    stand, ascending; None when value i stands in row i. `names` are those that the path is made
    of, as they are.
    """

    path: str
    values: pa.Array
    rows: pa.Array | None
    names: tuple[str, ...] = ()


def leaves(batch: pa.RecordBatch) -> Iterator[Leaf]:
    """All leaves of a batch, in the order of its columns; each path comes once.

    The type of the values is flat: no nesting, no dictionary, no runs, no views, no extension.
    Of two columns of the same name the second is called `name (2)`.
    """
    taken: set[str] = set()
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        for leaf in _fall(name, column, None, (name,)):
            path, number = leaf.path, 2
            while path in taken:
                path = f"{leaf.path} ({number})"
                number += 1
            taken.add(path)
            yield leaf._replace(path=path)


def as_text(values: pa.Array) -> pa.Array | None:  # noqa: PLR0911 # one return a kind of type
    """The values of a leaf as strings (`string`, or `large_string` beyond 2 GB), null where null.

    Integers, decimals, dates and times are written out; of binary values those that are UTF-8,
    the others are null. Floats only when all are whole numbers, as those of an integer column
    with missing values in pandas; NaN is null. None where there is nothing to look at.
    """
    import pyarrow as pa

    types = pa.types
    kind = values.type
    if values.null_count == len(values) or types.is_boolean(kind):
        return None
    if types.is_string(kind):
        return values
    if types.is_large_string(kind) or types.is_string_view(kind):
        return _narrow(values.cast(pa.large_string()))
    if types.is_floating(kind):
        return _whole(values)
    if any(test(kind) for test in (types.is_binary, types.is_large_binary, types.is_binary_view)):
        return _decoded(values)
    if types.is_fixed_size_binary(kind):
        return _decoded(values)
    if types.is_duration(kind) or types.is_interval(kind):
        return None
    return _written(values)


def _fall(
    path: str, array: pa.Array, rows: pa.Array | None, names: tuple[str, ...]
) -> Iterator[Leaf]:
    import pyarrow as pa

    types = pa.types
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        yield from _fall(path, array.storage, rows, names)
    elif types.is_dictionary(kind):
        yield from _fall(path, array.dictionary_decode(), rows, names)
    elif types.is_run_end_encoded(kind):
        yield from _fall(path, _decoded_runs(array), rows, names)
    elif types.is_struct(kind):
        # flatten(), not field(): where the struct is null, what its children hold does not count
        for field, child in zip(kind, array.flatten(), strict=True):
            yield from _fall(f"{path}.{field.name}", child, rows, (*names, field.name))
    elif types.is_map(kind):
        yield from _fall_map(path, array, rows, names)
    elif types.is_nested(kind) and types.is_union(kind):
        yield from _fall_union(path, array, rows, names)
    elif types.is_nested(kind):
        yield from _fall(f"{path}[]", array.flatten(), _parents(array, rows), names)
    else:
        yield Leaf(path, _seen(array), rows, names)


def _seen(array: pa.Array) -> pa.Array:
    import pyarrow as pa

    if pa.types.is_string_view(array.type):
        return _narrow(array.cast(pa.large_string()))
    if pa.types.is_binary_view(array.type):
        return array.cast(pa.large_binary())
    return array


def _fall_map(
    path: str, array: pa.Array, rows: pa.Array | None, names: tuple[str, ...]
) -> Iterator[Leaf]:
    """Arrow ends the process when a map is asked for its flat values: it is made a list first."""
    import pyarrow as pa

    entries = pa.struct([array.type.key_field, array.type.item_field])
    pairs = pa.Array.from_buffers(
        pa.list_(pa.field("entries", entries, nullable=False)),
        len(array),
        array.buffers()[:2],
        offset=array.offset,
        children=[pa.StructArray.from_arrays([array.keys, array.items], fields=list(entries))],
    )
    parents = _parents(pairs, rows)
    keys, items = pairs.flatten().flatten()
    yield from _fall(path + "{}.key", keys, parents, names)
    yield from _fall(path + "{}.value", items, parents, names)


def _fall_union(
    path: str, array: pa.Array, rows: pa.Array | None, above: tuple[str, ...]
) -> Iterator[Leaf]:
    import pyarrow as pa
    import pyarrow.compute as pc

    # Not array.type_codes and array.offsets: of a slice they start where the whole array does.
    buffers = array.buffers()
    codes = pa.Array.from_buffers(pa.int8(), len(array), [None, buffers[1]], offset=array.offset)
    names = _distinct(field.name for field in array.type)
    for index, code in enumerate(array.type.type_codes):
        chosen = pc.equal(codes, pa.scalar(code, pa.int8()))
        inside = pc.indices_nonzero(chosen).cast(pa.int64())
        child = array.field(index)
        if array.type.mode == "dense":
            places = [None, buffers[2]]
            offsets = pa.Array.from_buffers(pa.int32(), len(array), places, offset=array.offset)
            child = child.take(offsets.take(inside))
        else:
            child = child.take(inside)
        name = names[index]
        yield from _fall(f"{path}<{name}>", child, _within(rows, inside), (*above, name))


def _distinct(names: Iterable[str]) -> list[str]:
    known: list[str] = []
    for name in names:
        known.append(name if name and name not in known else f"{name}{len(known)}")
    return known


def _parents(array: pa.Array, rows: pa.Array | None) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return _within(rows, pc.list_parent_indices(array).cast(pa.int64()))


def _within(rows: pa.Array | None, inner: pa.Array) -> pa.Array:
    return inner if rows is None else rows.take(inner)


def _decoded_runs(array: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.run_end_decode(array)
    except pa.ArrowNotImplementedError:
        pass
    ends = array.run_ends.to_pylist()
    first, start, stop = array.find_physical_offset(), array.offset, array.offset + len(array)
    picks: list[int] = []
    for run in range(first, len(ends)):
        picks += [run] * (min(ends[run], stop) - start - len(picks))
        if ends[run] >= stop:
            break
    return array.values.take(pa.array(picks, pa.int64()))


def _narrow(texts: pa.Array) -> pa.Array:
    """As `string`, the type that every function of Arrow knows, unless it is too large for it."""
    import pyarrow as pa

    return texts if texts.nbytes > 2**31 - 2**20 else texts.cast(pa.string())


def _written(values: pa.Array) -> pa.Array | None:
    import pyarrow as pa

    try:
        return values.cast(pa.string())
    except pa.ArrowException:
        pass
    if pa.types.is_timestamp(values.type):  # of a time zone that this machine does not know
        return values.cast(pa.timestamp(values.type.unit)).cast(pa.string())
    return None


def _whole(values: pa.Array) -> pa.Array | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = values.cast(pa.float64())
    known = pc.is_finite(numbers)
    numbers = pc.if_else(known, numbers, pa.scalar(None, pa.float64()))
    if numbers.null_count == len(numbers):
        return None
    whole = pc.and_(pc.equal(pc.trunc(numbers), numbers), pc.less(pc.abs(numbers), _WHOLE))
    if not pc.all(whole).as_py():
        return None
    return numbers.cast(pa.int64()).cast(pa.string())


def _decoded(values: pa.Array) -> pa.Array | None:
    import pyarrow as pa

    try:
        return _narrow(values.cast(pa.large_binary()).cast(pa.large_string()))
    except pa.ArrowException:
        pass
    texts = [_text(value) for value in values.to_pylist()]
    if all(text is None for text in texts):
        return None
    return _narrow(pa.array(texts, pa.large_string()))


def _text(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return None
