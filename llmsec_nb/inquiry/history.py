"""Whether the git history of a file still holds the secret that was found in it.

Git only lists and prints objects (see `git`); values are looked for here, so that none is ever an
argument of a process. Versions of the file itself come first, then whatever else was committed on
any branch. Time and bytes are bounded: what was not read is said.
"""

from __future__ import annotations

import json
import os
import re
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from ..core.finding import History, Skip
from . import subjects
from .git import Git, program, repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..engine import Scanned
    from . import Subject

_STDIN: Final = "-"
_SHORTEST: Final = 8
"""Characters; a shorter value occurs everywhere, so that its presence says nothing."""
_MOST_VALUES: Final = 200
_MOST_OBJECTS: Final = 400_000
_LARGEST: Final = 32_000_000
_LONGEST_LINE: Final = 4096
_LINES: Final = 4
_LINE: Final = 16
_OID: Final = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")

_Spelling = tuple[bytes, ...]
"""Pieces that a file holds all of, if it holds the value in this spelling."""


class Limits(NamedTuple):
    """What a search may cost: seconds for the whole scan, bytes of contents."""

    seconds: float
    size: int


QUICK: Final = Limits(2.0, 2_000_000_000)
"""What every check may spend."""
THOROUGH: Final = Limits(120.0, 20_000_000_000)
"""What a search that was asked for may spend."""


class _Version(NamedTuple):
    """One content of one file, with the oldest commit that has it."""

    path: bytes
    commit: str
    time: int


class _Unread(Exception):
    """Git does not show the repository; the message is for people."""


class Historian:
    """Adds to each finding in a work tree of git what its history says."""

    def __init__(self, limits: Limits = QUICK) -> None:
        """The limits hold for all of the calls together."""
        self.limits = limits

    def __call__(self, results: Sequence[Scanned]) -> list[Skip]:
        """Look at every repository in which something was found."""
        until = time.monotonic() + self.limits.seconds
        skips = []
        for top, found in _by_repository(results).items():
            search = _Search(top, found, until, self.limits)
            try:
                skips += search.run()
            except (_Unread, OSError) as error:
                told = str(error) if isinstance(error, _Unread) else "git cannot be run"
                skips.append(_skip(top, told))
        return skips


def _skip(top: Path, told: str) -> Skip:
    return Skip(path=str(top), message=f"its git history was not searched: {told}")


def _by_repository(results: Sequence[Scanned]) -> dict[Path, list[tuple[bytes, Subject]]]:
    """The findings of each work tree, with the file's path in it."""
    found: dict[Path, list[tuple[bytes, Subject]]] = {}
    known: dict[str, tuple[Path, bytes] | None] = {}
    for subject in subjects(results):
        path = subject.finding.location.path
        if path is None or path == _STDIN:
            continue
        if path not in known:
            whole = Path(path).resolve()
            top = repository(whole)
            known[path] = (top, os.fsencode(whole.relative_to(top).as_posix())) if top else None
        place = known[path]
        if place is not None:
            found.setdefault(place[0], []).append((place[1], subject))
    return found


class _Search:
    """One repository: the values to look for, and the versions of files that hold them."""

    def __init__(
        self, top: Path, found: list[tuple[bytes, Subject]], until: float, limits: Limits
    ) -> None:
        self.top = top
        self.until = until
        self.limits = limits
        self.left = limits.size
        self.cut = ""
        self.paths = list(dict.fromkeys(path for path, _ in found))
        self.subjects = [subject for _, subject in found]
        values: dict[str, list[_Spelling]] = {}
        for subject in self.subjects:
            digest = subject.finding.evidence.digest
            if len(subject.spellings[0]) >= _SHORTEST and digest not in values:
                values[digest] = _spellings(subject.spellings)
        self.values = dict(islice(values.items(), _MOST_VALUES))
        self.dropped = len(values) - len(self.values)
        self.hits: dict[str, list[_Version]] = {digest: [] for digest in self.values}

    def run(self) -> list[Skip]:
        """Search, and put what was found; says what could not be done. Raises _Unread."""
        if not self.values:
            return []
        name = program(self.top)
        if name is None:
            raise _Unread("no program called git")
        git = Git(name, self.top, self.until)
        shallow = _opened(git)
        own = self._listed(git, feed=[b"--\n", *(path + b"\n" for path in _plain(self.paths))])
        self._read(git, own)
        every = self._listed(git)
        self._read(git, {oid: version for oid, version in every.items() if oid not in own})
        skips = [self._skipped()] if self.cut else []
        if self.dropped:
            skips.append(_skip(self.top, f"for {self.dropped} of the values: there are too many"))
        self.cut = self.cut or ("shallow clone" if shallow else "")
        self._put()
        return skips

    def _skipped(self) -> Skip:
        message = f"its git history was searched only in part: {self.cut}"
        if self.limits is QUICK:
            message += "; --history takes its time"
        return Skip(path=str(self.top), message=message)

    def _put(self) -> None:
        for subject in self.subjects:
            hits = self.hits.get(subject.finding.evidence.digest)
            if hits is None:
                continue
            history = History(held=False, cut=self.cut)
            if hits:
                first = min(hits, key=lambda version: version.time)
                history = History(
                    held=True,
                    versions=len(hits),
                    since=datetime.fromtimestamp(first.time, UTC).date().isoformat(),
                    commit=first.commit,
                    cut=self.cut,
                )
            subject.put(replace(subject.finding, history=history))

    def _listed(self, git: Git, feed: Iterable[bytes] = ()) -> dict[bytes, _Version]:
        """Every object of all branches and tags, each under the oldest commit that has it."""
        words = (
            *("rev-list", "--all", "--full-history", "--reverse", "--timestamp"),
            *("--objects", "--in-commit-order", "--missing=allow-any", "--stdin"),
        )
        found: dict[bytes, _Version] = {}
        commit, when = "", 0
        with git.run(*words, feed=feed) as run:
            while line := run.output.readline(_LONGEST_LINE):
                head, _, name = line.rstrip(b"\n").partition(b" ")
                if _OID.fullmatch(head):
                    found[head] = _Version(name, commit, when)
                else:
                    commit, when = name.decode("ascii", "replace"), _seconds(head)
                if len(found) > _MOST_OBJECTS:
                    self._stop("there is too much of it")
                    return found
            if not run.succeeded:
                self._stop()
        return found

    def _stop(self, reason: str = "") -> None:
        """Remember why not everything is read: the first reason is the one to tell."""
        if not reason:
            late = time.monotonic() >= self.until
            reason = f"{self.limits.seconds:g} s were spent" if late else "git could not read it"
        self.cut = self.cut or reason

    def _read(self, git: Git, versions: dict[bytes, _Version]) -> None:
        """Look for the values in the contents, those of files of the same kind first."""
        if not versions:
            return
        kinds = {PurePath(os.fsdecode(path)).suffix.encode() for path in self.paths}
        sizes = self._sizes(git, versions)
        oids = sorted(sizes, key=lambda oid: not versions[oid].path.endswith(tuple(kinds)))
        for oid, content in self._contents(git, oids, sizes):
            for digest, spellings in self.values.items():
                if any(all(piece in content for piece in spelling) for spelling in spellings):
                    self.hits[digest].append(versions[oid])
            if time.monotonic() >= self.until:
                self._stop()
                return

    def _sizes(self, git: Git, oids: Iterable[bytes]) -> dict[bytes, int]:
        """How large those objects are that are contents of files."""
        found: dict[bytes, int] = {}
        words = ("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)")
        with git.run(*words, "--buffer", feed=(oid + b"\n" for oid in oids)) as run:
            for line in run.output:
                oid, _, rest = line.partition(b" blob ")
                if not rest.endswith(b"\n"):  # no content of a file, or git was ended in the line
                    continue
                if int(rest) <= _LARGEST:
                    found[oid] = int(rest)
                else:
                    self._stop(f"files of more than {_LARGEST // 1_000_000} MB were left out")
            if not run.succeeded:
                self._stop()
        return found

    def _contents(
        self, git: Git, oids: Sequence[bytes], sizes: dict[bytes, int]
    ) -> Iterator[tuple[bytes, bytes]]:
        words = ("cat-file", "--batch", "--buffer")
        with git.run(*words, feed=(oid + b"\n" for oid in oids)) as run:
            for oid in oids:
                self.left -= sizes[oid]
                if self.left < 0:
                    self._stop("there is too much of it")
                    return
                header = run.output.readline(_LONGEST_LINE).split()
                content = run.output.read(sizes[oid]) if len(header) == 3 else b""
                if len(content) < sizes[oid] or header[:1] != [oid]:
                    self._stop()
                    return
                run.output.read(1)
                yield oid, content


def _opened(git: Git) -> bool:
    """Whether the history is cut off because the clone is shallow. Raises _Unread."""
    with git.run("rev-parse", "--is-shallow-repository") as run:
        told = run.output.read(_LONGEST_LINE)
        if not run.succeeded:
            foreign = b"dubious ownership" in run.complaints or b"safe.directory" in run.complaints
            raise _Unread(
                "it belongs to somebody else (see git's safe.directory)"
                if foreign
                else "git cannot read it"
            )
    return told.strip() == b"true"


def _plain(paths: Iterable[bytes]) -> Iterator[bytes]:
    """Paths that a line can hold: git reads them from its standard input."""
    return (path for path in paths if b"\n" not in path and b"\r" not in path)


def _seconds(text: bytes) -> int:
    """A commit's time; one that no calendar has is the oldest of all."""
    try:
        return min(int(text), 253402300799)
    except ValueError:
        return 0


def _spellings(spelled: Sequence[str]) -> list[_Spelling]:
    """How a file may hold a value: as it is, or as JSON escapes it.

    A notebook keeps each line in a string of its own, so a value of several lines is looked for
    by its longest lines.
    """
    found: dict[_Spelling, None] = {}
    for text in spelled:
        lines = text.splitlines()
        long = sorted((line for line in lines if len(line) >= _LINE), key=len, reverse=True)
        pieces = long[:_LINES] if len(lines) > 1 and long else [text]
        for spell in (str, _escaped, _escaped_ascii):
            found[tuple(spell(piece).encode("utf-8", "replace") for piece in pieces)] = None
    return list(found)


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _escaped_ascii(text: str) -> str:
    return json.dumps(text)[1:-1]
