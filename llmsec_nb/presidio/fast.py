"""Presidio's analyzer over many texts: the same findings, at a fraction of the time.

The recognizers are Presidio's own objects. Each only sees what passes a condition derived from
its patterns (gates.py); what AnalyzerEngine does around them once a text is done once a batch.
"""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .context import Enhancer
from .hits import Batch, Hit, Problem, distinct, guarded
from .log import listening
from .members import Member, member_for
from .units import Units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from presidio_analyzer import RecognizerResult

_BATCH: Final = 4_000
"""Texts that are worked on at once: it bounds the memory."""
_CHARACTERS: Final = 1_000_000
"""Characters of texts, likewise."""

_log = logging.getLogger(__name__)


class _Plan(NamedTuple):
    """What a language and a choice of entities come to."""

    members: list[Member]
    thresholds: dict[str, dict[str, float]]
    names: dict[str, str]
    entities: list[str]
    enhancer: Enhancer | None
    """None if a recognizer has its own way with context: then Presidio does everything."""


class Analyzer:
    """Analyzes texts as an AnalyzerEngine does. Threads may share it."""

    def __init__(self, engine: Any, seconds: float | None = None) -> None:
        """`seconds` is what a pattern may take for a text; Presidio's own limit unless given.

        Recognizers that are added to the engine later are not seen.
        """
        from presidio_analyzer import pattern_recognizer

        self.engine = engine
        self._seconds = float(seconds or pattern_recognizer.REGEX_TIMEOUT_SECONDS)
        self._plans: dict[tuple[str, tuple[str, ...]], _Plan] = {}
        self._lock = threading.Lock()

    def analyze(
        self,
        texts: Sequence[str],
        language: str = "en",
        entities: Sequence[str] | None = None,
        score_threshold: float | None = 0.0,
        problems: list[Problem] | None = None,
    ) -> list[list[RecognizerResult]]:
        """What `engine.analyze(text, language, entities, score_threshold=...)` gives for each text.

        What could not be looked at goes to `problems`, with the number of its text; without such
        a list it is logged as a warning. Raises ValueError as the engine does: for a language or
        entities that no recognizer supports.
        """
        plan = self._plan(language, tuple(entities or ()))
        numbers: dict[str, list[int]] = {}
        for number, text in enumerate(texts):
            numbers.setdefault(text, []).append(number)
        results: list[list[RecognizerResult]] = [[] for _ in texts]
        trouble: list[Problem] = []
        for batch in _batches(numbers):
            found: list[Problem] = []
            made = self._batch(batch, plan, language, score_threshold, found)
            for text, hits in zip(batch, made, strict=True):
                for number in numbers[text] if hits else ():
                    results[number] = [_result(hit, plan.names) for hit in hits]
            for problem in found:
                trouble += [problem._replace(text=at) for at in numbers[batch[problem.text]]]
        if problems is not None:
            problems += trouble
        else:
            for problem in trouble:
                _log.warning("%s %s on text %d", problem.recognizer, problem.what, problem.text)
        return results

    def _plan(self, language: str, entities: tuple[str, ...]) -> _Plan:
        with self._lock:
            key = language, entities
            if key not in self._plans:
                self._plans[key] = _made(self.engine, language, entities)
            return self._plans[key]

    def _batch(
        self,
        texts: list[str],
        plan: _Plan,
        language: str,
        threshold: float | None,
        problems: list[Problem],
    ) -> list[list[Hit]]:
        """The final hits of each text."""
        known: dict[int, Any] = {}

        def artifacts(index: int) -> Any:
            if index not in known:
                known[index] = self.engine.nlp_engine.process_text(texts[index], language)
            return known[index]

        hits: list[list[Hit]] = [[] for _ in texts]
        batch = Batch(texts, Units(texts), plan.entities, artifacts, hits, problems, self._seconds)
        if plan.enhancer is None:
            for index, text in enumerate(texts):
                with guarded("Presidio", index, problems), listening() as warnings:
                    results = self.engine.analyze(
                        text, language, plan.entities, score_threshold=threshold
                    )
                    hits[index] = list(map(_hit, results))
                problems += [Problem(index, "Presidio", what) for what in dict.fromkeys(warnings)]
            return hits
        for member in plan.members:
            member.run(batch)
        least = _Least(plan.thresholds, threshold, self.engine.default_score_threshold)
        for index, found in enumerate(hits):
            if found:
                own = [hit for hit in found if hit.source in plan.names]
                with guarded("context", index, problems):
                    own = plan.enhancer.enhance(texts[index], own, partial(artifacts, index))
                hits[index] = _resolved([hit for hit in own if hit.score >= least.of(hit)])
        return hits


class _Least(NamedTuple):
    """The score from which on a hit counts."""

    thresholds: dict[str, dict[str, float]]
    asked: float | None
    default: float

    def of(self, hit: Hit) -> float:
        """As AnalyzerEngine has it: what was asked for, the recognizer's, the engine's."""
        if self.asked is not None:
            return self.asked
        own = self.thresholds[hit.source]
        return own.get(hit.entity, own.get("default", self.default))


def _made(engine: Any, language: str, entities: tuple[str, ...]) -> _Plan:
    from presidio_analyzer import EntityRecognizer
    from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

    chosen: list[Any] = engine.registry.get_recognizers(
        language=language, entities=list(entities), all_fields=not entities
    )
    for recognizer in chosen:
        if not recognizer.is_loaded:
            recognizer.load()
            recognizer.is_loaded = True
    plain = type(engine.context_aware_enhancer) is LemmaContextAwareEnhancer and all(
        type(one).enhance_using_context is EntityRecognizer.enhance_using_context for one in chosen
    )
    by_id: dict[str, Any] = {one.id: one for one in chosen}
    return _Plan(
        members=[member_for(one) for one in chosen],
        thresholds={name: getattr(one, "score_thresholds", {}) for name, one in by_id.items()},
        names={name: one.name for name, one in by_id.items()},
        entities=list(entities) or engine.get_supported_entities(language=language),
        enhancer=Enhancer(engine, by_id, language) if plain else None,
    )


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _CHARACTERS or len(batch) >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _resolved(hits: list[Hit]) -> list[Hit]:
    """Without duplicates and what another of the same entity holds; the best score first."""
    if len(hits) > 1:
        spans: dict[str, list[tuple[int, int, float]]] = {}
        sources: dict[tuple[str, int, int, float], Hit] = {}
        for hit in hits:
            spans.setdefault(hit.entity, []).append((hit.start, hit.end, hit.score))
            sources[hit.entity, hit.start, hit.end, hit.score] = hit
        hits = [
            sources[entity, *one] for entity in sorted(spans) for one in distinct(spans[entity])
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.start, hit.start - hit.end))
    return [hit for hit in hits if hit.score != 0]


def _hit(result: RecognizerResult) -> Hit:
    source = (result.recognition_metadata or {}).get("recognizer_identifier", "")
    return Hit(result.entity_type, result.start, result.end, result.score, source)


def _result(hit: Hit, names: dict[str, str]) -> RecognizerResult:
    from presidio_analyzer import RecognizerResult

    data = {
        RecognizerResult.RECOGNIZER_NAME_KEY: names.get(hit.source, ""),
        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: hit.source,
    }
    return RecognizerResult(hit.entity, hit.start, hit.end, hit.score, recognition_metadata=data)
