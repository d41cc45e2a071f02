"""What lies beside a document: the versions that locks and requirements pin, files to look at.

Nothing outside of the given root is read, and nothing is ever raised: a file that cannot be used
says so itself when it is scanned.
"""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from .core.detector import Surroundings
from .rules.dependencies.files import is_manifest, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST: Final = 16 * 2**20
"""Bytes of a file; the locks of big projects have some million."""
_MOST: Final = 200
"""Files of one folder."""
_DEEPEST: Final = 40
"""Folders above each other."""
_CACHED: Final = 64
_KINDS: Final = ("pyproject", "pipfile", "conda", "requirements", "pipfile lock", "lock")
"""Files that pin, the ones that are believed least first."""


class _File(NamedTuple):
    """A file as it was when it was looked at."""

    path: str
    changed: int
    size: int
    inode: int


def surroundings(
    folder: Path, root: Path, environment: Mapping[str, str] | None = None, python: str = ""
) -> Surroundings:
    """What is known of a place: a document in `folder` may look at what is below `root`.

    The pins are those of the files in `folder`, or else in the nearest folder above it that has
    some, up to `root` or to the folder of the repository. `environment` are the kernel's packages,
    `python` is its version of Python.
    """
    try:
        own, top = folder.resolve(), root.resolve()
    except (OSError, RuntimeError):
        return Surroundings(environment=environment, python=python)
    if not own.is_relative_to(top):
        top = own
    if not own.is_dir():
        return Surroundings(environment=environment, python=python)
    return Surroundings(
        environment=environment,
        locked=_locked(own, top),
        folder=str(own),
        root=str(top),
        python=python,
    )


def manifests(folder: Path) -> list[Path]:
    """The files of a folder that list packages, or commands that may install some, by name."""
    try:
        own = folder.resolve()
    except (OSError, RuntimeError):
        return []
    return [Path(file.path) for file in _files(own, own)]


def _locked(folder: Path, top: Path) -> Mapping[str, str]:
    place = folder
    for _ in range(_DEEPEST):
        files = tuple(file for file in _files(place, top) if kind_of(file.path) in _KINDS)
        found = _merged(_with_included(files, top))
        if found or place == top or (place / ".git").exists():
            return found
        place = place.parent
    return {}


def _files(folder: Path, top: Path) -> Iterator[_File]:
    """The manifests of a folder; a link that leads out of `top` is none."""
    try:
        known = folder.stat()
    except OSError:
        return
    for name in _names(str(folder), known.st_mtime_ns, known.st_ino):
        path = folder / name
        try:
            own = path.lstat()
            if stat.S_ISLNK(own.st_mode):
                if not path.resolve().is_relative_to(top):
                    continue
                own = path.stat()
        except (OSError, RuntimeError):
            continue
        if stat.S_ISREG(own.st_mode):
            yield _File(str(path), own.st_mtime_ns, own.st_size, own.st_ino)


@lru_cache(maxsize=_CACHED)
def _names(folder: str, _changed: int, _inode: int) -> tuple[str, ...]:
    """Names of a folder's manifests; the folder is listed anew when it has changed."""
    try:
        with os.scandir(folder) as entries:
            found = [entry.name for entry in entries if is_manifest(entry.name)]
    except OSError:
        return ()
    return tuple(sorted(found)[:_MOST])


@lru_cache(maxsize=_CACHED)
def _merged(files: tuple[_File, ...]) -> Mapping[str, str]:
    """The versions of several files: what a lock says stands, whatever others say."""
    found: dict[str, str] = {}
    for file in sorted(files, key=_weight):
        found |= _pins(file)
    return found


def _with_included(files: tuple[_File, ...], top: Path) -> tuple[_File, ...]:
    """The files, and those that they take in, whatever these are called."""
    found = {file.path: file for file in files}
    waiting = list(files)
    while waiting and len(found) < _MOST:
        file = waiting.pop()
        for name in _included(file):
            own = _at(Path(file.path).parent / name, top)
            if own is not None and own.path not in found:
                found[own.path] = own
                waiting.append(own)
    return tuple(found.values())


def _at(path: Path, top: Path) -> _File | None:
    """The file at a path, if it is one and lies below `top`."""
    try:
        place = path.resolve()
        known = place.stat()
    except (OSError, RuntimeError, ValueError):
        return None
    if not place.is_relative_to(top) or not stat.S_ISREG(known.st_mode):
        return None
    return _File(str(place), known.st_mtime_ns, known.st_size, known.st_ino)


@lru_cache(maxsize=_CACHED)
def _included(file: _File) -> tuple[str, ...]:
    from .rules.dependencies.facts import included

    return tuple(included(_name_of(file), _text_of(file)))


def _name_of(file: _File) -> str:
    """The name by which it is read: what only another file names is a list, too."""
    name = Path(file.path).name
    return name if kind_of(name) else "requirements.txt"


def _weight(file: _File) -> tuple[int, int, str]:
    name = _name_of(file)
    return _KINDS.index(kind_of(name)), name == "uv.lock", name


@lru_cache(maxsize=_CACHED)
def _pins(file: _File) -> Mapping[str, str]:
    from .rules.dependencies.facts import locked_versions

    return locked_versions(_name_of(file), _text_of(file))


def _text_of(file: _File) -> str:
    """The text of a file; empty if it cannot be read, or is too large."""
    if file.size > LARGEST:
        return ""
    try:
        # What is a pipe by now must not stop the scan.
        with open(file.path, "rb", opener=_at_once) as stream:
            data = stream.read(LARGEST + 1)
    except OSError:
        return ""
    coding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    return data.decode(coding, "replace").replace("\r\n", "\n")


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
