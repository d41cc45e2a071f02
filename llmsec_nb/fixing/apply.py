"""From a report to changed files: in memory, round by round, until nothing is left to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..api import STDIN
from ..core.evidence import Concealer
from ..core.finding import Failure
from ..core.location import InColumn
from ..core.rule import Family
from ..engine import assemble, scan_read, suspects
from ..fixes.stored import Misplaced, rewritten
from ..policy import Policy
from ..sources.files import read_bytes
from ..surroundings import surroundings
from .choice import Chosen, changes_of, choose, is_proven
from .files import File, Unfixable, decoded, encoded, sweep

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..config import Config
    from ..core.finding import Finding, Fix, Report
    from ..sources.document import Document

Scan = Callable[[bytes, str], "Report"]
"""Judges the bytes of a file as a scan of the file by that name would."""
ROUNDS: Final = 10
"""A fix can lay open another finding, and of two at one place one is made at a time."""
_MOST_ALONE: Final = 30
"""Fixes that are tried one by one, where all together are not proven."""
_SURROUNDED: Final = frozenset({Family.DEPENDENCY, Family.MODEL, Family.HYGIENE})
"""What is found of these depends on more than the file."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A fix that was made, of a finding as it was found."""

    path: str
    finding: Finding
    fix: Fix


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after. Both hold what is in it, secrets, too: nothing to be shown."""

    path: str
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


@dataclass(slots=True)
class Fixed:
    """What was mended: fixes in the order in which they were made, files, and what could not be."""

    applied: list[Applied] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


class Judge:
    """Judges the bytes of a file as a scan of it does."""

    def __init__(
        self, config: Config, root: Path, plugins: Sequence[str] = (), model: str = ""
    ) -> None:
        """All as the scan was told, see `Policy`. Raises ConfigError."""
        self.policy = Policy(config, root, plugins=plugins, model=model)
        self.concealer = Concealer()

    def __call__(self, data: bytes, path: str) -> Report:
        """The report of these bytes alone."""
        read = partial(self._read, data, path)
        return assemble([scan_read(path, read, self.policy, self.concealer)])[0]

    def _read(self, data: bytes, path: str) -> Document:
        document = read_bytes(data, path, suspects(self.policy, path))
        python = document.around.python
        document.around = surroundings(Path(path).parent, self.policy.root, python=python)
        return document


def apply_fixes(
    report: Report,
    judge: Scan,
    *,
    unsafe: bool = False,
    write: bool = True,
    since: int | None = None,
) -> Fixed:
    """Make the fixes of a report in its files; relative names start in the working directory.

    Safe ones, and with `unsafe` the others, too; no suppressions. Each file is written once, all
    at once, after scans by `judge` have proven in memory that the findings are gone and nothing
    that does harm is new; not at all without `write`. A file that is not as it was scanned is left
    alone, by its time if `since` is given, the nanoseconds when the scan began.
    """
    fixed = Fixed()
    swept: set[Path] = set()
    for path, findings in _by_path(report).items():
        if not choose(findings, unsafe=unsafe):
            continue
        try:
            mending = _Mending(path, findings, judge, since, unsafe=unsafe)
            mending.run()
            after = encoded(mending.text, mending.coding)
            if mending.applied and write:
                if (folder := Path(path).parent) not in swept:
                    swept.add(folder)
                    sweep(folder)
                mending.file.write(after)
        except Unfixable as problem:
            fixed.failures.append(_failure(path, str(problem)))
            continue
        if mending.applied:
            fixed.applied += mending.applied
            fixed.changes.append(Change(path, mending.file.data, after))
        if mending.stuck:
            count = len(mending.stuck)
            message = f"{count} fixes were not made: another scan did not prove them"
            fixed.failures.append(_failure(path, message, "mend them by hand"))
    return fixed


def _by_path(report: Report) -> dict[str, list[Finding]]:
    files: dict[str, list[Finding]] = {}
    for finding in report.active:
        if not isinstance(finding.location, InColumn):
            files.setdefault(finding.location.path or "", []).append(finding)
    return files


def _failure(path: str, message: str, remedy: str = "") -> Failure:
    return Failure(path=path, message=message, remedy=remedy)


class _Mending:
    """One file on its way: `text` is what it would be now."""

    def __init__(
        self,
        path: str,
        findings: Sequence[Finding],
        scan: Scan,
        since: int | None,
        *,
        unsafe: bool,
    ) -> None:
        """Read the file and see that it is the one that was scanned. Raises Unfixable."""
        if path in {STDIN, ""}:
            raise Unfixable("is no file: nothing of it can be mended")
        self.path = path
        self.file = File.read(Path(path))
        self.text, self.coding = decoded(self.file.data)
        self.unsafe = unsafe
        self.applied: list[Applied] = []
        self.stuck: set[str] = set()
        self._scan = scan
        self._findings: Iterable[Finding] = findings
        self.report = scan(self.file.data, path)
        is_late = since is not None and self.file.changed_since(since)
        if is_late or not self._is_as_scanned(findings):
            raise Unfixable("was changed since it was scanned: scan again")

    def _is_as_scanned(self, findings: Sequence[Finding]) -> bool:
        """Whether the same is found at the same places."""
        own, now = Counter(_places(findings)), Counter(_places(self.report.active))
        if any(not now[_place(one.finding)] for one in choose(findings, unsafe=self.unsafe)):
            return False
        return all(own[key] == now[key] for key in own | now if key[0] not in _SURROUNDED)

    def run(self) -> None:
        """Round after round. Raises Unfixable."""
        for _ in range(ROUNDS):
            chosen = choose(self._findings, unsafe=self.unsafe, stuck=self.stuck)
            if not chosen:
                return
            if not self._made(chosen):
                self._made(self._good(chosen))
            self._findings = self.report.active

    def _attempt(self, chosen: Sequence[Chosen]) -> tuple[str, Report] | None:
        """The text with the fixes, and what a scan says of it, if it proves them."""
        try:
            text = rewritten(self.text, changes_of(chosen))
        except Misplaced:
            return None
        report = self._scan(encoded(text, self.coding), self.path)
        return (text, report) if is_proven(chosen, self.report, report) else None

    def _made(self, chosen: Sequence[Chosen]) -> bool:
        done = self._attempt(chosen) if chosen else None
        if done is not None:
            self.text, self.report = done
            self.applied += (Applied(self.path, one.finding, one.fix) for one in chosen)
        return done is not None

    def _good(self, chosen: Sequence[Chosen]) -> list[Chosen]:
        """Those that are proven alone; the others are given up, and if all are, all but one."""
        few = chosen[:_MOST_ALONE]
        good = [one for one in few if len(chosen) > 1 and self._attempt([one]) is not None]
        self.stuck.update(one.finding.fingerprint for one in chosen if one not in good)
        return good if len(good) < len(chosen) else good[:1]


def _places(findings: Iterable[Finding]) -> Iterator[tuple[object, ...]]:
    return map(_place, findings)


def _place(finding: Finding) -> tuple[object, ...]:
    place = finding.location
    return (
        finding.family, finding.rule, place.pointer, place.line, place.column, place.end_line,
        place.end_column,
    )  # fmt: skip
