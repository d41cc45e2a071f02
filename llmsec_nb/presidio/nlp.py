"""A word splitter that Presidio takes for an NLP engine: no model, nothing downloaded.

Presidio raises a score where a word that speaks for it stands before the value. With its engine
without a model there are no words, so that is dead; here a word is its own lemma in lower case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
_WORD: Final = re.compile(r"\w")
_ENGLISH: Final = """
a an and are as at be but by for from had has have he her his i if in into is it its me my no not of
on or our she so than that the their them then there these they this to was we were what when which
who will with would you your
"""
_STOP: Final = {"en": frozenset(_ENGLISH.split())}
"""Words that take none of the five places that Presidio looks at before a value."""


class Token(str):
    """A token as recognizers of others may expect it: a string that has its text and place."""

    __slots__ = ("idx",)

    idx: int

    @property
    def text(self) -> str:
        """The token itself."""
        return str(self)

    @property
    def lemma_(self) -> str:
        """Its lower case."""
        return self.lower()


def tokens_of(text: str, first: int = 0, last: int | None = None) -> list[tuple[int, str]]:
    """The tokens of a text with their offsets; together they are the text.

    With `first` only from there on, with `last` only up to the one that holds this offset.
    """
    tokens = []
    for match in _TOKEN.finditer(text, first):
        tokens.append((match.start(), match.group()))
        if last is not None and match.end() > last:
            break
    return tokens


class WordEngine:
    """Fulfils presidio_analyzer's NlpEngine for any language code; it knows no entities."""

    engine_name = "words"
    is_available = True

    def __init__(self, languages: Sequence[str]) -> None:
        """The languages are those that are told to Presidio; none needs anything."""
        from presidio_analyzer.nlp_engine import NlpEngine

        NlpEngine.register(type(self))
        self._languages = list(languages)

    def load(self) -> None:
        """There is nothing to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> Any:
        """Tokens that cover the whole text, so that Presidio finds one at each offset."""
        from presidio_analyzer.nlp_engine import NlpArtifacts

        tokens: list[Any] = []
        for start, found in tokens_of(text):
            token = Token(found)
            token.idx = start
            tokens.append(token)
        artifacts: Any = NlpArtifacts  # Presidio says a Doc of spaCy; it asks for lengths only.
        return artifacts(
            entities=[],
            tokens=tokens,
            tokens_indices=[token.idx for token in tokens],
            lemmas=[token.lower() for token in tokens],
            nlp_engine=self,
            language=language,
            scores=[],
        )

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,
        n_process: int = 1,
        **kwargs: Any,
    ) -> Iterator[tuple[str, Any]]:
        """Text by text."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """Whether a word says nothing of the value after it."""
        return word.lower() in _STOP.get(language, ())

    def is_punct(self, word: str, language: str) -> bool:
        """Whether a token is no word: signs and spaces."""
        return not _WORD.match(word)

    def get_supported_entities(self) -> list[str]:
        """None: it recognizes nothing."""
        return []

    def get_supported_languages(self) -> list[str]:
        """The languages that it was made for."""
        return list(self._languages)
