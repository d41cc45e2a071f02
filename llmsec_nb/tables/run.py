"""A data set from its source to its report, on one core or several, with a clean way to stop."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ..core.finding import Failure, Skip
from ..core.table import TableReport
from ..sources.dataset import DatasetError, Table, open_table
from .conclude import conclude
from .fold import empty, merge, observe, skim
from .names import Names, Told, in_metadata, is_data
from .notes import unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .state import State

    Watch = Callable[[Any], object]
    Progress = Callable[[int | None], "Bar"]

ROWS: Final = 65_536
_TICK: Final = 0.1


class Bar(Protocol):
    """Shows progress, as tqdm does."""

    def update(self, n: float) -> Any:
        """So many rows more."""

    def close(self) -> Any:
        """No more will come."""


class Examined(NamedTuple):
    """A table and what stands beside its rows. `metadata` and `skips` hold no raw value."""

    report: TableReport
    names: Names
    metadata: list[Told]
    skips: list[Skip]


def profile(
    source: object,
    name: str = "",
    *,
    progress: Progress | None = None,
    jobs: int = 1,
    watch: Watch | None = None,
) -> TableReport:
    """Judge a data set: an object of pandas, polars, Arrow, DuckDB, a path or an address.

    `progress(total)` makes a bar, such as `lambda total: tqdm(total=total, unit="rows")`. An
    interrupt (KeyboardInterrupt) ends the reading: what was seen until then is reported, as
    incomplete. `jobs` threads share the work. `watch` is shown each batch, one at a time. Raises
    DatasetError when it cannot be opened.
    """
    table = source if isinstance(source, Table) else open_table(source, name, is_value=is_data)
    return examine(table, progress=progress, jobs=jobs, watch=watch).report


def examine(
    table: Table,
    *,
    progress: Progress | None = None,
    jobs: int = 1,
    watch: Watch | None = None,
    judge: bool = True,
) -> Examined:
    """As `profile`, of an open table, which is closed; with what stands beside its rows.

    Without `judge` only `watch` looks at the rows, and the report says of no column what it holds.
    """
    try:
        run = _Run(table, max(1, jobs), watch, judge=judge)
        report = run.report(progress)
    finally:
        table.close()
    names, state = run.names, run.whole
    skips = [Skip(path=one.path, message=names.hide(one.message)) for one in table.skips]
    skips += unseen(table.name, state, names) if judge else []
    return Examined(report, names, in_metadata(table.metadata, "(metadata)"), skips)


def _names(table: Table, state: State) -> Names:
    """Of the columns that were seen, and of those that the schema names."""
    columns = {path: column.names for path, column in state.columns.items()}
    if not state.rows:
        columns |= {field.name: tuple(_all(field)) for field in table.schema}
    return Names(columns)


def _all(field: Any) -> Iterator[str]:
    yield field.name
    kind = field.type
    for index in range(getattr(kind, "num_fields", 0)):
        yield from _all(kind.field(index))


class _Run:
    """One pass. Threads read and fold, so that an interrupt hits none of them halfway."""

    def __init__(self, table: Table, jobs: int, watch: Watch | None, *, judge: bool) -> None:
        first = empty(table.schema)
        self.table = table
        self.states = [first, *(empty(table.schema, seed=first.seed) for _ in range(jobs - 1))]
        self.batches: Iterator[Any] = table.batches(ROWS)
        self.watch = watch
        self.take = observe if judge else skim
        self.judge = judge
        self.reading = threading.Lock()
        self.watching = threading.Lock()
        self.stop = threading.Event()
        self.failures: list[Failure] = []
        self.shown = 0

    def report(self, progress: Progress | None) -> TableReport:
        """Read all of it, or until an interrupt."""
        interrupted = False
        bar = progress(self.table.rows) if progress else None
        with ThreadPoolExecutor(len(self.states), "llmsec-table") as pool:
            working = [pool.submit(self._work, state) for state in self.states]
            try:
                self._watch(working, bar)
            except KeyboardInterrupt:
                interrupted = True
            finally:
                self.stop.set()
        if bar is not None:
            if not interrupted:
                self._show(bar)
            bar.close()
        for future in working:
            future.result()
        whole = self.states[0]
        for state in self.states[1:]:
            whole = merge(whole, state)
        self.whole = whole
        self.names = _names(self.table, whole)
        return conclude(
            whole,
            self.table.name,
            rows=self.table.rows,
            complete=not interrupted and not self.failures,
            problems=[*self.table.problems, *self.failures],
            names=self.names,
            those=None if self.judge else (),
        )

    def _watch(self, working: list[Any], bar: Bar | None) -> None:
        waiting: Any = working
        while waiting:
            waiting = wait(waiting, _TICK).not_done
            if bar is not None:
                self._show(bar)

    def _show(self, bar: Bar) -> None:
        seen = sum(state.rows for state in self.states)
        if seen > self.shown:
            more, self.shown = seen - self.shown, seen
            bar.update(more)

    def _work(self, state: State) -> None:
        while not self.stop.is_set():
            with self.reading:
                batch = self._next()
            if batch is None:
                return
            self.take(state, batch)
            if self.watch is not None:
                with self.watching:
                    self.watch(batch)

    def _next(self) -> Any:
        """The next batch, None after the last; what cannot be read ends the reading.

        Messages of others are not repeated: they may quote values.
        """
        import pyarrow as pa

        try:
            return next(self.batches, None)
        except DatasetError as error:
            told = str(error)
        except (OSError, pa.ArrowException) as error:
            told = f"reading ended with {type(error).__name__}"
        self.failures.append(Failure(path=self.table.name, message=told))
        self.stop.set()
        return None
