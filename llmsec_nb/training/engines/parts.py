"""What a worker reads by itself: a file, some row groups of one, or rows that were sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from ...sources.dataset import DatasetError, Table, open_table
from ...sources.dataset.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

GROUPS: Final = 128 << 20
"""Row groups of a Parquet file are read together until they have so many bytes."""


class FilePart(msgspec.Struct, frozen=True, tag=True):
    """A file, or some row groups of a Parquet file. `keys` are columns that its folders name."""

    path: str
    shown: str
    groups: tuple[int, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()

    def open(self) -> Table:
        """On the worker. Raises DatasetError."""
        table = _by_groups(self) if self.groups else open_table(self.path, self.shown)
        return _keyed(table, self.keys) if self.keys else table


class BytesPart(msgspec.Struct, frozen=True, tag=True):
    """Rows of a table that was read here, as an Arrow stream."""

    name: str
    stream: bytes

    def open(self) -> Table:
        """On the worker."""
        import pyarrow as pa

        return open_table(pa.ipc.open_stream(self.stream).read_all(), self.name)


Part = FilePart | BytesPart


def split(part: FilePart) -> list[FilePart]:
    """A large Parquet file by its row groups, anything else whole."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not part.path.lower().endswith((".parquet", ".pq")) or not Path(part.path).is_file():
        return [part]
    try:
        metadata = pq.read_metadata(part.path)
    except (pa.ArrowException, OSError, ValueError):
        return [part]  # the worker says what is wrong with it
    parts: list[tuple[int, ...]] = [()]
    size = 0
    for group in range(metadata.num_row_groups):
        more = metadata.row_group(group).total_byte_size
        if parts[-1] and size + more > GROUPS:
            parts.append(())
            size = 0
        parts[-1] = (*parts[-1], group)
        size += more
    if len(parts) == 1:
        return [part]
    return [msgspec.structs.replace(part, groups=groups) for groups in parts]


def _by_groups(part: FilePart) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    problems = Problems(part.shown)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(part.path, pre_buffer=False) as file:
            for group in part.groups:
                try:
                    yield from file.iter_batches(size, row_groups=[group], use_threads=False)
                except (pa.ArrowException, OSError, ValueError):
                    problems.count("damaged row groups, not read to the end", f"{group}")

    try:
        schema = pq.read_schema(part.path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DatasetError(f"{part.shown}: not a Parquet file, or damaged") from error
    return Table(part.shown, schema, read, problems=problems)


def _keyed(table: Table, keys: Sequence[tuple[str, str]]) -> Table:
    """The table with what its folders say (`year=2024`) as columns of text."""
    import pyarrow as pa

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for batch in table.batches(size):
            for key, value in keys:
                if key not in batch.schema.names:
                    values = pa.repeat(pa.scalar(value), batch.num_rows)
                    batch = batch.append_column(key, values)  # noqa: PLW2901 # one column more
            yield batch

    schema = table.schema
    for key, _ in keys:
        if key not in schema.names:
            schema = schema.append(pa.field(key, pa.string()))
    made = Table(table.name, schema, read, problems=table.problems_found, rows=table.rows)
    made.skips, made.metadata = table.skips, table.metadata
    return made
