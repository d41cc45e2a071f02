"""The strings of a TOML text with their keys and their places; what is broken is passed over.

A parser of TOML gives values without places, and stops at the first fault.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE: Final = lazy(r"[ \t]*\[{1,2}(?P<name>[^\[\]\n]{1,300})\]{1,2}[ \t\r]*(?:#[^\n]*)?(?=\n|\Z)")
_KEY: Final = lazy(
    r"(?P<key>(?:[\w-]{1,100}|\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')"
    r"(?:[ \t]{0,10}\.[ \t]{0,10}(?:[\w-]{1,100}|\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')){0,10})[ \t]{0,50}=[ \t]{0,50}"
)
_SIGN: Final = lazy(
    r"(?P<string>\"\"\"|'''|\"|')|(?P<comment>#[^\n]*)|(?P<sign>[\[\]{},\n])|(?P<word>[^\s\"'#\[\]{},=]+)"
)
_PART: Final = lazy(r"[\w-]+|\"[^\"]*\"|'[^']*'")

_STRINGS: Final = {
    '"': lazy(r'(?:[^"\\\n]|\\.)*"'),
    "'": lazy(r"[^'\n]*'"),
    '"""': lazy(r'(?:[^\\]|\\.)*?"""', re.DOTALL),
    "'''": lazy(r".*?'''", re.DOTALL),
}

_DEEPEST: Final = 100
"""Lists and tables within others."""


class Entry(NamedTuple):
    """A value under its `keys`; `start` to `end` spans what stands between its quotes.

    `group` is the place of the innermost table, inline or not, that holds it.
    """

    keys: tuple[str, ...]
    value: str
    start: int
    end: int
    group: int
    is_string: bool = True


def entries(text: str) -> Iterator[Entry]:
    """Strings, numbers and words of a TOML text, in order."""
    table: tuple[str, ...] = ()
    group = 0
    place = 0
    while place < len(text):
        found = _TABLE.match(text, place)
        if found is not None:
            table = _keys(found["name"])
            group = found.start()
            place = found.end()
        else:
            key = _KEY.match(text, _skipped(text, place))
            if key is not None:
                reader = _Value(text, table + _keys(key["key"]), group)
                yield from reader.read(key.end())
                place = reader.place
        stop = text.find("\n", place)
        place = len(text) if stop < 0 else stop + 1


def _skipped(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t":
        place += 1
    return place


def _keys(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(name))


class _Value:
    def __init__(self, text: str, keys: tuple[str, ...], group: int) -> None:
        self.text = text
        self.stack = [(keys, group)]
        self.place = 0

    def read(self, place: int) -> Iterator[Entry]:
        """What stands behind a key, up to the end of its value."""
        depth = 0
        while (found := _SIGN.search(self.text, place)) is not None:
            place = found.end()
            if found["string"]:
                start = place
                place, end = self._string(found["string"], place)
                yield self._entry(start, end, is_string=True)
            elif found["word"]:
                key = _KEY.match(self.text, found.start()) if len(self.stack) > 1 else None
                if key is None:
                    yield self._entry(found.start(), place, is_string=False)
                else:
                    self._within(key["key"])
                    place = key.end()
            elif found["sign"]:
                depth += self._sign(found["sign"], found.start())
                if (found["sign"] == "\n" and depth <= 0) or depth > _DEEPEST:
                    place = found.start()
                    break
        self.place = len(self.text) if found is None else place

    def _entry(self, start: int, end: int, *, is_string: bool) -> Entry:
        keys, group = self.stack[-1]
        return Entry(keys, self.text[start:end], start, end, group, is_string)

    def _sign(self, sign: str, place: int) -> int:
        """Go into a table, or out of one; how much deeper it is behind the sign."""
        if sign == "{":
            self.stack.append((self.stack[-1][0], place))
        elif sign == "}" and len(self.stack) > 1:
            self.stack.pop()
        return (sign in "[{") - (sign in "]}")

    def _within(self, key: str) -> None:
        """The keys of an inline table go below the key of the table."""
        group = self.stack[-1][1]
        base = self.stack[-2][0]
        self.stack[-1] = ((*base, *_keys(key)), group)

    def _string(self, quote: str, place: int) -> tuple[int, int]:
        """Behind a string, and behind its last character; an open one ends with its line."""
        found = _STRINGS[quote].match(self.text, place)
        if found is not None:
            return found.end(), found.end() - len(quote)
        stop = -1 if len(quote) > 1 else self.text.find("\n", place)
        stop = len(self.text) if stop < 0 else stop
        return stop, stop
