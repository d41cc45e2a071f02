"""Columns of Python objects: each value keeps its type, each missing one stays what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .encoded import Encoded
from .leaves import is_record
from .scalars import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence


def encode_objects(rows: Sequence[Any]) -> Encoded:
    """The different values; those that cannot be compared stand each for itself."""
    import numpy as np

    known: dict[Any, int] = {}
    values: list[Any] = []
    counts: list[int] = []
    codes: list[int] = []
    for row in rows:
        key: Any = row if type(row) is str else (type(row), row)
        if is_record(row):  # equal ones may differ in what is not compared
            key = (id, len(values))
        try:
            code = known.get(key, -1)
        except TypeError:
            key, code = (id, len(values)), -1
        if code < 0 and not is_missing(row):
            code = known[key] = len(values)
            values.append(row)
            counts.append(0)
        if code >= 0:
            counts[code] += 1
        codes.append(code)

    def decode(news: list[Any]) -> Any:
        made = np.empty(len(codes), dtype=object)
        for n, (row, code) in enumerate(zip(rows, codes, strict=True)):
            new = row if code < 0 else news[code]
            made[n] = None if new is MISSING else new
        return made

    return Encoded(values, counts, decode, keyed=True)


def is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA: what is not equal to itself, or nothing at all."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    if isinstance(value, str) or hasattr(value, "__len__"):
        return False
    return bool(value != value)  # noqa: PLR0124 (that is what NaN is)
