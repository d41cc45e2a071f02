"""The code of a document as the rules for it see it: cells, the files that they write, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.artifact import Text
from ..core.location import InCell, InFile
from ..core.rule import Kind
from .magic import Reading
from .named import is_open, resolved, sniffed
from .program import Program, read, read_cython, read_python, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..core.artifact import Part

_PYTHON: Final = (".py", ".pyi", ".pyw")
_CYTHON: Final = (".pyx", ".pxd")


class Unit(NamedTuple):
    """A piece of code, or of configuration. `number` is its place among those of its document.

    Its `source` begins at character `start` of `text`. `name` is that of the file that it is, or
    that a cell writes; empty for a cell. `program` is its Python, None where it is none: a
    shell script, a requirements file. `unread` says why nobody knows which; empty: it is known.
    """

    number: int
    text: Text
    start: int
    source: str
    name: str
    program: Program | None
    unread: str = ""

    @property
    def is_cell(self) -> bool:
        """Whether IPython runs it: commands with `!` and `%` mean something."""
        return not self.name


def units_of(texts: Iterable[Text], path: str) -> list[Unit]:
    """The units of a document in the order of the texts; what a cell writes follows the cell.

    They are the sources as they stand in the document, whatever views of them the texts are.
    """
    found: list[Unit] = []
    for part in _sources(texts):
        text = Text.of(part)
        if isinstance(part.place, InCell):
            found += list(_cell(text, found))
        else:
            reader = _reader(path)
            program = _guarded(reader, text.text) if reader else None
            found.append(Unit(len(found), text, 0, text.text, path, program))
    return found


def _sources(texts: Iterable[Text]) -> Iterator[Part]:
    """The cells and files that texts are, or views of, each once."""
    seen: set[int] = set()
    for text in texts:
        for piece in text.pieces:
            part = piece.part
            if id(part) in seen or part.is_key:
                continue
            seen.add(id(part))
            is_cell = isinstance(part.place, InCell) and part.kind is Kind.CODE
            if is_cell or (isinstance(part.place, InFile) and not part.pointer):
                yield part


def _reader(name: str) -> Callable[[str], Program] | None:
    """What takes a file of this name apart; None where it is no Python."""
    if name.endswith(_PYTHON):
        return read_python
    if name.endswith(_CYTHON):
        return read_cython
    return read if name.endswith(".ipy") else None


def _guarded(reader: Callable[[str], Program], source: str) -> Program:
    """The program; a text that breaks the reader says so itself, and hides no other."""
    try:
        return reader(source)
    except Exception as error:  # noqa: BLE001 (a defect in one cell must not hide the others)
        return unreadable(source, f"cannot be taken apart: {type(error).__name__}")


def _cell(text: Text, before: Sequence[Unit]) -> Iterator[Unit]:
    """The unit of a cell, and those of what it writes; `before` are those of earlier cells."""
    program = _guarded(read, text.text)
    number = len(before)
    cell = Unit(number, text, 0, text.text, "", program)
    yield cell
    for body in program.bodies:
        if body.reading is Reading.OTHER and body.name in {".?", "."}:
            continue
        number += 1
        source = text.text[body.start : body.end]
        name = body.name
        unread = ""
        if body.reading is Reading.FILE:
            earlier = (one.program for one in (*before, cell) if one.is_cell and one.program)
            name, unread = _file(resolved(name, earlier) if is_open(name) else name, source)
        reader = _reader(name)
        inner = _guarded(reader, source) if reader else None
        yield Unit(number, text, body.start, source, name, inner, unread)


def _file(name: str, source: str) -> tuple[str, str]:
    """The name of a file that a cell writes, and why nobody knows what it is; empty: it is known.

    One whose name says nothing is what it looks like.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    if "." in last and not is_open(last.rpartition(".")[2]):
        return name, ""
    suffix = sniffed(source)
    if suffix:
        return f"{name}{suffix}", ""
    if not source.strip() or not is_open(last):
        return name, ""
    return name, "the name of the file that it writes is only known when it runs"
