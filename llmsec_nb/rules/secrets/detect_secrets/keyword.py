r"""What detect-secrets' KeywordDetector finds in a line: the same values, in linear time.

Upstream tries each of its expressions at each name and lets `\w*`, `\s*` and the value run
against each other. Here a run of word characters is looked at once, since all that follows a name
depends on the end of its run only; repeats that cannot overlap what follows them are possessive.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Find = Callable[[str, Sequence[int]], str | None]

NAME: Final = (
    r"(?:(?:api|auth|service|account|db|database|priv|private|client)_?key"
    r"|(?:db|database|key)_?pass|passw(?:or)?d|pwd|secret|contrase[ñn]a)"
)
_CLOSING: Final = r"""[]'"]{0,2}+"""
_DOUBLE: Final = r'''"(?=\w)([^\x0b'"]++)(?<![,`])"'''
_SINGLE: Final = r"""'(?=\w)([^\x0b'"]++)(?<![,`])'"""
_BACKTICK: Final = r"""`(?=\w)([^\x0b'"]*[^\x0b,'"`])`"""
_QUOTED: Final = rf"(?:{_DOUBLE}|{_SINGLE}|{_BACKTICK})"
_BARE: Final = r"""(?=\w)([^\x0b'"]*[^\x0b,'"`])"""
_MAYBE_QUOTED: Final = rf"(?:{_DOUBLE}|{_SINGLE}|{_BACKTICK}|{_BARE})"
_COLON: Final = rf"{_CLOSING}:\s*+"
_EQUAL: Final = rf"{_CLOSING}\s*+(?:={{1,3}}+|!={{1,2}}+)\s*+"
_WINDOW: Final = 50
_ENDS_NO_VALUE: Final = ",`"


_NAMED: Final = re.compile(rf"{NAME}\w*+", re.IGNORECASE)
_NAMED_AS_WRITTEN: Final = re.compile(rf"{NAME}\w*+")


def names(line: str) -> list[int]:
    """Where runs of word characters end that hold a name, in any case."""
    return [found.end() for found in _NAMED.finditer(line)]


def _form(between: str, value: str) -> Find:
    """The value of the first name that is followed by `between` and a value."""
    match = re.compile(between + value).match

    def find(line: str, ends: Sequence[int]) -> str | None:
        for end in ends:
            found = match(line, end)
            if found and found.lastindex:
                return found[found.lastindex]
        return None

    return find


_NEAR: Final = re.compile(r"\S{0,51}+")
_BLANKS: Final = re.compile(r"\s*+")
_BREAK: Final = re.compile(r"""[\x0b'"]""")
_OPENING: Final = re.compile(r"`(?=\w)")
_CLOSING_BACKTICK: Final = re.compile(r"""(?<=[^\x0b,'"`])`(?=;)""")
_ENDED: Final = re.compile(r"""(['"])(?=(?=\w)([^\x0b'"]++)(?<![,`])\1;)""")


def _before_semicolon(line: str, names: Sequence[int]) -> str | None:
    """`name … "value";` with at most fifty other characters and then blanks in between."""
    ends = _values_before_semicolons(line) if ";" in line else {}
    if not ends:
        return None
    starts = sorted(ends)
    for end in names:
        index = bisect_left(starts, end)
        if index == len(starts):
            return None
        near = _after(_NEAR, line, end)
        start = starts[index]
        if start >= near:
            start = _after(_BLANKS, line, near)
        if near - end <= _WINDOW or start - end <= _WINDOW:
            stop = ends.get(start)
            if stop is not None:
                return line[start + 1 : stop]
    return None


def _values_before_semicolons(line: str) -> dict[int, int]:
    """Where values open, and where they are closed with a semicolon behind."""
    ends = {found.start(): found.end(2) for found in _ENDED.finditer(line)}
    closers = [found.start() for found in _CLOSING_BACKTICK.finditer(line)]
    if closers:
        breaks = [*_places(_BREAK, line), len(line)]
        for start in _places(_OPENING, line):
            last = bisect_left(closers, breaks[bisect_left(breaks, start)]) - 1
            if last >= 0 and closers[last] > start + 1:
                ends[start] = closers[last]
    return ends


def _places(pattern: re.Pattern[str], line: str) -> list[int]:
    return [found.start() for found in pattern.finditer(line)]


def _after(pattern: re.Pattern[str], line: str, position: int) -> int:
    found = pattern.match(line, position)
    return found.end() if found else position


_TAIL: Final = re.compile(rf"""(['"`])(?=\s*+[!=]{{2,3}}+\s*+\w*?{NAME})""")
_WORD: Final = re.compile(r"\w")


def _compared(line: str, names: Sequence[int]) -> str | None:
    """`"value" == name`: the one that opens first; of those, the longest."""
    if not any(sign in line for sign in ("==", "!=", "=!", "!!")):
        return None
    best: tuple[int, int] | None = None
    breaks: list[int] | None = None
    openings: list[int] = []
    for tail in _TAIL.finditer(line):
        if breaks is None:
            breaks, openings = _places(_BREAK, line), _places(_OPENING, line)
        stop = tail.start()
        if stop == 0 or line[stop - 1] in _ENDS_NO_VALUE:
            continue
        index = bisect_left(breaks, stop) - 1
        before = breaks[index] if index >= 0 else -1
        start = _opening(line, tail[1], before, openings)
        if start is not None and start + 1 < stop:
            best = min(best or (start, 0), (start, -stop))
    return line[best[0] + 1 : -best[1]] if best else None


def _opening(line: str, quote: str, before: int, openings: list[int]) -> int | None:
    """Where a value may open; `before` is the last break before its end."""
    if quote == "`":
        index = bisect_left(openings, before)
        return openings[index] if index < len(openings) else None
    opens = before >= 0 and line[before] == quote and _WORD.match(line, before + 1)
    return before if opens else None


_colon = _form(_COLON, _MAYBE_QUOTED)
_colon_quoted = _form(_COLON, _QUOTED)
_colon_equal = _form(rf"{_CLOSING}\s*+:=\s*+", _MAYBE_QUOTED)
_equal = _form(_EQUAL, _MAYBE_QUOTED)
_equal_quoted = _form(_EQUAL, _QUOTED)
_arrow = _form(rf"{_CLOSING}\s*+=>?+\s*+", _QUOTED)
_brackets = _form(r"(?:\[[0-9]*+\])?+\s*+[!=]{1,2}+\s*+@?+", _DOUBLE)
_parenthesized = _form(r"(?:.assign)?+\(", _DOUBLE)


def _called(line: str, names: Sequence[int]) -> str | None:
    """The one form that wants names in small letters."""
    return _parenthesized(line, [found.end() for found in _NAMED_AS_WRITTEN.finditer(line)])


Finder = tuple["Find", ...]
QUOTED: Final[Finder] = (_colon_quoted, _compared, _equal_quoted, _before_semicolon, _arrow)
_CONFIGURATION: Final[Finder] = (_colon, _compared, _equal, _before_semicolon)
_GO: Final[Finder] = (_colon_equal, _compared, _equal, _before_semicolon)
_C: Final[Finder] = (_brackets,)
_CPP: Final[Finder] = (_called, _equal_quoted)
_BY_TYPE: Final[dict[str, Finder]] = {
    "GO": _GO,
    "OBJECTIVE_C": _C,
    "C_SHARP": _C,
    "C": _C,
    "C_PLUS_PLUS": _CPP,
    "YAML": _CONFIGURATION,
    "CONFIG": _CONFIGURATION,
    "INI": _CONFIGURATION,
    "PROPERTIES": _CONFIGURATION,
    "TOML": _CONFIGURATION,
}


def finders_for(filename: str) -> Finder:
    """The forms that upstream looks for in a file of this name."""
    from detect_secrets.util.filetype import determine_file_type

    return _BY_TYPE.get(determine_file_type(filename).name, QUOTED)


def values(line: str, finders: Finder) -> Iterator[str]:
    """The value that each of the forms finds first in a line."""
    ends = names(line)
    for find in finders:
        value = find(line, ends)
        if value is not None:
            yield value
