"""What a repair of an install knows: the text, the span of the finding, and versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ...cells.unit import units_of
from ...core.artifact import Part, Text
from ...core.location import InCell, InFile, Location
from ...core.rule import Kind
from ..repair import Repair
from .collect import Found, collect

_NOWHERE: Final[dict[str, Any]] = {"line": 0, "column": 0, "end_line": 0, "end_column": 0}


class Asked(NamedTuple):
    """The whole source of a cell or a file, the span of a finding in it, what is known beside."""

    source: str
    start: int
    end: int
    packages: Mapping[str, str]
    name: str

    @property
    def found(self) -> str:
        """What the finding spans."""
        return self.source[self.start : self.end]


def unsafe(start: int, end: int, text: str, description: str) -> Repair:
    """A repair of one edit, for people to say that they want it."""
    return Repair([(start, end, text)], is_safe=False, description=description)


def found_in(source: str, name: str) -> list[Found]:
    """What a cell, or a file, installs. Calls of Python are not followed: they are not mended."""
    place: Location = InFile(**_NOWHERE) if name else InCell(**_NOWHERE)
    part = Part(place=place, text=source, kind=Kind.CONFIG if name else Kind.CODE)
    return collect(units_of([Text.of(part)], name), ())
