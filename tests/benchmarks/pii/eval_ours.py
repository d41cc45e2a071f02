"""Our side of each measurement, in one function each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.benchmarks.pii.eval_data import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llmsec_nb.core.rule import Confidence

_SCORES: Final = {"high": 1.0, "medium": 0.6, "low": 0.2}
MEDIUM: Final = 0.5
# A date of birth is a date where only dates are asked for.
_AS_DATES: Final = frozenset({"DATE_OF_BIRTH"})


def texts(given: Iterable[str]) -> list[list[Span]]:
    """What is found in each text, scored by confidence."""
    from llmsec_nb.rules.pii.text import analyze

    found = []
    for text in given:
        spans = []
        for entity in analyze(text):
            kind = "DATE_TIME" if entity.kind in _AS_DATES else entity.kind
            spans.append(Span(kind, entity.start, entity.end, _SCORES[entity.confidence.value]))
        found.append(spans)
    return found


class Named(NamedTuple):
    """What a column was called, how surely, and the share of its values that are such."""

    kind: str | None
    confidence: Confidence
    share: float


def columns(table: Any) -> dict[str, Named]:
    """The verdict on each column of a frame, or of the table in a file."""
    from llmsec_nb.core.rule import Confidence
    from llmsec_nb.tables import profile

    report = profile(table)
    return {
        column.path: Named(column.kind or None, column.confidence or Confidence.LOW, column.share)
        for column in report.columns
    }
