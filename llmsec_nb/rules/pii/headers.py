"""Which recognizers the header of a column speaks of, found without asking each of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .recognizer import Recognizer

_WORD: Final = lazy(r"[^\W\d_]+|\d+")
_LETTER: Final = lazy(r"[^\W\d_]{2}")
_CAMEL: Final = lazy(r"(?<=[a-z])(?=[A-Z])")
_MOST: Final = 4
"""Words of a phrase such as `national health service number`."""
_LONGEST: Final = 60
"""A header that is longer is a sentence."""


class Headers:
    """An index of the words of recognizers; it answers as `speaks_of` would."""

    def __init__(self, recognizers: Iterable[Recognizer]) -> None:
        """Index their words, without what stands between the parts of a phrase."""
        self._known: dict[str, list[Recognizer]] = {}
        self._heads: set[str] = set()
        for recognizer in recognizers:
            for word in recognizer.words:
                parts = _WORD.findall(word.lower())
                self._heads |= {parts[0], "".join(parts)}
                owners = self._known.setdefault("".join(parts), [])
                if recognizer not in owners:
                    owners.append(recognizer)
        self.speaking = lru_cache(maxsize=1000)(self._speaking)

    def _speaking(self, header: str) -> tuple[Recognizer, ...]:
        """The recognizers of which a header speaks."""
        if len(header) > _LONGEST or not _LETTER.search(header):
            return ()
        words = _WORD.findall(_CAMEL.sub(" ", header).lower())
        found: dict[int, Recognizer] = {}
        for start, word in enumerate(words):
            if word not in self._heads and word.removesuffix("s") not in self._heads:
                continue
            for end in range(start + 1, min(len(words), start + _MOST) + 1):
                phrase = "".join(words[start:end])
                for spelt in (phrase, phrase.removesuffix("s")):
                    found |= {id(owner): owner for owner in self._known.get(spelt, ())}
        return tuple(found.values())
