"""Tables of HTML as named values: the header of a column names what stands below it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from ..core.artifact import Field, Text
from ..core.rule import Kind
from .rewrite import Rewriter

if TYPE_CHECKING:
    from ..core.artifact import Text as View

_CELL: Final = re.compile(
    r"<(?P<tag>t[hd])\b[^<>]{0,2000}>(?P<content>[^<]{0,65536}(?:<(?!/?t[rhd]\b)[^<]{0,65536}){0,200})"
    r"|<(?P<row>tr|table)\b",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(
    r"<[^<>]{0,2000}>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});"
)
_MOST_COLUMNS: Final = 200
_LONGEST_NAME: Final = 80
_PAIR: Final = 2


def table_view(text: View) -> View | None:
    """The cells of all tables, a line each, with the fields that their headers make of them."""
    content = text.text
    table = _Table(content)
    for found in _CELL.finditer(content):
        if found["row"]:
            table.row(new=found["row"].lower() == "table")
        else:
            table.cell(found, header=found["tag"].lower() == "th")
    table.row(new=True)
    if not table.fields:
        return None
    view = table.rewriter.view(text, Kind.DATA)
    return Text(view.text, view.kind, view.pieces, table.fields)


class _Table:
    """The state of reading: the headers of the table, and the row that is being read."""

    def __init__(self, content: str) -> None:
        self.rewriter = Rewriter(content)
        self.fields: list[Field] = []
        self.headers: list[str] = []
        self.cells: list[tuple[int, str, bool]] = []

    def cell(self, found: re.Match[str], *, header: bool) -> None:
        """Add a cell of the row, as a line."""
        start, end = found.span("content")
        begin, first = self.rewriter.size, len(self.rewriter.chunks)
        for mark in _MARKUP.finditer(found.string, start, end):
            self.rewriter.keep(start, mark.start())
            if mark[0][0] == "&":
                self.rewriter.put(html.unescape(mark[0]), *mark.span())
            start = mark.end()
        self.rewriter.keep(start, end)
        self.cells.append((begin, "".join(self.rewriter.chunks[first:]), header))
        self.rewriter.put("\n", end, end)

    def row(self, *, new: bool) -> None:
        """End the row; `new` also ends the table."""
        if self.cells and all(header for _, _, header in self.cells):
            self.headers = [self._longer(text, at) for at, (_, text, _) in enumerate(self.cells)]
        elif self.cells:
            self._fields()
        self.cells = []
        if new:
            self.headers = []

    def _longer(self, text: str, at: int) -> str:
        """A second row of headers adds to the first: pandas puts the index' name there."""
        return text.strip() or (self.headers[at] if at < len(self.headers) else "")

    def _fields(self) -> None:
        """Each value under its header; of a row with two values the first names the second."""
        values = [at for at, (_, _, header) in enumerate(self.cells) if not header]
        for at, (start, text, _) in enumerate(self.cells[:_MOST_COLUMNS]):
            names = [self.headers[at]] if at < len(self.headers) else []
            if len(values) == _PAIR and at == values[1]:
                names.append(self.cells[values[0]][1].strip())
            value = text.strip()
            begin = start + len(text) - len(text.lstrip())
            self.fields += (
                Field(name, begin, begin + len(value))
                for name in names
                if value and 0 < len(name) <= _LONGEST_NAME
            )
