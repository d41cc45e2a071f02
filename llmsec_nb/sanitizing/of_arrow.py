"""Arrow tables, batches and arrays: types, chunks, schema and missing values are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .frames import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa


class ArrowFrame:
    """A Table, a RecordBatch, a ChunkedArray or an Array; nobody can change them in place."""

    def __init__(self, source: Any) -> None:
        import pyarrow as pa

        self._source = source
        self._alone = isinstance(source, pa.Array | pa.ChunkedArray)
        self.labels = ["value"] if self._alone else list(source.schema.names)
        self.rows = len(source) if self._alone else source.num_rows
        self.columns = []
        self._places = []
        for at, label in enumerate(self.labels):
            values = self._values(at)
            if may_hold_text(values.type):
                self.columns.append(Column(label, label, values.to_pylist()))
                self._places.append(at)

    def snapshot(self) -> Any:
        """Itself."""
        return self._source

    def rebuilt(self, news: Mapping[int, Mapping[int, Any]]) -> Any:
        """The same with other values."""
        made = {
            self._places[number]: _changed(self._values(self._places[number]), own)
            for number, own in news.items()
        }
        if self._alone:
            return made.get(0, self._source)
        arrays = [made.get(at, self._values(at)) for at in range(len(self.labels))]
        return type(self._source).from_arrays(arrays, schema=self._source.schema)

    def take(self, data: Any, rows: Sequence[int]) -> Any:
        """By places."""
        if self._alone:
            return _taken(data, rows)
        arrays = [_taken(data.column(at), rows) for at in range(len(self.labels))]
        return type(data).from_arrays(arrays, schema=data.schema)

    def _values(self, at: int) -> Any:
        return self._source if self._alone else self._source.column(at)


def may_hold_text(kind: pa.DataType) -> bool:
    """Whether there can be texts in values of this type."""
    import pyarrow as pa

    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return may_hold_text(kind.storage_type)
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return may_hold_text(kind.value_type)
    if types.is_map(kind) or types.is_union(kind):
        return False  # what Python has of them is not made into them again
    if types.is_nested(kind):
        return any(may_hold_text(kind.field(at).type) for at in range(kind.num_fields))
    tests = (types.is_string, types.is_large_string, types.is_string_view)
    return any(test(kind) for test in tests)


def _changed(values: Any, news: Mapping[int, Any]) -> Any:
    import pyarrow as pa

    if not isinstance(values, pa.ChunkedArray):
        return _chunk(values, news)
    chunks, first = [], 0
    for chunk in values.chunks:
        last = first + len(chunk)
        own = {row - first: new for row, new in news.items() if first <= row < last}
        chunks.append(_chunk(chunk, own) if own else chunk)
        first = last
    return pa.chunked_array(chunks, type=values.type)


def _chunk(array: Any, news: Mapping[int, Any]) -> Any:
    import pyarrow as pa

    kind = array.type
    values = [news.get(row, value) for row, value in enumerate(array.to_pylist())]
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, pa.array(values, kind.storage_type))
    if pa.types.is_dictionary(kind):
        coded = pa.array(values, kind.value_type).dictionary_encode()
        return pa.DictionaryArray.from_arrays(
            coded.indices.cast(kind.index_type), coded.dictionary, ordered=kind.ordered
        )
    return pa.array(values, kind)


def _taken(values: Any, rows: Sequence[int]) -> Any:
    import pyarrow as pa

    try:
        return values.take(pa.array(rows, pa.int64()))
    except pa.ArrowNotImplementedError:  # views, for one
        held = values.to_pylist()
        made = pa.array([held[row] for row in rows], values.type)
        return pa.chunked_array([made]) if isinstance(values, pa.ChunkedArray) else made
