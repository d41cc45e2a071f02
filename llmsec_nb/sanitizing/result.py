"""What `sanitize` gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from .report import Change, SanitizeReport

T = TypeVar("T")


class Quarantine(Generic[T]):
    """The rows that were set aside, as they were: `data`, of the type that was given.

    `rows` are their numbers in the data as given, `reasons` the rules that did it, row by row.
    """

    __slots__ = ("data", "reasons", "rows")

    def __init__(
        self, data: T, rows: tuple[int, ...], reasons: tuple[tuple[str, ...], ...]
    ) -> None:
        self.data = data
        self.rows = rows
        self.reasons = reasons

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Quarantine({len(self)} rows)"


class Sanitized(Generic[T]):
    """`data`, of the type that was given; the `report`; the rows that were `quarantined`.

    It is shown as its report.
    """

    __slots__ = ("_before", "data", "quarantined", "report")

    def __init__(
        self, data: T, report: SanitizeReport, quarantined: Quarantine[T], before: T
    ) -> None:
        self.data = data
        self.report = report
        self.quarantined = quarantined
        self._before = before

    @property
    def changes(self) -> tuple[Change, ...]:
        """All that was found: see `Change`."""
        return self.report.changes

    def restore(self) -> T:
        """The data as it was given, byte by byte, rows that were set aside among them."""
        return self._before

    def __repr__(self) -> str:
        return str(self.report)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()
