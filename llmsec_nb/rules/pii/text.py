"""Personal data in texts: candidates by one search, judged by the recognizers, overlaps resolved."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from ...core.detector import Context, Cost
from ...core.lazy import lazy
from ...core.rule import Confidence, Kind
from . import columns
from .headers import Headers
from .recognizer import Scene, Searching, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...core.artifact import Text
    from ...core.detector import Match, Sign
    from .recognizer import Hit, Recognizer

_CLUSTER: Final = lazy(r"[0-9](?:[ ./:()\u2010-\u2013-]{0,2}[0-9]){6,60}")
_FLOATS: Final = lazy(r"(?:[ ,]{0,4}-?[0-9]{1,9}\.(?:[0-9]{3,20})?(?![0-9./:-])){1,60}[ ]?")
_WORD: Final = lazy(r"[^\W\d_]+")
_HUMP: Final = lazy("[a-z][A-Z]")
_HUMP_GAP: Final = lazy("(?<=[a-z])(?=[A-Z])")
_LEAD: Final = 24
"""So far before a cluster of digits a value may begin: letters of an IBAN, +, a bracket."""
_AROUND: Final = 200
"""So far around what a search gave it is looked at again."""
_BEFORE: Final = 40
_BEHIND: Final = 80
"""So far around a sign a value may begin."""
_QUIET: Final = frozenset({Kind.BINARY, Kind.SCRIPT})


class Entity(NamedTuple):
    """What `analyze` says of a text."""

    kind: str
    start: int
    end: int
    confidence: Confidence
    country: str


def analyze(content: str, rules: frozenset[str] | None = None) -> list[Entity]:
    """What the recognizers of some rules, or all, take for personal data; overlaps resolved."""
    return [
        Entity(hit.recognizer.entity, hit.start, hit.end, hit.confidence, hit.country)
        for hit in engine(rules).hits(Scene(content))
    ]


@cache
def engine(enabled: frozenset[str] | None = None) -> Engine:
    """The recognizers of some rules; None: all of them."""
    from .catalogue import recognizers

    return Engine(
        [r for r in recognizers() if enabled is None or r.rule.id in enabled or not r.entity]
    )


class Engine:
    """Recognizers, and how to tell quickly which of them have anything to do."""

    def __init__(self, recognizers: Sequence[Recognizer]) -> None:
        """Sort them by what brings them up."""
        self.recognizers = tuple(recognizers)
        self._by_digits = sorted((r for r in recognizers if r.digits), key=lambda r: r.digits)
        self._searching = [r for r in recognizers if isinstance(r, Searching)]
        self._by_sign: dict[str, list[Recognizer]] = {}
        for recognizer in recognizers:
            for sign in recognizer.signs:
                self._by_sign.setdefault(sign, []).append(recognizer)
        self.signs = tuple(self._by_sign)
        self._by_word: dict[str, list[str]] = {}
        self._marks: list[str] = []
        for sign in self.signs:
            first = _WORD.match(sign)
            if first:
                self._by_word.setdefault(first[0], []).append(sign)
            else:
                self._marks.append(sign)

    @cached_property
    def headers(self) -> Headers:
        """Knows which of them the header of a column speaks of."""
        return Headers(self.recognizers)

    def hits(self, scene: Scene) -> list[Hit]:
        """All hits of a text, in order; of those that overlap the strongest."""
        return self.around(scene, self._signs_in(scene.content))

    def _signs_in(self, content: str) -> Iterator[tuple[int, str]]:
        """The signs of a text: those that begin with a letter where a word does."""
        lowered = content.lower()
        if len(lowered) != len(content):
            lowered = "".join(low if len(low := char.lower()) == 1 else char for char in content)
        for sign in self._marks:
            yield from ((place, sign) for place in _places(lowered, sign))
        humps = frozenset(found.end() - 1 for found in _HUMP.finditer(content))
        words = set(_WORD.findall(_HUMP_GAP.sub(" ", content).lower() if humps else lowered))
        for word in self._by_word.keys() & words:
            for place in _places(lowered, word):
                if place in humps or not lowered[place - 1 : place].isalpha():
                    for sign in self._by_word[word]:
                        if lowered.startswith(sign, place):
                            yield place, sign

    def search(self, content: str) -> Iterator[int]:
        """Where something may begin that no sign shows."""
        yield from (start for start, _ in clusters(content))
        for recognizer in self._searching:
            yield from (window.sign for window in recognizer.search(content))

    def around(
        self,
        scene: Scene,
        signs: Iterable[tuple[int, str]],
        searched: Sequence[int] | None = None,
    ) -> list[Hit]:
        """Hits around signs, and where a search leads.

        `searched` are the places that `search` gave, if it was asked already.
        """
        found = list(self._at_signs(scene, signs))
        whole = ((0, len(scene.content)),)
        for start, end in whole if searched is None else _windows(searched):
            found += self._by_search(scene, start, end)
        return resolve(found)

    def _by_search(self, scene: Scene, first: int, last: int) -> Iterator[Hit]:
        content = scene.content[first:last]
        for start, end in clusters(content):
            count = sum(map(str.isdecimal, content[start:end]))
            for recognizer in self._by_digits:
                if recognizer.digits > count:
                    break
                yield from recognizer.find(scene, max(0, first + start - _LEAD), first + end)
        opened = _Windows()
        for searcher in self._searching:
            for start, end, _ in searcher.search(content):
                opened.add(searcher, first + start, first + end)
        yield from opened.hits(scene)

    def _at_signs(self, scene: Scene, signs: Iterable[tuple[int, str]]) -> Iterator[Hit]:
        opened = _Windows()
        for place, sign in sorted(signs):
            for recognizer in self._by_sign[sign]:
                opened.add(recognizer, max(0, place - _BEFORE), place + _BEHIND)
        yield from opened.hits(scene)


class _Windows:
    """Where recognizers have to look; of one that is to look twice the windows are joined."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._all: list[tuple[Recognizer, int, int]] = []

    def add(self, recognizer: Recognizer, start: int, end: int) -> None:
        number = self._last.get(id(recognizer))
        if number is not None and self._all[number][1] <= start <= self._all[number][2]:
            first, last = self._all[number][1:]
            self._all[number] = recognizer, first, max(last, end)
        else:
            self._last[id(recognizer)] = len(self._all)
            self._all.append((recognizer, start, end))

    def hits(self, scene: Scene) -> Iterator[Hit]:
        for recognizer, start, end in self._all:
            yield from recognizer.find(scene, start, end)


def clusters(content: str) -> Iterator[tuple[int, int]]:
    """Runs of seven digits and more that are no floating point numbers."""
    for found in _CLUSTER.finditer(content):
        if not _FLOATS.fullmatch(found[0]):
            yield found.span()


def _places(content: str, sign: str) -> Iterator[int]:
    place = content.find(sign)
    while place >= 0:
        yield place
        place = content.find(sign, place + 1)


class PersonalData:
    """The detector of one scan."""

    cost: ClassVar[Cost] = Cost.TYPING
    unusual: ClassVar[Any] = None
    by_fields: ClassVar[bool] = True
    searches: ClassVar[bool] = True

    def __init__(self, enabled: frozenset[str]) -> None:
        """Run the recognizers whose rules are in `enabled`."""
        self._engine = engine(enabled)
        self.rules = tuple(dict.fromkeys(r.rule for r in self._engine.recognizers))
        self.literals = self._engine.signs
        self._known = frozenset(self.literals)

    def search(self, content: str) -> Iterator[int]:
        """Where something begins that the literals do not show."""
        return self._engine.search(content)

    def screen(self, content: str) -> Any:
        """Never asked."""

    def detect(self, text: Text, hint: Sequence[Sign], context: Context) -> Iterator[Match]:
        """Yield the hits of one text: in a table one for each column."""
        if text.kind in _QUIET:
            return
        if text.fields:
            signs, searched = self._signs(hint), self._searched(hint)
            yield from columns.in_fields(text, self._engine, signs, searched)
            return
        hits = self._engine.around(Scene(text.text), self._signs(hint), self._searched(hint))
        if text.tabled:
            hits = [hit for hit in hits if not _is_cell(text, hit)]
        yield from columns.aligned(text.text, hits)

    def _searched(self, hint: Sequence[Sign]) -> list[int]:
        """What `search` gave in the text."""
        return [sign.start for sign in hint if sign.literal not in self._known]

    def _signs(self, hint: Sequence[Sign]) -> list[tuple[int, str]]:
        return [(sign.start, sign.literal) for sign in hint if sign.literal in self._known]


def _windows(places: Sequence[int]) -> list[tuple[int, int]]:
    """Parts of a text around some places, in order; those that touch are one."""
    merged: list[tuple[int, int]] = []
    for place in sorted(places):
        start, end = max(0, place - _AROUND), place + _AROUND
        if merged and start <= merged[-1][1]:
            start = merged.pop()[0]
        merged.append((start, end))
    return merged


def _is_cell(text: Text, hit: Hit) -> bool:
    """Whether another view reads it, as a cell of a table."""
    spot = text.locate(hit.start, hit.end)
    index = bisect_right(text.tabled, (spot.start, len(spot.part.text))) - 1
    return index >= 0 and spot.end <= text.tabled[index][1]
