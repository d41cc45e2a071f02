"""What is new against an older version of a data set, row by row, as multisets.

Rows are told by half of their keyed digests (128 bits): where they stand in the file, and in what
format, does not count. Readers give types by chunks of a file where a column of JSON mixes them;
a row whose types came out otherwise counts as new and is looked at again.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.problem import Failure
from .digests import Digest, digest_of, folded
from .manifest import entry_of, is_manifest, read_manifest
from .multiset import Remaining
from .picking import picked
from .problems import LineageError
from .rowsfile import halves_of, read_rows
from .storage import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..sources.dataset import Table


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows of a new version against those of an old one.

    `added` has one truth a row of the new version. `removed_rows` are the numbers of the rows of
    the old one that are gone. `digest` is that of the new version, under the user's key or the one
    that was drawn; its `problems` say what could not be read of it. `problems` are those of the old
    version: what could not be read of it counts as new. `retyped` are columns that hold other kinds
    of values than before (a text among integers): rows read with them may count as new. `old_root`
    is empty where it is not known.
    """

    added: NDArray[np.bool_]
    removed_rows: NDArray[np.int64]
    kept: int
    digest: Digest
    old_root: str = ""
    retyped: tuple[str, ...] = ()
    problems: tuple[Failure, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the new version has."""
        return len(self.added)

    @property
    def new(self) -> int:
        """How many rows were added."""
        return int(self.added.sum())

    @property
    def removed(self) -> int:
        """How many rows are gone."""
        return len(self.removed_rows)

    @property
    def reordered(self) -> bool:
        """Whether the new version has the same rows in another order."""
        same = not self.new and not self.removed
        return same and bool(self.old_root) and self.old_root != self.digest.root

    def numbers(self) -> NDArray[np.int64]:
        """The numbers, in the new version, of the rows that were added."""
        import numpy as np

        return np.flatnonzero(self.added)


def changes(old: Any, new: Table, key: bytes = b"", *, name: str = "") -> Changes:
    """Which rows of `new` the old version does not have, in one pass over `new`.

    `old` is a manifest (`name` says which of its data sets, if there are several), a `.rows` file,
    a data file or folder, a data frame, or a Table. Without a key one is drawn for the comparison;
    a manifest and a `.rows` file need the key that they were made with. Held are about 40 bytes a
    row of the old version, and one a row of the new one.

    Raises LineageError, DatasetError.
    """
    import numpy as np

    secret = key or secrets.token_bytes(32)
    known = _known(old, secret, name, is_drawn=not key)
    remaining = Remaining(known.halves)
    masks: list[NDArray[np.bool_]] = []
    state = folded(
        new.batches(), secret, lambda digests: masks.append(remaining.take(halves_of(digests)))
    )
    added = np.concatenate(masks) if masks else np.zeros(0, bool)
    digest = digest_of(state, secret, new.problems)
    return Changes(
        added=added,
        removed_rows=remaining.where(known.halves),
        kept=len(added) - int(added.sum()),
        digest=digest,
        old_root=known.root,
        retyped=_retyped(known, digest),
        problems=known.problems,
    )


class _Old(NamedTuple):
    """The old version: the halves of its row digests, and what else is known of it."""

    halves: Any
    root: str
    columns: dict[str, str] | None = None
    problems: tuple[Failure, ...] = ()


def _known(old: Any, key: bytes, name: str, *, is_drawn: bool) -> _Old:
    """The digests of the old version's rows."""
    from ..sources.dataset import Table, open_table

    if isinstance(old, str | os.PathLike):
        path = Path(os.fsdecode(old))
        if path.suffix == ".rows" or is_manifest(path):
            if is_drawn:
                raise LineageError(f"{path.name}: is compared under its key: set LLMSEC_KEY")
            return _kept(path, key, name)
    table = old if isinstance(old, Table) else open_table(old)
    return _of_table(table, key)


def _kept(path: Path, key: bytes, name: str) -> _Old:
    """What a `.rows` file holds, or the one that a manifest names for a data set."""
    if path.suffix == ".rows":
        rows = read_rows(path, key)
        return _Old(rows.halves, rows.root)
    name, entry = entry_of(read_manifest(path), name, path)
    if not entry.rows_file:
        raise LineageError(
            f"{path.name}: keeps no digests of the rows of {name!r}: give the old data themselves"
        )
    rows = read_rows(inside(path.parent, entry.rows_file), key)
    if rows.root != entry.root:
        raise LineageError(f"{entry.rows_file}: was made of another version than {path.name} says")
    return _Old(rows.halves, rows.root, entry.columns)


def _of_table(table: Table, key: bytes) -> _Old:
    import numpy as np

    parts: list[Any] = [np.zeros((0, 2), "<u8")]
    state = folded(table.batches(), key, lambda digests: parts.append(halves_of(digests)))
    digest = digest_of(state, key, table.problems)
    return _Old(np.concatenate(parts), digest.root, digest.columns, digest.problems)


def _retyped(old: _Old, new: Digest) -> tuple[str, ...]:
    """Columns of both versions that hold other kinds of values than before."""
    before = old.columns or {}
    both = sorted(name for name, kinds in before.items() if kinds and new.columns.get(name))
    return tuple(name for name in both if before[name] != new.columns[name])


def only_new(table: Table, found: Changes) -> Table:
    """The rows that were added, as a table: row i is row `found.numbers()[i]` of `table`.

    `table` is read again, by the same batches; if it has another number of rows by then, that is
    a problem of the new table.
    """
    from ..sources.dataset import Table as Made
    from ..sources.dataset.problems import Problems

    problems = Problems(table.name)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        import numpy as np

        start = 0
        try:
            for batch in table.batches(size):
                made.part = table.part
                mask = found.added[start : start + batch.num_rows]
                start += batch.num_rows
                if mask.any():
                    yield picked(batch, np.flatnonzero(mask))
        finally:
            problems.take(table.problems)
        if start != found.rows:
            problems.state(f"has {start:,} rows now and had {found.rows:,} when it was compared")

    made = Made(table.name, table.schema, read, problems=problems, rows=found.new)
    made.skips, made.metadata = table.skips, table.metadata
    return made
