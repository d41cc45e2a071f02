"""Texts that tell a model to drop what it was told, or to give it away: few patterns, precise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .hidden import ALIKE_GATE, undisguised
from .hits import Hit
from .languages import LEAKS, ORDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

ORDER: Final = "order"
LEAK: Final = "leak"
DISGUISED: Final = "disguised"

GATE: Final = "(?i)" + "|".join(
    f"(?:{begin})[^.!?\u3002\uff01\uff1f]*(?:{end})" for begin, end, _ in (*ORDERS, *LEAKS)
)
"""Without a match of it there is nothing to find. Syntax of RE2."""
DISGUISE_GATE: Final = (
    f"[A-Za-z][\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ufe00-\ufe0f\u202a-\u202e]+[A-Za-z]|{ALIKE_GATE}"
    "|[\uff21-\uff3a\uff41-\uff5a]{5}|[\U0001d400-\U0001d7ff]{5}"
)
"""Without a match of it no text is disguised. Syntax of RE2 and of Python."""
_DISGUISE: Final = re.compile(DISGUISE_GATE)
_PATTERNS: Final = tuple(
    (kind, re.compile(begin, re.IGNORECASE), re.compile(whole, re.IGNORECASE))
    for kind, those in ((ORDER, ORDERS), (LEAK, LEAKS))
    for begin, _, whole in those
)
_APART: Final = re.compile("(?<![A-Za-z\u00c0-\u052f])")
"""No letter of an alphabet before: Chinese puts no blanks between words, Arabic prefixes them."""


def find(text: str) -> Iterator[Hit]:
    """What stands in the text as it is."""
    for kind, begin, whole in _PATTERNS:
        yield from (Hit(kind, *span) for span in _spans(text, begin, whole))


def disguised(text: str) -> Iterator[Hit]:
    """What only stands in it once hidden characters and look-alikes are undone.

    The span is the whole text: what was hidden has no place of its own.
    """
    if text.isascii() or not _DISGUISE.search(text):
        return
    plain = undisguised(text)
    known = {(hit.kind, text[hit.start : hit.end].lower()) for hit in find(text)}
    for hit in find(plain):
        said = plain[hit.start : hit.end]
        if (hit.kind, said.lower()) not in known:
            yield Hit(DISGUISED, 0, len(text), said)
            return


def _spans(text: str, start: re.Pattern[str], whole: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Matches of the whole that begin where its literals do, and where a word does."""
    place = 0
    while (sign := start.search(text, place)) is not None:
        found = whole.match(text, sign.start())
        if found is not None and _APART.match(text, sign.start()):
            yield found.span()
            place = found.end()
        else:
            place = sign.start() + 1
