"""Files read and written whole: a write is all or nothing, and never shows what was there."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from typing import TYPE_CHECKING

from .problems import CannotRedact

if TYPE_CHECKING:
    from pathlib import Path


def read_whole(path: Path) -> tuple[str, int]:
    """The text of a regular file, line ends as they are, and its mode.

    Raises CannotRedact on what is no such file, OSError where it cannot be read.
    """
    _demand_regular(path)
    data = path.read_bytes()
    try:
        return data.decode("utf-8"), stat.S_IMODE(path.stat().st_mode)
    except UnicodeDecodeError as error:
        raise CannotRedact(
            f"{path.name}: not valid UTF-8 at byte {error.start}: save it as UTF-8"
        ) from None


def write_whole(path: Path, text: str, mode: int) -> None:
    """Put a file in the place of `path` at once; until then nobody but its owner may read it.

    The file beside it that is written first holds only the new text. Raises CannotRedact, OSError.
    """
    if path.exists() or path.is_symlink():
        _demand_regular(path)
    beside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(beside, flags, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _demand_regular(path: Path) -> None:
    """A symbolic link may lead anywhere: the file itself is to be named."""
    if path.is_symlink():
        raise CannotRedact(f"{path.name}: is a symbolic link: name the file that it leads to")
    if not path.exists():
        raise CannotRedact(f"{path.name}: no such file")
    if not path.is_file():
        raise CannotRedact(f"{path.name}: is not a regular file")
