"""Where personal data and secrets stand in a document, in whatever encoding."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.artifact import Part
from ..core.detector import Context
from ..core.rule import Confidence, Family
from ..findings import Candidate
from ..screen import screen_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ..core.artifact import Spot, Text
    from ..core.detector import Match
    from ..core.rule import Rule
    from ..rules.pii.recognizer import Recognizer
    from ..sources.document import Document

SECRET: Final = "SECRET"  # noqa: S105 (a word)
_SHORTEST: Final = 6
"""A shorter value occurs by chance, too."""
_MANY: Final = 100


class Stand(NamedTuple):
    """A span of a part, what it is, and the value as its reader sees it."""

    part: Part
    start: int
    end: int
    kind: str
    value: str
    exact: bool = True


def stands_in(document: Document) -> Iterator[Stand]:
    """All of which the rules are fairly sure. Raises Unavailable, as detectors do."""
    context = Context(path=document.path)
    for detector, texts in screen_for(frozenset()).assign(document.texts):
        for text, hint in texts:
            for match in detector.detect(text, hint, context):
                confidence = match.confidence or match.rule.confidence
                hidden = match.rule.family in {Family.PII, Family.SECRET}
                if hidden and confidence.at_least(Confidence.MEDIUM):
                    yield from _stands(match, text)


def _stands(match: Match, text: Text) -> Iterator[Stand]:
    candidate = Candidate(match, text)
    yield _stand(candidate.spot, match.rule, candidate.value)
    for spot, span in zip(candidate.others, match.others, strict=True):
        yield _stand(spot, match.rule, text.text[slice(*span)])
    for spot in candidate.rest:
        yield _stand(spot, match.rule, spot.part.text[spot.start : spot.end])


def _stand(spot: Spot, rule: Rule, value: str) -> Stand:
    kind = SECRET if rule.family is Family.SECRET else _entity(rule.id, value)
    return Stand(spot.part, spot.start, spot.end, kind, value, spot.exact)


def _entity(rule_id: str, value: str) -> str:
    """The kind of a value of a rule, which may have several."""
    known = _recognizers().get(rule_id, ())
    for recognizer in known if len(known) > 1 else ():
        if recognizer.judge(value, named=True):
            return recognizer.entity
    return known[0].entity if known else "PERSONAL_DATA"


@cache
def _recognizers() -> dict[str, tuple[Recognizer, ...]]:
    from ..rules.pii.catalogue import recognizers

    found: dict[str, tuple[Recognizer, ...]] = {}
    for recognizer in recognizers():
        found[recognizer.rule.id] = (*found.get(recognizer.rule.id, ()), recognizer)
    return found


def repeated(stands: Iterable[Stand], parts: Iterable[Part]) -> Iterator[Stand]:
    """The same values where nothing but their value tells what they are."""
    values = {stand.value: stand.kind for stand in stands if len(stand.value) >= _SHORTEST}
    lengths: dict[str, set[int]] = {}
    for value in values:
        lengths.setdefault(value[:_SHORTEST], set()).add(len(value))
    if not lengths:
        return
    for part in parts:
        text = part.text
        for start in _starts(text, lengths):
            for length in lengths[text[start : start + _SHORTEST]]:
                end = start + length
                value = text[start:end]
                if end <= len(text) and value in values and _apart(text, start, end):
                    yield Stand(part, start, end, values[value], value)


def _starts(text: str, prefixes: Collection[str]) -> Iterator[int]:
    """Where one of the prefixes stands; whichever way is quicker."""
    if len(prefixes) > _MANY:
        yield from (
            start
            for start in range(len(text) - _SHORTEST + 1)
            if text[start : start + _SHORTEST] in prefixes
        )
        return
    for prefix in prefixes:
        start = text.find(prefix)
        while start >= 0:
            yield start
            start = text.find(prefix, start + 1)


def _apart(text: str, start: int, end: int) -> bool:
    """Whether a span is no part of a longer word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )
