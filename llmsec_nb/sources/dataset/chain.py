"""Several tables read in turn as one: the files of a folder, the splits of a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .problems import DatasetError, Problems
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    from ...core.finding import Skip

    Opener = Callable[[], Table]


def chained(
    name: str, parts: Sequence[tuple[str, Opener]], skips: Sequence[Skip], problems: Problems
) -> Table:
    """The parts in turn, each opened when its turn comes; one that cannot be is a problem.

    Raises DatasetError when none can be opened.
    """
    first = _first(name, parts)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for shown, opener in parts:
            table.part = shown
            part = _opened(opener, shown, problems)
            if part is None:
                continue
            try:
                yield from part.batches(size)
            finally:
                problems.take(part.problems)
                part.close()
                table.skips += [skip for skip in part.skips if skip not in table.skips]
                table.describe(part.metadata)
        table.part = name

    rows = first.rows if len(parts) == 1 else None
    table = Table(name, first.schema, read, problems=problems, rows=rows)
    table.skips.extend(skips)
    return table


def _first(name: str, parts: Sequence[tuple[str, Opener]]) -> Table:
    reason = "nothing in it is a table"
    for shown, opener in parts:
        try:
            return opener()
        except DatasetError as error:
            reason = str(error)
        except OSError as error:
            reason = f"{shown}: {error.strerror or 'cannot be read'}"
    raise DatasetError(reason if parts else f"{name}: {reason}")


def _opened(opener: Opener, shown: str, problems: Problems) -> Table | None:
    try:
        return opener()
    except DatasetError as error:
        problems.state(str(error))
    except OSError as error:
        problems.state(f"{shown}: cannot be read: {error.strerror or type(error).__name__}")
    return None
