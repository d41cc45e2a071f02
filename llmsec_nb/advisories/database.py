"""Questions to the advisories on this machine; nothing is fetched and nothing is written."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import quote

import msgspec

from ..core.detector import NotInstalled, Unavailable
from ..core.rule import Severity
from .paths import AHEAD, LAYOUT, OLDEST, default_path, time_of
from .rows import ROWS, Ranges, Row, read
from .versions import affects_all, fixed_beyond, fixed_in, is_affected, normalized

if TYPE_CHECKING:
    from pathlib import Path

    from .versions import Bounds

_REMEDY: Final = "`llmsec db update` fetches them"
_DIGITS: Final = 20


class Damaged(Unavailable):
    """There are advisories, and they cannot be read."""


class Advisory(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a version of a package. `fixed` is the next version without the fault."""

    id: str
    aliases: tuple[str, ...]
    severity: Severity | None
    fixed: str
    summary: str
    is_malicious: bool
    modified: str

    @property
    def public_id(self) -> str:
        """The name that people know it by: a CVE where there is one."""
        return next((one for one in (self.id, *self.aliases) if one.startswith("CVE-")), self.id)


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What is on this machine. Times are of UTC, ages in days.

    `newest` is the time of the newest record: what happened since then is not known. `age` counts
    from it. `sha256` is the digest of the source.
    """

    path: str
    source: str
    sha256: str
    etag: str
    records: int
    packages: int
    malicious: int
    withdrawn: int
    unreadable: int
    newest: str
    written: str
    checked: str
    age: float
    is_old: bool


class Database:
    """The advisories of one file, read-only."""

    def __init__(self, path: Path | None = None, *, oldest: float = OLDEST) -> None:
        """Raises NotInstalled when there is none or an older one, Damaged when it is no database.

        `oldest` is the age in days from which on its silence proves nothing.
        """
        import sqlite3

        self.path = path or default_path()
        self.oldest = oldest
        self._lock = threading.Lock()
        if not self.path.is_file():
            raise NotInstalled(f"no advisories on this machine, so nothing is audited: {_REMEDY}")
        try:
            self._connection = sqlite3.connect(
                f"file:{quote(str(self.path.resolve()))}?mode=ro", uri=True, check_same_thread=False
            )
            self.meta = msgspec.convert(
                dict(self._connection.execute("select key, value from meta")), dict[str, str]
            )
        except (sqlite3.DatabaseError, msgspec.ValidationError):
            self._damaged("cannot be read")
        if self.meta.get("layout") != LAYOUT:
            self.close()
            raise NotInstalled(
                f"{self.path} is of another version, so nothing is audited: {_REMEDY}"
            )

    def _damaged(self, what: str = "is damaged") -> NoReturn:
        raise Damaged(f"{self.path} {what}, so nothing is audited: {_REMEDY}") from None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def age(self, now: datetime | None = None) -> float:
        """Days since the newest record was written; infinite if no record says when it was."""
        newest, today = time_of(self.meta.get("newest", "")), now or datetime.now(UTC)
        if newest is None or newest > today + AHEAD:
            return float("inf")
        return max(0.0, (today - newest).total_seconds() / 86_400)

    def is_old(self, now: datetime | None = None) -> bool:
        """Whether its silence proves nothing."""
        return self.age(now) > self.oldest

    def query(self, name: str, version: str = "") -> list[Advisory]:
        """What is known of a version, the worst first, by id.

        Without a version: only what is said of all versions of a malicious package. Raises Damaged.
        """
        found: dict[str, Advisory] = {}
        for row in self._rows(normalized(name)):
            hit = row.is_malicious and affects_all(row.versions, row.events)
            if hit or (version and is_affected(version, row.versions, row.events)):
                own = _advisory(row, fixed_in(version, row.events))
                older = found.get(own.id)
                found[own.id] = own if older is None or own.fixed else older
        return sorted(found.values(), key=_weight)

    def query_all(self, name: str, bounds: Bounds) -> list[Advisory]:
        """What is known of all versions within bounds, the worst first, by id. Raises Damaged."""
        found: dict[str, Advisory] = {}
        for row in self._rows(normalized(name)):
            for events in row.events:
                fixed = fixed_beyond(events, bounds)
                if fixed is not None:
                    found.setdefault(row.id, _advisory(row, fixed))
        return sorted(found.values(), key=_weight)

    def malicious(self, name: str) -> list[Advisory]:
        """What is known to be malicious in some version. Raises Damaged."""
        rows = self._rows(normalized(name))
        found = {row.id: _advisory(row, "") for row in rows if row.is_malicious}
        return sorted(found.values(), key=_weight)

    def entries(self, name: str) -> dict[str, list[tuple[str, Ranges]]]:
        """All that is said of a package: by id, lists of versions and events of ranges."""
        found: dict[str, list[tuple[str, Ranges]]] = {}
        for row in self._rows(normalized(name)):
            found.setdefault(row.id, []).append((row.versions, row.events))
        return found

    def _rows(self, name: str) -> list[Row]:
        import sqlite3

        order = " where affected.name = ? order by advisory.id"
        try:
            with self._lock:
                return list(read(self._connection.execute(ROWS + order, (name,))))
        except (sqlite3.DatabaseError, ValueError, RecursionError):
            self._damaged()

    def status(self, now: datetime | None = None) -> Status:
        """What is in the file. Looks at all of it: raises Damaged if a row cannot be read."""
        import sqlite3

        try:
            with self._lock:
                [(sound,)] = self._connection.execute("pragma quick_check(1)").fetchall()
                [(packages,)] = self._connection.execute(
                    "select count(distinct name) from affected"
                )
                for _ in read(self._connection.execute(ROWS)):
                    pass  # each has to be readable
        except (sqlite3.DatabaseError, ValueError, RecursionError):
            sound, packages = "damaged", 0
        if sound != "ok":
            self._damaged()
        meta = self.meta
        return Status(
            path=str(self.path),
            source=meta.get("source", ""),
            sha256=meta.get("sha256", ""),
            etag=meta.get("etag", ""),
            records=_number(meta, "records"),
            packages=packages,
            malicious=_number(meta, "malicious"),
            withdrawn=_number(meta, "withdrawn"),
            unreadable=_number(meta, "unreadable"),
            newest=meta.get("newest", ""),
            written=meta.get("written", ""),
            checked=meta.get("checked", ""),
            age=self.age(now),
            is_old=self.is_old(now),
        )


def opened(path: Path | None = None, *, oldest: float = OLDEST) -> Database:
    """The database of a file, kept open until the file is another one.

    Raises NotInstalled or Damaged.
    """
    own = path or default_path()
    try:
        known = own.stat()
    except OSError:
        return Database(own, oldest=oldest)
    return _opened(own, known.st_mtime_ns, known.st_ino, oldest)


@lru_cache(maxsize=4)
def _opened(path: Path, _changed: int, _file: int, oldest: float) -> Database:
    return Database(path, oldest=oldest)


def status(path: Path | None = None, *, now: datetime | None = None) -> Status:
    """What is on this machine. Raises NotInstalled when nothing is, or Damaged."""
    database = Database(path)
    try:
        return database.status(now)
    finally:
        database.close()


def _advisory(row: Row, fixed: str) -> Advisory:
    return Advisory(
        id=row.id,
        aliases=row.aliases,
        severity=row.severity,
        fixed=fixed,
        summary=row.summary,
        is_malicious=row.is_malicious,
        modified=row.modified,
    )


def _weight(advisory: Advisory) -> tuple[int, str]:
    return (advisory.severity or Severity.MEDIUM).rank, advisory.id


def _number(meta: dict[str, str], key: str) -> int:
    text = meta.get(key, "")
    return int(text) if text.isdecimal() and len(text) < _DIGITS else 0
