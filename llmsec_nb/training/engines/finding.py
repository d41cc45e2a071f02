"""The last pass: which rows belong to which suspect, and some of them to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ..detector import Span
from .fold import Guard

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ..detector import Suspect
    from ..rows import Rows
    from .fold import Task

SHOWN: Final = 2000
"""So many characters of a text are shown."""
_BEFORE: Final = 200
"""So many of them stand before the first mark, where not all marks fit."""

Sample = tuple[int, dict[str, str]]


@dataclass(slots=True)
class Found:
    """What was found of each suspect, in the order of detectors and suspects.

    `rows`: sorted, each once (int64). `samples`: of the lowest rows, their whole texts by column.
    """

    rows: list[NDArray[np.int64]] = field(default_factory=list)
    samples: list[list[Sample]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    read: int = 0
    complete: bool = True


class Finder:
    """Asks the detectors batch by batch; those of one detector must come in their order."""

    def __init__(self, task: Task, suspects: Sequence[Sequence[Suspect]], samples: int) -> None:
        """`suspects` stand by detector of the task; of each one so many rows are kept whole."""
        self.task = task
        self.suspects = suspects
        self.samples = samples
        self.guard = Guard()
        every = [one for those in suspects for one in those]
        self._places = {id(one): at for at, one in enumerate(every)}
        self._rows: list[list[NDArray[np.int64]]] = [[] for _ in every]
        self._samples: list[list[Sample]] = [[] for _ in every]

    def look(self, at: int, rows: Rows) -> None:
        """Let the detector at this place look at a batch."""
        detector, suspects = self.task.detectors[at], self.suspects[at]
        if suspects:
            self.guard.run(detector.name, "the search for rows", self._look, at, rows)

    def found(self) -> Found:
        """What was found in all batches."""
        import numpy as np

        none = np.zeros(0, np.int64)
        return Found(
            rows=[np.unique(np.concatenate([none, *those])) for those in self._rows],
            samples=self._samples,
            failed=self.guard.failed,
        )

    def _look(self, at: int, rows: Rows) -> None:
        import numpy as np

        for located in self.task.detectors[at].locate(self.suspects[at], rows):
            place = self._places[id(located.suspect)]
            inside = np.unique(np.asarray(located.rows, np.int64))
            if not len(inside):
                continue
            if inside[0] < 0 or inside[-1] >= len(rows):
                raise IndexError("a row beyond the batch")
            self._rows[place].append(inside + rows.start)
            self._sample(place, located.suspect, inside, rows)

    def _sample(self, place: int, suspect: Suspect, inside: NDArray[np.int64], rows: Rows) -> None:
        kept = self._samples[place]
        known = {row for row, _ in kept}
        for at in inside[: self.samples].tolist():
            row = rows.start + at
            if len(kept) < self.samples and row not in known:
                kept.append((row, texts_of(rows, at, suspect)))


def texts_of(rows: Rows, at: int, suspect: Suspect) -> dict[str, str]:
    """The texts of one row: of the columns that have a role, and of those of the suspect.

    Not the bytes of pictures; their row is told by its path, if there is such a column.
    """
    columns = dict.fromkeys([*suspect.columns, *rows.roles.named().values()])
    if rows.roles.image:
        columns["path"] = None
    return {
        column: rows.texts(column)[at].as_py() or ""
        for column in columns
        if _is_shown(rows, column)
    }


def _is_shown(rows: Rows, column: str) -> bool:
    import pyarrow as pa

    values = rows.column(column)
    if values is None:
        return False
    kind = values.type
    return not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def shown(
    task: Task, at: int, suspect: Suspect, samples: Sequence[Sample], guard: Guard
) -> tuple[list[Sample], list[list[Span]]]:
    """The samples cut around their marks, and the marks in what was cut."""
    detector = task.detectors[at]
    pieces: list[Sample] = []
    marks: list[list[Span]] = []
    for row, texts in samples:
        spans = guard.run(detector.name, "marking", _marked, detector, suspect, texts)
        piece, inside = cut(texts, spans or [])
        pieces.append((row, piece))
        marks.append(inside)
    return pieces, marks


def _marked(detector: Any, suspect: Suspect, texts: dict[str, str]) -> list[Span]:
    return [Span(*span) for span in detector.mark(suspect, texts)]


def cut(texts: dict[str, str], spans: Sequence[Span]) -> tuple[dict[str, str], list[Span]]:
    """Texts of at most 2,000 characters around their spans, and the spans within them."""
    pieces: dict[str, str] = {}
    inside: list[Span] = []
    for column, text in texts.items():
        those = [span for span in spans if span.column == column]
        mine = sorted((max(0, span.start), min(len(text), span.end)) for span in those)
        mine = [(start, end) for start, end in mine if start < end]
        first = _window(len(text), mine)
        pieces[column] = text[first : first + SHOWN]
        for start, end in mine:
            start, end = max(0, start - first), min(SHOWN, end - first)  # noqa: PLW2901 # as cut
            if start < end:
                inside.append(Span(column, start, end))
    return pieces, inside


def _window(length: int, spans: Sequence[tuple[int, int]]) -> int:
    """Where to begin: so that all spans are in the middle, or if that is not possible the first."""
    if length <= SHOWN or not spans:
        return 0
    low, high = spans[0][0], max(end for _, end in spans)
    room = SHOWN - (high - low)
    before = room // 2 if room >= 0 else _BEFORE
    return min(max(0, low - before), length - SHOWN)
