"""Parquet, Feather and Arrow IPC: files that are tables already, read in small pieces."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .metadata import of_schema
from .problems import DatasetError, Problems
from .table import BYTES, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from .places import Place

_BUFFER: Final = 1 << 18
_PROBE: Final = 64
_ROWS: Final = 16_384
"""Larger batches of Parquet take more memory and are not read faster."""
_MAPPED: Final = 256 << 20
_MAGIC: Final = b"ARROW1"


def open_parquet(place: Place, name: str) -> Table:
    """A Parquet file, by row groups. Raises DatasetError, OSError."""
    import pyarrow as pa

    if place.compression:
        raise DatasetError(f"{name}: Parquet cannot be read through {place.compression}: unpack it")
    problems = Problems(name)
    try:
        with _parquet(place) as file:
            schema, rows = _named(file.schema_arrow), file.metadata.num_rows
    except (pa.ArrowException, ValueError) as error:
        raise DatasetError(f"{name}: not a Parquet file, or damaged or encrypted") from error

    def read(size: int) -> Iterator[pa.RecordBatch]:
        with _parquet(place) as file:
            for group in range(file.num_row_groups):
                yield from _group(file, group, size, problems)

    table = Table(name, schema, read, problems=problems, rows=rows)
    table.describe(of_schema(schema))
    return table


def open_ipc(place: Place, name: str) -> Table:
    """An Arrow IPC file (Feather) or stream. Raises DatasetError, OSError."""
    import pyarrow as pa

    problems = Problems(name)
    is_file = place.head(len(_MAGIC)) == _MAGIC
    if is_file and place.compression:
        raise DatasetError(f"{name}: Feather cannot be read through {place.compression}: unpack it")
    opening = _ipc_file if is_file else _ipc_stream
    try:
        with opening(place) as reader:
            schema = _named(reader.schema)
            rows = _count(reader) if is_file else None
    except (pa.ArrowException, OSError, EOFError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise DatasetError(f"{name}: not an Arrow file or stream, or damaged") from error

    def read(size: int) -> Iterator[pa.RecordBatch]:
        with opening(place) as reader:
            yield from (_file_batches if is_file else _stream_batches)(reader, problems)

    table = Table(name, schema, read, problems=problems, rows=rows)
    table.describe(of_schema(schema))
    return table


def _named(schema: pa.Schema) -> pa.Schema:
    """The schema. Raises UnicodeDecodeError when a name in it is not UTF-8."""
    pending = list(schema)
    while pending:
        field = pending.pop()
        field.name.encode()  # the name itself raises
        kind = field.type
        if hasattr(kind, "num_fields"):
            pending += [kind.field(index) for index in range(kind.num_fields)]
    return schema


@contextmanager
def _parquet(place: Place) -> Iterator[Any]:
    import pyarrow.parquet as pq

    # Neither whole column chunks (buffer_size) nor whole row groups (pre_buffer) in memory.
    with (
        place.open() as raw,
        pq.ParquetFile(
            place.path if place.fs is None else raw, buffer_size=_BUFFER, pre_buffer=False
        ) as file,
    ):
        yield file


def _group(file: Any, group: int, size: int, problems: Problems) -> Iterator[pa.RecordBatch]:
    """One row group. Where it is damaged, the rest of it is left out."""
    import pyarrow as pa

    done = 0
    try:
        size = _rows(file, group, size)
        for batch in file.iter_batches(size, row_groups=[group], use_threads=False):
            yield batch
            done += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, TypeError):
        lost = file.metadata.row_group(group).num_rows - done
        problems.count("rows in damaged row groups, not read", f"row group {group}", lost)


def _rows(file: Any, group: int, size: int) -> int:
    """How many rows of the group make about 16 MB, judged by its metadata and its first rows."""
    metadata = file.metadata.row_group(group)
    width = metadata.total_byte_size / max(1, metadata.num_rows)
    if metadata.num_rows <= _PROBE:
        return size
    # A dictionary keeps equal values once: what the metadata call small may be large when read.
    first = next(file.iter_batches(_PROBE, row_groups=[group], use_threads=False), None)
    if first is not None and first.num_rows:
        width = max(width, first.nbytes / first.num_rows)
    return max(1, min(size, _ROWS, int(BYTES / max(1.0, width))))


@contextmanager
def _ipc_file(place: Place) -> Iterator[Any]:
    import pyarrow as pa

    with place.open() as raw, pa.ipc.open_file(pa.PythonFile(raw, mode="r")) as reader:
        length = Path(place.path).stat().st_size if place.fs is None else 0
        if length < _MAPPED * max(1, reader.num_record_batches):
            yield reader
            return
        # A batch of hundreds of megabytes: mapped, its pages need not stay. Otherwise not: the
        # process would die if another one cut the file off meanwhile.
        with pa.memory_map(place.path) as mapped, pa.ipc.open_file(mapped) as large:
            yield large


@contextmanager
def _ipc_stream(place: Place) -> Iterator[Any]:
    import pyarrow as pa

    with place.unpacked() as raw, pa.ipc.open_stream(_Reading(raw)) as reader:
        yield reader


class _Reading:
    """A stream that gives as many bytes as asked for, as Arrow expects, if there are so many."""

    closed = False

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def read(self, size: int = -1) -> bytes:
        parts: list[bytes] = []
        # Never as much at once as a damaged file says that it holds.
        while size > 0 and (data := self.raw.read(min(size, _BUFFER))):
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    def close(self) -> None:
        """The place closes what it opened."""


def _count(reader: Any) -> int | None:
    return int(reader.count_rows()) if hasattr(reader, "count_rows") else None


def _file_batches(reader: Any, problems: Problems) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for index in range(reader.num_record_batches):
        try:
            batch = reader.get_batch(index)
        except (pa.ArrowException, OSError, ValueError):
            problems.count("batches of the file that are damaged, not read", f"batch {index}")
            continue
        yield batch


def _stream_batches(reader: Any, problems: Problems) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    row = 0
    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            return
        except (pa.ArrowException, OSError, EOFError, ValueError):
            problems.state(f"the stream is damaged: nothing was read after row {row}")
            return
        yield batch
        row += batch.num_rows
