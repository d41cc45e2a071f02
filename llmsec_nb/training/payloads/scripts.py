"""Which hidden characters belong where they stand: spelling, emoji, writing from right to left."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JOINERS: Final = frozenset("\u200c\u200d")
_MARKS: Final = frozenset("\u200e\u200f\u061c")
_WIDTHLESS: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff")
_FILLERS: Final = frozenset("\u3164\u115f\u1160\uffa0")
_KHMER: Final = frozenset("\u17b4\u17b5")
_MONGOLIAN: Final = frozenset("\u180b\u180c\u180d\u180e\u180f")
_UNSPACED: Final = frozenset(
    {
        "THAI", "KHMER", "LAO", "MYANMAR", "TIBETAN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL",
        "JAVANESE", "BALINESE", "TAI", "NEW", "IDEOGRAPHIC", "FULLWIDTH", "SUNDANESE",
    }
)  # fmt: skip
"""The first words of the names of letters that know no blanks: there U+200B ends words."""
_RTL: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]"
)
_NEAR: Final = 80
_APPLIED: Final = re.compile(
    r"(?:\b[a-zA-Z]|sin|cos|tan|cot|sec|csc|log|ln|lg|exp|lim|max|min|sup|inf|det|dim|ker|arg|deg"
    r"|gcd|sinh|cosh|tanh|[^\x00-\x7f]|[)\]}\d])\Z"
)
"""What stands before an invisible operator of a formula: a function, or one letter."""


def script(char: str) -> str:
    """The first word of the name of a character, which is its script; empty for none."""
    return unicodedata.name(char, "").partition(" ")[0] if char else ""


def near_rtl(text: str, start: int, end: int) -> bool:
    """Whether a letter that is written from right to left stands within 80 characters."""
    return _RTL.search(text, max(0, start - _NEAR), end + _NEAR) is not None


def belongs(  # noqa: PLR0911 # one return a kind
    run: str, text: str, start: int, end: int
) -> bool:
    """Whether the neighbours explain a run of hidden characters, tags and selectors apart."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    kinds = set(run)
    if run[0] == "\ufeff" and start == 0:
        return len(run) == 1 or belongs(run[1:], text, 1, end)
    if kinds == {"\u00ad"}:
        return True
    if kinds <= _WIDTHLESS and before.isascii() and after.isascii():
        return False
    if kinds <= _JOINERS and len(run) <= 3:
        return _joins(before) or _joins(after)
    if kinds <= _MARKS | _JOINERS and len(run) <= 3 and near_rtl(text, start, end):
        return True
    if len(run) == 1 and "\u2061" <= run <= "\u2064":
        return _operates(text, start, after)
    if kinds == {"\u034f"} and len(run) == 1:
        return any(char and unicodedata.category(char)[0] == "M" for char in (before, after))
    scripts = {script(before), script(after)}
    return (
        (kinds <= _FILLERS and "HANGUL" in scripts and len(run) <= 2)
        or (kinds <= _KHMER and "KHMER" in scripts)
        or (kinds <= _MONGOLIAN and "MONGOLIAN" in scripts)
        or (kinds == {"\u200b"} and len(run) <= 2 and not _UNSPACED.isdisjoint(scripts))
    )


def selects(selector: str, before: str) -> bool:
    """Whether one variation selector chooses a form of the character before it.

    Emoji and signs, digits and `#*` of keycaps, ideographs; supplementary ones only ideographs.
    """
    if not before:
        return False
    if selector > "\uffff":
        return script(before) in {"CJK", "MONGOLIAN"} or unicodedata.category(before) == "Lo"
    return not (before.isascii() and (before.isalpha() or before.isspace()))


def _joins(char: str) -> bool:
    """Joiners are spelling in Arabic and Indic scripts, and glue between the parts of an emoji."""
    return (
        bool(char)
        and not char.isascii()
        and unicodedata.category(char)[0] in "LMS"
        and script(char) not in {"LATIN", "CYRILLIC", "GREEK"}
    )


def _operates(text: str, start: int, after: str) -> bool:
    """Invisible function application, times, separator and plus join the parts of a formula."""
    if not after or after.isspace() or not _APPLIED.search(text, max(0, start - 8), start):
        return False
    word = text[start + 1 : start + 3]
    return not (len(word) == 2 and word.isalpha() and word.isascii())
