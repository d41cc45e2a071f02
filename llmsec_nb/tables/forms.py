"""What the values of a column are, personal or not: counters, times, hashes, categories, texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

NOBODYS: Final = frozenset(
    {"boolean", "counter", "date", "hash", "number", "time", "timestamp", "uuid", "version", "year"}
)
"""Such values are personal only if the column's name says so, or beyond doubt."""
_MOST: Final = 0.9
_LOOKED: Final = 400
_D: Final = "[0-9]"
_DAY: Final = rf"{_D}{{4}}-{_D}{{2}}-{_D}{{2}}"
_CLOCK: Final = rf"{_D}{{1,2}}:{_D}{{2}}(?::{_D}{{2}}(?:[.,]{_D}{{1,9}})?)?"
_ZONE: Final = rf"[ ]?(?:Z|UTC|[+-]{_D}{{2}}:?{_D}{{2}})?"
_X: Final = "[0-9a-f]"
_FORMS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("integer", rf"[+-]?{_D}{{1,40}}"),
        (
            "number",
            rf"[+-]?{_D}{{0,30}}[.,]?{_D}{{1,30}}(?:[eE][+-]?{_D}{{1,4}})?|[+-]?(?:nan|inf)",
        ),
        ("number", rf"{_D}{{1,3}}(?:,{_D}{{3}}){{1,6}}\.{_D}{{1,4}}"),
        ("number", r"[$€£¥][ ]?[0-9.,]{1,20}|[0-9.,]{1,20}[ ]?(?:[$€£¥%]|EUR|USD)"),
        ("boolean", r"(?i:true|false|yes|no|y|n|t|f)"),
        ("uuid", r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?"),
        ("time", rf"{_DAY}[ T]{_CLOCK}{_ZONE}"),
        ("time", rf"{_CLOCK}(?: ?[AaPp][Mm])?"),
        ("date", rf"{_D}{{4}}[-/.]{_D}{{1,2}}[-/.]{_D}{{1,2}}"),
        ("date", rf"{_D}{{1,2}}[-/.]{_D}{{1,2}}[-/.](?:{_D}{{2}}|{_D}{{4}})"),
        (
            "version",
            rf"v?{_D}{{1,5}}(?:\.{_D}{{1,5}}){{1,2}}(?:[.-]?(?:a|b|rc|dev|post)[.-]?{_D}{{0,5}})?",
        ),
        ("hash", "|".join(f"{_X}{{{size}}}" for size in (16, 24, 32, 40, 56, 64, 96, 128))),
        ("web address", r"(?:https?|ftp|s3|gs)://[^\s]{1,1900}"),
    )
)
_SECONDS: Final = (900_000_000, 2_200_000_000)
_YEARS: Final = (1900, 2100)
_FEW: Final = 50
_OFTEN: Final = 5
_DENSE: Final = 3


def form_of(values: Sequence[str], dtype: str, rows: int, distinct: int) -> str:
    """The form that most values have. `values`: some distinct ones; `rows`: how many there are."""
    if not values:
        return "empty"
    for name in ("bool", "date", "timestamp", "time", "duration"):
        if dtype.startswith(name):
            return {"bool": "boolean", "timestamp": "time", "duration": "time"}.get(name, name)
    looked = values[:_LOOKED]
    for name, pattern in _FORMS:
        fitting = [value for value in looked if pattern.fullmatch(value)]
        if len(fitting) >= _MOST * len(looked):
            return _integers(fitting, rows, distinct) if name == "integer" else name
    if distinct <= _FEW and rows >= _OFTEN * distinct:
        return "category"
    wordy = sum(value.count(" ") >= 3 or len(value) > 60 for value in looked)
    return "text" if wordy * 2 > len(looked) else "words"


def is_nobodys(value: str, form: str) -> bool:
    """Whether a value is of a form that is personal only by name; `form` is that of its column."""
    if value.isdecimal():
        return form in NOBODYS
    return any(pattern.fullmatch(value) for name, pattern in _FORMS if name in NOBODYS)


def _integers(values: Sequence[str], rows: int, distinct: int) -> str:
    numbers = [int(value) for value in values]
    low, high = min(numbers), max(numbers)
    if high - low < _DENSE * distinct and 2 * distinct > rows and distinct >= _FEW:
        return "counter"
    if _YEARS[0] <= low and high <= _YEARS[1]:
        return "year"
    if any(_SECONDS[0] * unit <= low and high <= _SECONDS[1] * unit for unit in _UNITS):
        return "timestamp"
    if distinct <= _FEW and rows >= _OFTEN * distinct:
        return "category"
    return "integer"


_UNITS: Final = (1, 10**3, 10**6, 10**9)
