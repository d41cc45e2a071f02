"""The logical lines of a cell: strings, brackets and comments are seen through, magics are not.

The tokenizer of Python stops at the first thing that is no Python; this one goes on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPECIAL: Final = re.compile(
    r"(?P<string>(?:\b[A-Za-z]{1,2})?(?P<quote>\"\"\"|'''|[\"']))"
    r"|(?P<comment>#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<join>\\\r?\n)|(?P<line>\n)"
)
_COMMAND: Final = re.compile(
    r"[ \t\f]*(?:(?P<sign>!!?|%%?|\?\??)(?P<rest>\S|[ \t]+\S)?"
    r"|(?P<target>[A-Za-z_][\w.\[\]'\" ,]{0,200}?)[ \t]*=[ \t]*(?P<assigned>!|%)"
    r"(?=[ \t]*[\w.{$~/\"'(-]))"
)
_HELP: Final = re.compile(r"[ \t]*[%\w.\[\]]{1,200}\?{1,2}[ \t]*(?:#[^\n]*)?\Z")


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
    while place <= len(text):
        command = _command(text, place)
        line = command or Line(place, _end_of_python(text, place, tolerant=tolerant))
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


def _end_of_python(text: str, place: int, *, tolerant: bool) -> int:
    """The line feed that ends the logical line of Python which begins at `place`."""
    depth = 0
    while (found := _SPECIAL.search(text, place)) is not None:
        place = found.end()
        kind = found.lastgroup
        if kind == "string":
            place = end_of_string(text, place, found["quote"], found["string"])
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "line" and (depth == 0 or (tolerant and _begins(text, place))):
            return found.start()
    return len(text)


def _begins(text: str, place: int) -> bool:
    """Whether a line looks as if a statement began in its first column."""
    return text[place : place + 1].isalpha() or text[place : place + 1] in {"@", "!", "%", "_"}


def end_of_string(text: str, place: int, quote: str, opening: str = "") -> int:
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
