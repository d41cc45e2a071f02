"""Copies of code that bandit and ruff can read: plain Python, each character where it was.

A copy holds the code alone: no output, no Markdown, no metadata. What stands in a source in clear
text, a password say, stands in the copy, too: `process.private_folder` says where it is kept.

Before and after each piece stands a line that both tools have to find fault with. It tells where
the piece begins in what they read, and proves that they read all of it.
"""

from __future__ import annotations

import ast
import re
import warnings
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..cells.flow import CallSite, Site, follow
from ..cells.ipython import Handed, handed
from ..cells.python import Broken
from ..cells.unit import units_of
from ..core.artifact import Text
from ..core.finding import Skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..cells.program import Program
    from ..cells.unit import Unit
    from ..sources.document import Document

_NOT_BREAK: Final = re.compile(r"[^\n]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SHELL: Final = "get_ipython()."
_OTHER: Final = "get_ipythoN()."
"""nbQA leaves out cells that hold a call of the shell; another name of that length is none."""
_MAGIC: Final = re.compile(r"^([^\S\n]*)%%", re.MULTILINE)
"""In a string, where all else has been taken out: ruff leaves out cells with such a line."""
_CELLS: Final = -1
"""The number of the copy of the cells."""
_INDENTED: Final = "if 1:\n"


class Piece(NamedTuple):
    """Python to be looked at: `code` has as many characters as what it stands for.

    That begins at character `start` of `text`; where `inner` is set, the code is a text within it.
    `head` is put before the code so that it is valid.
    """

    path: str
    text: Text
    code: str
    start: int
    inner: Handed | None = None
    head: str = ""

    @property
    def cell(self) -> int | None:
        """The number of the cell; None for a file."""
        return getattr(self.text.pieces[0].part.place, "cell", None)

    @property
    def lines(self) -> int:
        """How many lines the code has."""
        return self.code.count("\n") + 1

    @property
    def above(self) -> int:
        """How many lines stand above the code in the cell of the copy."""
        return 1 + self.head.count("\n")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters of `text` for characters of `code`."""
        if self.inner is not None:
            start, end = self.inner.span(start, end)
        return self.start + start, self.start + end


Copy = tuple[Piece, ...]
"""A notebook to be written: what stands in one file, in the order of the cells."""


def copies_of(document: Document) -> tuple[list[Copy], list[Skip]]:
    """The code of a document; and what of it is no Python, the first of each piece.

    The cells are one copy, with the texts that their calls hand over to be run. The files that
    they write are each a copy of their own: their names are others.
    """
    units = units_of(document.texts, document.path)
    homes: dict[int, list[Piece]] = {}
    skips: list[Skip] = []
    for home, unit, program, inner in (*_programs(units), *_handed(units)):
        code, broken = _readable(program)
        skips += [_skip(document.path, unit, program, one, inner) for one in broken[:1]]
        if code.strip():
            head = _head(code) or ""
            piece = Piece(document.path, unit.text, code, unit.start, inner, head)
            homes.setdefault(home, []).append(piece)
    return [tuple(pieces) for pieces in homes.values()], skips


def _programs(units: Iterable[Unit]) -> Iterator[tuple[int, Unit, Program, None]]:
    """The programs of a document, each with the number of its copy."""
    for unit in units:
        if unit.program is not None:
            yield _CELLS if unit.is_cell else unit.number, unit, unit.program, None


def _handed(units: Iterable[Unit]) -> Iterator[tuple[int, Unit, Program, Handed]]:
    """Texts that calls hand over: `get_ipython().run_cell("…")`, `exec("…")`; files in them."""
    known = {unit.number: (home, unit, program) for home, unit, program, _ in _programs(units)}
    files = count(max(known, default=0) + 1)
    for site in _sites([(number, program) for number, (*_, program) in known.items()]):
        home, unit, program = known[site.cell]
        inner = handed(site, program) if isinstance(site, CallSite) else None
        if inner is not None:
            yield home, unit, inner.program, inner
            for file in inner.files():
                yield next(files), unit, file.program, file


def _sites(programs: Sequence[tuple[int, Program]]) -> list[Site]:
    """All sites; where one program is nested too deeply to be followed, those of the others."""
    try:
        return list(follow(programs, lambda _: ""))
    except RecursionError:
        if len(programs) == 1:
            return []  # the tools are shown it as it is, and it is told if they fail, too
        return [site for one in programs for site in _sites([one])]


def _readable(program: Program) -> tuple[str, list[Broken]]:
    """The code without what does not parse, and that."""
    text = program.python.code
    broken = list(program.broken)
    parts: list[str] = []
    place = 0
    for one in broken:
        parts += [text[place : one.start], _blank(text[one.start : one.end])]
        place = one.end
    code = "".join(parts) + text[place:]
    code = _SURROGATE.sub("?", code.replace(_SHELL, _OTHER))
    code = code.replace("\\\r\n", " \\\n").replace("\r\n", " \n").replace("\r", "\n")
    code = _MAGIC.sub(r"\1%.", code)
    if _head(code) is None:
        broken = broken or [Broken(0, len(code), "not valid Python")]
        code = _blank(code)
    return code, broken


def _blank(text: str) -> str:
    return _NOT_BREAK.sub(" ", text)


def _head(code: str) -> str | None:
    """What has to stand before code so that it is valid: IPython lets all of it be indented."""
    return next((head for head in ("", _INDENTED) if _is_valid(head + code)), None)


def _is_valid(code: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes: they are the author's business
            ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def _skip(path: str, unit: Unit, program: Program, broken: Broken, inner: Handed | None) -> Skip:
    cell = getattr(unit.text.pieces[0].part.place, "cell", None)
    where = "" if cell is None else f"cell[{cell}] "
    of_file = f" of {unit.name}" if unit.name and cell is not None else ""
    of_text = " of a text that it runs" if inner else ""
    line = program.python.line_of(broken.start) + 1
    return Skip(
        path=path,
        message=f"{where}line {line}{of_file}{of_text}: {broken.reason}; "
        "bandit and ruff read the rest",
    )


def notebook(copy: Copy, marks: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A copy as a notebook of Python, each piece between its two marks."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": f"{_line(first)}\n{piece.head}{piece.code}\n{_line(last)}",
        }
        for piece, (first, last) in zip(copy, marks, strict=True)
    ]
    language = {"language_info": {"name": "python"}}
    return {"cells": cells, "metadata": language, "nbformat": 4, "nbformat_minor": 4}


def _line(mark: str) -> str:
    """A line that bandit (B105, which quotes it) and ruff (S105) find fault with."""
    return f"password = '{mark}'"
