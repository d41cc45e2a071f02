"""One pass of all detectors over some rows; between passes and machines a state is bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..detector import Plan, Suspect, TableDetector
    from ..rows import Rows
    from .finding import Found

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Task:
    """What one pass needs, wherever it runs: sent to threads, processes and machines.

    `starts` holds the packed empty states of a later pass by name; in the first one it is empty.
    """

    detectors: tuple[TableDetector[Any], ...]
    plan: Plan
    starts: dict[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Folded:
    """What one pass gave: packed states by name, and what went wrong in a detector, by its name.

    `problems` are what could not be read. `complete`: all rows were read.
    """

    rows: int = 0
    states: dict[str, bytes] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    complete: bool = True


class Engine(Protocol):
    """Runs passes over all rows of one data set."""

    name: str

    def fold(self, task: Task) -> Folded:
        """One pass: the merged states of all rows. An interrupt or damage makes it incomplete."""
        ...

    def find(self, task: Task, suspects: Sequence[Sequence[Suspect]], samples: int) -> Found:
        """The last pass: the rows of the suspects, which stand by detector of the task."""
        ...

    def close(self) -> None:
        """Free what was started for this scan; what was there before stays."""
        ...


class Guard:
    """Runs code of detectors: one that raises is left out from then on, and told by the type.

    The text of an error is never repeated: it may quote a row.
    """

    def __init__(self, failed: dict[str, str] | None = None) -> None:
        """`failed` holds what went wrong, by name of the detector; threads may share it."""
        self.failed: dict[str, str] = {} if failed is None else failed

    def run(self, name: str, what: str, call: Callable[..., Made], *args: Any) -> Made | None:
        """What `call` gives, None if it raised or the detector `name` has failed before."""
        if name in self.failed:
            return None
        try:
            return call(*args)
        except Exception as error:  # noqa: BLE001 # one detector must not take the others down
            self.failed.setdefault(name, f"{what} stopped with {type(error).__name__}")
            return None


class Fold:
    """The states of all detectors over the rows that one thread or one partition has seen."""

    def __init__(self, task: Task, failed: dict[str, str] | None = None) -> None:
        """The empty states of the pass."""
        self.task = task
        self.guard = Guard(failed)
        self.rows = 0
        self.states: dict[str, Any] = {}
        for detector in task.detectors:
            name = detector.name
            self._keep(name, self.guard.run(name, "a pass", self._start, detector))

    def observe(self, rows: Rows) -> None:
        """Take in a batch."""
        self.rows += len(rows)
        for detector in self.task.detectors:
            self.look(detector, rows)

    def look(self, detector: TableDetector[Any], rows: Rows) -> None:
        """Let one detector take in a batch."""
        name = detector.name
        if name in self.states:
            self.guard.run(name, "a pass", detector.observe, self.states[name], rows)

    def merge(self, other: Fold) -> None:
        """Take in what another one has seen, and use it up."""
        self.rows += other.rows
        self.guard.failed.update(other.guard.failed)
        for detector in self.task.detectors:
            self._merge(detector, other.states.pop(detector.name, None))

    def take(self, folded: Folded) -> None:
        """Take in what a pass elsewhere has given."""
        self.rows += folded.rows
        self.guard.failed.update(folded.failed)
        for detector in self.task.detectors:
            data = folded.states.get(detector.name)
            if data is not None:
                state = self.guard.run(detector.name, "a merge", detector.unpack, data)
                self._merge(detector, state)

    def packed(self) -> Folded:
        """All of it as bytes; the states are used up."""
        folded = Folded(rows=self.rows, failed=self.guard.failed)
        for detector in self.task.detectors:
            name = detector.name
            if name in self.states:
                data = self.guard.run(name, "packing", detector.pack, self.states.pop(name))
                if data is not None:
                    folded.states[name] = data
        return folded

    def _start(self, detector: TableDetector[Any]) -> Any:
        packed = self.task.starts.get(detector.name)
        return detector.empty(self.task.plan) if packed is None else detector.unpack(packed)

    def _merge(self, detector: TableDetector[Any], state: Any) -> None:
        name = detector.name
        if state is not None and name in self.states:
            mine = self.states[name]
            self._keep(name, self.guard.run(name, "a merge", detector.merge, mine, state))

    def _keep(self, name: str, state: Any) -> None:
        if state is None:
            self.states.pop(name, None)
        else:
            self.states[name] = state
