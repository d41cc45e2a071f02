"""From an offset in a decoded JSON string to the line and column in the JSON text itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..core.artifact import Pointer

_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},:]', re.DOTALL)
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL
)
_END: Final = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)


def string_offsets(
    raw: str, wanted: Collection[tuple[Pointer, bool]]
) -> dict[tuple[Pointer, bool], int]:
    """Where in `raw` the wanted strings begin, as offsets of the character after the quote.

    `raw` is valid JSON. Each wanted string is a pointer and whether the name of the member is
    meant rather than its value. Of members with the same name the last counts, as in `json`.
    """
    found: dict[tuple[Pointer, bool], int] = {}
    path: list[str | int] = []
    in_object: list[bool] = []
    expects_name = False
    for token in _TOKEN.finditer(raw):
        first = token[0][0]
        if first == '"':
            if expects_name:
                path[-1] = _unquote(token[0])
            key = (tuple(path), expects_name)
            if key in wanted:
                found[key] = token.start() + 1
        elif first in "{[":
            in_object.append(first == "{")
            path.append(0)
            expects_name = first == "{"
        elif first in "}]":
            in_object.pop()
            path.pop()
            expects_name = False
        elif first == ":":
            expects_name = False
        elif in_object[-1]:
            expects_name = True
        else:
            path[-1] = int(path[-1]) + 1
    return found


def _unquote(literal: str) -> str:
    if "\\" not in literal:
        return literal[1:-1]
    import json

    return str(json.loads(literal, strict=False))


class Literal:
    """A JSON string literal: from offsets in the decoded string to offsets in the raw text."""

    __slots__ = ("_begin", "_decoded", "_raw")

    def __init__(self, raw: str, begin: int) -> None:
        """`begin` is the offset of the character after the opening quote."""
        self._begin = begin
        self._decoded: list[int] = [0]
        self._raw: list[int] = [begin]
        end = _END.match(raw, begin)
        for escape in _ESCAPE.finditer(raw, begin, end.end() if end else begin):
            plain = escape.start() - self._raw[-1]
            self._decoded.append(self._decoded[-1] + plain + 1)
            self._raw.append(escape.end())

    def raw(self, offset: int) -> int:
        """Where character `offset` of the decoded string stands in the raw text."""
        index = bisect_right(self._decoded, offset) - 1
        return self._raw[index] + offset - self._decoded[index]


class Lines:
    """Line starts of a text; lines end with a line feed."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        """Index `text`."""
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def position(self, offset: int) -> tuple[int, int]:
        """0-based line and column of `offset`."""
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]

    def span(self, line: int) -> tuple[int, int]:
        """Start and end offset of a line, without its line feed."""
        last = line + 1 >= len(self._starts)
        end = len(self.text) if last else self._starts[line + 1] - 1
        return self._starts[line], end
