"""What the engines have in common: parts go out, packed states and rows come back."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, Protocol

from ...sources.dataset import DatasetError
from .distributed import Distributed, of_table
from .fold import Folded
from .kept import KEPT, Reading
from .local import CHANGED
from .worker import Given, Place, Wanted, find_part, fold_part, gather, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...sources.dataset import Table
    from ..detector import Suspect
    from ..roles import Roles
    from .finding import Found
    from .fold import Task
    from .watch import Watch

FEW: Final = 8
"""So many states are merged at a time; what is left then is merged here."""
TICK: Final = 0.1
_SAFE_PATH: Final = "PYTHONSAFEPATH"
_MISSING: Final = re.compile(r"No module named '(\w{1,60})")


class Map(Protocol):
    """An engine, as far as engines differ."""

    name: str

    def fold(self, call: Callable[[int, Any], bytes], task: Task) -> list[bytes]:
        """`call(number, held)` for each part; then merged on the workers until few are left."""
        ...

    def each(self, call: Callable[[int, Any], bytes]) -> list[bytes]:
        """`call(number, held)` for each part."""
        ...

    def close(self) -> None:
        """Stop what was started for this."""
        ...


class Cluster:
    """Passes by workers; see Engine."""

    def __init__(self, engine: Map, data: Distributed, watch: Watch) -> None:
        """The engine is there, and can read the data."""
        self.name = engine.name
        self.engine = engine
        self.data = data
        self.place = Place(data.name, data.prepare)
        self.watch = watch
        self.counts: dict[int, int] | None = None

    def fold(self, task: Task) -> Folded:
        """See Engine."""
        blobs, problem = self._tried(
            lambda: self.engine.fold(partial(fold_part, task, self.place), task)
        )
        given = merged(task, blobs)
        rows = sum(given.counts.values())
        folded = Folded(rows, given.states, given.failed)
        if self.counts is None and not problem:
            self.data.problems += _once(given.failures)
            self.data.skips += _once(given.skips)
        self._judge(folded, given, problem)
        if problem:
            folded.states = {}
        return folded

    def find(self, task: Task, suspects: Sequence[Sequence[Suspect]], samples: int) -> Found:
        """See Engine. Suspects are filled in from rows that are sent here: see `telling`."""
        numbers = sorted(self.counts or {})
        sizes = [(self.counts or {})[number] for number in numbers]
        starts = dict(zip(numbers, accumulate([0, *sizes]), strict=False))
        wanted = Wanted(suspects, samples, starts)
        call = partial(find_part, task, self.place, wanted)
        blobs, problem = self._tried(lambda: self.engine.each(call))
        found, given = gather(task, wanted, blobs)
        self._judge(found, given, problem)
        return found

    def close(self) -> None:
        """See Engine."""
        self.engine.close()

    def _tried(self, call: Callable[[], list[bytes]]) -> tuple[list[bytes], str]:
        """What came back, and why nothing did. Errors of others are told by their type alone."""
        if self.watch.stopped:
            return [], "interrupted"
        self.watch.begin(None if self.counts is None else sum(self.counts.values()))
        try:
            return call(), ""
        except Stopped:
            return [], "interrupted"
        except Exception as error:  # noqa: BLE001 # an engine fails in any way it likes
            if self.watch.stopped:
                return [], "interrupted"
            if missing := _MISSING.search(str(error)):
                told = f"the workers of {self.name} cannot import {missing[1]}"
                return [], f"{told}: install llmsec-nb with its extras there, too"
            return [], f"{self.name} stopped with {type(error).__name__}"

    def _judge(self, result: Folded | Found, given: Given, problem: str) -> None:
        self.watch.saw(sum(given.counts.values()))
        changed = not problem and self.counts is not None and given.counts != self.counts
        if self.counts is None and not problem:
            self.counts = given.counts
        result.problems = list(dict.fromkeys(given.problems))
        if problem and problem != "interrupted":
            result.problems.append(problem)
        if changed:
            result.problems.append(CHANGED)
        result.complete = not (problem or result.problems)


class Stopped(Exception):
    """Somebody wants it to end."""


def held(table: Table | Distributed, roles: Roles, engine: str) -> Distributed:
    """What the workers are to read. A table is read here and sent, if it is not too large.

    Raises DatasetError.
    """
    if isinstance(table, Distributed):
        if table.kind not in {"", engine}:
            raise DatasetError(f"{table.name}: data of {table.kind}: only that engine reads it")
        return table
    reading = Reading(table, roles, keep=False)
    reading.restart()
    pieces = []
    size = 0
    while (piece := reading.next()) is not None:
        pieces.append(piece.batch)
        size += piece.batch.nbytes
        if size > KEPT:
            table.close()
            raise DatasetError(
                f"{table.name}: too large to be sent to {engine} from here: name the files, so "
                "that its workers read them"
            )
    if reading.failure:
        raise DatasetError(f"{table.name}: {reading.failure.removeprefix(f'{table.name}: ')}")
    made = of_table(table, pieces)
    made.problems, made.skips = table.problems, table.skips
    return made


@contextmanager
def safe_path(**more: str) -> Iterator[None]:
    """Interpreters that start now do not look into the working directory, which may be anyone's."""
    wanted = {_SAFE_PATH: "1", **more}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _once(things: list[Any]) -> list[Any]:
    return list(dict.fromkeys(things))
