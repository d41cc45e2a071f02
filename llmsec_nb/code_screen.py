"""Code detectors over a document: which documents concern them, and what they find there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from msgspec.structs import replace

from .cells.flow import Site, Trail
from .cells.python import Broken
from .cells.unit import Unit, units_of
from .core.finding import Failure, Skip
from .core.rule import Kind
from .prefilter import haystack, prefilter
from .rules import code_detectors
from .rules.code.sources import source
from .rules.dependencies.files import is_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .cells.past import Past
    from .core.artifact import Text
    from .core.detector import CodeDetector, Context, Match
    from .sources.document import Document

    Leaf = tuple[Kind, str]


@cache
def code_screen() -> CodeScreen:
    """The screen before all code detectors."""
    return CodeScreen(code_detectors())


def is_python(language: str) -> bool:
    """Whether a notebook of this language is run by a Python kernel; none is taken for Python."""
    name = language.lower()
    return not name or "python" in name or name in {"pyspark", "sage", "xonsh", "mojo"}


class CodeScreen:
    """Knows the literals of all code detectors."""

    def __init__(self, detectors: Sequence[CodeDetector]) -> None:
        """Compile one prefilter for all."""
        self.detectors = tuple(detectors)
        self._prefilter = prefilter(sorted({name for one in detectors for name in one.literals}))

    def concerns(self, content: str) -> bool:
        """Whether a text holds a literal of any detector, also in letters of other alphabets."""
        if not content.isascii():
            content = normalize("NFKC", content)
        return bool(self._prefilter.find(haystack(content)))

    def wanted(self, leaves: Sequence[Leaf]) -> set[int]:
        """Numbers of the leaves that are code, if one of them concerns a detector.

        All of them: names are followed from cell to cell.
        """
        code = [number for number, (kind, _) in enumerate(leaves) if kind is Kind.CODE]
        content = "\n".join(leaves[number][1] for number in code)
        return set(code) if self.concerns(content) else set()

    def read(self, document: Document) -> Code | None:
        """The code of a document, taken apart and followed; None if it concerns nobody."""
        units = units_of(document.texts, document.path)
        content = "\n".join(unit.source for unit in units)
        if not self.concerns(content) and not is_manifest(document.path):
            return None
        return Code(units, _followed(units, document.past))


class Code(NamedTuple):
    """The code of one document: its units, and the sites in them in the orders of running."""

    units: list[Unit]
    orders: list[list[Site]]

    def inspect(self, detector: CodeDetector, context: Context) -> Iterator[tuple[Match, Text]]:
        """What one detector finds, with offsets of the texts.

        What it says of one order and of the other comes twice.
        """
        for sites in self.orders:
            for number, match in detector.inspect(self.units, sites, context):
                unit = self.units[number]
                yield _moved(match, unit.start), unit.text


def _moved(match: Match, by: int) -> Match:
    """The match of a unit as one of the text in which the unit begins at `by`."""
    if not by:
        return match
    others = tuple((start + by, end + by) for start, end in match.others)
    return replace(match, start=match.start + by, end=match.end + by, others=others)


def _followed(units: Sequence[Unit], past: Past | None) -> list[list[Site]]:
    """All sites from top to bottom; and as the cells were run last, where that differs.

    Names mean what the cell that ran before says: whoever runs all of it anew goes from the top.
    """
    programs = [unit for unit in units if unit.program is not None and unit.is_cell]
    files = [site for unit in units if not unit.is_cell for site in _sites([unit])]
    if past is not None:
        cells = past.follow([(one.number, one.program) for one in programs if one.program])
        return [[*cells, *files]]
    orders = [programs]
    counts = [_count(unit) for unit in programs]
    if None not in counts and len(set(counts)) > 1:
        ran = sorted(programs, key=lambda unit: _count(unit) or 0)
        if ran != programs:
            orders.append(ran)
    return [[*_sites(order), *files] for order in orders]


def _sites(units: Sequence[Unit]) -> list[Site]:
    """The sites of units whose names are one another's; a file that a cell writes has its own.

    One that cannot be followed to its end is told by `unread`, and costs the others nothing.
    """
    found: list[Site] = []
    trail = Trail(source)
    for unit in units:
        if unit.program is None:
            continue
        scope = trail.scope
        try:
            found.extend(trail.cell(unit.number, unit.program))
        except Exception as error:  # noqa: BLE001 (a defect in one cell must not hide the others)
            reason = f"cannot be followed: {type(error).__name__}"
            broken = Broken(0, len(unit.source), reason, is_defect=True)
            unit.program.python.deep.append(broken)
            trail = Trail(source)
            trail.scope = scope
    return found


def _count(unit: Unit) -> int | None:
    """The execution count of the unit's cell."""
    return getattr(unit.text.pieces[0].part.place, "execution", None)


def unread(document: Document, units: Sequence[Unit]) -> Iterator[Skip | Failure]:
    """What of the code was not read as such, the first of each unit."""
    for unit in units:
        for broken in _unread(unit):
            line = unit.source.count("\n", 0, broken.start) + 1
            cell = getattr(unit.text.pieces[0].part.place, "cell", None)
            where = "" if cell is None else f"cell[{cell}] "
            name = f" of {unit.name}" if unit.name and cell is not None else ""
            read = "did not read it" if _is_all(broken, unit) else "read the rest"
            message = f"line {line}{name}: {broken.reason}; rules for code {read}"
            if broken.is_defect:
                yield Failure(
                    path=document.path, message=message, remedy="please report it", cell=cell
                )
            else:
                yield Skip(path=document.path, message=f"{where}{message}")


def _unread(unit: Unit) -> list[Broken]:
    """The first gap in the Python of a unit; and why a body of a cell is not known to be any."""
    program = unit.program
    gaps = [*program.broken, *program.python.deep][:1] if program is not None else []
    if unit.unread:
        gaps.append(Broken(0, len(unit.source), unit.unread))
    return gaps


def _is_all(broken: Broken, unit: Unit) -> bool:
    """Whether nothing of a unit is read but what is broken."""
    program = unit.program
    if program is None:
        return True
    gaps = [(one.start, one.end) for one in program.broken] or [(broken.start, broken.end)]
    code = program.python.code
    ends = [0, *(end for _, end in gaps)]
    starts = [*(start for start, _ in gaps), len(code)]
    rest = (code[end:start] for end, start in zip(ends, starts, strict=True))
    return not any(text.strip() for text in rest)
