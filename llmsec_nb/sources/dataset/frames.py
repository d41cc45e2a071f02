"""pandas objects as batches: column by column, and value by value where Arrow refuses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from .metadata import described
from .problems import Problems
from .table import COLUMNS, Table, beyond
from .values import is_deep, one, to_array, utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

_FIRST: Final = 256


def open_frame(frame: Any, name: str) -> Table:
    """A DataFrame, with those levels of its index that are more than row numbers."""
    problems = Problems(name)
    labels = _labels(frame)
    room = max(0, COLUMNS - len(labels))
    if len(frame.columns) > room:
        problems.state(beyond(len(labels) + len(frame.columns)))
    columns = [_name(label) for label in frame.columns[:room]]

    def rows(start: int, stop: int, found: Problems) -> pa.RecordBatch:
        import pyarrow as pa

        piece = frame.iloc[start:stop]
        parts = [_array(piece.index.get_level_values(at), label, found) for at, label in labels]
        parts += [_array(piece.iloc[:, at], column, found) for at, column in enumerate(columns)]
        names = [label for _, label in labels] + columns
        return pa.RecordBatch.from_arrays(parts, names=names)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for start in range(0, len(frame), size):
            yield rows(start, min(len(frame), start + size), problems)

    schema = rows(0, _FIRST, Problems(name)).schema
    table = Table(name, schema, read, problems=problems, rows=len(frame))
    table.describe(described(frame.attrs))
    return table


def open_series(series: Any, name: str) -> Table:
    """A Series as a table of one column."""
    table = open_frame(series.to_frame("value" if series.name is None else series.name), name)
    table.describe(described(series.attrs))
    return table


def _labels(frame: Any) -> list[tuple[int, str]]:
    """The levels of the index to look at: named ones, and unnamed ones that are no integers."""
    index = frame.index
    found = []
    for at, label in enumerate(index.names):
        if label is not None:
            found.append((at, _name(label)))
        elif index.get_level_values(at).dtype.kind not in "iu":
            found.append((at, "(index)" if index.nlevels == 1 else f"(index {at + 1})"))
    return found


def _name(label: object) -> str:
    """A column's label; the levels of a MultiIndex are joined by dots."""
    if isinstance(label, tuple):
        return utf8(".".join(str(part) for part in label if str(part)))
    return utf8(str(label))


def _array(column: Any, name: str, problems: Problems) -> pa.Array:
    import pyarrow as pa

    noted: Counter[str] = Counter()
    deep = column.dtype == object and is_deep(column)
    try:
        array = to_array(list(column), noted) if deep else pa.array(column, from_pandas=True)
    except Exception:  # noqa: BLE001 # an extension type's own code: its values are still there
        array = to_array(list(column), noted)
    for kind, number in noted.items():
        problems.count(
            f"values of the type {kind}, read by their str()", f"column {name!r}", number
        )
    return one(array)
