"""The one form in which all tables are read: batches of bounded rows and bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.finding import Failure, Skip
from .problems import DatasetError, Problems
from .sound import sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa


ROWS: Final = 65_536
BYTES: Final = 16 << 20
"""About as many bytes hold a batch, unless one row alone is larger."""
COLUMNS: Final = 2000
"""So many columns of a table are read."""
METADATA: Final = 1_000_000
"""So many characters of what stands beside the rows are kept."""


class Table:
    """A stream of record batches, and what is known of it.

    `schema` is what is known after opening and grows with what is read: a later file of a folder
    or a later line of JSON may bring columns that no earlier one had, or another type for one of
    the same name. What holds is the schema of each batch. `rows` counts rows, None when unknown.
    `part` names what is being read, a file of a folder say. `skips` is what was left out on
    purpose. `once` says that there can be only one pass. `metadata` are texts that stand beside the
    rows: raw, memory only.
    """

    def __init__(
        self,
        name: str,
        schema: pa.Schema,
        read: Callable[[int], Iterator[pa.RecordBatch]],
        *,
        problems: Problems,
        rows: int | None = None,
        once: bool = False,
    ) -> None:
        """`read(size)` starts a pass; `once` says that there can be no second one."""
        self.name = name
        self.schema = schema
        self.rows = rows
        self.part = name
        self.skips: list[Skip] = []
        self.metadata: list[str] = []
        self.problems_found = problems
        self._read = read
        self.once = once
        self._lasting: dict[str, Failure] = {}
        self._passes: list[Iterator[pa.RecordBatch]] = []
        problems.keep()

    @property
    def problems(self) -> list[Failure]:
        """What was wrong so far: with the opening, and with the pass that runs or ran last."""
        return [*self._lasting.values(), *self.problems_found.failures()]

    def batches(self, size: int = ROWS) -> Iterator[pa.RecordBatch]:
        """One pass over all rows: batches of at most `size` rows and of about 16 MB.

        What is damaged is left out and becomes a problem. Raises DatasetError when a source that
        can be read only once is read again.
        """
        if self.once and self._passes:
            raise DatasetError(f"{self.name}: a stream can be read only once, make a new one")
        self.problems_found.restart()
        passing = self._pass(max(1, size))
        self._passes = [passing]
        return passing

    def skip(self, message: str) -> None:
        """Say once that something was left out."""
        said = Skip(path=self.name, message=message)
        if said not in self.skips:
            self.skips.append(said)

    def describe(self, texts: Iterable[str]) -> None:
        """Keep what stands beside the rows; beyond a million characters it is a problem."""
        size = sum(map(len, self.metadata))
        for text in texts:
            if text in self.metadata:
                continue
            if size + len(text) > METADATA:
                told = f"metadata beyond {METADATA:,} characters were not looked at"
                self._lasting.setdefault(told, Failure(path=self.name, message=told))
                text = text[: METADATA - size]  # noqa: PLW2901 # the beginning is looked at
            size += len(text)
            if text:
                self.metadata.append(text)

    def close(self) -> None:
        """End a pass that still runs, and free what it holds."""
        for passing in self._passes:
            passing.close()  # type: ignore[attr-defined] # a generator

    def _pass(self, size: int) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        pool = pa.default_memory_pool()
        row = passed = 0
        for raw in self._read(size):
            if raw.num_columns > COLUMNS:
                self.problems_found.state(beyond(raw.num_columns))
                raw = raw.select(range(COLUMNS))  # noqa: PLW2901 # the others are not judged
            # Before anything else: even the size of a damaged batch is read out of bounds.
            batch = sound(raw, self.problems_found, row)
            if batch.num_columns and not batch.schema.equals(self.schema):
                self.schema = grown(self.schema, batch.schema)
            yield from bounded(batch, size)
            row += batch.num_rows
            passed += batch.nbytes
            if passed > BYTES // 2:  # Arrow keeps what it freed: half of the growth of a long pass
                pool.release_unused()
                passed = 0


def beyond(columns: int, read: int = COLUMNS) -> str:
    """That a table has more columns than are read."""
    return f"{columns - read:,} more columns than the {read:,} that are judged"


def grown(schema: pa.Schema, other: pa.Schema) -> pa.Schema:
    """`schema` and those columns of `other` that it does not name."""
    known = set(schema.names)
    for field in other:
        if field.name not in known:
            schema = schema.append(field)
    return schema


def bounded(batch: pa.RecordBatch, size: int) -> Iterator[pa.RecordBatch]:
    """The batch in pieces of at most `size` rows and about `BYTES` bytes. Nothing is copied."""
    rows = batch.num_rows
    if rows > 1:
        size = min(size, max(1, rows * BYTES // max(BYTES, batch.nbytes)))
    if rows <= size:
        yield batch
        return
    for start in range(0, rows, size):
        yield batch.slice(start, size)
