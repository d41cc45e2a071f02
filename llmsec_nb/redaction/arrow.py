"""Arrow arrays and tables: every type, its missing values and its schema kept."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from .compact import compact, names_in, remarks
from .encoded import ERRORS, LARGEST, Column, Encoded
from .scalars import MISSING
from .spans import named_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa


class ArrowTable:
    """A Table, a RecordBatch, a ChunkedArray or an Array."""

    def __init__(self, source: Any, name: str) -> None:
        """`name` is that of a column that stands alone."""
        import pyarrow as pa

        self._source = source
        self.errors = (*ERRORS, pa.ArrowException)
        self.notes: list[str] = []
        self._alone = isinstance(source, pa.Array | pa.ChunkedArray)
        if self._alone:
            self.columns = [Column(name, name, self._compact(name, source))]
            self.rows = len(source)
        else:
            self.columns = [
                Column(label, label, self._compact(label, source.column(at)))
                for at, label in enumerate(source.schema.names)
            ]
            self.rows = source.num_rows
        self.droppable = not self._alone
        self.attached = "\n".join(_attached(source, alone=self._alone))

    def _compact(self, name: str, values: Any) -> Any:
        try:
            return compact(values)
        except self.errors:
            self.notes.append(told(name))
            return values

    def encode(self, column: Column) -> Encoded:
        """The different values of a column."""
        return encode(column.values)

    def rebuilt(self, changed: Mapping[int, Any], dropped: set[int]) -> Any:
        """The same with other columns in some places, and without those in `dropped`."""
        import pyarrow as pa

        if self._alone:
            return changed.get(0, self.columns[0].values)
        kept = [at for at in range(len(self.columns)) if at not in dropped]
        fields = [self._source.schema.field(at) for at in kept]
        schema = pa.schema(fields, metadata=self._source.schema.metadata)
        arrays = [changed.get(at, self.columns[at].values) for at in kept]
        return type(self._source).from_arrays(arrays, schema=schema)


def told(name: str) -> str:
    """That the memory of a column could not be cleared."""
    return (
        f"{named_apart(name)}: its type cannot be copied: its memory may still hold values of rows "
        "that were cut off or are missing"
    )


def _attached(source: Any, *, alone: bool) -> Iterator[str]:
    """All texts of a schema but the names of its columns, which are looked at elsewhere."""
    if alone:
        yield from names_in(source.type)
        return
    for field in source.schema:
        yield from remarks(field.metadata)
        yield from names_in(field.type)
    known = dict(source.schema.metadata or {})
    try:
        held = json.loads(known.pop(b"pandas", b"{}"))
        yield json.dumps({name: held[name] for name in held if name != "columns"})
    except (ValueError, TypeError):  # not written by pandas
        known = source.schema.metadata
    yield from remarks(known)


def encode(array: pa.Array | pa.ChunkedArray) -> Encoded:
    """The different values of an array; it is decoded to one of the same class."""
    import pyarrow as pa

    if isinstance(array, pa.ChunkedArray):
        whole = array.combine_chunks() if array.num_chunks else pa.array([], array.type)
        if isinstance(whole, pa.ChunkedArray):  # too large for one array
            return _by_rows(array)
        encoded = _encode(whole)
        return encoded._replace(decode=lambda news: pa.chunked_array([encoded.decode(news)]))
    return _encode(array)


def _encode(array: pa.Array) -> Encoded:
    import pyarrow as pa

    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        inner = _encode(array.storage)
        return inner._replace(
            decode=lambda news: pa.ExtensionArray.from_storage(kind, inner.decode(news))
        )
    if pa.types.is_dictionary(kind):
        return _dictionary(array)
    if not pa.types.is_nested(kind) and not pa.types.is_run_end_encoded(kind):
        with contextlib.suppress(pa.ArrowNotImplementedError, pa.ArrowInvalid, ValueError):
            return _by_values(array)
    return _by_rows(array)


def _by_values(array: Any) -> Encoded:
    import pyarrow as pa
    import pyarrow.compute as pc

    different = array.unique().drop_null()
    codes = pc.index_in(array, value_set=different)
    counts = [0] * len(different)
    for entry in pc.value_counts(codes.drop_null()).to_pylist():
        counts[entry["values"]] = entry["counts"]

    def decode(news: list[Any]) -> Any:
        return _made(news, array.type).take(codes)

    bits = array.type.bit_width if pa.types.is_integer(array.type) else 64
    signed = not pa.types.is_unsigned_integer(array.type)
    largest = (1 << (bits - signed)) - 1
    return Encoded(different.to_pylist(), counts, decode, min(largest, (1 << 64) - 1))


def _dictionary(array: Any) -> Encoded:
    """All that the dictionary holds is changed, also what no row uses."""
    import pyarrow as pa
    import pyarrow.compute as pc

    inner = _encode(array.dictionary)
    counts = [0] * len(array.dictionary)
    for entry in pc.value_counts(array.indices.drop_null()).to_pylist():
        counts[entry["values"]] = entry["counts"]
    known = array.dictionary.to_pylist()
    places = {repr(value): n for n, value in enumerate(inner.values)}
    totals = [0] * len(inner.values)
    for value, count in zip(known, counts, strict=True):
        if value is not None:
            totals[places[repr(value)]] += count

    def decode(news: list[Any]) -> Any:
        again = inner.decode(news).dictionary_encode()
        indices = again.indices.take(array.indices).cast(array.type.index_type)
        return pa.DictionaryArray.from_arrays(indices, again.dictionary, ordered=array.type.ordered)

    return Encoded(inner.values, totals, decode, inner.largest)


def _by_rows(array: Any) -> Encoded:
    """Each row for itself: what is nested has no order of its values."""
    import pyarrow as pa

    rows = array.to_pylist()
    there = [n for n, row in enumerate(rows) if row is not None]

    def decode(news: list[Any]) -> Any:
        made: list[Any] = [None] * len(rows)
        for n, new in zip(there, news, strict=True):
            made[n] = None if new is MISSING else new
        if isinstance(array, pa.ChunkedArray):
            return pa.chunked_array(pa.array(made, type=array.type))
        return pa.array(made, type=array.type)

    return Encoded([rows[n] for n in there], [1] * len(there), decode, LARGEST)


def _made(news: list[Any], kind: Any) -> Any:
    import pyarrow as pa

    return pa.array([None if new is MISSING else new for new in news], type=kind)
