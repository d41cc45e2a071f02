"""Batches into a file: Parquet, lines of JSON, or CSV. It takes its place when all went well."""

from __future__ import annotations

import csv
import io
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

import msgspec

from .problems import LineageError
from .storage import demand_free, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from ..sources.dataset import Table

_TEXT: Final = "utf-8"


class Writer(Protocol):
    """Takes batches whose schema is the one that was planned."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Write all rows of a batch."""

    def close(self) -> None:
        """Write what is still due; the file stays open."""


class Output:
    """Takes batches of any schema that the table gives, with values for the added columns."""

    def __init__(self, writer: Writer, schema: pa.Schema) -> None:
        """`schema` is that of the file."""
        self._writer = writer
        self._schema = schema

    def write(self, batch: pa.RecordBatch, added: Sequence[pa.Array] = ()) -> None:
        """Write a batch; `added` are the values of the columns that the file has beyond it."""
        import pyarrow as pa

        named = dict(zip(distinct(batch.schema.names), batch.columns, strict=True))
        own = list(self._schema)[: len(self._schema) - len(added)]
        columns = [
            as_type(named[field.name], field.type)
            if field.name in named
            else pa.nulls(batch.num_rows, field.type)
            for field in own
        ]
        self._writer.write(pa.RecordBatch.from_arrays([*columns, *added], schema=self._schema))


@contextmanager
def opened_writer(
    path: Path, table: Table, *, force: bool, extra: Sequence[tuple[str, pa.DataType]] = ()
) -> Iterator[Output]:
    """A file for batches of `table`, by the suffix of `path`; `extra` columns come after its own.

    The table is read once before, for what columns and types it has. Raises LineageError,
    DatasetError.
    """
    import pyarrow as pa

    maker = _MAKERS.get(path.suffix.lower())
    if maker is None:
        known = ", ".join(_MAKERS)
        raise LineageError(f"{path.name}: rows are written to files that end in {known}")
    demand_free(path, force=force)
    fields = _unified(table)
    names = distinct([*(field.name for field in fields), *(name for name, _ in extra)])
    added = [pa.field(names[len(fields) + at], kind) for at, (_, kind) in enumerate(extra)]
    schema = pa.schema([*fields, *added])
    if maker is _Parquet:
        schema = _for_parquet(schema)
    with ExitStack() as stack:
        file = stack.enter_context(placed(path, force=force))
        writer = maker(file, schema)
        yield Output(writer, schema)
        writer.close()


def distinct(names: Sequence[str]) -> list[str]:
    """The names; the second of the same is `name (2)`."""
    found: list[str] = []
    for name in names:
        free, number = name, 2
        while free in found:
            free, number = f"{name} ({number})", number + 1
        found.append(free)
    return found


def _unified(table: Table) -> list[pa.Field]:
    """The columns of all batches, each of a type that holds all its values: text, if no other."""
    import pyarrow as pa

    kinds: dict[str, list[pa.DataType]] = {}
    for batch in table.batches():
        for name, kind in zip(distinct(batch.schema.names), batch.schema.types, strict=True):
            known = kinds.setdefault(name, [])
            if kind not in known:
                known.append(kind)
    if not kinds:
        kinds = {f.name: [f.type] for f in table.schema}
    return [pa.field(name, _common(types)) for name, types in kinds.items()]


def _common(types: Sequence[pa.DataType]) -> pa.DataType:
    import pyarrow as pa

    schemas = [pa.schema([("", kind)]) for kind in types]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive").field(0).type
    except pa.ArrowException:
        return pa.large_string()


def as_type(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """A column as another type; as text where Arrow cannot."""
    import pyarrow as pa

    if column.type.equals(kind):
        return column
    try:
        return column.cast(kind)
    except pa.ArrowException:
        texts = [None if value is None else _shown(value) for value in values_of(column)]
        return pa.array(texts, pa.large_string()).cast(kind)


def values_of(column: pa.Array) -> list[Any]:
    """The values for Python; maps are dicts, unless a key comes twice."""
    try:
        found: list[Any] = column.to_pylist(maps_as_pydicts="strict")
    except KeyError:
        found = column.to_pylist()
    return found


def encoded(value: Any) -> bytes:
    """A value as JSON: bytes in Base64, NaN and infinity as null, other kinds as text."""
    return msgspec.json.encode(value, enc_hook=str)


def _shown(value: Any) -> str:
    """A value as text: what is no number or text, as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode(_TEXT, "backslashreplace")
    if isinstance(value, float):
        return repr(value)
    return encoded(value).decode().strip('"')


class _Lines:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._file = file

    def write(self, batch: pa.RecordBatch) -> None:
        columns = [values_of(column) for column in batch.columns]
        names = batch.schema.names
        for row in zip(*columns, strict=True):
            self._file.write(encoded(dict(zip(names, row, strict=True))) + b"\n")

    def close(self) -> None:
        pass


class _Csv:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._text = io.TextIOWrapper(file, _TEXT, newline="", write_through=True)
        self._writer = csv.writer(self._text, lineterminator="\n")
        self._writer.writerow(schema.names)

    def write(self, batch: pa.RecordBatch) -> None:
        from ..sources.dataset.values import is_missing

        columns = [values_of(column) for column in batch.columns]
        for row in zip(*columns, strict=True):
            self._writer.writerow(["" if is_missing(value) else _shown(value) for value in row])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


def _for_parquet(schema: pa.Schema) -> pa.Schema:
    """The schema, with text where Parquet has no such type."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = []
    for field in schema:
        try:
            pq.ParquetWriter(pa.BufferOutputStream(), pa.schema([field])).close()
            fields.append(field)
        except pa.ArrowNotImplementedError:
            fields.append(pa.field(field.name, pa.large_string()))
    return pa.schema(fields)


class _Parquet:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._writer = pq.ParquetWriter(file, schema)

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)

    def close(self) -> None:
        self._writer.close()


_MAKERS: Final[dict[str, Callable[[IO[bytes], Any], Writer]]] = {
    ".parquet": _Parquet,
    ".pq": _Parquet,
    ".jsonl": _Lines,
    ".ndjson": _Lines,
    ".csv": _Csv,
}
