"""JSON as batches: each chunk of rows has the columns and the types that its values ask for."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from . import jsontext
from .problems import DatasetError, Problems
from .table import COLUMNS, Table
from .texts import as_utf8
from .values import is_sparse, members, to_array, to_map, utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from .places import Place

UNREADABLE: Final = "(unreadable)"
"""The column of text that is no JSON."""
VALUE: Final = "value"
"""The column of rows that are no objects."""
ROW: Final = "(row)"
"""The column of objects whose keys are data: most rows lack most keys, or keys are very many."""

_HEAD: Final = 1 << 16
_BYTES: Final = 2 << 20
_FIRST: Final = 1000


def open_json(place: Place, name: str) -> Table:
    """A table of JSON lines, of an array or of objects. Raises DatasetError, OSError."""
    problems = Problems(name)
    head = b"".join(as_utf8([place.head(_HEAD)], Problems(name)))
    if not head.strip():
        raise DatasetError(f"{name}: the file is empty")
    values = _form(head, place.suffix)

    def rows(found: Problems) -> Iterator[tuple[Any, int]]:
        return values(as_utf8(place.chunks(found), found), found)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for chunk in _chunks(rows(problems), size):
            yield batch_of(chunk)

    first = [value for value, _ in islice(rows(Problems(name)), _FIRST)]
    if all(isinstance(value, jsontext.Broken) for value in first):
        raise DatasetError(f"{name}: not JSON: neither lines of it nor an array or objects")
    return Table(name, batch_of(first).schema, read, problems=problems)


def batch_of(values: list[Any], noted: Counter[str] | None = None) -> pa.RecordBatch:
    """Rows of any kind as one batch."""
    import pyarrow as pa

    noted = Counter() if noted is None else noted
    rows = [_row(value) for value in values]
    keys, number = members(rows)
    if is_sparse(len(rows), number, len(keys)):
        columns, names = [to_map(rows, noted)], [ROW]
    else:
        rest: list[Any] = []
        if len(keys) > COLUMNS:
            keys = dict(islice(keys.items(), COLUMNS - 2))
            rest = [{key: row[key] for key in row if key not in keys} for row in rows]
        columns = [to_array([row.get(key) for row in rows], noted) for key in keys]
        names = [utf8(key) for key in keys]
        if rest:
            columns.append(to_map(rest, noted))
            names.append(ROW)
    if not columns:
        columns, names = [pa.nulls(len(rows))], [VALUE]
    return pa.RecordBatch.from_arrays(columns, names=names)


def _row(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    if isinstance(value, jsontext.Broken):
        return {UNREADABLE: value.text}
    return {VALUE: value}


def _chunks(values: Iterator[tuple[Any, int]], size: int) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    length = 0
    for value, number in values:
        chunk.append(value)
        length += number
        if len(chunk) >= size or length >= _BYTES:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def _form(head: bytes, suffix: str) -> Callable[..., Iterator[tuple[Any, int]]]:
    """Lines when the first one is a value of its own."""
    start = head.lstrip()
    if start.startswith(b"[") and suffix not in {".jsonl", ".ndjson"}:
        return jsontext.sequence
    line, end, _ = start.partition(b"\n")
    if not end and len(head) >= _HEAD // 2:  # a line longer than the head
        return jsontext.lines if suffix in {".jsonl", ".ndjson"} else jsontext.sequence
    lone = isinstance(jsontext.decode(line.strip()), jsontext.Broken)
    spread = line.strip() in {b"{", b"["} or line.rstrip().endswith(b",")
    return jsontext.sequence if lone and spread else jsontext.lines
