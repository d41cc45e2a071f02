"""Texts with personal data in them: only the places are replaced, and the result is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.rule import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .replacer import Replacer

    Find = Callable[[str], Sequence["Place"]]

_PASSES: Final = 3
_MANY: Final = 100


class Place(NamedTuple):
    """A span of a text and what stands there."""

    start: int
    end: int
    kind: str


class Spliced(NamedTuple):
    """A text after replacement: the places of what was put in, and of what is still there."""

    text: str
    own: tuple[tuple[int, int], ...]
    kinds: tuple[str, ...]
    left: tuple[Place, ...]


def find_in(text: str, header: str = "") -> list[Place]:
    """What the recognizers are fairly sure of, in order; `header` names the column."""
    from ..rules.pii.recognizer import Scene
    from ..rules.pii.text import engine

    return [
        Place(hit.start, hit.end, hit.recognizer.entity)
        for hit in engine().hits(Scene(text, header))
        if hit.confidence.at_least(Confidence.MEDIUM)
    ]


def named_apart(name: str) -> str:
    """The name of a column or a file as it may be shown: without what is found in it."""
    from ..tables.names import apart

    return apart(name)


class Splicer:
    """Replaces places in texts; `strategy` says how by kind."""

    def __init__(
        self,
        replacer: Replacer,
        strategy: Callable[[str], str],
        find: Find,
        gate: Callable[[Sequence[str]], list[bool]] | None = None,
    ) -> None:
        """`gate` says of many texts quickly in which there may be something."""
        self._gate = gate
        self._replacer = replacer
        self._strategy = strategy
        self._find = find

    def __call__(self, texts: Sequence[str]) -> list[Spliced | None]:
        """Each text with its places replaced; None where there is nothing to replace."""
        if self._gate is None or len(texts) < _MANY:
            likely = [True] * len(texts)
        else:
            likely = self._gate(texts)
        places = [
            tuple(self._find(text)) if may else () for text, may in zip(texts, likely, strict=True)
        ]
        known = self._replaced(
            (place.kind, text[place.start : place.end])
            for text, own in zip(texts, places, strict=True)
            for place in own
        )
        return [
            self._finished(text, own, known) if own else None
            for text, own in zip(texts, places, strict=True)
        ]

    def _replaced(self, values: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """All values of a kind at once: that is much quicker."""
        by_kind: dict[str, dict[str, None]] = {}
        for kind, value in values:
            by_kind.setdefault(kind, {})[value] = None
        return {
            (kind, value): new or ""
            for kind, own in by_kind.items()
            for value, new in zip(
                own, self._replacer.texts(self._strategy(kind), kind, list(own)), strict=True
            )
        }

    def _finished(
        self, text: str, places: Sequence[Place], known: dict[tuple[str, str], str]
    ) -> Spliced:
        """Look again, until nothing is found beyond what was put in."""
        own: list[tuple[int, int]] = []
        kinds: list[str] = []
        left: Sequence[Place] = places
        for _ in range(_PASSES):
            if not left:
                break
            text, own = self._spliced(text, _widened(left, own), own, known)
            kinds += [place.kind for place in left]
            left = beyond(self._find(text), own)
        return Spliced(text, tuple(own), tuple(kinds), tuple(left))

    def _spliced(
        self,
        text: str,
        places: Sequence[Place],
        own: Sequence[tuple[int, int]],
        known: dict[tuple[str, str], str],
    ) -> tuple[str, list[tuple[int, int]]]:
        chunks: list[str] = []
        spans: list[tuple[int, int]] = []
        kept = size = 0
        untouched = [
            (start, end, "")
            for start, end in own
            if not any(place.start <= start and end <= place.end for place in places)
        ]
        for start, end, kind in sorted([*places, *untouched]):
            value = text[start:end]
            new = value
            if kind:
                new = known.get((kind, value), "")
                new = new or self._replacer.text(self._strategy(kind), kind, value)
            chunks += (text[kept:start], new)
            size += start - kept
            spans.append((size, size + len(new)))
            size += len(new)
            kept = end
        return "".join([*chunks, text[kept:]]), spans


def beyond(places: Iterable[Place], own: Sequence[tuple[int, int]]) -> list[Place]:
    """The places that cover characters beyond what was put in."""
    return [
        place
        for place in places
        if not any(start <= place.start and place.end <= end for start, end in own)
    ]


def _widened(places: Sequence[Place], own: Sequence[tuple[int, int]]) -> list[Place]:
    """Places in order that do not overlap, and that cut nothing that was put in."""
    spans: list[Place] = []
    for place in sorted(places):
        start, end = place.start, place.end
        for first, last in own:
            if first < end and start < last:
                start, end = min(start, first), max(end, last)
        if spans and start < spans[-1].end:
            start, end = min(start, spans[-1].start), max(end, spans[-1].end)
            spans[-1] = Place(start, end, spans[-1].kind)
        else:
            spans.append(Place(start, end, place.kind))
    return spans
