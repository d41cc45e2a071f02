"""MOD rules for the files that a cell names: a model beside the notebook is read, never loaded."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from ..cells.flow import CallSite
from ..core.detector import Incomplete, Match
from ..models.suffixes import NAMES, SUFFIXES, suffix
from .models import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..cells.flow import Site
    from ..cells.unit import Unit
    from ..core.detector import Context, Surroundings
    from ..core.rule import Rule
    from ..models import ModelIssue, ModelScan

_LOADING: Final = ("load", "pretrained", "pipeline", "transformer", "read", "import", "llama")
"""Parts of the names of what takes a folder for a model."""
_SAVING: Final = ("save", "dump", "export", "write", "to_", "remove", "unlink", "exists", "isfile")
_READING: Final = frozenset({"open", "read_bytes"})
"""Members of a path that read what it leads to."""
_JOINING: Final = re.compile(
    r"(?:os\.path|posixpath|ntpath)\.join|(?:pathlib\.|\?)\w{0,12}Path|.*\.joinpath"
)
_WRITING: Final = frozenset("wxa")
_LONGEST: Final = 1_000
_MOST_FILES: Final = 40


class NamedModels:
    """Files that calls name, as far as they lie where the notebook does, or below its root."""

    rules: ClassVar[tuple[Rule, ...]] = RULES
    literals: ClassVar[tuple[str, ...]] = tuple(sorted({*SUFFIXES, *_LOADING}))

    def inspect(
        self, units: Sequence[Unit], sites: Sequence[Site], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """What the files would do, each said at the first call that names it."""
        if not context.around.folder:
            return
        seen: set[Path] = set()
        unread: list[str] = []
        for site in sites:
            if not isinstance(site, CallSite) or site.inner is not None:
                continue
            for path, name in _named(site, context.around):
                if path in seen:
                    continue
                seen.add(path)
                scan = _scanned(path)
                yield from ((site.cell, match) for match in _matches(scan, name, site))
                if not scan.complete:
                    unread.append(f"{name}: {next(iter(scan.notes), 'not all was looked at')}")
        if unread:
            raise Incomplete(f"INCOMPLETE: {unread[0]}{_more(len(unread) - 1)}")


def _named(site: CallSite, around: Surroundings) -> Iterator[tuple[Path, str]]:
    """The model files that a call names, and how it names them."""
    what = site.path.rpartition(".")[2].lower()
    if any(word in what for word in _SAVING) or _writes(site) or _is_part(site):
        return
    own = [site.owner] if what in _READING else []
    for value in (*own, *site.arguments, *site.keywords.values()):
        name = value.constant
        if not isinstance(name, str) or not name or len(name) > _LONGEST or "\0" in name:
            continue
        if suffix(name) in SUFFIXES:
            path = _found(name, around)
            if path is not None and path.is_file():
                yield path, name
        elif any(word in what for word in _LOADING):
            path = _found(name, around)
            if path is not None and path.is_dir():
                yield from _inside(path, name)


def _writes(site: CallSite) -> bool:
    is_member = site.path.endswith(".open") and isinstance(site.owner.constant, str)
    mode = site.argument(0 if is_member else 1, "mode").constant
    is_open = is_member or site.path == "builtins.open"
    return is_open and isinstance(mode, str) and bool(_WRITING & set(mode))


def _is_part(site: CallSite) -> bool:
    """Whether its arguments are put together to one name: what uses that is asked for it."""
    is_path = _JOINING.fullmatch(site.path) is not None
    return is_path and (len(site.node.args) > 1 or site.path.endswith("joinpath"))


def _found(name: str, around: Surroundings) -> Path | None:
    """Where a name leads, links followed; None outside of the root and where nothing is."""
    try:
        path = (Path(around.folder) / name).resolve(strict=True)
        root = Path(around.root or around.folder).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(root) else None


def _inside(folder: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The files of a model that is a folder."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if entry.is_file(follow_symlinks=False)
                and (suffix(entry.name) in SUFFIXES or NAMES.fullmatch(entry.name))
            )
    except OSError:
        return
    for each in names[:_MOST_FILES]:
        yield folder / each, f"{name.rstrip('/')}/{each}"


def _scanned(path: Path) -> ModelScan:
    from ..models import ModelScan

    try:
        status = path.stat()
        return _remembered(path, status.st_ino, status.st_size, status.st_mtime_ns)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return ModelScan(format="", complete=False, notes=(f"cannot be read: {reason}",))


@lru_cache(maxsize=256)
def _remembered(path: Path, *_: int) -> ModelScan:
    """A file is read again when its size or its time has changed."""
    from ..models import scan_model

    return scan_model(path)


def _matches(scan: ModelScan, name: str, site: CallSite) -> Iterator[Match]:
    """One for each rule, with the first thing that it has to say."""
    by_rule: dict[str, list[ModelIssue]] = {}
    for issue in scan.issues:
        by_rule.setdefault(issue.rule.id, []).append(issue)
    for issues in by_rule.values():
        worst = min(issues, key=lambda one: (one.severity.rank, one.confidence.rank))
        where = f"{name}, {worst.member}" if worst.member else name
        yield Match(
            rule=worst.rule,
            start=site.start,
            end=site.end,
            message=f"{where}: {worst.message}{_more(len(issues) - 1)}",
            severity=worst.severity,
            confidence=worst.confidence,
        )


def _more(count: int) -> str:
    return f", and {count} more" if count else ""
