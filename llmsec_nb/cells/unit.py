"""The code of a document as the rules for it see it: cells, the files that they write, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.artifact import Text
from ..core.location import InCell, InFile
from ..core.rule import Kind
from .magic import Reading
from .program import Program, read, read_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PYTHON: Final = (".py", ".pyi", ".pyw")


class Unit(NamedTuple):
    """A piece of code, or of configuration. `number` is its place among those of its document.

    Its `source` begins at character `start` of `text`. `name` is that of the file that it is, or
    that a cell writes; empty for a cell. `program` is its Python, None where it is none: a
    shell script, a requirements file.
    """

    number: int
    text: Text
    start: int
    source: str
    name: str
    program: Program | None

    @property
    def is_cell(self) -> bool:
        """Whether IPython runs it: commands with `!` and `%` mean something."""
        return not self.name


def units_of(texts: Iterable[Text], path: str) -> list[Unit]:
    """The units of a document in the order of the texts; what a cell writes follows the cell.

    Texts that are no source of a cell or file, or a view of one, are left out.
    """
    found: list[Unit] = []
    for text in texts:
        if len(text.pieces) != 1 or text.text is not text.pieces[0].part.text:
            continue
        place = text.pieces[0].part.place
        if isinstance(place, InCell) and text.kind is Kind.CODE:
            found += _cell(text, len(found))
        elif isinstance(place, InFile):
            program = read_python(text.text) if path.endswith(_PYTHON) else None
            found.append(Unit(len(found), text, 0, text.text, path, program))
    return found


def _cell(text: Text, number: int) -> Iterator[Unit]:
    program = read(text.text)
    yield Unit(number, text, 0, text.text, "", program)
    for body in program.bodies:
        if body.reading is Reading.OTHER and body.name in {".?", "."}:
            continue
        number += 1
        source = text.text[body.start : body.end]
        inner = read_python(source) if body.name.endswith(_PYTHON) else None
        yield Unit(number, text, body.start, source, body.name, inner)
