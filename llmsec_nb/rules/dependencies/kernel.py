"""The packages of the running interpreter, read from the names of their folders."""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .requirement import normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIST: Final = lazy(
    r"(?P<name>[A-Za-z0-9][\w.-]{0,150}?)-(?P<version>\d[^-]{0,100}|[^-]{1,100})\.dist-info\Z"
)
_EGG: Final = lazy(
    r"(?P<name>[A-Za-z0-9][\w.-]{0,150}?)-(?P<version>\d[^-]{0,100})(?:-py\d[\w.]{0,10})?\.egg-info\Z"
)
_HEADER: Final = lazy(r"^(?P<key>Name|Version):[ \t]*(?P<value>\S{1,200})", re.MULTILINE)


def python_version() -> str:
    """The version of the running Python, as `language_info` of a notebook says it."""
    return ".".join(map(str, sys.version_info[:3]))


def environment(paths: Iterable[str] | None = None) -> dict[str, str]:
    """Normalized names and versions of what can be imported here, the first of each name.

    `paths` are those of `sys.path`. Folders that cannot be listed have nothing to import, either.
    """
    found: dict[str, str] = {}
    for path in dict.fromkeys(sys.path if paths is None else paths):
        try:
            folder = Path(path or ".").stat()
        except OSError:
            continue
        for name, version in _known(path or ".", folder.st_ino, folder.st_mtime_ns):
            found.setdefault(name, version)
    return dict(sorted(found.items()))


@lru_cache(maxsize=64)
def _known(path: str, *_: int) -> tuple[tuple[str, str], ...]:
    """The packages of a folder, which is listed anew when it has changed."""
    return tuple((normalized(name), version) for name, version in _distributions(path))


def _distributions(path: str) -> Iterator[tuple[str, str]]:
    try:
        with os.scandir(path) as entries:
            names = [entry.name for entry in entries if entry.name.endswith("-info")]
    except OSError:
        return
    for name in names:
        found = _DIST.match(name) or _EGG.match(name)
        if found is not None:
            yield found["name"], found["version"].replace("_", "+")
        else:
            yield from _by_header(Path(path) / name)


def _by_header(folder: Path) -> Iterator[tuple[str, str]]:
    """A folder without a version in its name says it in its metadata."""
    for name in ("METADATA", "PKG-INFO"):
        try:
            with (folder / name).open(encoding="utf-8", errors="replace") as stream:
                text = stream.read(4_000)
        except OSError:
            continue
        header = {one["key"]: one["value"] for one in _HEADER.finditer(text.partition("\n\n")[0])}
        if len(header) == 2:
            yield header["Name"], header["Version"]
            return
