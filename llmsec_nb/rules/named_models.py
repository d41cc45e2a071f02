"""MOD rules for the files that a cell names: a model beside the notebook is read, never loaded."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from ..cells.flow import CallSite
from ..core.detector import Incomplete, Match
from ..models.suffixes import NAMES, SUFFIXES, suffix
from .models import RULES
from .quoted import redacted

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
_SECONDS: Final = 2.0
"""For all files that one document names: somebody may be waiting for what is said of a cell."""
_MOST: Final = 1_000_000_000
"""Bytes that are read of one file."""
_REMEMBERED: Final = 256


class NamedModels:
    """Files that calls name, as far as they lie where the notebook does, or below its root."""

    rules: ClassVar[tuple[Rule, ...]] = RULES
    literals: ClassVar[tuple[str, ...]] = tuple(sorted({*SUFFIXES, *_LOADING}))

    def __init__(self, seconds: float = _SECONDS, most: int = _MOST) -> None:
        """`seconds` are for all files of one document, `most` are bytes to be read of each."""
        self.seconds = seconds
        self.most = most

    def inspect(
        self, units: Sequence[Unit], sites: Sequence[Site], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """What the files would do, each said at the first call that names it.

        Raises Incomplete in the end for what was not looked at. A file that the time was over for
        is read by the next scan, which has no need to read the others again.
        """
        if not context.around.folder:
            return
        seen: set[Path] = set()
        unread: list[str] = []
        reader = _Reader(self.seconds, self.most)
        for site in sites:
            if not isinstance(site, CallSite) or site.inner is not None:
                continue
            for path, name in _named(site, context.around, unread):
                if path in seen:
                    continue
                seen.add(path)
                scan = reader.scanned(path)
                yield from ((site.cell, match) for match in _matches(scan, name, site))
                if scan.is_cut:
                    unread.append(
                        f"{name} was not read in the time there is: `llmsec check {name}`"
                    )
                elif not scan.complete:
                    unread.append(f"{name}: {next(iter(scan.notes), 'not all was looked at')}")
        if unread:
            [first] = redacted(unread[:1])
            raise Incomplete(f"INCOMPLETE: {first}{_more(len(unread) - 1)}")


def _named(site: CallSite, around: Surroundings, unread: list[str]) -> Iterator[tuple[Path, str]]:
    """The model files that a call names, and how it names them; `unread` gets what is left out."""
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
                yield from _inside(path, name.rstrip("/"), unread)


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


def _inside(folder: Path, name: str, unread: list[str]) -> Iterator[tuple[Path, str]]:
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
        yield folder / each, f"{name}/{each}"
    if len(names) > _MOST_FILES:
        rest = len(names) - _MOST_FILES
        unread.append(f"{rest} more files of {name} were not read: `llmsec check {name}`")


_Key = tuple[Path, int, int, int]
_known: dict[_Key, ModelScan] = {}
"""Scans by file, its number, size and time: a file is read again when they have changed."""


class _Reader:
    """Reads the files of one document, as long as there is time."""

    def __init__(self, seconds: float, most: int) -> None:
        """The time begins with the first file that is not known."""
        self.left = self.whole = seconds
        self.most = most

    def scanned(self, path: Path) -> ModelScan:
        """What is known of a file, or is found out; cut where the time is over."""
        from ..models import ModelScan

        try:
            status = path.stat()
            key = path, status.st_ino, status.st_size, status.st_mtime_ns
            known = _known.get(key)
            if known is None and self.left <= 0:
                return ModelScan(format="", complete=False, is_cut=True)
            return known or self._read(key)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return ModelScan(format="", complete=False, notes=(f"cannot be read: {reason}",))

    def _read(self, key: _Key) -> ModelScan:
        from ..models import Budget, scan_model

        began, is_first = time.monotonic(), self.left == self.whole
        scan = scan_model(key[0], budget=Budget(seconds=self.left, read=self.most), hashed=False)
        self.left -= time.monotonic() - began
        if is_first or not scan.is_cut:  # with all of the time it would not get further
            while len(_known) >= _REMEMBERED:
                _known.pop(next(iter(_known)), None)
            _known[key] = scan
        return scan


def _matches(scan: ModelScan, name: str, site: CallSite) -> Iterator[Match]:
    """One for each rule, with the first thing that it has to say."""
    by_rule: dict[str, list[ModelIssue]] = {}
    for issue in scan.issues:
        by_rule.setdefault(issue.rule.id, []).append(issue)
    for issues in by_rule.values():
        worst = min(issues, key=lambda one: (one.severity.rank, one.confidence.rank))
        where = f"{name}, {worst.member}" if worst.member else name
        [message] = redacted([f"{where}: {worst.message}{_more(len(issues) - 1)}"])
        yield Match(
            rule=worst.rule,
            start=site.start,
            end=site.end,
            message=message,
            severity=worst.severity,
            confidence=worst.confidence,
        )


def _more(count: int) -> str:
    return f", and {count} more" if count else ""
