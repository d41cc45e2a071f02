"""What workers do, wherever they are: one part of the rows in, a few bytes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from ...core.problem import Failure, Skip
from ...sources.dataset import DatasetError, Table, open_table
from ..detector import Suspect
from .finding import Found
from .fold import Fold, Folded, Guard
from .kept import Reading
from .parts import BytesPart, FilePart
from .telling import Tale, Telling, copied, retell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows
    from .fold import Task

Prepare = Callable[[Table], Table]


class Place(NamedTuple):
    """What the data are called, and what is to be made of the table of each part."""

    name: str
    prepare: Prepare | None = None


class Wanted(NamedTuple):
    """What is searched for: suspects by detector, so many samples of each one.

    `starts` is the number of the first row, by part.
    """

    suspects: Sequence[Sequence[Suspect]]
    samples: int
    starts: dict[int, int]


class Given(msgspec.Struct):
    """What parts gave, as it travels. `counts`: rows by number of the part.

    `rows` (int64, as bytes) and `samples` stand by suspect. Raw texts, of samples and tales, travel
    by the engine's own channel to where the scan was asked for.
    """

    counts: dict[int, int] = msgspec.field(default_factory=dict)
    states: dict[str, bytes] = msgspec.field(default_factory=dict)
    failed: dict[str, str] = msgspec.field(default_factory=dict)
    problems: list[str] = msgspec.field(default_factory=list)
    failures: list[Failure] = msgspec.field(default_factory=list)
    skips: list[Skip] = msgspec.field(default_factory=list)
    rows: list[bytes] = msgspec.field(default_factory=list)
    samples: list[list[tuple[int, dict[str, str]]]] = msgspec.field(default_factory=list)
    tales: list[Tale] = msgspec.field(default_factory=list)


def fold_part(task: Task, place: Place, number: int, held: Any) -> bytes:
    """The states of all detectors over one part, as a packed `Given`.

    `held` is a Part, or an object that `open_table` reads.
    """
    fold = Fold(task)
    given = _read(task, place, number, held, fold.observe)
    return msgspec.msgpack.encode(_with(given, fold.packed()))


def merge(task: Task, blobs: Sequence[bytes]) -> bytes:
    """What several parts gave, as one."""
    return msgspec.msgpack.encode(merged(task, blobs))


def merged(task: Task, blobs: Sequence[bytes]) -> Given:
    """What several parts gave; of none: what no rows give."""
    whole = Given()
    fold = Fold(task)
    for blob in blobs:
        given = msgspec.msgpack.decode(blob, type=Given)
        fold.take(Folded(0, given.states, given.failed))
        whole.counts.update(given.counts)
        whole.problems += given.problems
        whole.failures += given.failures
        whole.skips += given.skips
    return _with(whole, fold.packed())


def find_part(task: Task, place: Place, wanted: Wanted, number: int, held: Any) -> bytes:
    """The rows of suspects in one part, as a packed `Given`."""
    # Copies: a worker may be a thread of this process.
    suspects = [[copied(suspect) for suspect in mine] for mine in wanted.suspects]
    finder = Telling(task, suspects, wanted.samples)

    def look(rows: Rows) -> None:
        for at in range(len(suspects)):
            finder.look(at, rows)

    given = _read(task, place, number, held, look, wanted.starts.get(number, 0))
    found = finder.found()
    given.failed = found.failed
    given.rows = [rows.tobytes() for rows in found.rows]
    given.samples = found.samples
    given.tales = finder.tales
    return msgspec.msgpack.encode(given)


def gather(task: Task, wanted: Wanted, blobs: Sequence[bytes]) -> tuple[Found, Given]:
    """What all parts found. The suspects here are filled in from what rows told."""
    import numpy as np

    suspects = wanted.suspects
    every = [msgspec.msgpack.decode(blob, type=Given) for blob in blobs]
    whole = Given()
    for given in every:
        whole.counts.update(given.counts)
        whole.failed.update(given.failed)
        whole.problems += given.problems
        whole.tales += given.tales
    places = range(sum(map(len, suspects)))
    rows = [[np.frombuffer(given.rows[at], np.int64) for given in every] for at in places]
    shown = [
        sorted((one for given in every for one in given.samples[at]), key=itemgetter(0))
        for at in places
    ]
    shown = [those[: wanted.samples] for those in shown]
    none: NDArray[np.int64] = np.zeros(0, np.int64)
    guard = Guard(whole.failed)
    retell(task, suspects, whole.tales, guard)
    found = Found([np.unique(np.concatenate([none, *those])) for those in rows], shown)
    found.failed = whole.failed
    return found, whole


def _read(
    task: Task, place: Place, number: int, held: Any, see: Callable[[Rows], None], start: int = 0
) -> Given:
    """Show all rows of a part, and tell what could not be read."""
    given = Given()
    try:
        if isinstance(held, FilePart | BytesPart):
            table = held.open()
        else:
            table = open_table(held, place.name)
        if place.prepare is not None:
            table = place.prepare(table)
    except DatasetError as error:
        given.problems.append(str(error))
        given.counts[number] = 0
        return given
    reading = Reading(table, task.plan.roles, start=start, keep=False)
    reading.restart()
    while (piece := reading.next()) is not None:
        see(piece)
    table.close()
    given.counts[number] = reading.read
    given.failures, given.skips = table.problems, table.skips
    if reading.failure:
        given.problems.append(f"{table.part}: {reading.failure.removeprefix(f'{table.part}: ')}")
    return given


def _with(given: Given, folded: Folded) -> Given:
    given.states = folded.states
    given.failed = folded.failed
    return given
