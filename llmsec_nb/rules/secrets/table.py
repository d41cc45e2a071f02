"""Printed tables: the header of a column names what stands below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .assignment import Assignment, How
from .names import Sort, sort_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER: Final = re.compile(r"[A-Za-z_][\w.-]{1,60}(?: (?:[Kk]ey|[Tt]oken|[Ss]ecret|[Pp]assword))?")
_CELL: Final = re.compile(r"[^\s|│]{1,600}")
_RULE_LINE: Final = re.compile(r"[\s|+:=─┼│-]+\Z")
_GAP: Final = ("  ", "\t", "|", "│")
_LONGEST_LINE: Final = 2_000


class _Line(NamedTuple):
    start: int
    text: str


class _Column(NamedTuple):
    name: str
    start: int
    end: int
    number: int


def columns(content: str, places: list[int]) -> Iterator[Assignment]:
    """The cells under each header that holds one of the words at `places`.

    A line is a row of one table at most, so that each is read once.
    """
    done = 0
    for place in places:
        if place < done:
            continue
        header = _line_at(content, place)
        done = header.start + len(header.text) + 1
        found = list(_columns_of(header.text)) if len(header.text) < _LONGEST_LINE else []
        if not found:
            continue
        rows = 0
        while done < len(content):
            row = _line_at(content, done)
            cells = list(_cells(row, found, piped="|" in header.text or "│" in header.text))
            if not cells and not (rows == 0 and _RULE_LINE.match(row.text)):
                break
            yield from cells
            rows += bool(cells)
            done = row.start + len(row.text) + 1


def _line_at(content: str, place: int) -> _Line:
    start = content.rfind("\n", 0, place) + 1
    end = content.find("\n", place)
    return _Line(start, content[start : end if end >= 0 else len(content)])


def _columns_of(line: str) -> Iterator[_Column]:
    """The telling headers of a line; a table has two columns at least."""
    words = list(_HEADER.finditer(line))
    if len(words) < 2 and "|" not in line:
        return
    for word in words:
        if sort_of(word[0].replace(" ", "_")) is Sort.NOTHING:
            continue
        before, after = line[: word.start()], line[word.end() :]
        if (not before.strip(" ") or before.endswith(_GAP) or before.rstrip(" ").endswith(("|", "│"))) and (
            not after.strip() or after.startswith(_GAP) or after.lstrip(" ").startswith(("|", "│"))
        ):
            number = before.count("|") + before.count("│")
            yield _Column(word[0].replace(" ", "_"), word.start(), word.end(), number)


def _cells(row: _Line, found: list[_Column], *, piped: bool) -> Iterator[Assignment]:
    if len(row.text) >= _LONGEST_LINE:
        return
    if piped:
        parts = re.split(r"[|│]", row.text)
        starts = [0]
        for part in parts:
            starts.append(starts[-1] + len(part) + 1)
        for column in found:
            if column.number < len(parts):
                cell = _CELL.search(parts[column.number])
                if cell:
                    yield _made(column, row.start + starts[column.number] + cell.start(), cell[0])
        return
    cells = list(_CELL.finditer(row.text))
    if len(cells) < 2:
        return
    for column in found:
        for cell in cells:
            if cell.end() == column.end or cell.start() == column.start:
                yield _made(column, row.start + cell.start(), cell[0])
                break


def _made(column: _Column, start: int, value: str) -> Assignment:
    return Assignment(column.name, start, start + len(value), value, How.DATA, column.name)
