"""Lists of names of people and of places, read at first use.

One file below `names/` a kind, one entry a line, sorted, without case and accents, as lookups
ignore them. An entry that ends in `*` has other meanings, too: a common word, a place, a people.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from ...core.lazy import lazy

_FOLDER: Final = Path(__file__).with_name("names")
_PLAIN: Final = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "\u2019": "'",
    }
)

_BREAK: Final = lazy(r"[ ,.'\u2019-]")

GIVEN: Final = 1
FAMILY: Final = 2
OTHER: Final = 4
"""A name that also means something else."""
WORD: Final = 8
PEOPLE: Final = 16
NAME: Final = GIVEN | FAMILY
"""Bits of what the lists say of a word; plain numbers, for they are asked for at every word."""


class Place(NamedTuple):
    """An entry of the lists of places."""

    kind: str
    ambiguous: bool


def fold(text: str) -> str:
    """Without case, accents and typographic apostrophes; `ß` is `ss`."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(char for char in apart if not unicodedata.combining(char))


@cache
def words() -> dict[str, int]:
    """What is known of a folded word, as bits."""
    known = dict.fromkeys(_lines("words"), WORD)
    for file, bit in (("demonyms", PEOPLE), ("given", GIVEN), ("surnames", FAMILY)):
        for entry in _lines(file):
            if entry[-1] == "*":
                name = entry[:-1]
                known[name] = known.get(name, 0) | bit | OTHER
            else:
                known[entry] = known.get(entry, 0) | bit
    return known


@cache
def places() -> dict[str, Place]:
    """Places by their whole folded name."""
    found: dict[str, Place] = {}
    for file, kind in (("cities", "city"), ("regions", "region"), ("countries", "country")):
        for entry in _lines(file):
            name = entry.rstrip("*")
            found[name] = Place(kind, entry[-1] == "*")
    return found


@cache
def beginnings() -> dict[str, tuple[int, ...]]:
    """By the first word of a place: how many characters such places have, longest first."""
    found: dict[str, set[int]] = {}
    for name in places():
        found.setdefault(first_word(name), set()).add(len(name))
    return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in found.items()}


def either(listed: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(listed.split())


def first_word(folded: str) -> str:
    """Up to the first blank, comma, apostrophe or hyphen."""
    return _BREAK.split(folded, maxsplit=1)[0]


@cache
def peoples() -> frozenset[str]:
    """Folded names of nationalities and languages."""
    return frozenset(_lines("demonyms"))


@cache
def namesakes() -> frozenset[str]:
    """Folded phrases that look like a person and are a firm, a product, a method."""
    return frozenset(_lines("namesakes"))


def _lines(file: str) -> list[str]:
    return (_FOLDER / f"{file}.txt").read_text("utf-8").split("\n")[:-1]
