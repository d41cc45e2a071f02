"""Delimited text (csv, tsv) as batches of strings, in blocks of whole records.

Every value stays the string that it is: leading zeros, long numbers. Arrow parses; what does not
fit its idea of a table is parsed here, line by line, so that nothing is left out.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from .problems import DatasetError, Problems
from .sniff import SAMPLE, Dialect, fields, lines_of, sniff
from .table import COLUMNS, Table, beyond
from .texts import as_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from .places import Place

EXTRA: Final = "(extra)"
"""The column of lists that holds the fields of a line beyond the named ones."""

_WIDEST: Final = COLUMNS - 1
"""So many columns are read where there are too many: one more holds what rows have beyond."""
_BLOCK: Final = 2 << 20
_LONGEST: Final = 32 << 20
_RAGGED: Final = f"rows of another length (missing fields are null, others under {EXTRA!r})"


def open_delimited(place: Place, name: str) -> Table:
    """A table of delimited text. Raises DatasetError, OSError."""
    import pyarrow as pa

    problems = Problems(name)
    head = b"".join(as_utf8([place.head(SAMPLE * 4)], Problems(name)))
    if not head.strip():
        raise DatasetError(f"{name}: the file is empty")
    if b"\0" in head[:4096]:
        raise DatasetError(f"{name}: no text: it holds zero bytes")
    dialect = sniff(head, place.suffix, whole=len(head) < SAMPLE)
    if place.is_value is not None and dialect.start and place.is_value(dialect.names[:COLUMNS]):
        dialect = sniff(head, place.suffix, whole=len(head) < SAMPLE, named=False)
    if len(dialect.names) > COLUMNS:
        problems.state(beyond(len(dialect.names), _WIDEST))
    newline = b"\n" if b"\n" in head else b"\r"

    def read(size: int) -> Iterator[pa.RecordBatch]:
        reader = _Reader(dialect, problems)
        yield from reader.ragged([(f"row {row + 1}", texts) for row, texts in enumerate(above)])
        stream = as_utf8(place.chunks(problems), problems)
        for block in blocks(_after(stream, dialect.start), newline, quoted=dialect.quoted):
            yield from reader.parse(block, size)
        if dialect.start and not reader.row:
            table.skip("the only row is taken for the names of columns: there are no values")

    above = dialect.before
    schema = pa.schema([(column, pa.string()) for column in _read(dialect)])
    table = Table(name, schema, read, problems=problems)
    return table


def _read(dialect: Dialect) -> tuple[str, ...]:
    """The names of the columns that are read."""
    return dialect.names if len(dialect.names) <= COLUMNS else dialect.names[:_WIDEST]


def blocks(chunks: Iterable[bytes], newline: bytes, *, quoted: bool) -> Iterator[bytes]:
    """The text in blocks of about 2 MB that end where a record ends; 32 MB at most."""
    buffer = b""
    waiting: list[bytes] = []
    size = 0
    wanted = _BLOCK
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size < wanted:
            continue
        buffer = b"".join(waiting)
        cut = _cut(buffer, newline, quoted=quoted)
        if not cut and size >= _LONGEST:
            cut = buffer.rfind(newline) + 1 or size
        if cut:
            yield buffer[:cut]
            wanted = _BLOCK
        else:
            wanted = min(size * 2, _LONGEST)
        waiting = [buffer[cut:]]
        size -= cut
    if size:
        yield b"".join(waiting)


def _cut(buffer: bytes, newline: bytes, *, quoted: bool) -> int:
    """Where the last record ends: behind the last line end that no quotes enclose; 0 if none."""
    end = buffer.rfind(newline)
    if not quoted or end < 0:
        return end + 1
    odd = buffer.count(b'"', 0, end) % 2
    while odd:
        start = buffer.rfind(newline, 0, end)
        if start < 0:
            return 0
        odd = (odd + buffer.count(b'"', start, end)) % 2
        end = start
    return end + 1


def _after(chunks: Iterable[bytes], skip: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[skip:]
        skip = max(0, skip - len(chunk))


class _Reader:
    """One pass over a file: the rows so far, and what was wrong with them."""

    def __init__(self, dialect: Dialect, problems: Problems) -> None:
        self.dialect = dialect
        self.problems = problems
        self.row = 0

    def parse(self, block: bytes, size: int) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        if not block.strip():
            return
        odd: list[tuple[str, str]] = []

        def handle(row: Any) -> str:
            odd.append((f"row {self.row + row.number}", row.text))
            return "skip"

        try:
            table = self._table(block, handle)
        except (pa.ArrowException, UnicodeDecodeError):
            odd = [("", line) for line in lines_of(block.decode("utf-8", "replace"))]
            where = f"from row {self.row + 1}"
            self.problems.count("blocks whose quotes do not match, read by lines", where)
        else:
            if self._runs_on(block, table):
                yield from self._halves(block, size)
                return
            self.row += table.num_rows
            yield from table.to_batches(max_chunksize=size)
        yield from self.ragged(self._fields(odd))

    def _runs_on(self, block: bytes, table: pa.Table) -> bool:
        """Whether a quote is never closed, so that the last value holds all lines after it."""
        if not self.dialect.quoted or not block.count(b'"') % 2 or not table.num_rows:
            return False
        last = table.slice(table.num_rows - 1).to_pylist()[0].values()
        return any(value is not None and ("\n" in value or "\r" in value) for value in last)

    def _halves(self, block: bytes, size: int) -> Iterator[pa.RecordBatch]:
        newline = b"\n" if b"\n" in block else b"\r"
        cut = _cut(block, newline, quoted=True)
        yield from self.parse(block[:cut], size)
        self.problems.count(
            "quotes that are never closed, what follows read by lines", f"row {self.row + 1}"
        )
        lines = lines_of(block[cut:].decode("utf-8", "replace"))
        yield from self.ragged(self._fields([("", line) for line in lines]))

    def ragged(self, rows: list[tuple[str, list[str]]]) -> Iterator[pa.RecordBatch]:
        """Rows with any number of fields; those of another number than named are counted."""
        import pyarrow as pa

        rows = [row for row in rows if row[1]]
        if not rows:
            return
        width = len(self.dialect.names)
        read = _read(self.dialect)
        for where, values in rows:
            self.row += 1
            if len(values) != width:
                self.problems.count(_RAGGED, where or f"row {self.row}")
        columns = [
            pa.array([values[at] or None if at < len(values) else None for _, values in rows])
            for at in range(len(read))
        ]
        columns = [column.cast(pa.string()) for column in columns]
        names = list(read)
        if any(len(values) > width for _, values in rows):
            extra = [values[width:] or None for _, values in rows]
            columns.append(pa.array(extra, pa.list_(pa.string())))
            names.append(EXTRA)
        yield pa.RecordBatch.from_arrays(columns, names=names)

    def _fields(self, odd: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
        """Fields of odd records; one of several lines is an open quote, so its lines are rows."""
        delimiter, quoted = self.dialect.delimiter, self.dialect.quoted
        return [
            (where, fields(line, delimiter, quoted=quoted and line.count('"') % 2 == 0))
            for where, text in odd
            for line in (lines_of(text) if text.count('"') % 2 else [text])
        ]

    def _table(self, block: bytes, handle: Any) -> pa.Table:
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

        # Names of our own: those of the table may come twice.
        numbers = [str(number) for number in range(len(self.dialect.names))]
        read = numbers[: len(_read(self.dialect))]
        # One block: Arrow would take a record that ends beyond its block for an error.
        reading = arrow_csv.ReadOptions(
            use_threads=False, column_names=numbers, block_size=len(block) + 1
        )
        parsing = arrow_csv.ParseOptions(
            delimiter=self.dialect.delimiter,
            quote_char='"' if self.dialect.quoted else False,
            newlines_in_values=self.dialect.quoted,
            invalid_row_handler=handle,
        )
        converting = arrow_csv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(read, pa.string()),
            include_columns=read,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        )
        table = arrow_csv.read_csv(
            io.BytesIO(block),
            read_options=reading,
            parse_options=parsing,
            convert_options=converting,
        )
        return table.rename_columns(list(_read(self.dialect)))
