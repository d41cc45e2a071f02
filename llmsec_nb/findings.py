"""From a match to a finding: exact place, masked evidence, suppression, lines fit to be shown."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from .core.artifact import json_pointer
from .core.evidence import STARS, Evidence, Redactor
from .core.finding import Finding, Fix, Line, Skip, Suppression
from .core.rule import OF_CODE, Confidence, Family, Rule, Severity
from .fixes import Mender
from .rules.hygiene.suppressions import INVALID, UNUSED
from .rules.pii.person import RULE as PERSON
from .rules.pii.text import analyze
from .sources.position import Lines, Literal, string_offsets
from .suppression import Directive, apply, directives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .baseline import Raw
    from .core.artifact import Part, Pointer, Spot, Text
    from .core.detector import Match
    from .core.evidence import Concealer
    from .core.location import Location
    from .policy import Policy
    from .sources.document import Document

_MASKED: Final = frozenset({Family.SECRET, Family.PII})
_BEFORE: Final = 60
_AFTER: Final = 60
_MARGIN: Final = 600
_LONGEST_NAME: Final = 1000


class Candidate:
    """A match with its place; holds the raw value, so it never leaves the engine."""

    __slots__ = ("match", "other_values", "others", "rest", "split", "spot", "value")

    def __init__(self, match: Match, text: Text) -> None:
        """`value` is the matched text of the view, `spot` its place in the document.

        `split` says that the value goes on in further parts, at `rest`; `others` are the places
        of the match's other spans.
        """
        self.match = match
        self.spot = text.locate(match.start, match.end)
        self.value = text.text[match.start : match.end]
        self.others = tuple(text.locate(*span) for span in match.others)
        self.other_values = tuple(text.text[start:end] for start, end in match.others)
        last = self.spot if self.spot.exact else text.locate(max(0, match.end - 1), match.end)
        self.split = last.part is not self.spot.part
        self.rest = tuple(text.rest(match.start, match.end)) if self.split else ()

    @property
    def hidden(self) -> bool:
        """Whether the value must not be shown."""
        return self.match.rule.family in _MASKED


def spellings(candidate: Candidate) -> Iterator[str]:
    """The value, and as the document spells it."""
    yield candidate.value
    spot = candidate.spot
    if spot.end - spot.start < 4 * len(candidate.value) + 64:
        yield spot.part.text[spot.start : spot.end]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap or touch joined into one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _within(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Those of the disjoint ordered spans that overlap [start, end)."""
    first = max(0, bisect_right(spans, (start, 0)) - 1)
    last = bisect_left(spans, (end, 0))
    return spans[first:last]


def _names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Names of people in a line that is shown, for nobody looked for them in the document."""
    for entity in analyze(text[start:end], frozenset({PERSON.id})):
        yield start + entity.start, start + entity.end


class Maker:
    """Turns candidates of one document into findings without raw values."""

    def __init__(
        self,
        document: Document,
        policy: Policy,
        concealer: Concealer,
        candidates: list[Candidate],
    ) -> None:
        """`candidates` are all there are, so that each is masked wherever it would be shown."""
        self.document = document
        self.policy = policy
        self.concealer = concealer
        hidden = [candidate for candidate in candidates if candidate.hidden]
        self.redact = Redactor(
            value for found in hidden for value in (*spellings(found), *found.other_values)
        )
        spans: dict[int, list[tuple[int, int]]] = {}
        for found in hidden:
            for spot in (found.spot, *found.rest, *found.others):
                spans.setdefault(id(spot.part), []).append((spot.start, spot.end))
        self.hidden = {part: _merged(found) for part, found in spans.items()}
        self.directives = directives(document)
        self.known = policy.known(document.path)
        self.ordinals: Counter[tuple[str, str]] = Counter()
        self.lines: dict[int, Lines] = {}
        self._names: dict[str, str] = {}
        self._file: Lines | None = None
        self._literals: dict[int, Literal] = {}
        self._offsets = self._string_offsets(candidates)
        self._mender = Mender(
            document, self.directives, self._lines, self.redact, self._redacted, self._cuts
        )

    @property
    def heeds_all(self) -> bool:
        """Whether findings that are not reported matter, too: for what is of use, and what not."""
        return bool(self.directives) or self.known is not None

    def fixed(self, finding: Finding, candidate: Candidate) -> Finding:
        """The finding with its fixes; one that is suppressed needs none."""
        if finding.suppression is not None:
            return finding
        fixes = self._mender.fixes(
            candidate.match,
            (candidate.spot, *candidate.others),
            candidate.value,
            split=candidate.split,
        )
        return replace(finding, fixes=fixes)

    def finding(self, candidate: Candidate) -> Finding:
        """The finding of a candidate, still without fixes."""
        match, rule = candidate.match, candidate.match.rule
        place = self._place(candidate.spot)
        evidence = self.concealer.conceal(candidate.value, match.public)
        if match.label or rule.id.startswith(OF_CODE):
            shown = "" if match.label in match.message else match.label
            evidence = Evidence(self.redact(shown), evidence.digest)
        return self._built(
            rule,
            place,
            evidence,
            message=self.redact(match.message) or rule.summary,
            severity=match.severity or rule.severity,
            confidence=match.confidence or rule.confidence,
            known=self._known(candidate, place),
        )

    def _known(self, candidate: Candidate, place: Location) -> Suppression | None:
        """Whether the baseline knows a secret, by hashes that are made for it alone."""
        if self.known is None or candidate.match.rule.family is not Family.SECRET:
            return None
        raw = self._stored
        if raw is None:
            from .baseline import as_stored

            raw, place = as_stored(candidate.spot.part.text, place)
        return self.known.suppression(spellings(candidate), raw, place)

    @cached_property
    def _stored(self) -> Raw | None:
        from .baseline import Raw

        return None if self.document.raw is None else Raw.of(self.document.raw)

    def stale(self) -> Iterator[Skip]:
        """What the baseline knows of the file and is no longer there, after all findings."""
        count = self.known.stale(self._stored) if self.known and self._stored else 0
        if count:
            message = (
                f"{count} entries of the baseline are stale: what they name is not in the file"
            )
            yield Skip(path=self.document.path, message=message)

    def _built(
        self,
        rule: Rule,
        place: Location,
        evidence: Evidence,
        *,
        message: str,
        severity: Severity,
        confidence: Confidence,
        fixes: tuple[Fix, ...] = (),
        known: Suppression | None = None,
        what: str = "",
    ) -> Finding:
        suppression = (
            apply(self.directives, rule.id, place)
            or self.policy.suppression(rule.id, self.document.path)
            or known
        )
        if suppression is not None:
            suppression = Suppression(
                kind=suppression.kind,
                reason=self.redact(suppression.reason),
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
            fixes=fixes if suppression is None else (),
            suppression=suppression,
            fingerprint=self._fingerprint(rule.id, place, what),
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
                    fixes=self._mender.without(directive),
                    what=label,
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
        steps = (self._redacted(s) if isinstance(s, str) else s for s in part.pointer)
        pointer = json_pointer(tuple(steps)) or None
        changes: dict[str, object] = {"path": self.document.path or None, "pointer": pointer}
        for name in ("cell_id", "mime"):
            if getattr(place, name, None):
                changes[name] = self._redacted(getattr(place, name))
        changes |= {"line": line, "column": column}
        changes |= {"end_line": end_line, "end_column": end_column}
        changes |= self._in_file(part, start, end)
        if type(place).__name__ == "InFile" and "file_line" in changes:
            changes |= {
                name: changes[f"file_{name}"]
                for name in ("line", "column", "end_line", "end_column")
            }
        return replace(place, **changes)

    def _redacted(self, name: str) -> str:
        """A name as it may be shown, cut when it is long; many findings share a few names."""
        known = self._names.get(name)
        if known is None:
            whole = self.redact(name)
            cut = len(whole) > _LONGEST_NAME
            known = self._names[name] = f"{whole[:_LONGEST_NAME]}…" if cut else whole
        return known

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
        literal = self._literals.get(begin)
        if literal is None:
            literal = self._literals[begin] = Literal(raw, begin)
        return literal.raw(inside), literal.raw(inside + 1)

    def _string_offsets(self, candidates: list[Candidate]) -> dict[tuple[Pointer, bool], int]:
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

    def _cuts(self, part: Part, offset: int) -> bool:
        """Whether something that is put at `offset` parts a value that must not be shown."""
        covers = _within(self.hidden.get(id(part), []), offset, offset + 1)
        return any(start < offset < end for start, end in covers)

    def _fingerprint(self, rule_id: str, place: Location, what: str = "") -> str:
        """Stable between runs and machines, and free of the value: rule, place, ordinal.

        `what` is public, and tells findings of one rule in one place apart.
        """
        cell = getattr(place, "cell_id", None) or getattr(place, "cell", None)
        output = getattr(place, "output", None)
        where = f"{type(place).__name__}|{place.path}|{cell}|{output}|{place.pointer}"
        where += f"|{what}" if what else ""
        self.ordinals[rule_id, where] += 1
        key = f"{rule_id}|{where}|{self.ordinals[rule_id, where]}"
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]

    def excerpt(self, candidate: Candidate) -> tuple[Line, ...]:
        """The first line of the finding with every secret in it masked."""
        spot = candidate.spot
        lines = self._lines(spot.part)
        number, _ = lines.position(spot.start)
        begin, end = lines.span(number)
        return (self._masked(candidate, number, begin, end),)

    def _masked(self, candidate: Candidate, number: int, begin: int, end: int) -> Line:
        spot = candidate.spot
        text = spot.part.text
        first, last = spot.start, min(max(spot.end, spot.start), end)
        begin, cut = max(begin, first - _BEFORE - _MARGIN), min(end, last + _AFTER + _MARGIN)
        covers = _within(self.hidden.get(id(spot.part), []), begin, cut)
        if candidate.match.rule.family is Family.PII:
            covers = _merged([*covers, *_names(text, begin, cut)])
        head = self._hide(text, begin, first, covers)[-_BEFORE:]
        shown = self._shown(candidate, text, first, last, covers)
        tail = self._hide(text, last, cut, covers)[:_AFTER]
        return Line(
            number=number, text=head + shown + tail, start=len(head), end=len(head) + len(shown)
        )

    def _shown(
        self, candidate: Candidate, text: str, first: int, last: int, covers: list[tuple[int, int]]
    ) -> str:
        if candidate.hidden:
            public = candidate.match.public if candidate.spot.exact else ""
            return self.concealer.conceal(candidate.value, public).masked
        return self._hide(text, first, last, covers)

    def _hide(self, text: str, start: int, end: int, covers: list[tuple[int, int]]) -> str:
        chunks: list[str] = []
        position = start
        for begin, stop in covers:
            if stop <= position or begin >= end:
                continue
            chunks.append(self.redact(text[position : max(position, begin)]))
            chunks.append(STARS)
            position = max(position, stop)
        chunks.append(self.redact(text[position:end]))
        return "".join(chunks)
