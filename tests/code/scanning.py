"""Cells looked at by all detectors of code, without the engine."""

from __future__ import annotations

from llmsec_nb.cells.flow import Site, follow
from llmsec_nb.cells.unit import Unit, units_of
from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.detector import Context, Match
from llmsec_nb.core.location import InCell
from llmsec_nb.core.rule import Kind
from llmsec_nb.rules.code.catalogue import detectors
from llmsec_nb.rules.code.sources import source


def _place(number: int) -> InCell:
    return InCell(cell=number, line=0, column=0, end_line=0, end_column=0)


def taken_apart(*cells: str) -> tuple[list[Unit], list[Site]]:
    """The units of a notebook, and the sites in them."""
    texts = [
        Text.of(Part(place=_place(number), text=cell, kind=Kind.CODE))
        for number, cell in enumerate(cells)
    ]
    units = units_of(texts, "a.ipynb")
    programs = [(unit.number, unit.program) for unit in units if unit.program is not None]
    return units, list(follow(programs, source))


def scan(*cells: str) -> list[tuple[Unit, Match]]:
    """What is found, in the order of its places. Literals are respected."""
    units, sites = taken_apart(*cells)
    code = "\n".join(cells).lower()
    by_number = {unit.number: unit for unit in units}
    found = [
        (by_number[number], match)
        for detector in detectors()
        if any(literal in code for literal in detector.literals)
        for number, match in detector.inspect(units, sites, Context())
    ]
    return sorted(found, key=lambda one: (one[0].number, one[1].start, one[1].end))


def flagged(rule_id: str, *cells: str) -> list[str]:
    """The pieces that one rule flags."""
    return [
        unit.source[match.start : match.end]
        for unit, match in scan(*cells)
        if match.rule.id == rule_id
    ]
