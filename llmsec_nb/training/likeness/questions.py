"""How a document begins: with a question that somebody may ask, or with something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

HEAD: Final = 400
"""Characters at the beginning that are looked at."""
BODY: Final = 800
"""Characters after the head that are compared with it."""
LONGEST: Final = 100_000
"""Characters in which repetitions are looked for."""
PREFIX: Final = 6
"""Words that make a head where no sentence ends."""
_SENTENCE: Final = lazy(
    r"\W*(\w.{2,300}?)([?!。？！؟\n]|(?<=[\w\"')\]]{2})\.(?!\d))",  # noqa: RUF001 # signs of others
    re.DOTALL,
)
_WORD: Final = lazy(r"\w+")
_SPLIT: Final = lazy(r"([.!?。？！؟\n]+)")  # noqa: RUF001 # full stops and question marks of others
_LEADS: Final = (
    "who whom whose what when where which why how is are was were do does did can could will would "
    "should has have had whats whos "
    "wer wen wem was wann wo wohin woher welche welcher welches warum wieso wie wieviel ist sind "
    "hat haben kann qui que quel quelle quels quelles quand où pourquoi comment combien est "
    "quién quien qué cuál cual cuándo cuando dónde donde cómo como cuánto cuánta cuántos "
    "quem qual quais quando onde porque quanto chi cosa quale quali dove perché "
    "wie wat waar wanneer waarom hoe welke кто что где когда почему как какой какая какие сколько"
)
_ASKS: Final = lazy(
    r"(?i)\W*(?:q(?:uestion)?\s{0,3}[:.]\s{0,3})?"
    r"(?:(?:in|on|at|to|for|from|of|by|with|about|under) )?(?:" + "|".join(_LEADS.split()) + r")\b"
)
_PROSE: Final = lazy(r"[^=(){}<>;_#\\|\[\]*]*")
"""Without the signs of code, whose first lines are often the same."""
_MARKS: Final = ("?", "？", "؟")  # noqa: RUF001 # question marks of others
_FEWEST: Final = 3
_LONG: Final = 4
_SHORT: Final = 4


class Head(NamedTuple):
    """The beginning of a document. `asks`: it has the form of a question."""

    text: str
    asks: bool
    end: int


def heads(text: str) -> list[Head]:
    """The first sentence, if it has three words; and, of a question, its first six words."""
    start = text[:HEAD]
    asks = _ASKS.match(start) is not None
    found: list[Head] = []
    sentence = _SENTENCE.match(start)
    if sentence and len(_words(sentence[1])) >= (_FEWEST if sentence[1].isascii() else 1):
        question = asks or sentence[2] in _MARKS
        if question or _PROSE.fullmatch(sentence[1]):
            found.append(Head(sentence[1], question, sentence.end()))
    if asks:
        places = [match.end() for match in _WORD.finditer(start)]
        if len(places) > PREFIX and (not found or places[PREFIX - 1] < found[0].end):
            end = places[PREFIX - 1]
            found.append(Head(start[:end], asks=True, end=end))
    return found


def normal(head: Head) -> str:
    """A head as it counts: its words in lower case."""
    return " ".join(_words(head.text))


def echo(head: Head, text: str) -> float:
    """The share of the telling words of a head that the text after it takes up; 0 to 1."""
    body = text[head.end : head.end + BODY].lower()
    telling = {piece for word in _words(head.text) for piece in _pieces(word)}
    telling = {word for word in telling if not _ASKS.match(word)}
    if not telling:
        return 0.0
    return sum(word in body for word in telling) / len(telling)


def stuffed(text: str) -> str:
    """A question of four words that fills 30 % of a text and comes three times, or nothing."""
    counts: dict[str, int] = {}
    whole = text[:LONGEST]
    pieces = _SPLIT.split(whole)
    for sentence, sign in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if 12 <= len(sentence) <= HEAD and (sign[:1] in _MARKS or _ASKS.match(sentence)):
            words = " ".join(_words(sentence))
            counts[words] = counts.get(words, 0) + 1
    for sentence, count in counts.items():
        enough = len(sentence.split()) >= _LONG or not sentence.isascii()
        if count >= 3 and count * len(sentence) >= 0.3 * len(whole) and enough:
            return sentence
    return ""


def may_be_stuffed(texts: pa.Array) -> NDArray[np.bool_]:
    """Which texts hold three question marks or more, shape (n,)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    marks = pc.count_substring_regex(texts, pattern="[?？؟]")  # noqa: RUF001 # marks of others
    many = pc.fill_null(pc.greater_equal(marks, pa.scalar(3, marks.type)), fill_value=False)
    return np.asarray(many.to_numpy(zero_copy_only=False))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _pieces(word: str) -> list[str]:
    """A word that tells something; one of a writing without spaces by twos."""
    if word.isascii():
        return [word] if len(word) >= _SHORT or word.isdigit() else []
    if len(word) <= _SHORT or not any("\u3040" <= letter <= "\u9fff" for letter in word):
        return [word]
    return [word[place : place + 2] for place in range(0, len(word) - 1, 2)]
