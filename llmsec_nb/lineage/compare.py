"""Which rows of a data set are not those that its manifest knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ..core.problem import Failure
from ..core.rule import Severity
from ..rules.poisoning.lineage import ROWS_CHANGED
from .diff import Changes, changes
from .digests import Digest, digest_table
from .encoding import ROW_FORMAT
from .keys import key_id
from .problems import SHOWN, LineageError, Problem
from .storage import inside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..sources.dataset import Table
    from .manifest import Entry

_NAMED = 5


def compare_rows(
    path: Path, name: str, entry: Entry, key: bytes, *, other_bytes: bool
) -> Iterator[Problem | Failure]:
    """Read the rows and compare them; `other_bytes`: files differ, so something has to be said.

    The same bytes are the same rows: no key is needed to know that. Raises LineageError, OSError.
    """
    from ..sources.dataset import DatasetError, open_table

    if entry.key_id and entry.key_id != key_id(key):
        if not other_bytes:
            return
        message = f"{name}: rows were not compared: their digests need the key"
        yield Failure(path=path.name, message=message, remedy="set LLMSEC_KEY")
        return
    if entry.format != ROW_FORMAT:
        message = f"{name}: rows were not compared: digests of format {entry.format} are not known"
        yield Failure(path=path.name, message=message, remedy="write the manifest anew")
        return
    try:
        table = open_table(inside(path.parent, entry.source), name)
        found = _by_rows(path, entry, table, key)
        digest = digest_table(table, key) if found is None else found.digest
    except DatasetError as error:
        yield Failure(path=path.name, message=str(error))
        return
    yield from digest.problems
    if other_bytes or digest.root != entry.root:
        yield _judged(name, entry, digest, found)


def _by_rows(path: Path, entry: Entry, table: Table, key: bytes) -> Changes | None:
    """The changes row by row; None where there is no file of row digests, or it is damaged."""
    if not entry.rows_file:
        return None
    try:
        return changes(inside(path.parent, entry.rows_file), table, key)
    except LineageError:
        return None  # `verify` tells what is wrong with it


def _judged(name: str, entry: Entry, digest: Digest, found: Changes | None) -> Problem:
    problem = Problem(rule=ROWS_CHANGED, message="", path=entry.source, data=name)
    if digest.root == entry.root:
        message = f"{name}: the rows are the same, only the files are written otherwise"
        return msgspec.structs.replace(problem, message=message, severity=Severity.INFO)
    if digest.multiset == entry.multiset:
        message = f"{name}: the rows are the same, in another order"
        return msgspec.structs.replace(problem, message=message, severity=Severity.LOW)
    columns = _columns(entry, digest)
    shards = _shards(entry, digest)
    if found is None:
        where = f" in {_some(shards, 0, 'shard')} of {entry.shard_rows:,} rows" if shards else ""
        message = f"{name}: rows have changed{where}; {entry.rows:,} then, {digest.rows:,} now"
        return msgspec.structs.replace(problem, message=message + columns, shards=shards)
    numbers = found.numbers()
    rows = tuple(numbers[:SHOWN].tolist())
    parts = []
    if rows:
        parts.append(f"{found.new:,} new ({_some(rows, found.new)})")
    if found.removed:
        gone = tuple(found.removed_rows[:SHOWN].tolist())
        where = _some(gone, found.removed)
        parts.append(f"{found.removed:,} gone ({where} of the manifest's version)")
    message = f"{name}: rows have changed: {', '.join(parts)}{columns}"
    return msgspec.structs.replace(
        problem, message=message, shards=shards, rows=rows, count=found.new
    )


def _shards(entry: Entry, digest: Digest) -> tuple[int, ...]:
    """The numbers of the shards that differ, where both were cut alike."""
    if not entry.shards or digest.shard_rows != entry.shard_rows:
        return ()
    longest = max(len(entry.shards), len(digest.shards))
    old = [*entry.shards, *[""] * (longest - len(entry.shards))]
    new = [*digest.shards, *[""] * (longest - len(digest.shards))]
    return tuple(n for n, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)


def _columns(entry: Entry, digest: Digest) -> str:
    """What is to be said of columns that came, went or hold other kinds of values."""
    names = sorted({*entry.columns, *digest.columns})
    odd = [n for n in names if entry.columns.get(n) != digest.columns.get(n)]
    return f"; other columns or kinds of values: {len(odd):,}" if odd else ""


def _some(numbers: tuple[int, ...], count: int = 0, what: str = "row") -> str:
    """The first numbers: "row 5", "rows 5, 7"."""
    count = count or len(numbers)
    shown = ", ".join(str(number) for number in numbers[:_NAMED])
    return f"{what}{'s' * (count > 1)} {shown}" + ", ..." * (count > _NAMED)
