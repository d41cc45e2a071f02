"""Names of columns are data, too: what is personal or secret in one is found, and never shown."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.artifact import Text
from ..core.detector import Context, Sign
from ..core.evidence import STARS
from ..core.rule import Confidence, Family, Kind, Rule
from ..rules.pii.recognizer import Scene
from ..rules.pii.text import engine
from .mask import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..core.detector import Detector
    from ..prefilter import Prefilter

_SECRET: Final = "SECRET"  # noqa: S105 # what stands in place of one
_LONGEST: Final = 1_000_000
"""Characters of a text that are looked at; no more of a name are shown."""


class Place(NamedTuple):
    """What stands in a span of a text. `masked` may be shown."""

    start: int
    end: int
    kind: str
    rule: Rule
    confidence: Confidence
    masked: str


class Told(NamedTuple):
    """One rule in the names or the metadata of a table: the first column, and how many there are.

    `column` and `masked` may be shown.
    """

    rule: Rule
    confidence: Confidence
    column: str
    masked: str
    number: int = 1


def places(texts: Sequence[str]) -> list[list[Place]]:
    """For each text what the recognizers and the detectors of secrets are fairly sure of."""
    cut = [text[:_LONGEST] for text in texts]
    found = _secrets(cut)
    for text, own in zip(cut, found, strict=True):
        spans = [(place.start, place.end) for place in own]
        own += [
            place
            for place in _personal(text)
            if not any(place.start < end and start < place.end for start, end in spans)
        ]
        own.sort(key=lambda place: place.start)
    return found


def is_data(names: Sequence[str]) -> bool:
    """Whether one of these names of columns is a value in truth: the row is no header then."""
    return any(places(names))


def apart(name: str, found: Sequence[Place] | None = None) -> str:
    """The name of a column or a file as it may be shown: without what is found in it."""
    for place in reversed(places([name])[0] if found is None else found):
        name = f"{name[: place.start]}<{place.kind}>{name[place.end :]}"
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"


class Names:
    """The names of the columns of a table, as they may be shown, and what was found in them."""

    def __init__(self, columns: Mapping[str, Sequence[str]]) -> None:
        """`columns` are the names that make up each path, in the order in which they stand."""
        segments = list(dict.fromkeys(name for names in columns.values() for name in names))
        known = {
            name: own
            for name, own in zip(segments, places(segments), strict=True)
            if own or len(name) > _LONGEST
        }
        self._masks = {name: apart(name, known[name]) for name in sorted(known, key=len)}
        self._shown: dict[str, str] = {}
        self.found: dict[str, Told] = {}
        if known:
            for path, names in columns.items():
                if not known.keys().isdisjoint(names):
                    self._note(path, [name for name in names if name in known], known)

    def shown(self, path: str) -> str:
        """The path without what is found in its names; two columns never have the same."""
        return self._shown.get(path, path)

    def holds(self, path: str) -> bool:
        """Whether something was found in the path."""
        return path in self._shown

    def hide(self, message: str) -> str:
        """A message without the names in which something was found."""
        for name, mask in reversed(self._masks.items()):
            for spelt in (repr(name)[1:-1], name):
                message = message.replace(spelt, mask)
        return message

    def _note(self, path: str, names: Sequence[str], known: Mapping[str, Sequence[Place]]) -> None:
        shown, number = self._made(path, names), 2
        made, taken = shown, set(self._shown.values())
        while made in taken:
            made = f"{shown} ({number})"
            number += 1
        self._shown[path] = made
        for rule, place in {p.rule.id: p for name in names for p in known[name]}.items():
            told = self.found.get(rule)
            if told is None:
                self.found[rule] = Told(place.rule, place.confidence, made, place.masked)
                continue
            sure = min(told.confidence, place.confidence, key=lambda level: level.rank)
            self.found[rule] = told._replace(confidence=sure, number=told.number + 1)

    def _made(self, path: str, names: Sequence[str]) -> str:
        made, at = "", 0
        for name in names:
            start = path.find(name, at)
            if start < 0:
                return apart(path)
            made += path[at:start] + self._masks[name]
            at = start + len(name)
        return made + path[at:]


def in_metadata(texts: Iterable[str], column: str) -> list[Told]:
    """What is found in the texts that stand beside the rows of a table, once for each rule."""
    found: dict[str, Told] = {}
    for place in (place for own in places(list(texts)) for place in own):
        told = found.get(place.rule.id)
        if told is None:
            told = Told(place.rule, place.confidence, column, place.masked, 0)
        found[place.rule.id] = told._replace(number=told.number + 1)
    return list(found.values())


def _personal(text: str) -> Iterator[Place]:
    for hit in engine().hits(Scene(text)):
        if hit.confidence.at_least(Confidence.MEDIUM):
            one = hit.recognizer
            mask = masked(text[hit.start : hit.end], one.entity)
            yield Place(hit.start, hit.end, one.entity, one.rule, hit.confidence, mask)


@cache
def _detectors() -> tuple[Mapping[str, Sequence[Detector]], tuple[str, ...], Prefilter]:
    """The detectors of secrets by what brings them up, and the search for it."""
    from ..prefilter import prefilter
    from ..rules import detectors_for

    readers: dict[str, list[Detector]] = {}
    for detector in detectors_for(frozenset()):
        if detector.rules[0].family is Family.SECRET:
            for literal in detector.literals:
                readers.setdefault(literal, []).append(detector)
    return readers, tuple(readers), prefilter(list(readers))


def _secrets(texts: Sequence[str]) -> list[list[Place]]:
    """By text the secrets in it, in order, none inside of another."""
    from ..prefilter import haystack

    readers, literals, searching = _detectors()
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    signs: dict[int, dict[int, tuple[Detector, list[Sign]]]] = {}
    for start, number in searching.find(haystack("\n".join(texts))):
        at = bisect_right(starts, start) - 1
        for detector in readers[literals[number]]:
            given = signs.setdefault(at, {}).setdefault(id(detector), (detector, []))
            given[1].append(Sign(start - starts[at], literals[number]))
    found: list[list[Place]] = [[] for _ in texts]
    for at, own in signs.items():
        found[at] = list(_apart(_matched(texts[at], own.values())))
    return found


def _matched(text: str, given: Iterable[tuple[Detector, list[Sign]]]) -> Iterator[Place]:
    whole = Text(text, Kind.DATA, ())
    for detector, signs in given:
        for match in detector.detect(whole, signs, Context()):
            sure = match.confidence or match.rule.confidence
            if match.rule.default and sure.at_least(Confidence.MEDIUM):
                mask = match.public + STARS
                yield Place(match.start, match.end, _SECRET, match.rule, sure, mask)


def _apart(found: Iterable[Place]) -> Iterator[Place]:
    end = 0
    for place in sorted(found, key=lambda place: (place.start, -place.end)):
        if place.start >= end:
            yield place
            end = place.end
