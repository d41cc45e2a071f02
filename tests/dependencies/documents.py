"""Documents to look at: cells and files, taken apart as a scan does it."""

from __future__ import annotations

from typing import Any

from llmsec_nb.cells.flow import Site, follow
from llmsec_nb.cells.unit import Unit, units_of
from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.location import InCell, InFile
from llmsec_nb.core.rule import Kind

EMPTY: dict[str, Any] = {"line": 0, "column": 0, "end_line": 0, "end_column": 0}


def notebook(*cells: str) -> tuple[list[Unit], list[Site]]:
    texts = [
        Text.of(Part(place=InCell(**EMPTY, cell=number), text=cell, kind=Kind.CODE))
        for number, cell in enumerate(cells)
    ]
    units = units_of(texts, "a.ipynb")
    return units, sites_of(units)


def file(name: str, text: str) -> tuple[list[Unit], list[Site]]:
    part = Part(place=InFile(**EMPTY), text=text, kind=Kind.CONFIG)
    units = units_of([Text.of(part)], name)
    return units, sites_of(units)


def sites_of(units: list[Unit]) -> list[Site]:
    programs = [(unit.number, unit.program) for unit in units if unit.program is not None]
    return list(follow(programs, lambda path: ""))
