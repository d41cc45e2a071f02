"""A value of a provider's form close behind the provider's name, where nothing is assigned.

Prose, printed text and tables say `wandb API key 0123…`: the name, a telling word, the value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import ByLiterals, Context, Cost, Match
from ...core.lazy import lazy
from ...core.rule import Confidence
from .checks import trust
from .records import contextual

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.artifact import Text
    from ...core.detector import Sign
    from .records import Contextual

_REACH: Final = 96
"""Characters behind the name."""
_SLACK: Final = 8
"""So much of a match may reach beyond."""
_SHORTEST_NAME: Final = 5
_TRIES: Final = 2
_START: Final = lazy(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9+/_.:~-]{7}")
_WORD: Final = lazy(r"[A-Za-z0-9+/_.:~-]{8,600}={0,2}(?![A-Za-z0-9_-])")
_PHRASE: Final = (
    r"(?:(?:api|access|auth|client|personal|private|secret|service)[ _-]?){0,3}"
    r"(?:key|token|secret|access|private|password|credential|pat)s?(?![A-Za-z0-9_])"
)
_GLUED: Final = lazy(r"[ _-]?" + _PHRASE, re.IGNORECASE)
_TELLING: Final = lazy(r"(?<![A-Za-z0-9_.-])" + _PHRASE, re.IGNORECASE)
_APART: Final = frozenset("={}@()#;")
"""Between a telling word and a value: what is assigned or called is for others to judge."""
_EVERYDAY: Final = frozenset(
    {
        *("account", "amazon", "atlas", "azure", "client", "elastic", "frame", "front", "google"),
        *("oauth", "private", "search", "search_query", "secret", "segment", "square", "storage"),
        *("subscription", "token", "username"),
    }
)
"""Names of providers that are words of any text."""
_RANK: Final = 15


class NearbyValues(ByLiterals):
    """Values that a name and a telling word announce."""

    cost: ClassVar[Cost] = Cost.TYPING

    def __init__(self) -> None:
        """Index the contextual formats by name."""
        self._named: dict[str, list[Contextual]] = {}
        for entry in contextual():
            for name in entry.names if entry.rule.confidence is Confidence.HIGH else ():
                if len(name) >= _SHORTEST_NAME and name not in _EVERYDAY:
                    self._named.setdefault(name, []).append(entry)
        self.literals = tuple(self._named)
        found = {entry.rule.id: entry.rule for entries in self._named.values() for entry in entries}
        self.rules = tuple(found.values())

    def detect(self, text: Text, hint: Sequence[Sign], context: Context) -> Iterator[Match]:
        """Look behind each name."""
        content = text.text
        telling, words = _Forward(_TELLING, content), _Forward(_START, content)
        for start, name in hint:
            first = start + len(name)
            last = first + _REACH
            told = _GLUED.match(content, first) or telling.between(first, last)
            begin = words.between(told.end(), last) if told else None
            for _ in range(_TRIES):
                found = _WORD.match(content, begin.start()) if begin else None
                if told and found and not _APART.isdisjoint(content[told.end() : found.start()]):
                    break
                match = _judged(found, self._named[name]) if found else None
                if match is not None:
                    yield match
                if match is not None or found is None:
                    break
                begin = _START.search(content, found.end(), last + _SLACK)


class _Forward:
    """The next match of a pattern behind places that ascend: no character is read twice."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern = pattern
        self._text = text
        self._clear = 0
        self._found: re.Match[str] | None = None

    def between(self, first: int, last: int) -> re.Match[str] | None:
        """The first match that begins between two places."""
        found = self._found
        if found is None or found.start() < first:
            found = None
            if last > self._clear:
                begin = max(first, self._clear)
                found = self._pattern.search(self._text, begin, last + _SLACK)
                if found is None:
                    self._clear = last
            self._found = found
        return found if found is not None and found.start() <= last else None


def _judged(found: re.Match[str], entries: Sequence[Contextual]) -> Match | None:
    value = found[0]
    for entry in entries:
        if entry.value.match(value) is None or value.isalpha():
            continue
        told = entry.check(value) if entry.check else Confidence.MEDIUM
        confidence = trust(value, min(told, Confidence.MEDIUM, key=_unsure)) if told else None
        if confidence is not None:
            start, end = found.span()
            return Match(rule=entry.rule, start=start, end=end, confidence=confidence, rank=_RANK)
    return None


def _unsure(confidence: Confidence) -> int:
    return -confidence.rank
