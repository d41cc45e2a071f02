"""The logical lines of a cell: strings, brackets and comments are seen through, magics are not.

The tokenizer of Python stops at the first thing that is no Python; this one goes on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPECIAL: Final = lazy(
    r"(?P<string>(?:\b[A-Za-z]{1,2})?(?P<quote>\"\"\"|'''|[\"']))"
    r"|(?P<comment>#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<join>\\\r?\n)|(?P<line>\n)"
)
_FIELDS: Final = lazy(r"\{\{|\}\}|(?P<sign>[{}])")
_IN_TEXT: Final = lazy(r"\\.|\{\{|(?P<sign>[{\n]|\"\"\"|'''|[\"'])", re.DOTALL)
_IN_FIELD: Final = lazy(
    r"(?P<prefix>\b[A-Za-z]{1,2})?(?P<sign>\"\"\"|'''|[\"'])|(?P<bracket>[(\[{}\])])"
)
_DEEPEST_FIELD: Final = 20
_LONGEST_FIELDS: Final = 5_000
_WASTE: Final = 100_000
"""Characters of f-strings that may be read in vain, of one text."""
_COMMAND: Final = lazy(
    r"[ \t\f]*(?:(?P<sign>!!?|%%?|\?\??)(?P<rest>\S|[ \t]+\S)?"
    r"|(?P<target>[A-Za-z_][\w.\[\]'\" ,]{0,200}?)[ \t]*=[ \t]*(?P<assigned>!|%)"
    r"(?=[ \t]*[\w.{$~/\"'(-]))"
)
_HELP: Final = lazy(r"[ \t]*[%\w.\[\]]{1,200}\?{1,2}[ \t]*(?:#[^\n]*)?\Z")


class Line(NamedTuple):
    """A logical line: from `start` to `end`, its line feed left out.

    `sign` is what makes it a command (`!`, `%`, `?` ...), empty for Python. `body` is where the
    command begins, behind its sign; `target` the span of the name that it is assigned to.
    """

    start: int
    end: int
    sign: str = ""
    body: int = 0
    target: tuple[int, int] | None = None


def logical_lines(text: str, start: int = 0, *, tolerant: bool = False) -> Iterator[Line]:
    """The logical lines of a text from `start` on, in order; together they cover all of it.

    `tolerant`: where a bracket stays open, a line that begins in the first column is a new one.
    """
    place = start
    fields = _Fields(text)
    while place <= len(text):
        command = _command(text, place)
        line = command or Line(place, _end_of_python(text, place, fields, tolerant=tolerant))
        yield line
        place = line.end + 1


def _command(text: str, start: int) -> Line | None:
    """The command that begins here, if one does."""
    stop = text.find("\n", start)
    stop = len(text) if stop < 0 else stop
    found = _COMMAND.match(text, start, stop)
    if found is not None:
        end = _end_of_command(text, stop)
        if found["sign"]:
            return Line(start, end, found["sign"], found.end("sign"))
        return Line(start, end, found["assigned"], found.end("assigned"), found.span("target"))
    if "?" in text[max(start, stop - 100) : stop] and _HELP.match(text, start, stop):
        return Line(start, stop, "?", start)
    return None


def _end_of_command(text: str, stop: int) -> int:
    """A command goes on after a backslash at the end of its line."""
    while text.endswith("\\", 0, stop) and stop < len(text):
        following = text.find("\n", stop + 1)
        stop = len(text) if following < 0 else following
    return stop


def _end_of_python(text: str, place: int, fields: _Fields, *, tolerant: bool) -> int:
    """The line feed that ends the logical line of Python which begins at `place`."""
    depth = 0
    while (found := _SPECIAL.search(text, place)) is not None:
        place = found.end()
        kind = found.lastgroup
        if kind == "string":
            prefix = found["string"][: -len(found["quote"])].lower()
            place = fields.end(place, found["quote"], is_plain=not set(prefix) & {"f", "t"})
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "line" and (depth == 0 or (tolerant and _begins(text, place))):
            return found.start()
    return len(text)


class _Fields:
    """Strings whose fields may hold quotes of their own kind, as since Python 3.12."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._left = _WASTE

    def end(self, place: int, quote: str, *, is_plain: bool) -> int:
        """Where the string ends whose opening quote ends at `place`.

        Fields are looked into only where a plain string of these quotes would leave one open.
        """
        plain = end_of_string(self._text, place, quote)
        if is_plain or self._left <= 0 or not self._is_open(place, min(plain, place + self._left)):
            return plain
        end = self._nested(place, quote)
        if end is None:
            self._left -= _LONGEST_FIELDS
        return plain if end is None else end

    def _is_open(self, start: int, end: int) -> bool:
        signs = [found["sign"] for found in _FIELDS.finditer(self._text, start, end)]
        return signs.count("{") > signs.count("}")

    def _nested(self, place: int, quote: str) -> int | None:
        """The end as Python finds it since 3.12; None where there is none within reach."""
        within = [quote]
        stop = min(len(self._text), place + _LONGEST_FIELDS)
        while within:
            reading = _IN_FIELD if within[-1] == "{" else _IN_TEXT
            found = reading.search(self._text, place, stop)
            if found is None or len(within) > _DEEPEST_FIELD:
                return None
            place = found.end()
            if reading is _IN_TEXT:
                place = self._in_text(found, within)
            elif found["bracket"]:
                within.append("{") if found["bracket"] in "([{" else within.pop()
            elif set((found["prefix"] or "").lower()) & {"f", "t"}:
                within.append(found["sign"])
            else:
                place = end_of_string(self._text, place, found["sign"])
            if place < 0:
                return None
        return place

    def _in_text(self, found: re.Match[str], within: list[str]) -> int:
        """One step in the text of a string: the place behind it, -1 where a line ends it."""
        sign, quote = found["sign"], within[-1]
        if sign == "{":
            within.append("{")
        elif sign == "\n" and len(quote) == 1:
            return -1
        elif sign and self._text.startswith(quote, found.start()):
            within.pop()
            return found.start() + len(quote)
        elif sign and len(sign) == 3:
            return found.start() + 1
        return found.end()


def _begins(text: str, place: int) -> bool:
    """Whether a line looks as if a statement began in its first column."""
    return text[place : place + 1].isalpha() or text[place : place + 1] in {"@", "!", "%", "_"}


def end_of_string(text: str, place: int, quote: str) -> int:
    """Where a string ends whose opening quote ends at `place`; a short one ends with its line."""
    limit = len(text)
    if len(quote) == 1:
        limit = place
        while True:  # a backslash before the line feed lets it go on
            following = text.find("\n", limit)
            limit = len(text) if following < 0 else following
            if limit == len(text) or not _is_escaped(text, limit, place):
                break
            limit += 1
    while True:
        found = text.find(quote, place, limit)
        if found < 0:
            return limit
        if not _is_escaped(text, found, place):
            return found + len(quote)
        place = found + 1


def _is_escaped(text: str, place: int, start: int) -> bool:
    """Whether an odd number of backslashes stands before `place`, not looking beyond `start`."""
    first = place
    while first > start and text[first - 1] == "\\":
        first -= 1
    return (place - first) % 2 == 1
