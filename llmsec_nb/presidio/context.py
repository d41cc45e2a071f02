"""Scores that rise because of a word near the value: what LemmaContextAwareEnhancer does."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .nlp import WordEngine, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .hits import Hit

_REACH: Final = 160
"""Characters before a value in which its words are looked for first."""


class Surroundings:
    """The words of a text as Presidio's enhancer sees them, found by bisection."""

    def __init__(self, tokens: Iterable[tuple[int, str]], counts: Callable[[str], bool]) -> None:
        """Ends and lemmas of tokens, in order; `counts` says which lemmas are words."""
        self._ends: list[int] = []
        self._places: list[int] = []
        self._words: list[str] = []
        for index, (end, lemma) in enumerate(tokens):
            self._ends.append(end)
            if counts(lemma):
                self._places.append(index)
                self._words.append(lemma)

    def near(self, start: int, before: int, after: int) -> set[str] | None:
        """The nearest words around an offset, the token there included; None if there is none.

        One more than asked for on each side, as the token itself is on both.
        """
        index = bisect_right(self._ends, start)
        if index >= len(self._ends):
            return None
        back = bisect_right(self._places, index)
        ahead = bisect_left(self._places, index)
        words = self._words[max(0, back - before - 1) : back]
        return {*words, *self._words[ahead : ahead + after + 1]}

    def enough(self, start: int, before: int, after: int) -> bool:
        """Whether more tokens at either end would not change what is near an offset."""
        index = bisect_right(self._ends, start)
        back = bisect_right(self._places, index)
        ahead = len(self._places) - bisect_left(self._places, index)
        return index < len(self._ends) and back > before and ahead > after


def _of_artifacts(artifacts: Any) -> Surroundings | None:
    """From what an NLP engine said; None if it found no words."""
    if not artifacts.tokens:
        return None
    triples = zip(artifacts.tokens_indices, artifacts.tokens, artifacts.lemmas, strict=False)
    tokens = ((at + len(one), lemma.lower()) for at, one, lemma in triples)
    return Surroundings(tokens, frozenset(artifacts.keywords).__contains__)


def _of_words(text: str, counts: Callable[[str], bool], first: int, last: int) -> Surroundings:
    """The same for the tokens of a WordEngine between two offsets, without making artifacts."""
    # Presidio lowers each lemma once more.
    found = tokens_of(text, first, last)
    return Surroundings(((at + len(one), one.lower().lower()) for at, one in found), counts)


class Words:
    """The surroundings of hits in a text of a WordEngine: little of a long text is split.

    Where a token ends depends on the kinds of its characters alone, so that a text may be split
    from any place on; only the first token of such a piece may be cut.
    """

    def __init__(self, text: str, engine: WordEngine, language: str, hits: int) -> None:
        """Splits all of the text if it is short for so many hits."""
        self._text = text
        self._engine = engine
        self._language = language
        self._known: dict[str, bool] = {}
        self._whole: Surroundings | None = None
        if len(text) <= hits * 2 * _REACH:
            self._whole = _of_words(text, self._counts, 0, len(text))

    def near(self, start: int, before: int, after: int) -> set[str] | None:
        """As Surroundings has it."""
        if self._whole is None:
            first = max(0, start - _REACH)
            piece = tokens_of(self._text, first, start + _REACH)
            # A token that may be cut, at either end, is left out if the others are enough.
            inner = piece[1 if first else 0 : -1]
            tokens = ((at + len(one), one.lower().lower()) for at, one in inner)
            around = Surroundings(tokens, self._counts)
            if around.enough(start, before, after):
                return around.near(start, before, after)
            self._whole = _of_words(self._text, self._counts, 0, len(self._text))
        return self._whole.near(start, before, after)

    def _counts(self, word: str) -> bool:
        known = self._known.get(word)
        if known is None:
            engine, language = self._engine, self._language
            known = self._known[word] = (
                word != "be"
                and not engine.is_punct(word, language)
                and not engine.is_stopword(word, language)
            )
        return known


class _Wanted(NamedTuple):
    """The words that speak for what a recognizer finds, in lower case."""

    words: tuple[str, ...]
    whole: bool

    def stand_in(self, near: set[str]) -> bool:
        if self.whole:
            return any(word in near for word in self.words)
        joined = "\n".join(near)
        return any(word in joined for word in self.words)


class Enhancer:
    """Raises scores as the engine's LemmaContextAwareEnhancer would."""

    def __init__(self, engine: Any, recognizers: Mapping[str, Any], language: str) -> None:
        """`recognizers` by their id."""
        self._nlp = engine.nlp_engine
        self._rules = engine.context_aware_enhancer
        self._language = language
        whole = getattr(self._rules, "context_matching_mode", "substring") == "whole_word"
        self._wanted = {
            name: _Wanted(tuple(word.lower() for word in one.context), whole)
            for name, one in recognizers.items()
            if one.context
        }

    def enhance(self, text: str, hits: list[Hit], artifacts: Callable[[], Any]) -> list[Hit]:
        """The hits with their final scores. Raises LookupError where no word is at a hit."""
        if not any(hit.source in self._wanted and not hit.enhanced for hit in hits):
            return hits
        if type(self._nlp) is WordEngine:
            around: Words | Surroundings | None = Words(text, self._nlp, self._language, len(hits))
        else:
            around = _of_artifacts(artifacts())
        if around is None:
            return hits
        return [self._one(hit, around) for hit in hits]

    def _one(self, hit: Hit, around: Words | Surroundings) -> Hit:
        wanted = self._wanted.get(hit.source)
        if wanted is None or hit.enhanced:
            return hit
        rules = self._rules
        near = around.near(hit.start, rules.context_prefix_count, rules.context_suffix_count)
        if near is None:
            raise LookupError
        if not wanted.stand_in(near):
            return hit
        score = max(
            hit.score + rules.context_similarity_factor, rules.min_score_with_context_similarity
        )
        return hit._replace(score=min(score, rules.MAX_SCORE))
