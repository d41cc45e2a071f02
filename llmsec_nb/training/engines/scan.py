"""Pass after pass of all detectors on any engine, then conclusions, then rows."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ...core.dataset import Coverage
from ...core.detector import NotInstalled
from ...core.problem import Failure
from ..detector import Conclusion, Plan, Scene, TableDetector
from .finding import shown
from .fold import Guard, Task
from .ran import Ran

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .finding import Found
    from .fold import Engine, Folded
    from .watch import Watch

_REPORT: Final = "please report it"
_STALE: Final = "the state of the trusted version is stale or damaged: nothing was compared with it"
_RENEW: Final = "record the trusted version again"


class Wishes(NamedTuple):
    """What is asked for beside the detectors; see `run`."""

    trusted: Mapping[str, bytes]
    samples: int
    jobs: int


class Scan:
    """One run. Everything in it happens in one thread, or is handed to the engine."""

    def __init__(
        self,
        name: str,
        plan: Plan,
        detectors: Sequence[TableDetector[Any]],
        engine: Engine,
        watch: Watch,
        wishes: Wishes,
    ) -> None:
        self.name = name
        self.plan = plan
        self.detectors = detectors
        self.engine = engine
        self.watch = watch
        self.wishes = wishes
        self.guard = Guard()
        self.notes: dict[str, str] = {}
        self.stale: set[str] = set()
        self.told: dict[str, Coverage] = {}
        self.result = Ran()

    def ran(self) -> Ran:
        """Pass after pass, then the rows."""
        task = Task(tuple(one for one in self.detectors if self._applies(one)), self.plan)
        folded = self._pass(task)
        self.result.rows = folded.rows
        if folded.complete:
            self.result.states = dict(folded.states)
        number = 1
        while (following := self._judge(task, folded, number)) is not None:
            task, number = following, number + 1
            folded = self._pass(task)
        order = [one.name for one in self.detectors]
        conclusions = self.result.conclusions
        self.result.conclusions = {name: conclusions[name] for name in order if name in conclusions}
        self._find()
        self._cover()
        return self.result

    def _applies(self, detector: TableDetector[Any]) -> bool:
        name = detector.name
        try:
            why = detector.applies(self.plan)
        except NotInstalled as error:
            self.told[name] = Coverage(detector=name, state="missing", note=str(error))
            return False
        except Exception as error:  # noqa: BLE001 # one detector must not take the others down
            self.guard.failed[name] = f"its start stopped with {type(error).__name__}"
            return False
        if why:
            self.told[name] = Coverage(detector=name, state="not-applicable", note=why)
        return not why

    def _pass(self, task: Task) -> Folded:
        folded = self.engine.fold(task)
        self._note(folded)
        self.guard.failed.update(folded.failed)
        return folded

    def _note(self, result: Folded | Found) -> None:
        """What was not read."""
        self.result.complete &= result.complete
        for problem in result.problems:
            failure = Failure(path=self.name, message=problem.removeprefix(f"{self.name}: "))
            if failure not in self.result.failures:
                self.result.failures.append(failure)

    def _judge(self, task: Task, folded: Folded, number: int) -> Task | None:
        """Conclude what is through, and give the next pass of what is not; None if all are."""
        stops = self.watch.stops
        cut = "" if folded.complete else self._cut(folded.rows, number)
        usable = number == 1 or folded.rows == self.result.rows
        starts: dict[str, bytes] = {}

        def judge(detector: TableDetector[Any]) -> None:
            name = detector.name
            if cut:
                self.notes[name] = cut
            data = folded.states.pop(name, None)
            if data is None:
                return
            if self.watch.stops > stops or not usable:
                self.notes.setdefault(name, "interrupted before it was judged")
                return
            after = self.guard.run(name, "a pass", self._after, detector, data)
            if isinstance(after, Conclusion):
                self.result.conclusions[name] = after
            elif after is not None and not stops:
                starts[name] = after

        with ThreadPoolExecutor(self.wishes.jobs, "llmsec-judge") as pool:
            list(pool.map(judge, task.detectors))
        if not starts:
            return None
        return Task(tuple(d for d in task.detectors if d.name in starts), self.plan, starts)

    def _cut(self, rows: int, number: int) -> str:
        why = "interrupted" if self.watch.stopped else "reading ended"
        return f"{why} after {rows:,} rows" + (f" of pass {number}" if number > 1 else "")

    def _after(self, detector: TableDetector[Any], data: bytes) -> Conclusion | bytes:
        """The conclusion, or the packed empty state of the next pass.

        States are read back from their bytes, so that nothing hangs on how they came about.
        """
        state = detector.unpack(data)
        following = detector.advance(state, self.plan)
        if following is not None:
            return detector.pack(following)
        return detector.conclude(state, Scene(self.plan, self._trusted(detector)))

    def _trusted(self, detector: TableDetector[Any]) -> Any:
        data = self.wishes.trusted.get(detector.name)
        if data is None:
            return None
        try:
            return detector.unpack(data)
        except Exception:  # noqa: BLE001 # bytes from outside: whatever is wrong, they are stale
            self.stale.add(detector.name)
            return None

    def _find(self) -> None:
        """The rows of all suspects, and what is shown of them."""
        conclusions = self.result.conclusions
        those = tuple(one for one in self.detectors if one.name in conclusions)
        suspects = [conclusions[one.name].suspects for one in those]
        task = Task(those, self.plan)
        if not any(suspects):
            return
        found = self.engine.find(task, suspects, self.wishes.samples)
        self._note(found)
        self.guard.failed.update(found.failed)
        place = 0
        for at, mine in enumerate(suspects):
            for suspect in mine:
                self.result.located.append((suspect, found.rows[place]))
                pieces, marks = shown(task, at, suspect, found.samples[place], self.guard)
                self.result.samples[place], self.result.marks[place] = pieces, marks
                place += 1

    def _cover(self) -> None:
        """What each detector has looked at."""
        for detector in self.detectors:
            name = detector.name
            if name in self.stale:
                told = f"{name}: {_STALE}"
                self.result.failures.append(Failure(path=self.name, message=told, remedy=_RENEW))
            if name in self.guard.failed:
                told = f"{name}: {self.guard.failed[name]}"
                failure = Failure(path=self.name, message=told, remedy=_REPORT)
                self.result.failures.append(failure)
                self.notes[name] = self.guard.failed[name]
            conclusion = self.result.conclusions.get(name, Conclusion())
            notes = [self.notes[name]] if name in self.notes else []
            missing = [*notes, *conclusion.notes]
            note = "; ".join([*missing, *conclusion.remarks])
            state = "incomplete" if missing else "done"
            self.told.setdefault(name, Coverage(detector=name, state=state, note=note))
        self.result.coverage = tuple(self.told[one.name] for one in self.detectors)
