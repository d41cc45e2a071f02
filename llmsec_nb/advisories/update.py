"""Fill the advisories of this machine: from OSV's archive, a file or a folder, as the user asks."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from ..core.detector import Unavailable
from .database import Database, Status, status
from .download import download, is_address
from .paths import VARIABLE, default_path
from .readers import BadSource, records
from .store import touch, write

if TYPE_CHECKING:
    from collections.abc import Callable

OSV_URL: Final = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"
"""All records of OSV for PyPI."""

__all__ = ["OSV_URL", "BadSource", "Update", "update"]


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """What an update did: `is_new` is False when the source has not changed."""

    is_new: bool
    status: Status


def update(
    source: str | Path = OSV_URL,
    path: Path | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    now: datetime | None = None,
) -> Update:
    """Read all records of a source into the file at `path`, or the usual one.

    A URL is asked only for what has changed since the last time. `progress` is told the bytes that
    have come. Raises BadSource when the source cannot be had or used; then the old file stays.
    """
    moment = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    try:
        own = _target(path or default_path())
        if is_address(str(source)):
            return _from_address(str(source), own, progress, moment)
        local = Path(source).expanduser()
        if not local.exists():
            raise BadSource(f"{local} is not there")
        write(own, records(local), _meta(str(local.resolve()), digest_of(local), moment))
    except OSError as error:
        where = error.filename2 or error.filename or path or default_path()
        raise BadSource(f"{where}: {error.strerror or type(error).__name__}") from error
    return Update(is_new=True, status=status(own, now=now))


def _target(path: Path) -> Path:
    """The file to be written: what a link leads to, never the link. Raises BadSource."""
    own = Path(os.path.realpath(path))  # raises on no version of Python
    if own.is_symlink():  # a link that leads to itself
        raise BadSource(f"{path} is a link that leads nowhere")
    if own.is_dir():
        raise BadSource(
            f"{path} is a folder: {VARIABLE} names a file, or a folder whose name does not end"
            " in .sqlite or .db"
        )
    if own.exists() and not own.is_file():
        raise BadSource(f"{path} is no regular file: {VARIABLE} names the file to be written")
    return own


def _from_address(
    source: str, own: Path, progress: Callable[[int], None] | None, moment: str
) -> Update:
    known = _known(own)
    etag = known.get("etag", "") if known.get("source") == source else ""
    own.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".download-", dir=own.parent) as folder:
        file = Path(folder) / "all.zip"
        answer = download(source, file, etag, progress or _silent)
        if answer is None:
            touch(own, {"checked": moment})
            return Update(is_new=False, status=status(own))
        write(own, records(file), {**_meta(source, answer.sha256, moment), "etag": answer.etag})
    return Update(is_new=True, status=status(own))


def _silent(done: int) -> None:
    """Nobody wants to know."""


def _known(path: Path) -> dict[str, str]:
    """What is said of the file that is there; nothing when it is not, or is damaged."""
    try:
        database = Database(path)
        try:
            database.status()
            return database.meta
        finally:
            database.close()
    except Unavailable:
        return {}


def _meta(source: str, sha256: str, moment: str) -> dict[str, str]:
    return {"source": source, "sha256": sha256, "written": moment, "checked": moment, "etag": ""}


def digest_of(path: Path) -> str:
    """SHA-256 of a file; of a folder that of the names and digests of its files."""
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    whole = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path)
        if file.is_file() and not any(part.startswith(".") for part in inside.parts):
            whole.update(f"{inside.as_posix()}\0{digest_of(file)}\n".encode())
    return whole.hexdigest()
