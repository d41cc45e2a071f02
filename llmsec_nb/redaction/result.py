"""What a redaction gives back."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Generic, TypeVar

from .problems import StillThere

if TYPE_CHECKING:
    from .report import RedactionReport

T = TypeVar("T")


class Redacted(Generic[T]):
    """`data`, of the type that was given, and the `report` on what was done to it.

    It is shown as its report; no key is kept in it.
    """

    __slots__ = ("data", "report")

    def __init__(self, data: T, report: RedactionReport) -> None:
        self.data = data
        self.report = report

    def __repr__(self) -> str:
        return str(self.report)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()


def finished(data: T, report: RedactionReport) -> Redacted[T]:
    """The result; a warning where direct identifiers are left, for who only takes the data."""
    direct = [left for left in report.remaining if left.direct]
    if direct:
        kinds = ", ".join(sorted({left.kind for left in direct}))
        message = f"{report.name}: still there after the redaction: {kinds}; see .report.remaining"
        warnings.warn(message, StillThere, stacklevel=3)
    return Redacted(data, report)


def describe(result: Redacted[T]) -> str:
    """What `%llmsec redact` shows in a terminal: the report, and how to go on."""
    return f"{result.report}\nThe redacted data is `.data` of this result."
