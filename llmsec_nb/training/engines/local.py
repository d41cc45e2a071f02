"""Passes on this machine: threads share the batches, each with states of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from .finding import Finder
from .fold import Fold, Folded
from .kept import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...sources.dataset import Table
    from ..detector import Suspect
    from ..roles import Roles
    from .finding import Found
    from .fold import Task
    from .kept import Piece
    from .watch import Watch

CHANGED = "the rows changed while they were read"


class Local:
    """Reads the table itself."""

    name = "local"

    def __init__(self, table: Table, roles: Roles, jobs: int, watch: Watch) -> None:
        """`jobs` threads; `watch` is told how far it is, and tells whether to stop."""
        self.reading = Reading(table, roles, jobs)
        self.jobs = max(1, jobs)
        self.watch = watch
        self.rows: int | None = None
        self.pool = ThreadPoolExecutor(self.jobs, "llmsec-data")

    def fold(self, task: Task) -> Folded:
        """See Engine."""
        self.watch.begin(self.rows if self.rows is not None else self.reading.table.rows)
        self.reading.restart()
        folded = self._folded(task).packed()
        self._judge(folded)
        return folded

    def find(self, task: Task, suspects: Sequence[Sequence[Suspect]], samples: int) -> Found:
        """See Engine. After an interrupt only what is in memory is looked at."""
        finder = Finder(task, suspects, samples)
        stops = self.watch.stops
        looking = [at for at, those in enumerate(suspects) if those]
        if not stops or self.reading.in_memory:
            self.watch.begin(self.rows)
            self.reading.restart()
            while self.watch.stops == stops and (piece := self.reading.next()) is not None:
                self._all(finder.look, looking, piece)
                self._seen(piece)
        found = finder.found()
        found.read = self.reading.read
        self._judge(found)
        return found

    def close(self) -> None:
        """See Engine."""
        self.pool.shutdown()
        self.reading.table.close()

    def _folded(self, task: Task) -> Fold:
        """Threads share the batches, or if there is but one, the detectors."""
        if self.reading.in_one:
            whole = Fold(task)
            while not self.watch.stopped and (piece := self.reading.next()) is not None:
                self._all(whole.look, task.detectors, piece)
                self._seen(piece)
                whole.rows += len(piece)
        else:
            failed: dict[str, str] = {}
            folds = [Fold(task, failed) for _ in range(self.jobs)]
            self._all(self._work, folds)
            whole = folds[0]
            for other in folds[1:]:
                whole.merge(other)
        if self.watch.stopped:
            self.reading.stop()
        return whole

    def _seen(self, piece: Piece) -> None:
        self.reading.release(piece)
        self.watch.saw(len(piece))

    def _work(self, fold: Fold) -> None:
        while not self.watch.stopped and (piece := self.reading.next()) is not None:
            fold.observe(piece)
            self._seen(piece)

    def _all(self, call: Callable[..., None], each: Sequence[Any], *more: Any) -> None:
        """Call it for each, at the same time as far as there are threads."""
        if len(each) == 1 or self.jobs == 1:
            for one in each:
                call(one, *more)
            return
        for future in [self.pool.submit(call, one, *more) for one in each]:
            future.result()

    def _judge(self, result: Folded | Found) -> None:
        """What was not read of the rows."""
        read = self.reading.read
        if self.rows is None:
            self.rows = read
        result.complete = not (self.reading.failure or self.watch.stopped or read != self.rows)
        if self.reading.failure:
            result.problems.append(self.reading.failure)
        elif not self.watch.stopped and read != self.rows:
            result.problems.append(CHANGED)
