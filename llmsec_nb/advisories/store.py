"""The file that advisories are kept in: SQLite, written whole and then put in its place."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from .paths import AHEAD, LAYOUT, time_of
from .readers import BadSource, Unreadable
from .record import Osv, kept_of, summary_of, weight_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def _settle(name: str, path: Path) -> None:
    """The bytes are on the disk before the name is."""
    with Path(name).open("rb+") as stream:
        os.fsync(stream.fileno())
    Path(name).replace(path)


def _fill(name: str, records: Iterable[Osv | Unreadable], meta: Mapping[str, str]) -> Counts:
    counts = Counts()
    latest = (time_of(meta.get("written", "")) or datetime.now(UTC)) + AHEAD
    newest: datetime | None = None
    with contextlib.closing(sqlite3.connect(name)) as connection:
        connection.executescript("pragma journal_mode = off; pragma synchronous = off;" + _TABLES)
        for record in records:
            try:
                moment = _add(connection, record, counts)
            except ValueError:  # a text that is none, or a number that nobody would write
                counts.unreadable += 1
                continue
            if moment is not None and moment <= latest and (newest is None or moment > newest):
                newest = moment
        counts.newest = "" if newest is None else newest.isoformat(timespec="seconds")
        if not counts.records:
            raise BadSource(
                f"no advisory for PyPI in it ({counts.elsewhere} for others, "
                f"{counts.withdrawn} withdrawn, {counts.unreadable} unreadable)"
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


def _add(
    connection: sqlite3.Connection, record: Osv | Unreadable, counts: Counts
) -> datetime | None:
    """Keep a record; the time at which it was written, if it says so."""
    if isinstance(record, Unreadable):
        counts.unreadable += 1
        return None
    if record.withdrawn:
        counts.withdrawn += 1
        return None
    kept = kept_of(record)
    if not kept:
        counts.elsewhere += 1
        return None
    connection.execute(
        "insert or replace into advisory values (?, ?, ?, ?, ?, ?)",
        (
            record.id,
            msgspec.json.encode(record.aliases).decode(),
            summary_of(record),
            weight_of(record),
            int(record.is_malicious),
            record.modified,
        ),
    )
    connection.executemany(
        "insert into affected values (?, ?, ?, ?)",
        [
            (one.name, record.id, one.versions, msgspec.json.encode(one.events).decode())
            for one in kept
        ],
    )
    counts.records += 1
    counts.malicious += record.is_malicious
    return time_of(record.modified)


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
