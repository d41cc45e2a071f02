"""Printed tables: the header of a column names what stands below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from .assignment import Assignment, How
from .names import Sort, sort_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER: Final = lazy(r"[A-Za-z_][\w.-]{1,60}(?: (?:[Kk]ey|[Tt]oken|[Ss]ecret|[Pp]assword))?")
_CELL: Final = lazy(r"[^\s|│`]{1,4000}")
_BAR: Final = lazy(r"[|│]")
_RULE_LINE: Final = lazy(r"[\s|+:=─┼│-]+\Z")
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
    if not any(gap in line for gap in _GAP):
        return
    words = list(_HEADER.finditer(line))
    if len(words) < 2 and "|" not in line:
        return
    for word in words:
        if sort_of(word[0].replace(" ", "_")) is Sort.NOTHING:
            continue
        before, after = line[: word.start()], line[word.end() :]
        if (
            not before.strip(" ")
            or before.endswith(_GAP)
            or before.rstrip(" ").endswith(("|", "│"))
        ) and (
            not after.strip() or after.startswith(_GAP) or after.lstrip(" ").startswith(("|", "│"))
        ):
            number = before.count("|") + before.count("│")
            yield _Column(word[0].replace(" ", "_"), word.start(), word.end(), number)


def _cells(row: _Line, found: list[_Column], *, piped: bool) -> Iterator[Assignment]:
    if len(row.text) >= _LONGEST_LINE:
        return
    yield from _between_bars(row, found) if piped else _below(row, found)


def _between_bars(row: _Line, found: list[_Column]) -> Iterator[Assignment]:
    """The cells with the numbers of the columns."""
    ends = [bar.start() for bar in _BAR.finditer(row.text)]
    starts = [0, *(end + 1 for end in ends)]
    for column in found:
        if column.number < len(starts) and ends:
            end = ends[column.number] if column.number < len(ends) else len(row.text)
            cell = _CELL.search(row.text, starts[column.number], end)
            if cell:
                yield _made(column, row.start + cell.start(), cell[0])


def _below(row: _Line, found: list[_Column]) -> Iterator[Assignment]:
    """The cells that begin or end where a header does."""
    cells = list(_CELL.finditer(row.text))
    for column in found if len(cells) > 1 else ():
        for cell in cells:
            if cell.end() == column.end or cell.start() == column.start:
                yield _made(column, row.start + cell.start(), cell[0])
                break


def _made(column: _Column, start: int, value: str) -> Assignment:
    return Assignment(column.name, start, start + len(value), value, How.DATA, column.name)
