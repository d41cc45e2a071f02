"""A report as an object that every front end can show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .api import Outcome

MIME: Final = "application/vnd.llmsec.report.v1+json"


class Shown:
    """Text for terminals, HTML for notebooks, JSON for programs. Holds no raw value."""

    def __init__(self, outcome: Outcome) -> None:
        """Show `outcome`."""
        self.outcome = outcome

    @property
    def report(self) -> Any:
        """The report itself."""
        return self.outcome.report

    def __repr__(self) -> str:
        """The text report."""
        from .report.text import render_text

        return render_text(self.outcome).rstrip()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from .report.html import render_html
        from .report.json import builtins

        return {
            "text/plain": repr(self),
            "text/html": render_html(self.outcome),
            MIME: builtins(self.outcome.report),
        }
