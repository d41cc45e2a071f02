"""What is said of a table: plain data without a value of it, fit for JSON."""

from __future__ import annotations

from msgspec import Struct

from .problem import Failure
from .rule import Confidence, Severity


class Also(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A further kind that stands in a column.

    `hits` counts values; `exact` says that every candidate was looked at, otherwise it is an
    estimate from a sample.
    """

    kind: str
    rule: str
    hits: int
    confidence: Confidence
    severity: Severity
    country: str = ""
    masked: tuple[str, ...] = ()
    exact: bool = True


class ColumnReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One leaf: a column, or a path inside a nested one.

    `rows` counts its values, those of lists one by one; `nulls` those that are missing or empty.
    `kind` and `rule` are empty where there is no personal data. `share` is `hits` among the values
    that are there. `distinct` is an estimate beyond a few thousand. `form` is what the values look
    like: `text`, `category`, `number`, `counter`, `date`, `time`, `uuid`, `hash` ...
    """

    path: str
    dtype: str
    form: str
    rows: int
    nulls: int
    distinct: int
    kind: str = ""
    rule: str = ""
    share: float = 0.0
    hits: int = 0
    exact: bool = True
    confidence: Confidence | None = None
    severity: Severity | None = None
    country: str = ""
    note: str = ""
    masked: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()


class Trait(Struct, frozen=True, kw_only=True):
    """A column that tells people apart, with others. `unique`: share of rows alone in it."""

    path: str
    distinct: int
    unique: float


class Risk(Struct, frozen=True, kw_only=True):
    """How well rows can be told apart by the traits together.

    `smallest` is k, the rows of the smallest class; `unique` and `below_five` are shares of rows
    in classes of one row and of fewer than five. `estimated`: from a part of the classes.
    """

    traits: tuple[Trait, ...]
    rows: int
    classes: int
    smallest: int
    unique: float
    below_five: float
    estimated: bool = False


class TableReport(Struct, frozen=True, kw_only=True):
    """All columns. `rows` is None where nobody knows how many there are; `complete`: all seen."""

    name: str
    rows: int | None
    rows_seen: int
    complete: bool
    columns: tuple[ColumnReport, ...]
    risk: Risk | None = None
    problems: tuple[Failure, ...] = ()
