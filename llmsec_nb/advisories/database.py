"""Questions to the advisories on this machine; nothing is fetched and nothing is written."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import msgspec

from ..core.detector import NotInstalled
from ..core.rule import Severity
from .paths import LAYOUT, OLDEST, default_path
from .versions import affects_all, fixed_in, is_affected, normalized

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_REMEDY: Final = "`llmsec db update` fetches them"


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
        """Raises NotInstalled when there is none, or none that can be read.

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
            self.meta: dict[str, str] = dict(
                self._connection.execute("select key, value from meta")
            )
        except sqlite3.DatabaseError:
            raise NotInstalled(
                f"{self.path} cannot be read, so nothing is audited: {_REMEDY}"
            ) from None
        if self.meta.get("layout") != LAYOUT:
            self.close()
            raise NotInstalled(
                f"{self.path} is of another version, so nothing is audited: {_REMEDY}"
            )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def age(self, now: datetime | None = None) -> float:
        """Days since the newest record was written; infinite if no record says."""
        newest = _time(self.meta.get("newest", ""))
        if newest is None:
            return float("inf")
        return max(0.0, ((now or datetime.now(UTC)) - newest).total_seconds() / 86_400)

    def is_old(self, now: datetime | None = None) -> bool:
        """Whether its silence proves nothing."""
        return self.age(now) > self.oldest

    def query(self, name: str, version: str = "") -> list[Advisory]:
        """What is known of a version, the worst first, by id.

        Without a version: only what is said of all versions of a malicious package.
        """
        found: dict[str, Advisory] = {}
        for row in self._rows(normalized(name)):
            events = _events(row[7])
            is_malicious = bool(row[4])
            if version:
                hit = is_affected(version, row[6], events)
                hit = hit or (is_malicious and affects_all(row[6], events))
            else:
                hit = is_malicious and affects_all(row[6], events)
            if hit:
                own = _advisory(row, fixed_in(version, events))
                older = found.get(own.id)
                found[own.id] = own if older is None or own.fixed else older
        return sorted(found.values(), key=_weight)

    def entries(self, name: str) -> dict[str, list[tuple[str, list[list[tuple[str, str]]]]]]:
        """All that is said of a package: by id, lists of versions and events of ranges."""
        found: dict[str, list[tuple[str, list[list[tuple[str, str]]]]]] = {}
        for row in self._rows(normalized(name)):
            found.setdefault(row[0], []).append((row[6], _events(row[7])))
        return found

    def _rows(self, name: str) -> Sequence[tuple[str, str, str, str, int, str, str, str]]:
        import sqlite3

        try:
            with self._lock:
                return self._connection.execute(
                    "select advisory.id, aliases, summary, severity, malicious, modified, versions,"
                    " events from affected join advisory on affected.id = advisory.id"
                    " where affected.name = ? order by advisory.id",
                    (name,),
                ).fetchall()
        except sqlite3.DatabaseError:
            raise NotInstalled(
                f"{self.path} cannot be read, so nothing is audited: {_REMEDY}"
            ) from None

    def status(self, now: datetime | None = None) -> Status:
        """What is in the file. Looks at all of it: raises NotInstalled if it is damaged."""
        import sqlite3

        try:
            with self._lock:
                [(sound,)] = self._connection.execute("pragma quick_check(1)").fetchall()
                [(packages,)] = self._connection.execute(
                    "select count(distinct name) from affected"
                )
        except (sqlite3.DatabaseError, ValueError):
            sound, packages = "damaged", 0
        if sound != "ok":
            raise NotInstalled(f"{self.path} is damaged, so nothing is audited: {_REMEDY}")
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
    """The database of a file, kept open until the file is another one. Raises NotInstalled."""
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
    """What is on this machine. Raises NotInstalled when nothing is."""
    database = Database(path)
    try:
        return database.status(now)
    finally:
        database.close()


def _events(text: str) -> list[list[tuple[str, str]]]:
    return msgspec.json.decode(text, type=list[list[tuple[str, str]]])


def _advisory(row: tuple[str, str, str, str, int, str, str, str], fixed: str) -> Advisory:
    return Advisory(
        id=row[0],
        aliases=msgspec.json.decode(row[1], type=tuple[str, ...]),
        severity=Severity(row[3]) if row[3] else None,
        fixed=fixed,
        summary=row[2],
        is_malicious=bool(row[4]),
        modified=row[5],
    )


def _weight(advisory: Advisory) -> tuple[int, str]:
    return (advisory.severity or Severity.MEDIUM).rank, advisory.id


def _number(meta: dict[str, str], key: str) -> int:
    text = meta.get(key, "")
    return int(text) if text.isdecimal() else 0


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
