"""The file that advisories are kept in: SQLite, written whole and then put in its place."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from .paths import AHEAD, LAYOUT, time_of
from .readers import BadSource, Unreadable
from .record import Osv, kept_of, summary_of, weight_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .record import Kept

_TABLES: Final = """
create table meta (key text primary key, value text not null) without rowid;
create table advisory (
  id text primary key, aliases text not null, summary text not null, severity text not null,
  malicious integer not null, modified text not null
) without rowid;
create table affected (
  name text not null, id text not null, versions text not null, events text not null
);
"""
_ROW: Final = "insert into affected (rowid, name, id, versions, events) values (?, ?, ?, ?, ?)"
_DAY: Final = 86_400
"""Seconds."""
_INDEX: Final = "create index affected_name on affected (name)"


class Counts(msgspec.Struct):
    """What was found in a source. `newest` is the time of the newest record, empty if none says."""

    records: int = 0
    malicious: int = 0
    withdrawn: int = 0
    unreadable: int = 0
    elsewhere: int = 0
    newest: str = ""


def write(path: Path, records: Iterable[Osv | Unreadable], meta: Mapping[str, str]) -> Counts:
    """Write all records; the file is whole, or the old one stays.

    `meta` is what is said of it; `written` in it is the time that it is now. Raises BadSource when
    there is nothing for PyPI in it, OSError when it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    handle, name = tempfile.mkstemp(prefix=".advisories-", suffix=".part", dir=path.parent)
    os.close(handle)
    try:
        counts = _fill(name, records, meta)
        _settle(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    return counts


def _sweep(folder: Path) -> None:
    """Take away what an update left that was ended in the middle; none takes a day."""
    for part in folder.glob(".advisories-*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _DAY:
                part.unlink()


def _settle(name: str, path: Path) -> None:
    """The bytes are on the disk before the name is."""
    with Path(name).open("rb+") as stream:
        os.fsync(stream.fileno())
    Path(name).replace(path)


def _fill(name: str, records: Iterable[Osv | Unreadable], meta: Mapping[str, str]) -> Counts:
    with contextlib.closing(sqlite3.connect(name)) as connection:
        connection.executescript("pragma journal_mode = off; pragma synchronous = off;" + _TABLES)
        writer = _Writer(connection, time_of(meta.get("written", "")) or datetime.now(UTC))
        for record in records:
            writer.add(record)
        counts = writer.counts
        if not counts.records:
            first = f"; the first: {writer.reason}" if writer.reason else ""
            raise BadSource(
                f"no advisory for PyPI in it ({counts.elsewhere} for others, "
                f"{counts.withdrawn} withdrawn, {counts.unreadable} unreadable){first}"
            )
        connection.execute(_INDEX)
        known = {
            "layout": LAYOUT,
            **meta,
            **{k: str(v) for k, v in msgspec.to_builtins(counts).items()},
        }
        connection.executemany("insert into meta values (?, ?)", sorted(known.items()))
        connection.commit()
    return counts


class _Known(NamedTuple):
    """A record that is kept: when it was written, and the first and last of its rows."""

    moment: datetime | None
    first: int
    last: int
    is_malicious: bool


class _Writer:
    """Keeps records, of several by one id the one that was written last."""

    def __init__(self, connection: sqlite3.Connection, now: datetime) -> None:
        self.connection = connection
        self.counts = Counts()
        self.reason = ""
        self._latest = now + AHEAD
        self._newest: datetime | None = None
        self._known: dict[str, _Known] = {}
        self._row = 0

    def add(self, record: Osv | Unreadable) -> None:
        """Keep a record, or count it."""
        if isinstance(record, Unreadable):
            self._unread(str(record))
            return
        moment = time_of(record.modified)
        if not self._is_last(record, moment):
            return
        kept = [] if record.withdrawn else kept_of(record)
        try:
            self._insert(record, kept)
        except ValueError:  # a text that is none, or a number that nobody would write
            self._unread("a text that cannot be kept")
            return
        self._count(record, is_kept=bool(kept))
        first = self._row - len(kept) + 1
        self._known[record.id] = _Known(moment, first, self._row, record.is_malicious)
        if moment is None or moment > self._latest or not kept:
            return
        if self._newest is None or moment > self._newest:
            self._newest = moment
            self.counts.newest = moment.isoformat(timespec="seconds")

    def _unread(self, reason: str) -> None:
        self.counts.unreadable += 1
        self.reason = self.reason or reason

    def _count(self, record: Osv, *, is_kept: bool) -> None:
        if is_kept:
            self.counts.records += 1
            self.counts.malicious += record.is_malicious
        elif record.withdrawn:
            self.counts.withdrawn += 1
        else:
            self.counts.elsewhere += 1

    def _is_last(self, record: Osv, moment: datetime | None) -> bool:
        """Whether nothing by that id was written later; what was written earlier goes."""
        before = self._known.get(record.id)
        if before is None:
            return True
        if before.moment is not None and (moment is None or moment < before.moment):
            return False
        if before.last >= before.first:
            rows = before.first, before.last
            self.connection.execute("delete from affected where rowid between ? and ?", rows)
            self.connection.execute("delete from advisory where id = ?", (record.id,))
            self.counts.records -= 1
            self.counts.malicious -= before.is_malicious
        return True

    def _insert(self, record: Osv, kept: Sequence[Kept]) -> None:
        """Write the rows of a record. Raises ValueError for a text that is none."""
        rows = [
            (self._row + number, one.name, record.id, one.versions, _text(one.events))
            for number, one in enumerate(kept, 1)
        ]
        if not rows:
            return
        own = (
            record.id,
            _text(record.aliases),
            summary_of(record),
            weight_of(record),
            int(record.is_malicious),
            record.modified,
        )
        texts = [own, *rows]  # tried before: there is no journal, so nothing can be taken back
        "".join(one for row in texts for one in row if isinstance(one, str)).encode()
        self.connection.execute("insert or replace into advisory values (?, ?, ?, ?, ?, ?)", own)
        self.connection.executemany(_ROW, rows)
        self._row += len(rows)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def touch(path: Path, meta: Mapping[str, str]) -> None:
    """Change what is said of the file, on a copy that then takes its place."""
    handle, name = tempfile.mkstemp(prefix=".advisories-", suffix=".part", dir=path.parent)
    os.close(handle)
    try:
        Path(name).write_bytes(path.read_bytes())
        with contextlib.closing(sqlite3.connect(name)) as connection:
            connection.execute("pragma journal_mode = off")
            connection.executemany(
                "insert or replace into meta values (?, ?)", sorted(meta.items())
            )
            connection.commit()
        _settle(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
