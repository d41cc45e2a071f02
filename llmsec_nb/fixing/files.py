"""A file that is mended: read once, written whole or not at all."""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

_BOM: Final = "\ufeff"
_HALF_WRITTEN: Final = re.compile(r"\.llmsec-[a-z0-9_]{8}\.tmp")
_STALE: Final = 60.0
"""Seconds after which nobody writes a file any more."""
_WIDE: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Unfixable(Exception):
    """A file cannot be mended; the message is one line for people."""


class Stamp(NamedTuple):
    """What changes when somebody writes a file."""

    inode: int
    changed: int
    size: int


class File(NamedTuple):
    """A file as it was read: `data` are its bytes."""

    path: Path
    data: bytes
    stamp: Stamp
    mode: int
    owner: tuple[int, int]

    @classmethod
    def read(cls, path: Path) -> File:
        """Read it. Raises Unfixable."""
        try:
            known = path.lstat()
            if stat.S_ISLNK(known.st_mode):
                raise Unfixable("is a symbolic link: name the file that it leads to")
            if not stat.S_ISREG(known.st_mode):
                raise Unfixable("is no regular file")
            if not known.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
                raise Unfixable("is read-only: make it writable to have it mended")
            if known.st_nlink > 1:
                raise Unfixable("has other names (hard links), which would keep what it is now")
            data = path.read_bytes()
        except OSError as error:
            raise Unfixable(f"cannot be read: {error.strerror or type(error).__name__}") from None
        owner = known.st_uid, known.st_gid
        return cls(path, data, _stamp(known), stat.S_IMODE(known.st_mode), owner)

    def changed_since(self, moment: int) -> bool:
        """Whether it was written after a moment, in nanoseconds."""
        return self.stamp.changed > moment

    def write(self, data: bytes) -> None:
        """Put other bytes in its place, all at once, with its mode and owner. Raises Unfixable."""
        from tempfile import mkstemp

        name = ""
        try:
            handle, name = mkstemp(prefix=".llmsec-", suffix=".tmp", dir=self.path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            self._give(name)
            if _stamp(self.path.lstat()) != self.stamp:
                raise Unfixable("was changed meanwhile: nothing of it was mended")
            Path(name).chmod(self.mode)  # last: until then nobody else may read it
            Path(name).replace(self.path)
            name = ""
        except OSError as error:
            raise Unfixable(
                f"cannot be written: {error.strerror or type(error).__name__}"
            ) from None
        finally:
            if name:
                Path(name).unlink(missing_ok=True)

    def _give(self, name: str) -> None:
        """Give what was written to the owner of the file. Raises Unfixable."""
        known = Path(name).lstat()
        if (known.st_uid, known.st_gid) == self.owner:
            return
        try:
            os.chown(name, *self.owner)
        except OSError:
            raise Unfixable("belongs to another user or group, and would not any more") from None


def _stamp(known: os.stat_result) -> Stamp:
    return Stamp(known.st_ino, known.st_mtime_ns, known.st_size)


def sweep(folder: Path) -> None:
    """Remove what an earlier run that was killed has left half written in a folder.

    That is a regular file of this user, with a name as `File.write` draws one, a minute old.
    """
    if not hasattr(os, "geteuid"):
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _HALF_WRITTEN.fullmatch(entry.name) and _is_left(entry):
                with suppress(OSError):
                    Path(entry).unlink()


def _is_left(entry: os.DirEntry[str]) -> bool:
    try:
        known = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    is_own = stat.S_ISREG(known.st_mode) and known.st_uid == os.geteuid()
    return is_own and time.time() - known.st_mtime > _STALE


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file as a scan reads it, and what makes bytes of it again, see `encoded`.

    Raises Unfixable.
    """
    coding = _WIDE.get(data[:2], "utf-8")
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        raise Unfixable("is no valid text") from None
    return text.removeprefix(_BOM), coding + ("+" if text.startswith(_BOM) else "")


def encoded(text: str, coding: str) -> bytes:
    """The bytes of a text; `coding` is one of `decoded`."""
    mark = _BOM if coding.endswith("+") else ""
    return (mark + text).encode(coding.removesuffix("+"), "surrogatepass")
