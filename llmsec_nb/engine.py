"""The one flow: documents become texts, detectors match, matches become findings of a report."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from . import __version__
from .code_screen import code_screen, is_python, unread
from .core.detector import Context, Incomplete, NotInstalled, Unavailable
from .core.finding import Event, Failure, Finding, Line, Report, Skip, Summary, Tool
from .core.rule import OF_CODE, Confidence, Family, Severity
from .findings import Candidate, Maker, spellings
from .screen import screen_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .core.artifact import Pointer
    from .core.dataset import DataReport
    from .core.evidence import Concealer
    from .core.table import TableReport
    from .policy import Policy
    from .screen import Leaf
    from .sources.document import Document
    from .sources.skim import Suspects


MOST_FINDINGS: Final = 5_000
"""So many findings of one document are listed; that there are more is a failure."""


@dataclass(slots=True)
class Scanned:
    """What one document gave: events in order, lines to show by fingerprint, and the unsure.

    `values` holds raw secrets by fingerprint, in all spellings, only for a scan that is asked to
    keep them; nothing that is shown or stored is made of them.
    """

    events: list[Event] = field(default_factory=list)
    excerpts: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    low_confidence: int = 0
    values: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    tables: list[TableReport] = field(default_factory=list)
    data: list[DataReport] = field(default_factory=list)


def scan(document: Document, policy: Policy, concealer: Concealer) -> Scanned:
    """Scan one document."""
    return scan_read(document.path, lambda: document, policy, concealer)


def scan_read(
    path: str,
    read: Callable[[], Document],
    policy: Policy,
    concealer: Concealer,
    *,
    keep: bool = False,
) -> Scanned:
    """Read and scan one document. A defect of ours becomes a Failure of this document alone.

    `keep` the values of secrets, for inquiries.
    """
    try:
        return _scan(read(), policy, concealer, keep=keep)
    except Exception as error:  # noqa: BLE001 (one document must not take the others down)
        message = f"the scan stopped with {type(error).__name__}; this file was not scanned"
        return Scanned(events=[Failure(path=path, message=message, remedy="please report it")])


def suspects(policy: Policy, path: str) -> Suspects | None:
    """What tells a reader of the file at `path` in which of its texts something may be found.

    None where detectors are run of which nobody knows what they look for. If a detector breaks,
    it is all of the texts: the scan proper then says so, cell by cell.
    """
    if policy.detectors:
        return None
    return _Suspects(policy, path)


class _Suspects:
    """See `suspects`."""

    def __init__(self, policy: Policy, path: str) -> None:
        self.screen = screen_for(policy.selected)
        self.reads_code = policy.reads_code
        self.path = path

    def __call__(self, leaves: Sequence[Leaf]) -> set[int]:
        try:
            return self.screen.suspects(leaves, self.path)
        except Exception:  # noqa: BLE001 (a detector's bug must not hide other findings)
            return set(range(len(leaves)))

    def code(self, leaves: Sequence[Leaf]) -> set[int]:
        try:
            return code_screen().wanted(leaves) if self.reads_code else set()
        except Exception:  # noqa: BLE001 (as above: the scan proper then says so)
            return set(range(len(leaves)))


def _scan(document: Document, policy: Policy, concealer: Concealer, *, keep: bool) -> Scanned:
    result = Scanned()
    result.events.extend(document.failures)
    result.events.extend(document.skips)
    if not document.texts:
        return result
    candidates = list(_candidates(document, policy, result.events))
    if policy.reads_code:
        candidates += _code(document, result.events)
    chosen = resolved([c for c in candidates if c.match.rule.id in policy.selected])
    if len(chosen) > MOST_FINDINGS:
        result.events.append(_too_many(document, len(chosen) - MOST_FINDINGS))
        del chosen[MOST_FINDINGS:]
    maker = Maker(document, policy, concealer, candidates)
    for candidate in chosen:
        match = candidate.match
        confidence = match.confidence or match.rule.confidence
        unsure = not confidence.at_least(policy.config.min_confidence)
        result.low_confidence += unsure
        if unsure and not maker.heeds_all:
            continue
        finding = maker.finding(candidate)  # also marks the suppression it falls under as used
        if not unsure:
            result.events.append(_fixed(maker, finding, candidate))
            result.excerpts[finding.fingerprint] = maker.excerpt(candidate)
            if keep and finding.family is Family.SECRET:
                result.values[finding.fingerprint] = tuple(dict.fromkeys(spellings(candidate)))
    result.events.extend(maker.unused())
    result.events.extend(maker.stale())
    return result


def _too_many(document: Document, left: int) -> Failure:
    return Failure(
        path=document.path,
        message=f"{left} more findings than the {MOST_FINDINGS} that are listed of one file",
        remedy="mend those and scan again",
    )


def _fixed(maker: Maker, finding: Finding, candidate: Candidate) -> Finding:
    try:
        return maker.fixed(finding, candidate)
    except Exception:  # noqa: BLE001 (a finding without its fixes is worth more than none)
        return finding


def assemble(results: Iterable[Scanned]) -> tuple[Report, dict[str, tuple[Line, ...]]]:
    """One report of many documents, in their order, and the lines to show."""
    results = list(results)
    findings: list[Finding] = []
    failures: list[Failure] = []
    skips: list[Skip] = []
    excerpts: dict[str, tuple[Line, ...]] = {}
    files = unsure = 0
    for result in results:
        files += 1
        unsure += result.low_confidence
        excerpts.update(result.excerpts)
        for event in result.events:
            if isinstance(event, Finding):
                findings.append(event)
            elif isinstance(event, Failure):
                failures.append(event)
            else:
                skips.append(event)
    active = [finding for finding in findings if finding.suppression is None]
    counts = Counter(finding.severity.value for finding in active)
    summary = Summary(
        files=files,
        findings=len(active),
        suppressed=len(findings) - len(active),
        low_confidence=unsure,
        failures=len(failures),
        skips=len(skips),
        by_severity={level.value: counts[level.value] for level in Severity if counts[level.value]},
    )
    report = Report(
        tool=Tool(version=__version__),
        findings=tuple(findings),
        failures=tuple(dict.fromkeys(failures)),
        skips=tuple(dict.fromkeys(skips)),
        tables=tuple(table for result in results for table in result.tables),
        data=tuple(one for result in results for one in result.data),
        summary=summary,
    )
    return report, excerpts


def _candidates(document: Document, policy: Policy, events: list[Event]) -> Iterator[Candidate]:
    context = Context(path=document.path)
    custom = [
        (detector, [(text, None) for text in document.texts]) for detector in policy.detectors
    ]
    for detector, texts in [*screen_for(policy.selected).assign(document.texts), *custom]:
        broken: set[int | None] = set()
        for text, hint in texts:
            cell = getattr(text.pieces[0].part.place, "cell", None)
            try:
                for match in detector.detect(text, hint, context):
                    yield Candidate(match, text)
            except Unavailable as reason:
                told = Skip if isinstance(reason, NotInstalled) else Failure
                events.append(told(path=document.path, message=str(reason)))
                break
            except Incomplete as reason:
                events.append(Failure(path=document.path, message=str(reason), cell=cell))
            except Exception as error:  # noqa: BLE001 (a detector's bug must not hide other findings)
                if cell not in broken:
                    broken.add(cell)
                    events.append(_crash(document, type(detector).__name__, error, cell))


def _code(document: Document, events: list[Event]) -> Iterator[Candidate]:
    """What the rules for code find, names followed from cell to cell."""
    try:
        code = code_screen().read(document)
    except Exception as error:  # noqa: BLE001 (a defect in reading code must not hide other findings)
        events.append(_crash(document, "the reader of code", error, None))
        return
    if document.past is not None:
        events.extend(Skip(path=document.path, message=gap) for gap in document.past.gaps())
    if code is None:
        return
    if not is_python(document.language):
        message = "its language is not Python, which is what rules for code and packages read"
        events.append(Skip(path=document.path, message=message))
        return
    events.extend(unread(document, code.units))
    context = Context(path=document.path, around=document.around)
    for detector in code_screen().detectors:
        try:
            for match, text in code.inspect(detector, context):
                yield Candidate(match, text)
        except Unavailable as reason:
            told = Skip if isinstance(reason, NotInstalled) else Failure
            events.append(told(path=document.path, message=str(reason)))
        except Incomplete as reason:
            events.append(Failure(path=document.path, message=str(reason)))
        except Exception as error:  # noqa: BLE001 (as in _candidates)
            events.append(_crash(document, type(detector).__name__, error, None))


def _crash(document: Document, name: str, error: Exception, cell: int | None) -> Failure:
    """Names the error's type only: its message may quote the text."""
    return Failure(
        path=document.path,
        message=f"{name} stopped with {type(error).__name__}; what it looks for was not scanned",
        remedy="please report it",
        cell=cell,
    )


def resolved(candidates: list[Candidate]) -> list[Candidate]:
    """One finding for the same characters and family: the most specific rule keeps them.

    Of code each rule says something else, of a call and of the call in it: there only what says
    the same of the same characters is one.
    """
    claims: dict[tuple[int, str], _Claims] = {}
    kept: list[Candidate] = []
    said: set[tuple[int, str, int, int]] = set()
    for candidate in sorted(candidates, key=_strength):
        if candidate.match.rule.id.startswith(OF_CODE):
            spot = candidate.spot
            told = (id(spot.part), candidate.match.rule.id, spot.start, spot.end)
            if told not in said:
                said.add(told)
                kept.append(candidate)
            continue
        key = id(candidate.spot.part), candidate.match.rule.family
        if claims.setdefault(key, _Claims()).take(candidate):
            kept.append(candidate)
            for spot in (*candidate.rest, *candidate.others):
                claims.setdefault((id(spot.part), key[1]), _Claims()).cover(spot.start, spot.end)
    return sorted(kept, key=_in_order)


class _Claims:
    """The characters of one part that findings of one family hold already."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []
        self.inexact: dict[str, list[tuple[int, int]]] = {}

    def take(self, candidate: Candidate) -> bool:
        """Claim a candidate's characters; False if a stronger one has them.

        Matches in an encoded payload can share one inexact place: there the value decides.
        """
        spot = candidate.spot
        if self._taken(spot.start, spot.end):
            return False
        if not spot.exact:
            peers = self.inexact.setdefault(candidate.value, [])
            if any(spot.start < end and start < spot.end for start, end in peers):
                return False
            peers.append((spot.start, spot.end))
            return True
        insort(self.spans, (spot.start, spot.end))
        return True

    def cover(self, start: int, end: int) -> None:
        """Claim characters on which a value goes on that starts in another part."""
        if not self._taken(start, end):
            insort(self.spans, (start, end))

    def _taken(self, start: int, end: int) -> bool:
        """Claimed exact spans never overlap, so that only the two neighbours matter."""
        index = bisect_right(self.spans, (start, end))
        before = index > 0 and self.spans[index - 1][1] > start
        return before or (index < len(self.spans) and self.spans[index][0] < end)


def _strength(candidate: Candidate) -> tuple[int, int, int, int, int]:
    """What is hardly believed yields to all else, then what has no exact place of its own."""
    match, spot = candidate.match, candidate.spot
    confidence = match.confidence or match.rule.confidence
    return (
        int(confidence is Confidence.LOW),
        int(not spot.exact and not candidate.split),
        -match.rank,
        confidence.rank,
        -(match.end - match.start),
    )


def _in_order(candidate: Candidate) -> tuple[object, ...]:
    place = candidate.spot.part.place
    cell = getattr(place, "cell", None)
    cell = getattr(place, "execution", None) if cell is None else cell
    output = getattr(place, "output", None)
    return (
        -1 if cell is None else cell,
        type(place).__name__ != "InCell",
        -1 if output is None else output,
        _natural(candidate.spot.part.pointer),
        candidate.spot.start,
        candidate.match.rule.id,
    )


def _natural(pointer: Pointer) -> tuple[tuple[bool, int, str], ...]:
    """Numbers before names, each among themselves."""
    return tuple(
        (False, step, "") if isinstance(step, int) else (True, 0, step) for step in pointer
    )
