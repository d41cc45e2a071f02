"""Rows that fill in what only rows can say: found by workers, seen again where the scan runs.

A worker has copies of the suspects. Where a batch changed one of them, the smallest part of it is
sought that does the same, one row as a rule, and sent: the first row that has a trigger, say, or
the one whose text comes first in the alphabet. Seen again in their order, these rows do to the
suspects what all rows would have done.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ..rows import Rows
from .finding import Finder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ..detector import Suspect, TableDetector
    from .fold import Guard, Task

MOST: Final = 200
"""So many rows of a batch are sent where no single one does it."""


class Tale(msgspec.Struct, array_like=True):
    """Rows that told something of the suspect at this place: an Arrow stream, the first number."""

    place: int
    row: int
    stream: bytes


class Telling(Finder):
    """Finds rows on a worker, and keeps those that told something."""

    def __init__(self, task: Task, suspects: Sequence[Sequence[Suspect]], samples: int) -> None:
        """As Finder."""
        super().__init__(task, suspects, samples)
        self.tales: list[Tale] = []

    def _look(self, at: int, rows: Rows) -> None:
        import numpy as np

        before = [copied(suspect) for suspect in self.suspects[at]]
        super()._look(at, rows)
        for old, suspect in zip(before, self.suspects[at], strict=True):
            if _said(old) == _said(suspect):
                continue
            place = self._places[id(suspect)]
            those = [found - rows.start for found in self._rows[place]]
            mine = np.unique(np.concatenate([np.zeros(0, np.int64), *those]))
            every = np.arange(len(rows))
            tried = _Trial(self.task.detectors[at], old, _said(suspect), rows)
            self.tales.append(tried.tale(place, [mine[mine >= 0], every]))


class _Trial:
    """Whether some rows of a batch do to a suspect what all of them did."""

    def __init__(
        self, detector: TableDetector[Any], old: Suspect, said: tuple[Any, ...], rows: Rows
    ) -> None:
        self.detector = detector
        self.old = old
        self.said = said
        self.rows = rows

    def tale(self, place: int, choices: Sequence[NDArray[np.int64]]) -> Tale:
        """The smallest part of the first choice that does it."""
        those = next((one for one in choices if self._does(one)), choices[0])
        while len(those) > 1:
            middle = len(those) // 2
            half = next((one for one in (those[:middle], those[middle:]) if self._does(one)), None)
            if half is None:
                break
            those = half
        those = those[:MOST]
        row = self.rows.start + (int(those[0]) if len(those) else 0)
        return Tale(place, row, _stream(self._part(those)))

    def _does(self, those: NDArray[np.int64]) -> bool:
        suspect = copied(self.old)
        see(self.detector, suspect, Rows(self._part(those), self.rows.roles, self.rows.start))
        return _said(suspect) == self.said

    def _part(self, those: NDArray[np.int64]) -> Any:
        import pyarrow as pa

        return self.rows.batch.take(pa.array(those))


def see(detector: TableDetector[Any], suspect: Suspect, rows: Rows) -> int:
    """Let a detector fill in a suspect from rows; the number of finds."""
    return len(list(detector.locate([suspect], rows)))


def retell(
    task: Task, suspects: Sequence[Sequence[Suspect]], tales: Iterable[Tale], guard: Guard
) -> None:
    """Let the detectors see the rows that workers sent, in their order."""
    import pyarrow as pa

    owners = [
        (detector, suspect)
        for detector, mine in zip(task.detectors, suspects, strict=True)
        for suspect in mine
    ]
    for tale in sorted(tales, key=lambda tale: (tale.row, tale.place)):
        detector, suspect = owners[tale.place]
        for batch in pa.ipc.open_stream(tale.stream):
            rows = Rows(batch, task.plan.roles, tale.row)
            guard.run(detector.name, "the search for rows", see, detector, suspect, rows)


def copied(suspect: Suspect) -> Suspect:
    """One that may be filled in without the other."""
    made = copy.copy(suspect)
    made.also = list(made.also)
    return made


def _said(suspect: Suspect) -> tuple[Any, ...]:
    """The texts that `locate` may fill in."""
    also = tuple(suspect.also)
    return suspect.trigger, suspect.target, suspect.message, suspect.identity, also


def _stream(batch: Any) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())
