"""Which texts deserve a look, and by which detector: one pass of literals over all of them."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from .core.artifact import Text
from .core.detector import Context, Sign
from .core.rule import Kind
from .prefilter import haystack, prefilter
from .rules import detectors_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .core.detector import Detector, Hint

    Leaf = tuple[Kind, str]


_OURS: Final = "llmsec"
"""A cell that speaks of this program may hold a suppression."""
_NOBODY: Final = -1
_WITH_FIELDS: Final = frozenset({Kind.HTML, Kind.DATA})


@cache
def screen_for(extra: frozenset[str]) -> Screen:
    """The screen before the detectors of a scan; see `rules.detectors_for`."""
    return Screen(detectors_for(extra))


class Screen:
    """Knows the literals of all detectors."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        """Compile one prefilter for all."""
        self.detectors = detectors
        self._readers: dict[str, list[int]] = {}
        for number, detector in enumerate(detectors):
            for literal in detector.literals:
                self._readers.setdefault(literal, []).append(number)
        self._literals = [*self._readers, *(() if _OURS in self._readers else (_OURS,))]
        self._prefilter = prefilter(self._literals)
        self._searching = [number for number, detector in enumerate(detectors) if detector.searches]
        for number in self._searching:
            self._readers[_searched(number)] = [number]
        others = [detector for detector in detectors if not detector.literals]
        self._unusual = [d.unusual for d in others if d.unusual is not None]
        self._open = any(detector.unusual is None for detector in others)

    def suspects(self, leaves: Sequence[Leaf], path: str) -> set[int]:
        """Numbers of the texts of a file in which a detector might find something as they stand."""
        if self._open:
            return set(range(len(leaves)))
        signs = self._signs([text for _, text in leaves])
        context = Context(path=path)
        found = {n for n, given in signs.items() if self._leads(leaves[n], given, context)}
        for number, (_, text) in enumerate(leaves):
            if not text.isascii() and any(sign.search(text) for sign in self._unusual):
                found.add(number)
        return found

    def _leads(self, leaf: Leaf, signs: Sequence[Sign], context: Context) -> bool:
        """Whether a detector finds something, or might once the fields of the text are known."""
        kind, content = leaf
        text = Text(content, kind, ())
        for detector, own in self._shared(signs):
            if detector is None or (detector.by_fields and kind in _WITH_FIELDS):
                return True
            if next(iter(detector.detect(text, own, context)), None) is not None:
                return True
        return False

    def _signs(self, texts: Sequence[str]) -> dict[int, list[Sign]]:
        starts, content = _joined(texts)
        found: dict[int, list[Sign]] = {}
        for start, literal in self._prefilter.find(haystack(content)):
            number = bisect_right(starts, start) - 1
            sign = Sign(start - starts[number], self._literals[literal])
            found.setdefault(number, []).append(sign)
        for searcher in self._searching:
            for start in self.detectors[searcher].search(content):
                number = bisect_right(starts, start) - 1
                found.setdefault(number, []).append(
                    Sign(start - starts[number], _searched(searcher))
                )
        return found

    def _shared(self, signs: Sequence[Sign]) -> Iterator[tuple[Detector | None, list[Sign]]]:
        """The signs of one text by detector; None is for this program's own name."""
        own: dict[int, list[Sign]] = {}
        for sign in signs:
            for number in self._readers.get(sign.literal, (_NOBODY,)):
                own.setdefault(number, []).append(sign)
        for number, given in own.items():
            yield None if number == _NOBODY else self.detectors[number], given

    def assign(self, texts: Sequence[Text]) -> Iterator[tuple[Detector, list[tuple[Text, Hint]]]]:
        """Each detector with the texts that it should look at, and its hint for each."""
        given: dict[int, list[tuple[Text, Hint]]] = {}
        for number, signs in self._signs([_with_names(text) for text in texts]).items():
            for detector, own in self._shared(signs):
                given.setdefault(id(detector), []).append((texts[number], own))
        for detector in self.detectors:
            if detector.literals:
                yield detector, given.get(id(detector), [])
            else:
                yield detector, self._asked(detector, texts)

    def _asked(self, detector: Detector, texts: Sequence[Text]) -> list[tuple[Text, Hint]]:
        sign = detector.unusual
        strange = [text for text in texts if sign is None or not text.text.isascii()]
        hint = detector.screen("\n".join(text.text for text in strange)) if strange else None
        return [(text, hint) for text in strange] if hint is not None else []


def _searched(number: int) -> str:
    """What stands for a literal where a detector has searched by itself."""
    return f"\0{number}"


def _with_names(text: Text) -> str:
    """The text and the names of its fields, which stand in no text."""
    if not text.fields:
        return text.text
    return "\n".join([text.text, *{field.name for field in text.fields}])


def _joined(texts: Sequence[str]) -> tuple[list[int], str]:
    """Where each text starts in all of them, and all of them in one string."""
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    return starts[: len(texts)], "\n".join(texts)
