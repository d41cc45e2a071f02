"""Dates as people write them: read, and written again in the same notation."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, NamedTuple

_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_REST: Final = r"(?P<rest>(?:[T ]{1,2}[0-9]{1,2}:[^\n]{0,40})?)"
_NUMERIC: Final = (
    re.compile(rf"(?P<y>[0-9]{{4}})(?P<s>[-/.]?)(?P<m>[0-9]{{2}})(?P=s)(?P<d>[0-9]{{2}}){_REST}"),
    re.compile(
        r"(?P<d>[0-9]{1,2})(?P<s>[-/. ]|\. )(?P<m>[0-9]{1,2})(?P=s)(?P<y>[0-9]{4}|[0-9]{2})" + _REST
    ),
)
_WORD: Final = r"(?P<m>[A-Za-z]{3,9})(?P<dot>\.?)"
_SPOKEN: Final = (
    re.compile(rf"(?P<d>[0-9]{{1,2}})(?P<s>[ -]){_WORD}(?P<t>,? |-)(?P<y>[0-9]{{4}})"),
    re.compile(rf"{_WORD}(?P<s> )(?P<d>[0-9]{{1,2}})(?P<t>,? )(?P<y>[0-9]{{4}})"),
)
_CENTURY: Final = 30
"""A year of two digits below it is one of this century."""


class Written(NamedTuple):
    """A date, the pieces of its text, and which of them are year, month and day."""

    day: date
    text: str
    places: dict[str, tuple[int, int]]

    def again(self, other: date) -> str:
        """Another date in the same notation."""
        new = {"y": str(other.year), "m": str(other.month), "d": str(other.day)}
        start, end = self.places["m"]
        if self.text[start:end].isalpha():
            new["m"] = _MONTHS[other.month - 1][: 9 if end - start > _SHORT else _SHORT]
        text = self.text
        for name, (first, last) in sorted(self.places.items(), key=lambda item: -item[1][0]):
            width = last - first
            shown = new[name][-2:] if name == "y" and width < _YEAR else new[name]
            text = text[:first] + (shown.zfill(width) if shown.isdecimal() else shown) + text[last:]
        return text


_SHORT: Final = 3
_YEAR: Final = 4


def read_date(text: str) -> Written | None:
    """The date that a text is; None if it is none, or of no known notation.

    What could be both is read as month and day.
    """
    for pattern in (*_NUMERIC, *_SPOKEN):
        found = pattern.fullmatch(text)
        if found is not None:
            return _read(found)
    return None


def _read(found: re.Match[str]) -> Written | None:
    places = {name: found.span(name) for name in "ymd"}
    year = int(found["y"])
    if len(found["y"]) < _YEAR:
        year += 2000 if year < _CENTURY else 1900
    month = _month(found["m"])
    day = int(found["d"])
    american = found["s"] == "/" and found.start("m") > found.start("d")
    if american and day <= len(_MONTHS):
        month, day = day, month
        places["m"], places["d"] = places["d"], places["m"]
    try:
        return Written(date(year, month, day), found.string, places)
    except ValueError:
        return None


def _month(text: str) -> int:
    """Its number, 0 for a word that is no month."""
    if text.isdecimal():
        return int(text)
    names = [name.lower() for name in _MONTHS]
    known = [n for n, name in enumerate(names, 1) if text.lower() in {name, name[:_SHORT]}]
    return known[0] if known else 0
