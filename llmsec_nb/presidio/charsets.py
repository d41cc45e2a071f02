"""Sets of characters that are at least as wide as those of a regular expression.

What is ASCII is exact, one bit a character. What is not is kept as ranges and deliberately too
wide: the Unicode tables of `regex` (which Presidio uses), of `re` and of RE2 differ in age, so
none of them is asked. A test compares each set with `regex` over all code points.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]

_LAST: Final = 0x10FFFF
EVERYTHING: Final[Ranges] = ((0x80, _LAST),)
_ALL_ASCII: Final = (1 << 128) - 1


def bits(characters: Iterable[int]) -> int:
    """The mask of ASCII code points."""
    mask = 0
    for character in characters:
        mask |= 1 << character
    return mask


_DIGITS: Final = bits(range(0x30, 0x3A))
_UPPER: Final = bits(range(0x41, 0x5B))
_LOWER: Final = bits(range(0x61, 0x7B))
_WORD: Final = _DIGITS | _UPPER | _LOWER | bits(b"_")
_SPACE: Final = bits(b"\t\n\x0b\x0c\r ")
_SEPARATORS: Final = bits(range(0x1C, 0x20))
"""Spaces for `re`, none for `regex`: they count as both."""

_OTHER_DIGITS: Final[Ranges] = ((0x590, 0x2FFF), (0xA000, 0xABFF), (0xD7A4, _LAST))
"""All but letters of Latin, Greek, Cyrillic, Armenian, CJK and Hangul: no digit is among them."""
_OTHER_SPACES: Final[Ranges] = (
    (0x80, 0xA0),
    (0x1680, 0x1680),
    (0x180E, 0x180E),
    (0x2000, 0x206F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
_FOLDED: Final = {"i": (0x130, 0x131), "k": (0x212A,), "s": (0x17F,)}
"""Characters beyond ASCII that are equal to an ASCII letter when case is ignored."""


class CharSet(NamedTuple):
    """A mask of ASCII characters, and sorted ranges of others."""

    ascii: int
    wide: Ranges = ()

    def joined(self, other: CharSet) -> CharSet:
        """The union."""
        return CharSet(self.ascii | other.ascii, _merged((*self.wide, *other.wide)))

    def within(self, other: CharSet) -> bool:
        """Whether each of these characters is in the other set."""
        return not self.ascii & ~other.ascii and other.joined(self).wide == other.wide

    def has(self, code: int) -> bool:
        """Whether the character is in it."""
        if code < 0x80:
            return bool(self.ascii >> code & 1)
        return any(low <= code <= high for low, high in self.wide)

    def re2(self) -> str:
        """A class as RE2 writes it."""
        if self == ANY:
            return "(?s:.)"
        if self == _ANY_ASCII:
            return r"[\x{0}-\x{7f}]"
        runs = [*_runs(self.ascii), *self.wide]
        if not runs:
            return r"[^\x{0}-\x{10FFFF}]"
        if len(runs) == 1 and runs[0][0] == runs[0][1]:
            return _spelled(runs[0][0])
        inside = "".join(
            _spelled(low) if low == high else f"{_spelled(low)}-{_spelled(high)}"
            for low, high in runs
        )
        return f"[{inside}]"


_ANY_ASCII: Final = CharSet(_ALL_ASCII)
ANY: Final = CharSet(_ALL_ASCII, EVERYTHING)
DIGIT: Final = CharSet(_DIGITS, _OTHER_DIGITS)
WORD: Final = CharSet(_WORD, EVERYTHING)
SPACE: Final = CharSet(_SPACE | _SEPARATORS, _OTHER_SPACES)
NOT_DIGIT: Final = CharSet(_ALL_ASCII & ~_DIGITS, EVERYTHING)
NOT_WORD: Final = CharSet(_ALL_ASCII & ~_WORD, EVERYTHING)
NOT_SPACE: Final = CharSet(_ALL_ASCII & ~_SPACE, EVERYTHING)
NOT_NEWLINE: Final = CharSet(_ALL_ASCII & ~bits(b"\n"), EVERYTHING)
_SURE: Final = {
    DIGIT: _DIGITS,
    WORD: _WORD,
    SPACE: _SPACE,
    NOT_DIGIT: _ALL_ASCII & ~_DIGITS,
    NOT_WORD: _ALL_ASCII & ~_WORD,
    NOT_SPACE: _ALL_ASCII & ~(_SPACE | _SEPARATORS),
}


def span(low: int, high: int, *, folded: bool) -> CharSet:
    """The characters from `low` to `high`, and their equals when case is ignored."""
    mask = bits(range(low, min(high, 0x7F) + 1))
    wide: Ranges = ((max(low, 0x80), high),) if high >= 0x80 else ()
    if not folded:
        return CharSet(mask, wide)
    if wide:  # It may fold to anything, to ASCII letters as well.
        return CharSet(mask | _UPPER | _LOWER, EVERYTHING)
    mask |= (mask & _UPPER) << 32 | (mask & _LOWER) >> 32
    odd = [
        (code, code) for letter in _FOLDED if mask >> ord(letter) & 1 for code in _FOLDED[letter]
    ]
    return CharSet(mask, _merged(odd))


def sure(low: int, high: int) -> int:
    """The ASCII characters of a range that are in it whatever the flags are."""
    return bits(range(low, min(high, 0x7F) + 1))


def sure_of(category: CharSet) -> int:
    """The ASCII characters of a category on which all engines agree."""
    return _SURE[category]


def without(mask: int) -> CharSet:
    """The complement of a set of which `mask` is surely a part."""
    return CharSet(_ALL_ASCII & ~mask, EVERYTHING)


class Characters:
    """The distinct characters of a text, for cheap questions about it."""

    def __init__(self, text: str) -> None:
        """Takes time in proportion to the text."""
        codes = set(map(ord, set(text)))
        self._mask = bits(code for code in codes if code < 0x80)
        self._codes = codes

    @cached_property
    def _wide(self) -> list[int]:
        return [code for code in self._codes if code >= 0x80]

    def meet(self, wanted: CharSet) -> bool:
        """Whether one of them is in the set."""
        if self._mask & wanted.ascii:
            return True
        return bool(wanted.wide) and any(wanted.has(code) for code in self._wide)


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], high)
        else:
            merged.append((low, high))
    return tuple(merged)


def _runs(mask: int) -> Ranges:
    return _merged((code, code) for code in range(128) if mask >> code & 1)


def _spelled(code: int) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else f"\\x{{{code:x}}}"
