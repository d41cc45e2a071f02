"""Reports rendered: one module a format, each a pure function of the outcome."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..api import Outcome

FORMATS: Final = ("text", "json", "sarif", "github")


def render(
    outcome: Outcome, form: str, *, color: bool = False, show_suppressed: bool = False
) -> str:
    """The outcome in one of FORMATS. Only text knows colour and the list of suppressed findings."""
    if form == "text":
        from .text import render_text

        return render_text(outcome, color=color, show_suppressed=show_suppressed)
    module = import_module(f".{form}", __name__)
    return str(module.render(outcome.report))
