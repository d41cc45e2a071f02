"""`--sast`: bandit and ruff as a second pair of eyes on the files of a scan.

What a rule of ours says of the same line already is not said twice.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from ..core.evidence import Concealer
from ..core.finding import Failure, Finding, Line, Skip, Suppression
from ..core.location import InCell, InFile
from ..engine import Scanned, scan
from ..policy import Policy
from ..sources.discover import discover
from .codes import says_the_same
from .detector import AsSeen, waived
from .look import look
from .process import LIMIT
from .reading import is_code, read_code
from .rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..config import Config
    from ..sources.document import Document
    from .detector import Place
    from .look import Looked
    from .seen import Seen

_STDIN: Final = "-"
_TOOL_OF: Final = {rule.id: rule.name for rule in RULES}


class Sast(NamedTuple):
    """What the tools add to a report. `excerpts` are lines to show, by fingerprint.

    `low_confidence` counts findings that are too unsure to be told, by path.
    """

    findings: list[Finding]
    failures: list[Failure]
    skips: list[Skip]
    excerpts: dict[str, tuple[Line, ...]]
    low_confidence: dict[str, int]


def second_look(
    targets: Sequence[tuple[Path, str]],
    findings: Sequence[Finding],
    policy: Policy,
    concealer: Concealer | None = None,
    limit: float = LIMIT,
) -> Sast:
    """What the tools say of files, each given with its name as shown.

    `findings` are ours of the same files. `limit` is in seconds, for each run of a tool. Files
    that are neither notebooks nor Python are left out.
    """
    documents: list[Document] = []
    unread: list[Skip] = []
    for path, shown in targets:
        if is_code(path):
            document, skips = read_code(path, shown, policy.config.max_file_size)
            unread += skips
            if document is not None:
                documents.append(document)
    looked = look(documents, limit)
    looked.skips[:0] = unread
    news = {path: _news(path, seen, findings) for path, seen in looked.seen.items()}
    return _told(documents, news, looked, policy, concealer or Concealer())


def _news(path: str, seen: Iterable[Seen], findings: Iterable[Finding]) -> list[Seen]:
    """What no rule of ours says of the same lines."""
    ours: dict[tuple[int | None, int], set[str]] = {}
    for finding in findings:
        place = finding.location
        if place.path == path and isinstance(place, InCell | InFile):
            cell = getattr(place, "cell", None)
            for line in range(place.line, place.end_line + 1):
                ours.setdefault((cell, line), set()).add(finding.rule)
    return [
        one
        for one in seen
        if not any(
            says_the_same(rule, one.code)
            for line in one.lines
            for rule in ours.get((one.cell, line), ())
        )
    ]


def _told(
    documents: Iterable[Document],
    news: dict[str, list[Seen]],
    looked: Looked,
    policy: Policy,
    concealer: Concealer,
) -> Sast:
    sast = Sast([], [*looked.failures], [*looked.skips], {}, {})
    own = policy.only(())
    own.selected = frozenset(_TOOL_OF)
    own.detectors = (*policy.detectors, AsSeen(news))
    for document in documents:
        if not news.get(document.path):
            continue
        scanned = scan(document, own, concealer)
        silent = waived(news[document.path])
        for event in scanned.events:
            if isinstance(event, Finding):
                sast.findings.append(_waived(event, silent))
            elif isinstance(event, Failure):
                sast.failures.append(event)
        sast.excerpts.update(scanned.excerpts)
        sast.low_confidence[document.path] = scanned.low_confidence
    return sast


def _waived(finding: Finding, silent: dict[Place, str]) -> Finding:
    """The finding, suppressed where its author has told the tool to be silent."""
    place = finding.location
    span = place.line, place.column, place.end_line, place.end_column
    word = silent.get((_TOOL_OF[finding.rule], getattr(place, "cell", None), *span))
    if word is None or finding.suppression is not None:
        return finding
    return replace(finding, fixes=(), suppression=Suppression(kind="comment", where=f"# {word}"))


class SecondLook:
    """An inquiry of a scan: it finds the files as the scan does, and adds to what it says."""

    def __init__(
        self, paths: Sequence[str], config: Config, root: Path | None = None, limit: float = LIMIT
    ) -> None:
        """As `api.check_paths` is given them."""
        self._paths = [os.fspath(path) for path in paths]
        self._config = config
        self._root = root or Path.cwd()
        self._limit = limit

    def __call__(self, results: Sequence[Scanned]) -> list[Skip]:
        """Add what the tools say to the results; of what was left out, to tell."""
        findings = [
            event for result in results for event in result.events if isinstance(event, Finding)
        ]
        policy = Policy(self._config, self._root)
        sast = second_look(self._targets(), findings, policy, limit=self._limit)
        homes = _homes(results)
        rest = results[-1] if results else Scanned()
        for finding in sast.findings:
            home = homes.get(finding.location.path or "", rest)
            home.events.append(finding)
            lines = sast.excerpts.get(finding.fingerprint)
            if lines is not None:
                home.excerpts[finding.fingerprint] = lines
        rest.events.extend(sast.failures)
        rest.low_confidence += sum(sast.low_confidence.values())
        told = {
            _reason(event) for one in results for event in one.events if isinstance(event, Skip)
        }
        return [skip for skip in sast.skips if _reason(skip) not in told] + self._unseen()

    def _targets(self) -> list[tuple[Path, str]]:
        named = [path for path in self._paths if path != _STDIN]
        found = discover(named, self._root, self._config.exclude)
        return [(target.path, target.shown) for target in found.targets]

    def _unseen(self) -> list[Skip]:
        if _STDIN not in self._paths:
            return []
        return [Skip(path=_STDIN, message="standard input was not shown to bandit and ruff")]


def _reason(skip: Skip) -> tuple[str, str]:
    """Which place was not read and why, without who it is that did not read it."""
    return skip.path, skip.message.rpartition("; ")[0] or skip.message


def _homes(results: Sequence[Scanned]) -> dict[str, Scanned]:
    """Which result speaks of which file, as far as it says anything at all."""
    homes: dict[str, Scanned] = {}
    for result in results:
        for event in result.events:
            path = event.location.path if isinstance(event, Finding) else event.path
            if path:
                homes.setdefault(path, result)
    return homes
