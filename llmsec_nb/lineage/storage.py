"""Files written whole, read within limits, and never outside of the folder that they belong to."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from .problems import LineageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DRIVE: Final = re.compile(r"[A-Za-z]:")
PRIVATE: Final = stat.S_IRUSR | stat.S_IWUSR
SHARED: Final = PRIVATE | stat.S_IRGRP | stat.S_IROTH
"""Less what the user's umask takes away."""


def inside(base: Path, name: str) -> Path:
    """The path of `name` (with `/`) in the folder `base`; "." is the folder itself.

    Raises LineageError when the name leads out of it, by itself or by a symbolic link.
    """
    parts = PurePosixPath(name).parts
    odd = not name or "\\" in name or "\0" in name or _DRIVE.match(name) or name.startswith("/")
    if odd or ".." in parts:
        raise LineageError(f"{name!r}: leads out of the manifest's folder, and is not followed")
    path = base
    for part in parts:
        path /= part
        if path.is_symlink():
            raise LineageError(f"{name!r}: is reached by a symbolic link, which is not followed")
    return path


def relative(base: Path, path: Path) -> str:
    """How a manifest in `base` names `path`. Raises LineageError when it is not in the folder."""
    try:
        name = path.absolute().relative_to(base.absolute()).as_posix()
    except ValueError:
        message = f"{path}: is not in the manifest's folder {base}: put the manifest above the data"
        raise LineageError(message) from None
    inside(base, name)
    try:
        name.encode()
    except UnicodeEncodeError:
        raise LineageError(f"{name!r}: the name of the file is not UTF-8: rename it") from None
    return name


def files_of(source: Path) -> list[Path]:
    """The file itself, or all files below a folder, sorted; without hidden ones (`.`, `_` first).

    Raises LineageError on a symbolic link and on what is no file, OSError.
    """
    if not source.is_dir() or source.is_symlink():
        return [_regular(source)]
    found: list[Path] = []
    for folder, directories, names in os.walk(source, onerror=_raise):
        directories[:] = sorted(name for name in directories if not _is_hidden(name))
        for name in directories:
            if (Path(folder) / name).is_symlink():
                _regular(Path(folder) / name)
        found += [_regular(Path(folder) / name) for name in names if not _is_hidden(name)]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "_"))


def _regular(path: Path) -> Path:
    if path.is_symlink():
        raise LineageError(f"{path.name}: is a symbolic link: put the file itself in its place")
    if not path.exists():
        raise LineageError(f"{path.name}: no such file")
    if not path.is_file():
        raise LineageError(f"{path.name}: is not a regular file")
    return path


def sha256_of(path: Path) -> tuple[int, str]:
    """Size and SHA-256 (hex) of a regular file. Raises LineageError, OSError."""
    with _regular(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def read_limited(path: Path, limit: int, what: str) -> bytes:
    """The content of a regular file of at most `limit` bytes. Raises LineageError."""
    try:
        with _regular(path).open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise LineageError(f"{path.name}: cannot be read: {error.strerror}") from None
    if len(data) > limit:
        raise LineageError(f"{path.name}: too large for {what} ({limit:,} bytes are read)")
    return data


def write_whole(path: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Put a file in the place of `path` at once. Raises LineageError."""
    with placed(path, force=True, mode=mode) as file:
        file.write(data)


@contextmanager
def placed(path: Path, *, force: bool, mode: int = PRIVATE) -> Iterator[IO[bytes]]:
    """A file to write, that takes its place when all went well, and leaves none if not.

    It is for its owner only, unless `mode` says otherwise. Raises LineageError when there is one
    already, unless `force`, and when it cannot be written.
    """
    demand_free(path, force=force)
    beside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.tmp")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(beside, flags, mode), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put(beside, path, force=force)
    except OSError as error:
        raise LineageError(
            f"{path.name}: cannot be written: {error.strerror or type(error).__name__}"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def demand_free(path: Path, *, force: bool) -> None:
    """Raises LineageError when something is there that is not to be overwritten."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise LineageError(f"{path.name}: is not a regular file: name another one")
    if path.exists() and not force:
        raise LineageError(f"{path.name}: is there already: name another file, or use force")


def _put(beside: Path, path: Path, *, force: bool) -> None:
    """Put the file in its place. Two that do so at once do not overwrite each other's."""
    if not force and hasattr(os, "link"):
        try:
            path.hardlink_to(beside)
        except FileExistsError:
            demand_free(path, force=False)
        except OSError:  # a file system without links
            pass
        else:
            return
    demand_free(path, force=force)
    beside.replace(path)
