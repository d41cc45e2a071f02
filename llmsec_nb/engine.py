"""The one flow: documents become texts, detectors match, matches become findings of a report."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from . import __version__
from .core.detector import Context, Match, Unavailable
from .core.evidence import Concealer, Evidence, redact
from .core.finding import Event, Failure, Finding, Line, Report, Skip, Summary, Suppression, Tool
from .core.rule import Confidence, Family, Rule, Severity
from .rules import detectors_for
from .rules.hygiene.suppressions import INVALID, UNUSED
from .sources.position import Lines, raw_offset, string_offsets
from .suppression import Directive, apply, directives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .core.artifact import Part, Pointer, Spot, Text
    from .core.detector import Detector
    from .core.location import Location
    from .policy import Policy
    from .sources.document import Document

_MASKED: Final = frozenset({Family.SECRET, Family.PII})
_SHORTEST_VALUE: Final = 4


class _Candidate:
    """A match with its place; holds the raw value, so it never leaves the engine."""

    __slots__ = ("match", "spot", "value")

    def __init__(self, match: Match, spot: Spot, value: str) -> None:
        self.match = match
        self.spot = spot
        self.value = value

    @property
    def hidden(self) -> bool:
        return self.match.rule.family in _MASKED


@dataclass(slots=True)
class Scanned:
    """What one document gave: events in order, lines to show by fingerprint, and how many unsure."""

    events: list[Event] = field(default_factory=list)
    excerpts: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    low_confidence: int = 0


def scan(document: Document, policy: Policy, concealer: Concealer) -> Scanned:
    """Scan one document."""
    result = Scanned()
    result.events.extend(document.failures)
    result.events.extend(document.skips)
    candidates = list(_candidates(document, policy, result.events))
    values = frozenset(
        value
        for candidate in candidates
        if candidate.hidden
        for value in _spellings(candidate)
        if len(value) >= _SHORTEST_VALUE
    )
    chosen = _resolved([c for c in candidates if c.match.rule.id in policy.selected])
    maker = _Maker(document, policy, concealer, candidates, values)
    for candidate in chosen:
        finding = maker.finding(candidate)
        confident = finding.confidence.at_least(policy.config.min_confidence)
        if confident:
            result.events.append(finding)
            result.excerpts[finding.fingerprint] = maker.excerpt(candidate)
        else:
            result.low_confidence += 1
    result.events.extend(maker.unused())
    return result


def assemble(results: Iterable[Scanned]) -> tuple[Report, dict[str, tuple[Line, ...]]]:
    """One report of many documents, in their order, and the lines to show."""
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
        summary=summary,
    )
    return report, excerpts


def _candidates(document: Document, policy: Policy, events: list[Event]) -> Iterator[_Candidate]:
    for detector in detectors_for(policy.selected):
        broken: set[int | None] = set()
        for text in document.texts:
            cell = getattr(text.pieces[0].part.place, "cell", None)
            try:
                for match in detector.detect(text, Context(path=document.path)):
                    value = text.text[match.start : match.end]
                    yield _Candidate(match, text.locate(match.start, match.end), value)
            except Unavailable as reason:
                events.append(Failure(path=document.path, message=str(reason)))
                break
            except Exception as error:  # noqa: BLE001 (a detector's bug must not hide other findings)
                if cell not in broken:
                    broken.add(cell)
                    events.append(_crash(document, detector, error, cell))


def _crash(document: Document, detector: Detector, error: Exception, cell: int | None) -> Failure:
    """Names the error's type only: its message may quote the text."""
    name = type(detector).__name__
    return Failure(
        path=document.path,
        message=f"{name} stopped with {type(error).__name__}; what it looks for was not scanned",
        remedy="please report it",
        cell=cell,
    )


def _spellings(candidate: _Candidate) -> Iterator[str]:
    yield candidate.value
    spot = candidate.spot
    if spot.end - spot.start < 4 * len(candidate.value) + 64:
        yield spot.part.text[spot.start : spot.end]


def _resolved(candidates: list[_Candidate]) -> list[_Candidate]:
    """One finding for the same characters and family: the most specific rule keeps them."""
    kept: dict[int, list[_Candidate]] = {}
    order: dict[int, int] = {}
    for candidate in candidates:
        order.setdefault(id(candidate.spot.part), len(order))
    strongest = sorted(candidates, key=_strength)
    for candidate in strongest:
        peers = kept.setdefault(id(candidate.spot.part), [])
        if not any(_same(candidate, peer) for peer in peers):
            peers.append(candidate)
    found = [candidate for peers in kept.values() for candidate in peers]
    return sorted(found, key=_in_order)


def _strength(candidate: _Candidate) -> tuple[int, int, int, int]:
    match, spot = candidate.match, candidate.spot
    confidence = match.confidence or match.rule.confidence
    return -match.rank, confidence.rank, -(match.end - match.start), int(not spot.exact)


def _same(one: _Candidate, other: _Candidate) -> bool:
    if one.match.rule.family is not other.match.rule.family:
        return False
    if one.spot.end <= other.spot.start or other.spot.end <= one.spot.start:
        return False
    if one.spot.exact and other.spot.exact:
        return True
    return one.value in other.value or other.value in one.value


def _in_order(candidate: _Candidate) -> tuple[object, ...]:
    place = candidate.spot.part.place
    cell = getattr(place, "cell", None)
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


class _Maker:
    """Turns candidates of one document into findings without raw values."""

    def __init__(
        self,
        document: Document,
        policy: Policy,
        concealer: Concealer,
        candidates: list[_Candidate],
        values: frozenset[str],
    ) -> None:
        self.document = document
        self.policy = policy
        self.concealer = concealer
        self.values = values
        self.hidden: dict[int, list[_Candidate]] = {}
        for candidate in candidates:
            if candidate.hidden:
                self.hidden.setdefault(id(candidate.spot.part), []).append(candidate)
        self.directives = directives(document)
        self.ordinals: Counter[tuple[str, str]] = Counter()
        self.lines: dict[int, Lines] = {}
        self._file: Lines | None = None
        self._offsets = self._string_offsets(candidates)

    def finding(self, candidate: _Candidate) -> Finding:
        match, rule = candidate.match, candidate.match.rule
        place = self._place(candidate.spot)
        evidence = self.concealer.conceal(candidate.value, match.public)
        if match.label:
            evidence = Evidence(redact(match.label, self.values), evidence.digest)
        return self._built(
            rule,
            place,
            evidence,
            message=redact(match.message, self.values) or rule.summary,
            severity=match.severity or rule.severity,
            confidence=match.confidence or rule.confidence,
        )

    def _built(
        self,
        rule: Rule,
        place: Location,
        evidence: Evidence,
        *,
        message: str,
        severity: Severity,
        confidence: Confidence,
    ) -> Finding:
        suppression = apply(self.directives, rule.id, place) or self.policy.suppression(
            rule.id, self.document.path
        )
        if suppression is not None:
            suppression = Suppression(
                kind=suppression.kind,
                reason=redact(suppression.reason, self.values),
                where=suppression.where,
            )
        return Finding(
            rule=rule.id,
            name=rule.name,
            family=rule.family,
            severity=severity,
            confidence=confidence,
            message=message,
            location=place,
            evidence=evidence,
            suppression=suppression,
            fingerprint=self._fingerprint(rule.id, place),
        )

    def unused(self) -> Iterator[Finding]:
        """Suppressions that named no rule, and those that suppressed nothing."""
        for directive in self.directives:
            rule = UNUSED if directive.valid else INVALID
            mistaken = directive.valid and (
                directive.used or not directive.rules <= self.policy.selected
            )
            if mistaken or rule.id not in self.policy.selected:
                continue
            place = self._directive_place(directive)
            if place is not None:
                label = ", ".join(sorted(directive.rules)) or "no known rule"
                yield self._built(
                    rule,
                    place,
                    Evidence(label, self.concealer.digest(label)),
                    message=rule.summary,
                    severity=rule.severity,
                    confidence=rule.confidence,
                )

    def _directive_place(self, directive: Directive) -> Location | None:
        part = directive.part or self.document.sources.get(directive.cell or 0)
        if part is None:
            return None
        if directive.part is None:
            return self._located(part, 0, 0)
        start = self._lines(part).span(directive.line)[0]
        return self._located(part, start + directive.column, start + directive.end)

    def _place(self, spot: Spot) -> Location:
        return self._located(spot.part, spot.start, spot.end)

    def _located(self, part: Part, start: int, end: int) -> Location:
        lines = self._lines(part)
        line, column = lines.position(start)
        end_line, end_column = lines.position(end)
        place = part.place
        pointer = place.pointer and redact(place.pointer, self.values)
        changes: dict[str, object] = {"path": self.document.path or None, "pointer": pointer}
        changes |= {"line": line, "column": column}
        changes |= {"end_line": end_line, "end_column": end_column}
        changes |= self._in_file(part, start, end)
        if type(place).__name__ == "InFile" and "file_line" in changes:
            changes |= {name: changes[f"file_{name}"] for name in ("line", "column", "end_line", "end_column")}
        return replace(place, **changes)

    def _in_file(self, part: Part, start: int, end: int) -> dict[str, object]:
        """Line and column in the file, of a JSON string by way of its escapes."""
        raw = self.document.raw
        if raw is None:
            return {}
        if self.document.json:
            first, last = self._raw(raw, part, start), self._raw(raw, part, max(start, end - 1))
            if first is None or last is None:
                return {}
            start, end = first[0], last[1] if end > start else first[0]
        if self._file is None:
            self._file = Lines(raw)
        line, column = self._file.position(start)
        end_line, end_column = self._file.position(end)
        return {
            "file_line": line,
            "file_column": column,
            "file_end_line": end_line,
            "file_end_column": end_column,
        }

    def _raw(self, raw: str, part: Part, offset: int) -> tuple[int, int] | None:
        pointer, inside = part.stored_at(offset)
        begin = self._offsets.get((pointer, part.is_key))
        if begin is None:
            return None
        return raw_offset(raw, begin, inside), raw_offset(raw, begin, inside + 1)

    def _string_offsets(
        self, candidates: list[_Candidate]
    ) -> dict[tuple[Pointer, bool], int]:
        if not self.document.json or self.document.raw is None:
            return {}
        wanted: set[tuple[Pointer, bool]] = set()
        for spot in [candidate.spot for candidate in candidates]:
            for offset in (spot.start, max(spot.start, spot.end - 1)):
                wanted.add((spot.part.stored_at(offset)[0], spot.part.is_key))
        for directive in self.directives:
            part = directive.part or self.document.sources.get(directive.cell or 0)
            if part is not None:
                start = self._lines(part).span(directive.line)[0]
                for offset in (start + directive.column, start + max(0, directive.end - 1)):
                    wanted.add((part.stored_at(offset)[0], False))
        return string_offsets(self.document.raw, wanted) if wanted else {}

    def _lines(self, part: Part) -> Lines:
        known = self.lines.get(id(part))
        if known is None:
            known = self.lines[id(part)] = Lines(part.text)
        return known

    def _fingerprint(self, rule_id: str, place: Location) -> str:
        """Stable between runs and machines, and free of the value: rule, place, ordinal."""
        cell = getattr(place, "cell_id", None) or getattr(place, "cell", None)
        output = getattr(place, "output", None)
        where = f"{type(place).__name__}|{place.path}|{cell}|{output}|{place.pointer}"
        self.ordinals[rule_id, where] += 1
        key = f"{rule_id}|{where}|{self.ordinals[rule_id, where]}"
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]

    def excerpt(self, candidate: _Candidate) -> tuple[Line, ...]:
        """The first line of the finding with every secret in it masked."""
        spot = candidate.spot
        lines = self._lines(spot.part)
        number, _ = lines.position(spot.start)
        begin, end = lines.span(number)
        return (self._masked(candidate, number, begin, end),)

    def _masked(self, candidate: _Candidate, number: int, begin: int, end: int) -> Line:
        spot = candidate.spot
        text = spot.part.text
        first, last = spot.start, min(max(spot.end, spot.start), end)
        begin, cut = max(begin, first - _BEFORE), min(end, last + _AFTER)
        covers = sorted(
            (max(peer.spot.start, begin), min(peer.spot.end, cut), peer)
            for peer in self._unique(spot.part)
            if peer.spot.start < cut and peer.spot.end > begin
        ) if id(spot.part) in self.hidden else []  # fmt: skip
        head = self._hide(text, begin, first, covers)
        shown = self._shown(candidate, text, first, last, covers)
        tail = self._hide(text, last, cut, covers)
        return Line(
            number=number, text=head + shown + tail, start=len(head), end=len(head) + len(shown)
        )

    def _shown(
        self, candidate: _Candidate, text: str, first: int, last: int, covers: list[_Cover]
    ) -> str:
        if candidate.hidden:
            public = candidate.match.public if candidate.spot.exact else ""
            return self.concealer.conceal(candidate.value, public).masked
        return self._hide(text, first, last, covers)

    def _unique(self, part: Part) -> list[_Candidate]:
        return self.hidden.get(id(part), [])

    def _hide(self, text: str, start: int, end: int, covers: list[_Cover]) -> str:
        chunks: list[str] = []
        position = start
        for begin, stop, _ in covers:
            if stop <= position or begin >= end:
                continue
            chunks.append(redact(text[position : max(position, begin)], self.values))
            chunks.append("***")
            position = max(position, stop)
        chunks.append(redact(text[position:end], self.values))
        return "".join(chunks)


if TYPE_CHECKING:
    _Cover = tuple[int, int, _Candidate]
_BEFORE: Final = 60
_AFTER: Final = 60
