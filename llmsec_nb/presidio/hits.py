"""What recognizers say of a batch of texts: hits, and the problems that hide some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .units import Units
from .walks import Late


class Hit(NamedTuple):
    """A span with a score, as a recognizer gives it; `enhanced`: its score has its context."""

    entity: str
    start: int
    end: int
    score: float
    source: str
    enhanced: bool = False


class Problem(NamedTuple):
    """Why what a recognizer would say of a text is missing: never holds any of the text."""

    text: int
    recognizer: str
    what: str


class Batch(NamedTuple):
    """Texts to analyze, and where results and problems go."""

    texts: Sequence[str]
    units: Units
    entities: list[str]
    artifacts: Callable[[int], Any]
    hits: list[list[Hit]]
    problems: list[Problem]
    seconds: float


def distinct(scored: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Without what lies in another span of the same or a higher score, as Presidio does it."""
    if len(scored) < 2:
        return scored
    kept: list[tuple[int, int, float]] = []
    active: list[tuple[int, int, float]] = []
    for one in sorted(set(scored), key=lambda one: (one[0], one[0] - one[1], -one[2])):
        start, end, score = one
        active = [other for other in active if other[1] >= start]
        if not any(other[1] >= end and other[2] >= score for other in active):
            kept.append(one)
            active.append(one)
    return kept


class guarded:  # noqa: N801 (used like a function)
    """What goes wrong with one text is told, and the others still have their turn."""

    def __init__(self, recognizer: str, text: int, problems: list[Problem]) -> None:
        self._where = text, recognizer
        self._problems = problems

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> bool:
        """Tells the type of an error only: its message may quote the text."""
        if kind is None or not issubclass(kind, Exception):
            return False
        self._problems.append(Problem(*self._where, said(kind)))
        return True


def said(kind: type[BaseException]) -> str:
    """An error in words, without what it quotes."""
    late = issubclass(kind, TimeoutError | Late)
    return "took too long" if late else f"stopped with {kind.__name__}"
