"""Which files a scan is about: names as given, directories walked for notebooks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pathspec import GitIgnoreSpec

_NEVER: Final = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", "site-packages"}
    | {".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".ipython", ".jupyter"}
)


class Target(NamedTuple):
    """A file to scan, and its name as shown."""

    path: Path
    shown: str


class Found(NamedTuple):
    """The files of a scan, sorted; directories without a notebook; how many were excluded."""

    targets: list[Target]
    empty: list[str]
    excluded: int
    unreadable: list[OSError]


def discover(paths: Sequence[str], root: Path, exclude: Sequence[str]) -> Found:
    """Find the files that `paths` stand for.

    A file given by name is always a target, unless `exclude` names it. A directory is walked
    for `*.ipynb`, leaving out what git ignores and what `exclude` names; `root` is where
    `exclude` patterns start.
    """
    walk = _Walk(root, exclude)
    targets: dict[str, Target] = {}
    empty: list[str] = []
    for name in paths:
        path = Path(name)
        if path.is_dir() and path.suffix != ".ipynb":
            inside = list(walk.files(path, _is_notebook))
            targets.update((target.shown, target) for target in inside)
            if not inside:
                empty.append(name)
        elif not walk.is_excluded(path):
            shown = path.as_posix()
            targets[shown] = Target(path, shown)
    ordered = sorted(targets.values(), key=lambda target: target.shown)
    return Found(ordered, empty, walk.excluded, walk.unreadable)


def files_below(
    folder: Path, root: Path, exclude: Sequence[str], wanted: Callable[[str], bool]
) -> Found:
    """The files of a directory whose names are wanted, with what git ignores left out.

    `root` is where the patterns of `exclude` start.
    """
    walk = _Walk(root, exclude)
    targets = sorted(walk.files(folder, wanted), key=lambda target: target.shown)
    return Found(targets, [], walk.excluded, walk.unreadable)


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


class _Walk:
    def __init__(self, root: Path, exclude: Sequence[str]) -> None:
        self.root = root.resolve()
        self.excluding = _spec(exclude) if exclude else None
        self.excluded = 0
        self.unreadable: list[OSError] = []

    def is_excluded(self, path: Path, *, directory: bool = False) -> bool:
        if self.excluding is None:
            return False
        relative = os.path.relpath(path.absolute(), self.root).replace(os.sep, "/")
        hit = self.excluding.match_file(relative + "/" * directory)
        self.excluded += hit and not directory
        return bool(hit)

    def files(self, top: Path, wanted: Callable[[str], bool]) -> Iterator[Target]:
        ignored = _Ignored(top)
        for folder, directories, names in os.walk(top, onerror=self.unreadable.append):
            here = Path(folder)
            ignored.enter(here)
            for name in sorted(directories):
                path = here / name
                if name.endswith(".ipynb") and wanted(name):
                    yield Target(path, path.as_posix())
            directories[:] = sorted(
                name
                for name in directories
                if name not in _NEVER
                and not name.endswith(".ipynb")
                and not ignored.hides(here / name, directory=True)
                and not self.is_excluded(here / name, directory=True)
            )
            for name in names:
                path = here / name
                if not wanted(name) or ignored.hides(path, directory=False):
                    continue
                if not self.is_excluded(path):
                    yield Target(path, path.as_posix())


class _Ignored:
    """The `.gitignore` files that apply below a directory, those of its parents included."""

    def __init__(self, top: Path) -> None:
        self.specs: dict[Path, GitIgnoreSpec] = {}
        top = top.absolute()
        repository = next((p for p in (top, *top.parents) if (p / ".git").exists()), None)
        if repository is not None:
            self._load(repository, repository / ".git" / "info" / "exclude")
            for folder in (top, *top.parents):
                self.enter(folder)
                if folder == repository:
                    break

    def enter(self, folder: Path) -> None:
        self._load(folder.absolute(), folder / ".gitignore")

    def _load(self, folder: Path, file: Path) -> None:
        try:
            lines = file.read_text("utf-8", "replace").splitlines()
        except OSError:
            return
        known = self.specs.get(folder)
        self.specs[folder] = _spec(lines) if known is None else known + _spec(lines)

    def hides(self, path: Path, *, directory: bool) -> bool:
        path = path.absolute()
        for folder in path.parents:
            spec = self.specs.get(folder)
            if spec is None:
                continue
            relative = path.relative_to(folder).as_posix() + "/" * directory
            verdict = spec.check_file(relative).include
            if verdict is not None:
                return verdict
        return False


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
