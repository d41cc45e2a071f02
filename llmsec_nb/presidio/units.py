"""Many texts cut into what a gate decides about: short texts whole, long ones line by line."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from .charsets import Characters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .gates import Gate, Needs

Span = tuple[int, int]

_LONG: Final = 1_000
"""A text of more characters is cut into lines."""
_WORTH: Final = 2_000
"""So many characters are worth compiling all gates for RE2, which takes two milliseconds."""
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


class Units:
    """A batch of texts, and which parts of which of them a pattern has to look at.

    Large batches are asked with RE2 inside of pyarrow, small ones by their characters.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Nothing is done before a gate is there."""
        self._texts = texts
        self._ascii = all(map(str.isascii, texts))
        self._known: dict[tuple[str, bool], list[tuple[int, list[Span]]]] = {}
        self._lines: _Table | None = None
        self._wholes: _Table | None = None
        self._characters: list[Characters] | None = None
        self._by_needs: dict[Needs, list[tuple[int, list[Span]]]] = {}
        self._arrow = sum(map(len, texts)) >= _WORTH and _has_arrow()

    def passing(self, gate: Gate | None) -> list[tuple[int, list[Span]]]:
        """Numbers of texts, and the spans of each in which a match may stand, in order."""
        if gate is None:
            return [(index, [(0, len(text))]) for index, text in enumerate(self._texts) if text]
        key = gate.re2, gate.by_line
        if key not in self._known:
            self._known[key] = self._asked(gate)
        return self._known[key]

    def _asked(self, gate: Gate) -> list[tuple[int, list[Span]]]:
        if not self._arrow:
            if gate.needs not in self._by_needs:
                self._by_needs[gate.needs] = self._meeting(gate)
            return self._by_needs[gate.needs]
        pattern = gate.ascii if self._ascii else gate.re2
        if gate.by_line:
            self._lines = self._lines or _Table(self._texts, cut=True)
            return self._lines.passing(pattern)
        self._wholes = self._wholes or _Table(self._texts, cut=False)
        return self._wholes.passing(pattern)

    def _meeting(self, gate: Gate) -> list[tuple[int, list[Span]]]:
        if self._characters is None:
            self._characters = list(map(Characters, self._texts))
        return [
            (index, [(0, len(self._texts[index]))])
            for index, characters in enumerate(self._characters)
            if gate.may_match(characters)
        ]


class _Table:
    """Pieces of texts in an Arrow array."""

    def __init__(self, texts: Sequence[str], *, cut: bool) -> None:
        import pyarrow as pa

        self._places: list[tuple[int, int, int]] = []
        pieces: list[str] = []
        for index, text in enumerate(texts):
            for start, end in _pieces(text) if cut and len(text) > _LONG else ((0, len(text)),):
                self._places.append((index, start, end))
                pieces.append(text[start:end])
        try:
            self._array = pa.array(pieces, pa.large_string())
        except UnicodeEncodeError:  # Half a pair is as wide as the character that replaces it.
            whole = [_SURROGATES.sub("\ufffd", piece) for piece in pieces]
            self._array = pa.array(whole, pa.large_string())

    def passing(self, pattern: str) -> list[tuple[int, list[Span]]]:
        import pyarrow.compute as pc

        mask = pc.match_substring_regex(self._array, pattern)
        passing: list[tuple[int, list[Span]]] = []
        for number in pc.indices_nonzero(mask).to_pylist():
            index, start, end = self._places[number]
            if not passing or passing[-1][0] != index:
                passing.append((index, [(start, end)]))
            elif passing[-1][1][-1][1] == start:
                passing[-1][1][-1] = passing[-1][1][-1][0], end
            else:
                passing[-1][1].append((start, end))
        return passing


def _pieces(text: str) -> Iterator[Span]:
    """The lines of a text, each with its newline."""
    ends = [0, *(at.end() for at in re.finditer("\n", text))]
    if ends[-1] < len(text):
        ends.append(len(text))
    return pairwise(ends)


_arrow: list[Any] = []


def _has_arrow() -> bool:
    """Whether pyarrow is there; without it everything is asked by characters."""
    if not _arrow:
        try:
            import pyarrow.compute as found
        except ImportError:
            found = None
        _arrow.append(found)
    return _arrow[0] is not None
