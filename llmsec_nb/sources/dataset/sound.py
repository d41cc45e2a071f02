"""Batches that later steps can trust: no offset out of bounds, no string that is not UTF-8.

Files hold what others wrote. Arrow itself reads past the end of a buffer when an offset says so,
and most of its functions stop at the first string that is not UTF-8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .views import fit

if TYPE_CHECKING:
    import pyarrow as pa

    from .problems import Problems

_DAMAGED: Final = "columns of batches that could not be read, their data are damaged"
_NOT_UTF8: Final = "strings that are not UTF-8, their odd bytes read as Windows-1252"

_ODD: Final = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(128, 256)
}


def mend(text: str) -> str:
    """`text`, decoded with `surrogateescape`, with its odd bytes as Windows-1252."""
    return text.translate(_ODD).encode("utf-8", "replace").decode()


def sound(batch: pa.RecordBatch, problems: Problems, row: int) -> pa.RecordBatch:
    """The batch, with what is damaged in it mended or left null, and stated.

    `row` is the number of its first row in the table, 0-based.
    """
    import pyarrow as pa

    try:
        batch.validate(full=True)
        valid = all(fit(column) for column in batch.columns)
    except pa.ArrowException:
        valid = False
    if not valid:
        names = batch.schema.names
        columns = [
            _column(column, name, problems, row)
            for name, column in zip(names, batch.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, names=names)
    return batch


def _column(column: pa.Array, name: str, problems: Problems, row: int) -> pa.Array:
    import pyarrow as pa

    where = f"column {name!r} from row {row + 1}"
    if not fit(column):
        problems.count(_DAMAGED, where)
        return pa.nulls(len(column))
    try:
        column.validate(full=True)
    except pa.ArrowException:
        try:
            return _mended(column, where, problems)
        except (pa.ArrowException, TypeError):
            problems.count(_DAMAGED, where)
            return pa.nulls(len(column))
    return column


def _mended(column: pa.Array, where: str, problems: Problems) -> pa.Array:
    """A column of strings that are not UTF-8. Raises ArrowException or TypeError for others."""
    import pyarrow as pa

    raw = {
        pa.string(): pa.binary(),
        pa.large_string(): pa.large_binary(),
        pa.string_view(): pa.binary_view(),
    }.get(column.type)
    if raw is None:
        if pa.types.is_primitive(column.type) or pa.types.is_decimal(column.type):
            column.validate()
            return column  # a number beyond its precision, an hour beyond its day
        raise TypeError("no strings")
    values = column.view(raw)
    values.validate(full=True)
    texts: list[str | None] = []
    odd = 0
    for value in values.to_pylist():
        try:
            texts.append(None if value is None else value.decode())
        except UnicodeDecodeError:
            texts.append(mend(value.decode("utf-8", "surrogateescape")))
            odd += 1
    problems.count(_NOT_UTF8, where, odd)
    return pa.array(texts, pa.large_string())
