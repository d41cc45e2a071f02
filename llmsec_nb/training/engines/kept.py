"""The rows of a table, pass after pass: from memory when they are few, otherwise read again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ...sources.dataset import DatasetError
from ..rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa

    from ...sources.dataset import Table
    from ..roles import Roles

Made = TypeVar("Made")
ROWS: Final = 65_536
_SMALL: Final = 16_384
"""So few rows are not shared out: the detectors' fixed costs would be paid twice."""
_BYTES: Final = 16 << 20
KEPT: Final = 160 << 20
"""So many bytes of batches are kept for the next pass."""
MADE: Final = 64 << 20
"""So many bytes of what detectors share (tokens) are kept beside them."""


class Piece(Rows):
    """A batch that may be seen again."""

    weighed = 0

    def __init__(self, batch: pa.RecordBatch, roles: Roles, start: int = 0) -> None:
        """As Rows, for threads that share it."""
        super().__init__(batch, roles, start)
        self._locks: dict[Any, threading.RLock] = {}

    def once(self, key: Any, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once: others that want the same wait."""
        if key not in self._made:
            with self._locks.setdefault(key, threading.RLock()):
                return super().once(key, make)
        found: Made = self._made[key]
        return found

    def weight(self) -> int:
        """About how many bytes hold what was made of it."""
        return sum(map(_weight, list(self._made.values())))

    def forget(self) -> None:
        """Drop what was made of it."""
        self._made = {}
        self.weighed = 0


class Reading:
    """All rows in their order, as often as asked for. Threads may share it.

    `failure` says why a pass ended early, empty if it did not.
    """

    def __init__(
        self, table: Table, roles: Roles, jobs: int = 1, *, start: int = 0, keep: bool = True
    ) -> None:
        """Nothing is read before the first pass. `start` is the number of the first row."""
        self.table = table
        self.roles = roles
        self.size = batch_size(table.rows, jobs)
        self.failure = ""
        self.read = 0
        self._start = start
        self._keep = keep
        self._kept: list[Piece] | None = None
        self._whole = False
        self._bytes = self._made = 0
        self._coming: Iterator[Piece] = iter(())
        self._lock = threading.Lock()

    @property
    def in_one(self) -> bool:
        """Whether all rows are known to fit one batch."""
        rows = self.table.rows
        return rows is not None and rows <= self.size

    @property
    def in_memory(self) -> bool:
        """Whether another pass needs no source."""
        return self._kept is not None

    def restart(self) -> None:
        """Begin a pass: what `next` gives starts with the first row again."""
        self.read = 0
        self.failure = ""
        if self._whole and self._kept is not None:
            self._coming = iter(self._kept)
            return
        self._kept = [] if self._keep and not self._whole else None
        self._bytes = self._made = 0
        try:
            batches = self.table.batches(self.size)
        except DatasetError as error:
            self.failure = str(error)
            self._coming = iter(())
            return
        self._coming = self._pieces(gathered(batches, self.size))

    def next(self) -> Piece | None:
        """The next rows, None after the last or where reading failed.

        Messages of other libraries are not repeated: they may quote values.
        """
        import pyarrow as pa

        with self._lock:
            if self.failure:
                return None
            try:
                piece = next(self._coming, None)
            except DatasetError as error:
                self.failure = str(error)
            except (OSError, pa.ArrowException) as error:
                self.failure = f"reading ended with {type(error).__name__}"
            if self.failure:
                self._whole = True
                return None
            if piece is None:
                self._whole = True
            else:
                self.read += len(piece)
            return piece

    def release(self, piece: Piece) -> None:
        """All detectors have seen it: what was made of it stays while that is little."""
        weight = piece.weight()
        with self._lock:
            more = weight - piece.weighed
            if self._kept is not None and self._made + more <= MADE:
                self._made += more
                piece.weighed = weight
                return
            self._made -= piece.weighed
        piece.forget()

    def stop(self) -> None:
        """No more rows of this pass are wanted: what was read is all there is."""
        with self._lock:
            self._whole = True
            self._coming = iter(())

    def _pieces(self, batches: Iterator[pa.RecordBatch]) -> Iterator[Piece]:
        start = self._start
        for batch in batches:
            piece = Piece(batch, self.roles, start)
            start += len(piece)
            self._bytes += batch.nbytes
            if self._bytes > KEPT:
                self._kept = None
            if self._kept is not None:
                self._kept.append(piece)
            yield piece


def batch_size(rows: int | None, jobs: int) -> int:
    """How many rows a batch has at most, so that all jobs have the same to do."""
    if rows is None or jobs < 2 or rows <= _SMALL:
        return ROWS
    rounds = -(-rows // (jobs * ROWS))
    return max(_SMALL // 2, -(-rows // (jobs * rounds)))


def gathered(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Small batches in a row as one, of at most `rows` rows and about 16 MB; empty ones dropped.

    What raises does so when all before it was given.
    """
    waiting: list[pa.RecordBatch] = []
    number = size = 0
    coming = iter(batches)
    while True:
        try:
            batch = next(coming, None)
        except Exception:
            yield from _joined(waiting)
            raise
        if batch is None:
            break
        if not batch.num_rows:
            continue
        fits = number + batch.num_rows <= rows and size + batch.nbytes <= _BYTES
        if waiting and not (fits and batch.schema.equals(waiting[0].schema)):
            yield from _joined(waiting)
            waiting, number, size = [], 0, 0
        waiting.append(batch)
        number += batch.num_rows
        size += batch.nbytes
    yield from _joined(waiting)


def _joined(batches: list[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    import pyarrow as pa

    if len(batches) < 2:
        return batches
    try:
        table = pa.Table.from_batches(batches).combine_chunks()
        return [batch for batch in table.to_batches() if batch.num_rows]
    except pa.ArrowException:  # a type that Arrow cannot join: the batches serve as they are
        return batches


def _weight(value: Any) -> int:
    """About how many bytes, of arrays in what detectors make."""
    size = getattr(value, "nbytes", None)
    if isinstance(size, int):
        return size
    if isinstance(value, dict):
        return 100 * len(value) + sum(map(_weight, value.values()))
    if isinstance(value, list | tuple):
        return 8 * len(value) + sum(map(_weight, value))
    if isinstance(value, str | bytes):
        return len(value) + 50
    names: Iterable[str] = getattr(type(value), "__slots__", getattr(value, "__dict__", ()))
    return 50 + sum(_weight(getattr(value, name, None)) for name in names)
