"""What hidden characters say, as far as the usual ways of spelling with them go."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAGS: Final = 0xE0000
_SHORTEST: Final = 3
_WORDS: Final = 10
_LONGEST: Final = 4000
"""Characters of a run that are decoded; the rest says no more about what it is."""


def tags(run: str) -> str:
    """The letters that tag characters mirror."""
    return "".join(chr(ord(char) - _TAGS) for char in run if 0x20 <= ord(char) - _TAGS < 0x7F)


def selected(run: str) -> str:
    """The bytes of variation selectors 1 to 256, as text; empty if they are none.

    Selectors 1 to 16 alone are read as halves of bytes, too.
    """
    values = [
        ord(char) - 0xFE00 if char <= "\uffff" else ord(char) - 0xE0100 + 16
        for char in run[:_LONGEST]
    ]
    said = _text(bytes(values))
    if not said and max(values) < 16:
        said = _text(bytes(a * 16 + b for a, b in zip(values[::2], values[1::2], strict=False)))
    return said


def private(run: str) -> str:
    """Private use characters whose last byte is ASCII; empty if that is no text.

    In the first plane symbol fonts live: what they spell has to be words.
    """
    said = _text(bytes(ord(char) & 0xFF for char in run[:_LONGEST]))
    if run[0] <= "\uffff" and not (said.count(" ") >= 2 and sum(map(str.isalpha, said)) >= _WORDS):
        return ""
    return said


def bits(run: str) -> str:
    """What a run of zero-width characters spells in bits: each way is tried; empty for none."""
    counts = Counter(run[:_LONGEST])
    for size in (2, 4):
        signs = [char for char, _ in counts.most_common(size)]
        if len(signs) < size or size not in {len(counts), len(counts) - 1}:
            continue
        plain = [char for char in run[:_LONGEST] if char in signs]
        for said in _spelt(plain, sorted(signs)):
            if said:
                return said
    return ""


def _spelt(plain: list[str], signs: list[str]) -> Iterator[str]:
    width = 1 if len(signs) == 2 else 2
    for order in permutations(signs):
        table = {char: format(value, f"0{width}b") for value, char in enumerate(order)}
        digits = "".join(table[char] for char in plain)
        for size in (8, 7):
            groups = (digits[at : at + size] for at in range(0, len(digits) - size + 1, size))
            yield _text(bytes(int(group, 2) for group in groups))


def _text(data: bytes) -> str:
    """As text, if it is printable and mostly letters and blanks."""
    try:
        said = data.decode().strip("\0")
    except UnicodeDecodeError:
        return ""
    plain = sum(char.isalnum() or char == " " for char in said)
    fits = len(said) >= _SHORTEST and plain * 4 >= len(said) * 3
    return said if fits and said.replace("\n", " ").isprintable() else ""
