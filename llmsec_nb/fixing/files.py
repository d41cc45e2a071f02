"""A file that is mended: read once, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final, NamedTuple

_BOM: Final = "\ufeff"
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

    @classmethod
    def read(cls, path: Path) -> File:
        """Read it. Raises Unfixable."""
        try:
            known = path.lstat()
            if stat.S_ISLNK(known.st_mode):
                raise Unfixable("is a symbolic link: name the file that it leads to")
            if not stat.S_ISREG(known.st_mode):
                raise Unfixable("is no regular file")
            data = path.read_bytes()
        except OSError as error:
            raise Unfixable(f"cannot be read: {error.strerror or type(error).__name__}") from None
        return cls(path, data, _stamp(known), stat.S_IMODE(known.st_mode))

    def changed_since(self, moment: int) -> bool:
        """Whether it was written after a moment, in nanoseconds."""
        return self.stamp.changed > moment

    def write(self, data: bytes) -> None:
        """Put other bytes in its place, all at once, with its mode. Raises Unfixable."""
        from tempfile import mkstemp

        name = ""
        try:
            handle, name = mkstemp(prefix=".llmsec-", suffix=".tmp", dir=self.path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(self.mode)
            if _stamp(self.path.lstat()) != self.stamp:
                raise Unfixable("was changed meanwhile: nothing of it was mended")
            Path(name).replace(self.path)
            name = ""
        except OSError as error:
            raise Unfixable(
                f"cannot be written: {error.strerror or type(error).__name__}"
            ) from None
        finally:
            if name:
                Path(name).unlink(missing_ok=True)


def _stamp(known: os.stat_result) -> Stamp:
    return Stamp(known.st_ino, known.st_mtime_ns, known.st_size)


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
