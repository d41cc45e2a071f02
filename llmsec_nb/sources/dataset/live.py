"""Objects of the running kernel as tables. What they are is told without importing anything."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from .chain import chained
from .frames import open_frame, open_series
from .metadata import of_schema
from .problems import DatasetError, Problems
from .table import Table
from .values import one, to_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa

_KINDS: Final = frozenset(
    {("pandas", "DataFrame"), ("pandas", "Series")}
    | {("polars", "DataFrame"), ("polars", "LazyFrame"), ("polars", "Series")}
    | {("pyarrow", "Table"), ("pyarrow", "RecordBatch"), ("pyarrow", "RecordBatchReader")}
    | {("pyarrow", "Dataset"), ("pyarrow", "ChunkedArray"), ("pyarrow", "Array")}
    | {("duckdb", "DuckDBPyRelation"), ("_duckdb", "DuckDBPyRelation")}
    | {("datasets", "Dataset"), ("datasets", "DatasetDict")}
)


def kind_of(source: object) -> tuple[str, str] | None:
    """The package and the class that tell how it is read, None if it is no table."""
    if isinstance(source, type):
        return None
    for base in type(source).__mro__:
        known = base.__module__.partition(".")[0], base.__name__
        if known in _KINDS:
            return known
    if hasattr(type(source), "__arrow_c_stream__"):
        return "", "stream"
    return None


def open_live(source: Any, name: str) -> Table:
    """A live object as a table. Raises DatasetError."""
    import pyarrow as pa

    kind = kind_of(source)
    if kind is None:
        raise DatasetError(
            f"{name}: an object of the type {type(source).__name__} is no table; "
            "a pandas or polars data frame, an Arrow table or a path is"
        )
    package, word = kind
    openers: dict[tuple[str, str], Callable[[Any, str], Table]] = {
        ("pandas", "DataFrame"): open_frame,
        ("pandas", "Series"): open_series,
        ("polars", "DataFrame"): _polars,
        ("polars", "Series"): lambda series, name: _polars(series.to_frame(), name),
        ("polars", "LazyFrame"): _lazy,
        ("pyarrow", "Table"): _arrow,
        ("pyarrow", "RecordBatch"): lambda batch, name: _arrow(pa.table(batch), name),
        ("pyarrow", "RecordBatchReader"): _reader,
        ("pyarrow", "Dataset"): _dataset,
        ("pyarrow", "ChunkedArray"): lambda array, name: _arrow(pa.table({"value": array}), name),
        ("pyarrow", "Array"): lambda array, name: _arrow(pa.table({"value": array}), name),
        ("datasets", "Dataset"): _hugging,
        ("datasets", "DatasetDict"): _splits,
        ("", "stream"): _stream,
    }
    opener = _relation if word == "DuckDBPyRelation" else openers[package, word]
    try:
        return opener(source, name)
    except DatasetError:
        raise
    except Exception as error:  # a library's own errors: one clear line instead of its traceback
        raise DatasetError(f"{name}: {word} cannot be read: {type(error).__name__}") from error


def _guarded(
    read: Callable[[int], Iterable[pa.RecordBatch]], problems: Problems
) -> Callable[[int], Iterator[pa.RecordBatch]]:
    """What breaks off midway is a problem, told by its type: its message may hold values."""

    def guarded(size: int) -> Iterator[pa.RecordBatch]:
        row = 0
        try:
            for batch in read(size):
                yield batch
                row += batch.num_rows
        except DatasetError:
            raise
        except Exception as error:  # noqa: BLE001 # a query may fail in any way: what was read stays
            problems.state(f"{type(error).__name__}: nothing was read after row {row}")

    return guarded


def _table(
    name: str,
    schema: pa.Schema,
    read: Callable[[int], Iterable[pa.RecordBatch]],
    rows: int | None = None,
    *,
    once: bool = False,
) -> Table:
    problems = Problems(name)
    table = Table(name, schema, _guarded(read, problems), problems=problems, rows=rows, once=once)
    table.describe(of_schema(schema))
    return table


def _arrow(table: Any, name: str) -> Table:
    return _table(
        name,
        table.schema,
        lambda size: table.to_batches(max_chunksize=size),
        table.num_rows,
    )


def _reader(reader: Any, name: str) -> Table:
    return _table(name, reader.schema, lambda _: reader, once=True)


def _dataset(dataset: Any, name: str) -> Table:
    def read(size: int) -> Iterable[pa.RecordBatch]:
        return dataset.to_batches(  # type: ignore[no-any-return] # pyarrow has no types
            batch_size=min(size, 16_384), batch_readahead=1, fragment_readahead=1, use_threads=False
        )

    return _table(name, dataset.schema, read)


def _stream(source: Any, name: str) -> Table:
    import pyarrow as pa

    def reader() -> Any:
        return pa.RecordBatchReader.from_stream(source)

    try:
        first = reader()
    except (pa.ArrowException, TypeError):  # a column, not a table
        return _arrow(pa.table({"value": pa.chunked_array(source)}), name)
    taken = [first]
    return _table(name, first.schema, lambda _: taken.pop() if taken else reader())


def _relation(relation: Any, name: str) -> Table:
    import pyarrow as pa

    def read(size: int) -> Iterable[pa.RecordBatch]:
        fetch = getattr(relation, "to_arrow_reader", None) or relation.fetch_record_batch
        return fetch(min(size, 16_384))  # type: ignore[no-any-return] # its version decides

    empty = relation.limit(0)
    fetch = getattr(empty, "to_arrow_table", None) or empty.fetch_arrow_table
    return _table(name, pa.schema(fetch().schema), read)


def _polars(frame: Any, name: str) -> Table:
    problems = Problems(name)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for start in range(0, frame.height, size):
            yield _from_polars(frame.slice(start, size), problems)

    schema = _from_polars(frame.head(100), Problems(name)).schema
    return Table(name, schema, _guarded(read, problems), problems=problems, rows=frame.height)


def _lazy(frame: Any, name: str) -> Table:
    problems = Problems(name)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        if hasattr(frame, "collect_batches"):
            pieces = frame.collect_batches(chunk_size=size, maintain_order=True)
        else:
            pieces = [frame.collect()]
        for piece in pieces:
            for start in range(0, piece.height, size):
                yield _from_polars(piece.slice(start, size), problems)

    empty = frame.collect_schema().to_frame()
    schema = _from_polars(empty, Problems(name)).schema
    return Table(name, schema, _guarded(read, problems), problems=problems)


def _from_polars(frame: Any, problems: Problems) -> pa.RecordBatch:
    import pyarrow as pa

    columns = []
    for series in frame.get_columns():
        noted: Counter[str] = Counter()
        array = None
        if "Object" not in str(series.dtype):  # Arrow would be given addresses of memory
            with contextlib.suppress(pa.ArrowException, TypeError, ValueError):
                array = series.to_arrow()
        if array is None:
            array = to_array(series.to_list(), noted)
        for kind, number in noted.items():
            where = f"column {series.name!r}"
            problems.count(f"values of the type {kind}, read by their str()", where, number)
        columns.append(one(array))
    return pa.RecordBatch.from_arrays(columns, names=list(frame.columns))


def _hugging(dataset: Any, name: str) -> Table:
    def read(size: int) -> Iterator[pa.RecordBatch]:
        for table in dataset.with_format("arrow").iter(batch_size=min(size, 4096)):
            yield from table.to_batches(max_chunksize=size)

    return _table(name, dataset.features.arrow_schema, read, dataset.num_rows)


def _splits(splits: Any, name: str) -> Table:
    parts = [
        (f"{name}/{split}", lambda split=split, data=data: _hugging(data, f"{name}/{split}"))
        for split, data in splits.items()
    ]
    table = chained(name, parts, (), Problems(name))
    table.rows = sum(data.num_rows for data in splits.values())
    return table
