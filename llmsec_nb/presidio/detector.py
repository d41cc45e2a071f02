"""PII900 and PII901: what Presidio finds, with its own recognizers and those of the user."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from ..core.detector import ByCharacters, Context, Cost, Incomplete, Match, Unavailable
from ..core.rule import Confidence, Family, Kind, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.artifact import Text
    from .build import Built
    from .hits import Problem

_REFERENCE: Final = "https://microsoft.github.io/presidio/supported_entities/"

ENTITY: Final = Rule(
    id="PII900",
    name="presidio-entity",
    family=Family.PII,
    summary="Presidio recognizes personal data",
    why="A recognizer of Microsoft Presidio matches. Off unless Presidio is switched on.",
    remediation="Remove it, or replace it by a pseudonym before the notebook is shared.",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(359,),
    owasp=("LLM02:2025",),
    reference=_REFERENCE,
    default=False,
)
NAME: Final = Rule(
    id="PII901",
    name="presidio-name",
    family=Family.PII,
    summary="A language model behind Presidio recognizes a name or a place",
    why="A statistical model takes it for a person, a place, a group or an organization.",
    remediation="Remove it if it is about a real person, or replace it by a pseudonym.",
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    cwe=(359,),
    owasp=("LLM02:2025",),
    reference=_REFERENCE,
    default=False,
)
_NAMES: Final = frozenset({"PERSON", "LOCATION", "NRP", "ORGANIZATION"})
_SURE: Final = 0.85
_LIKELY: Final = 0.5
_LEAST: Final = 0.3
"""Presidio gives less than this to a shape alone: any nine digits are a passport to it."""
_SECONDS: Final = 5.0
"""One pattern may take so long for one text."""


class PresidioRecognizers(ByCharacters):
    """Presidio as a detector. It is imported and put together once, by the first who asks."""

    rules: ClassVar = (ENTITY, NAME)
    cost: ClassVar[Cost] = Cost.SCAN
    unusual: ClassVar = None

    def __init__(
        self,
        languages: Sequence[str] = ("en",),
        model: str | None = None,
        entities: Sequence[str] | None = None,
        least: float = _LEAST,
    ) -> None:
        """Each language is asked about each text. `model` is as models.load has it.

        `entities` are the only ones to look for; findings with a score below `least` are dropped.
        """
        self._languages = tuple(languages) or ("en",)
        self._model = model
        self._entities = list(entities or ())
        self._least = least
        self._lock = threading.Lock()
        self._built: Built | None = None
        self._refused: Unavailable | None = None

    def warm(self) -> threading.Thread:
        """Import and build in the background; `detect` waits for it. Raises nothing."""
        thread = threading.Thread(target=self._warmed, name="llmsec-presidio", daemon=True)
        thread.start()
        return thread

    def _warmed(self) -> None:
        with suppress(Unavailable):  # It is raised again where somebody asks.
            built = self._ready()
            for language in self._languages:
                with suppress(ValueError):
                    built.analyzer.analyze(["-"], language, self._entities)

    @property
    def failures(self) -> tuple[str, ...]:
        """One line for each recognizer of the user that could not be loaded. Builds if need be."""
        return tuple(self._ready().failures)

    def screen(self, content: str) -> bool:
        """What a recognizer looks for is not for this to say; its gates are quick."""
        return True

    def detect(self, text: Text, hint: object, context: Context) -> Iterator[Match]:
        """Yield what Presidio finds; raises Unavailable, or Incomplete after the last match."""
        if text.kind is Kind.BINARY or not text.text:
            return
        built = self._ready()
        problems: list[Problem] = []
        best: dict[tuple[int, int, str], float] = {}
        for language in self._languages:
            for kind, start, end, score in self._found(built, text.text, language, problems):
                best[start, end, kind] = max(score, best.get((start, end, kind), 0.0))
        for (start, end, kind), score in sorted(best.items()):
            yield _match(built, kind, start, end, score)
        if problems:
            what = "; ".join(dict.fromkeys(f"{one.recognizer} {one.what}" for one in problems))
            raise Incomplete(f"Presidio did not look at everything: {what}")

    def _found(
        self, built: Built, text: str, language: str, problems: list[Problem]
    ) -> list[tuple[str, int, int, float]]:
        try:
            (results,) = built.analyzer.analyze(
                [text], language, self._entities, self._least, problems
            )
        except ValueError:
            what = ", ".join(self._entities) or "anything"
            raise Unavailable(
                f"no recognizer of Presidio finds {what} in the language {language!r}:"
                " choose other entities or languages"
            ) from None
        return [(one.entity_type, one.start, one.end, one.score) for one in results]

    def _ready(self) -> Built:
        """Raises Unavailable, and the same from then on."""
        with self._lock:
            if self._refused is not None:
                raise self._refused.with_traceback(None)
            if self._built is None:
                try:
                    from .build import build

                    self._built = build(self._languages, self._model, _SECONDS)
                except Unavailable as reason:
                    self._refused = reason
                    raise
            return self._built


@cache
def shared(model: str = "") -> PresidioRecognizers:
    """The one of this process: putting it together takes more than a second."""
    return PresidioRecognizers(model=model or None)


def _match(built: Built, kind: str, start: int, end: int, score: float) -> Match:
    named = kind in _NAMES
    sure = Confidence.HIGH if score >= _SURE else Confidence.LOW
    if _LIKELY <= score < _SURE:
        sure = Confidence.MEDIUM
    return Match(
        rule=NAME if named else ENTITY,
        start=start,
        end=end,
        message=f"{kind} found by Presidio",
        confidence=Confidence.LOW if named and not built.has_model else sure,
    )
