"""Our side of each measurement, in one function each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.benchmarks.pii.eval_data import Span
from tests.benchmarks.pii.eval_rivals import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from llmsec_nb.core.rule import Confidence
    from llmsec_nb.rules.pii.recognizer import Hit
    from llmsec_nb.rules.pii.text import Engine

_SCORES: Final = {"high": 1.0, "medium": 0.6, "low": 0.2}
MEDIUM: Final = 0.5
# A date of birth is a date where only dates are asked for.
_AS_DATES: Final = frozenset({"DATE_OF_BIRTH"})


def texts(given: Iterable[str], which: str = "all") -> list[list[Span]]:
    """What is found in each text, scored by confidence; `which` is a name of ENGINES."""
    from llmsec_nb.rules.pii.recognizer import Scene

    engine = ENGINES[which]()
    return [list(map(_span, engine.hits(Scene(text)))) for text in given]


def _span(hit: Hit) -> Span:
    entity = hit.recognizer.entity
    kind = "DATE_TIME" if entity in _AS_DATES else entity
    return Span(kind, hit.start, hit.end, _SCORES[hit.confidence.value])


def _everything() -> Engine:
    from llmsec_nb.rules.pii.text import engine

    return engine()


def _by_default() -> Engine:
    from llmsec_nb.rules.pii.catalogue import recognizers
    from llmsec_nb.rules.pii.text import engine

    return engine(frozenset(one.rule.id for one in recognizers() if one.rule.default))


@cache
def _nine() -> Engine:
    """Numbers with a written shape are found by one walk, so it is given only those of the nine."""
    from llmsec_nb.rules.pii.catalogue import recognizers
    from llmsec_nb.rules.pii.ids.numbered import Numbered
    from llmsec_nb.rules.pii.ids.walk import Walk
    from llmsec_nb.rules.pii.text import Engine

    nine = [one for one in recognizers() if one.entity in KINDS]
    return Engine([Walk(tuple(one for one in nine if isinstance(one, Numbered))), *nine])


ENGINES: Final[dict[str, Callable[[], Engine]]] = {
    "all": _everything,
    "default": _by_default,
    "nine": _nine,
}
"""All recognizers, those whose rules are on by default, those of the opponent's nine kinds."""


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
