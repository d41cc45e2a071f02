"""Values without a format of their own, told by the provider's name in what they belong to."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from ...core.rule import Confidence
from .assignment import Assignment, How
from .checks import trust
from .classifier import drawn
from .names import WORDS, Sort, sort_of, words_of
from .records import Contextual, contextual, records
from .values import is_hash, is_reference, is_uuid, without_lead

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CONTEXT: Final = 240
_AFTER: Final = 40
_GRAM: Final = 3
_SHORTEST: Final = 8
_LONGEST: Final = 4_000
_DRAWN: Final = 0.2
_LONG_VALUE: Final = 16
_DIGITS: Final = 4
_BRAND: Final = lazy(r"new[ _.-]?(?=relic)", re.IGNORECASE)
"""What a provider's name says is no word of the key's."""
_EVERYDAY: Final = frozenset(
    {
        "amazon",
        "azure",
        "google",
        "twitter",
        "facebook",
        "private",
        "command",
        "password",
        "generic",
    }
    | {"secret", "docker", "oauth", "session", "basic", "cisco", "linux", "windows", "database"}
    | {
        "harness",
        "yandex",
        "codecov",
        "grafana",
        "slack",
        "gitlab",
        "github",
        "dropbox",
        "django",
        "rails",
        "postgres",
        "mysql",
        "mongodb",
        "redis",
    }
)
_SHORTEST_PROVIDER: Final = 5
_LONG_NAME: Final = 7
_SHORTEST_KEY: Final = 4


class Provided(NamedTuple):
    """What a value is, and how sure that is."""

    entry: Contextual
    confidence: Confidence


@cache
def key_words() -> tuple[str, ...]:
    """Pieces of names that only keys of some provider hold."""
    keys = {key for entry in contextual() for key in entry.keys}
    return tuple(
        sorted(
            key
            for key in keys
            if len(key) >= _SHORTEST_KEY and not any(word in key for word in WORDS)
        )
    )


@cache
def _by_gram() -> Mapping[str, tuple[tuple[str, Contextual], ...]]:
    """The provider's names with their formats, by their first three characters."""
    found: dict[str, list[tuple[str, Contextual]]] = {}
    for entry in contextual():
        for name in entry.names:
            found.setdefault(name[:_GRAM], []).append((name, entry))
    return {gram: tuple(entries) for gram, entries in found.items()}


@cache
def _providers() -> frozenset[str]:
    """The names of all providers, as far as they are no everyday words."""
    words = {record.provider.lower().split()[0] for record in records()}
    return frozenset(
        word for word in words if len(word) >= _SHORTEST_PROVIDER and word not in _EVERYDAY
    )


@lru_cache(4096)
def names_provider(name: str) -> bool:
    """Whether a name speaks of a provider whose formats are known.

    A value that has none of them is hardly one of its credentials.
    """
    return not _providers().isdisjoint(words_of(name))


def provided(content: str, found: Assignment, path: str) -> Provided | None:
    """The provider's format that the value has, if the provider is named near enough."""
    value = found.value
    if not _SHORTEST <= len(value) <= _LONGEST:
        return None
    is_drawn = _looks_drawn(value)
    if not is_drawn and not _looks_typed(value):
        return None
    own = f"{found.name} {found.context}".lower()
    best = _best(found, _named_in(own), own_name=True)
    if not is_drawn:
        return best and Provided(best.entry, _lowered(best.confidence))
    if best is None and sort_of(found.name) is not Sort.NOTHING:
        about = content[max(0, found.start - _CONTEXT) : found.end + _AFTER]
        best = _best(found, _named_in(f"{about} {path}".lower()), own_name=False)
    return best


@lru_cache(16384)
def _looks_drawn(value: str) -> bool:
    if value.isdigit() or is_hash(value) or is_uuid(value[-36:]):
        return True
    return not is_reference(value) and max(drawn(value), drawn(without_lead(value))) > _DRAWN


@lru_cache(16384)
def _looks_typed(value: str) -> bool:
    """Whether it is made up as a key is: digits and letters, no words of a name."""
    digits = sum(map(str.isdigit, value))
    is_long = len(value) >= _LONG_VALUE and not is_reference(value)
    return is_long and digits >= _DIGITS and len(value) - digits >= _DIGITS


def _named_in(text: str) -> list[tuple[int, Contextual]]:
    """The formats of every provider whose name occurs, the longest name first."""
    index = _by_gram()
    grams = {text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1)}
    named = [
        (len(name.strip("_-. ")), entry)
        for gram in grams & index.keys()
        for name, entry in index[gram]
        if _stands_in(name, text)
    ]
    named.sort(key=lambda pair: (-pair[0], pair[1].rule.id))
    return named


def _stands_in(name: str, text: str) -> bool:
    """Whether the name begins a word, or is long enough to be told inside of one."""
    if len(name) >= _LONG_NAME:
        return name in text
    start = text.find(name)
    while start > 0 and text[start - 1].isalnum():
        start = text.find(name, start + 1)
    return start >= 0


def _best(
    found: Assignment, named: Iterable[tuple[int, Contextual]], *, own_name: bool
) -> Provided | None:
    last = found.name.rpartition(".")[2].lower()
    sort = sort_of(_BRAND.sub("", found.name))
    is_denied = sort is Sort.NOTHING and any(word in last for word in WORDS)
    for _, entry in named:
        called = found.how is How.CALL and own_name
        if (is_denied and not called) or not (called or any(key in last for key in entry.keys)):
            continue
        if not entry.value.match(found.value):
            continue
        told = entry.check(found.value) if entry.check else entry.rule.confidence
        confidence = trust(found.value, told) if told else None
        if confidence is not None:
            return Provided(entry, confidence if own_name else _lowered(confidence))
    return None


def _lowered(confidence: Confidence) -> Confidence:
    return Confidence.MEDIUM if confidence is Confidence.HIGH else confidence
