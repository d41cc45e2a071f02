"""The directory that a server serves: paths of notebooks start there, and end there."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

_LONGEST_PATH: Final = 4096


class BadPath(ValueError):
    """No file can be called so."""


class OutsideRoot(BadPath):
    """A path leads out of the directory that the server serves."""


class Root:
    """A directory, and what may be asked about below it."""

    def __init__(self, folder: Path) -> None:
        """Links in the path of `folder` itself are followed."""
        self.folder = folder.resolve()

    def reachable(self, file: Path) -> str:
        """The path of a file for Jupyter, "" when it is hidden or outside, links followed."""
        if not file.is_relative_to(self.folder) or not file.resolve().is_relative_to(self.folder):
            return ""
        relative = file.relative_to(self.folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        return "" if hidden else relative.as_posix()

    def confined(self, path: str) -> str:
        """The path relative to the root, as Jupyter writes it: a drive may stand before it.

        Looks at nothing outside of the root, whatever the path or a link says. Raises BadPath.
        """
        if len(path) > _LONGEST_PATH:
            raise BadPath("the path is too long")
        drive, colon, rest = path.partition(":")
        parts = PurePosixPath((rest if colon and "/" not in drive else path).strip("/")).parts
        if ".." in parts:
            raise OutsideRoot("the path leads out of the served directory")
        whole = self.folder
        for part in parts:
            try:
                whole = (whole / part).resolve()
            except (OSError, ValueError, RuntimeError):
                raise BadPath("the path cannot be followed") from None
            if not whole.is_relative_to(self.folder):
                raise OutsideRoot("the path leads out of the served directory")
        return "/".join(parts)

    def folder_of(self, path: str) -> Path:
        """Where a notebook lies; `path` is one that `confined` gave."""
        return (self.folder / path).parent if path else self.folder
