"""Presidio's recognizers behind their gates, each as a function of many texts at once."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from . import phones
from .gates import Gate, gate_for
from .hits import Batch, Hit, Problem, distinct, guarded, said
from .log import listening

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .units import Span

_SLOW: Final = 450
"""A pattern with a longer source is tried on words only, where that is known to be the same."""
_BREAK: Final = re.compile("[ \n]")


class Member:
    """A recognizer that runs as it is, on the texts that pass its gate."""

    def __init__(
        self, recognizer: Any, gates: Sequence[Gate | None] = (None,), *, words: bool = True
    ) -> None:
        """Without gates it sees every text; `words` says whether it wants what the engine says."""
        self.recognizer = recognizer
        self.id: str = recognizer.id
        self.name: str = recognizer.name
        self._gates = gates
        self._words = words

    def run(self, batch: Batch) -> None:
        """Put its hits and problems into the batch."""
        passing = {index for gate in self._gates for index, _ in batch.units.passing(gate)}
        everything = None in self._gates
        for index in range(len(batch.texts)) if everything else sorted(passing):
            with guarded(self.name, index, batch.problems):
                self._one(index, batch)

    def _one(self, index: int, batch: Batch) -> None:
        with listening() as warnings:
            results = self.recognizer.analyze(
                text=batch.texts[index],
                entities=batch.entities,
                nlp_artifacts=batch.artifacts(index) if self._words else None,
            )
        batch.problems.extend(Problem(index, self.name, one) for one in dict.fromkeys(warnings))
        for result in results or ():
            data = result.recognition_metadata or {}
            source = data.get("recognizer_identifier", self.id)
            enhanced = bool(data.get("is_score_enhanced_by_context"))
            hit = Hit(result.entity_type, result.start, result.end, result.score, source, enhanced)
            batch.hits[index].append(hit)


class Pattern(NamedTuple):
    """One pattern of a recognizer, compiled, with its gate.

    `finder` is the gate for `re` where the pattern is so slow that only words are worth it.
    """

    name: str
    gate: Gate | None
    compiled: Any
    score: float
    finder: re.Pattern[str] | None


class PatternMember(Member):
    """A recognizer that is nothing but patterns, with checks of what they match.

    Does what PatternRecognizer.analyze does, but for the explanations: the same patterns, flags,
    checks and duplicates. Each pattern only looks where its gate is open.
    """

    def __init__(self, recognizer: Any) -> None:
        """Compiles its patterns, or takes them from the cache of `regex`."""
        from importlib import import_module

        compiled = import_module("regex").compile

        super().__init__(recognizer)
        flags = recognizer.global_regex_flags
        self._entity: str = recognizer.supported_entities[0]
        self._patterns: list[Pattern] = []
        for pattern in recognizer.patterns:
            gate = gate_for(pattern.regex, int(flags))
            search = compiled(pattern.regex, flags=flags)
            slow = gate is not None and gate.by_word and len(pattern.regex) > _SLOW
            finder = re.compile(gate.python) if gate and slow else None
            self._patterns.append(Pattern(pattern.name, gate, search, pattern.score, finder))

    def run(self, batch: Batch) -> None:
        """Pattern by pattern; a pattern that takes too long leaves a problem."""
        found: dict[int, list[tuple[int, int, float]]] = {}
        for pattern in self._patterns:
            for index, spans in batch.units.passing(pattern.gate):
                try:
                    self._search(pattern, batch, index, spans, found)
                except Exception as error:  # noqa: BLE001 (checks of users: told, and on we go)
                    batch.problems.append(Problem(index, self.name, said(type(error))))
        for index, scored in found.items():
            for start, end, score in distinct(scored):
                batch.hits[index].append(Hit(self._entity, start, end, score, self.id))

    def _search(
        self,
        pattern: Pattern,
        batch: Batch,
        index: int,
        spans: list[Span],
        found: dict[int, list[tuple[int, int, float]]],
    ) -> None:
        text = batch.texts[index]
        if pattern.finder:
            spans = list(_words(text, spans, pattern.finder))
        left = batch.seconds
        until = time.monotonic() + left if len(spans) > 1 else 0.0
        for begin, stop in spans:
            if until:
                left = max(0.001, until - time.monotonic())
            for match in pattern.compiled.finditer(text, begin, stop, timeout=left):
                start, end = match.span()
                if start < end and (score := self._scored(text[start:end], pattern.score)) > 0:
                    found.setdefault(index, []).append((start, end, score))

    def _scored(self, value: str, score: float) -> float:
        valid = self.recognizer.validate_result(value)
        if valid is not None:
            score = 1.0 if valid else 0.0
        return 0.0 if self.recognizer.invalidate_result(value) else score


class PhoneMember(Member):
    """Presidio's recognizer of phone numbers, its regions in one go (phones.py)."""

    def __init__(self, recognizer: Any, gate: Gate) -> None:
        """Loads the metadata of the regions."""
        super().__init__(recognizer, (gate,))
        self._entity: str = recognizer.supported_entities[0]
        self._score: float = recognizer.SCORE
        self._regions = phones.Regions(recognizer.supported_regions)

    def run(self, batch: Batch) -> None:
        """Text by text; one that takes too long leaves a problem."""
        for index, spans in batch.units.passing(self._gates[0]):
            text = batch.texts[index]
            # In a longer text the library's matcher may give up, so that it has to see all lines.
            parts = spans if len(text) <= phones.EXHAUSTIVE else [(0, len(text))]
            end_of_time = time.monotonic() + batch.seconds
            with guarded(self.name, index, batch.problems):
                lines = list(phones.lines_of(text, iter(parts)))
                found = self._regions.find(lines, end_of_time)
                for start, end, score in distinct([(*span, self._score) for span in found]):
                    batch.hits[index].append(Hit(self._entity, start, end, score, self.id))


def _words(text: str, spans: list[Span], finder: re.Pattern[str]) -> Iterator[Span]:
    """The words in which a gate is open, each with the space or newline that ends it."""
    for begin, stop in spans:
        at = begin
        while at < stop and (hit := finder.search(text, at, stop)):
            place = hit.start()
            start = max(at, text.rfind(" ", at, place) + 1, text.rfind("\n", at, place) + 1)
            end = _BREAK.search(text, place, stop)
            at = end.end() if end else stop
            yield start, at


def member_for(recognizer: Any) -> Member:
    """The fastest way to run a recognizer that is known to give the same results."""
    from presidio_analyzer import PatternRecognizer
    from presidio_analyzer.predefined_recognizers import IbanRecognizer, PhoneRecognizer

    kind: Any = type(recognizer)
    if "analyze" in vars(recognizer):
        return Member(recognizer)
    if kind is PhoneRecognizer and recognizer.leniency == 1:
        gate = phones.gate(recognizer.supported_regions)
        return PhoneMember(recognizer, gate) if gate else Member(recognizer)
    if kind is IbanRecognizer:  # Its own analyze, which matches the text as it stands.
        flags = int(recognizer.global_regex_flags)
        gates = [gate_for(one.regex, flags) for one in recognizer.patterns]
        return Member(recognizer, gates, words=False)
    if isinstance(recognizer, PatternRecognizer) and _only_patterns(kind, PatternRecognizer):
        try:
            return PatternMember(recognizer)
        except (TypeError, ValueError):  # Flags that are none: it fails on each text, and says so.
            return Member(recognizer)
    return Member(recognizer)


def _only_patterns(kind: type, base: type) -> bool:
    """Whether a class leaves the search to the base: it may add checks, patterns and words."""
    private = f"_{base.__name__}__analyze_patterns"
    return all(
        getattr(kind, name, None) is getattr(base, name, base)
        for name in ("analyze", private, "remove_duplicates")
    )
