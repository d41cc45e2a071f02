"""Fixes of what is wrong with code and with what it installs, proven to leave code that parses."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ..core.artifact import Text
from ..core.finding import Edit, Fix, FixKind
from ..core.lazy import lazy
from ..core.location import InCell, InFile
from ..core.rule import Family, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..cells.unit import Unit
    from ..core.artifact import Part, Spot
    from ..core.detector import Match
    from ..rules.code.fixes import Code
    from ..rules.repair import Repair
    from ..sources.document import Document

_UNPINNED: Final = "DEP001"
_FROM_ELSEWHERE: Final = lazy(
    r"(?P<direct>[A-Za-z0-9][\w.-]{0,80})(?:\[[\w, .-]{0,80}\])?[ ]?@[ ]?(?:git\+|https?:|file:)"
    r"|[#&]egg=(?P<egg>[A-Za-z0-9][\w.-]{0,80})"
    r"|git\+[^\s'\"#@]{1,300}/(?P<repository>[A-Za-z0-9][\w.-]{0,80}?)(?:\.git)?(?=[@#\s'\"]|\Z)"
)
_MOST_READINGS: Final = 500
_MOST_CHARACTERS: Final = 1_000_000
"""Of sources that are taken apart again, for one document."""


class CodeMender:
    """Finds the repairs of one document's code; what it takes apart it keeps."""

    def __init__(
        self,
        document: Document,
        redact: Callable[[str], str],
        cuts: Callable[[Part, int], bool],
    ) -> None:
        """`redact` and `cuts` know the secrets: see Mender."""
        self.document = document
        self.redact = redact
        self.cuts = cuts
        around = document.around
        self._packages = {**around.locked, **(around.environment or {})}
        self._units: dict[int, list[Unit]] = {}
        self._codes: dict[int, Code] = {}
        self._readings = _MOST_READINGS
        self._characters = _MOST_CHARACTERS

    def fix(self, match: Match, spots: Sequence[Spot]) -> Fix | None:
        """The fix of a match, or None: there is none, or it is not sure to leave code."""
        part = spots[0].part
        if any(spot.part is not part or not spot.exact for spot in spots):
            return None
        if not isinstance(part.place, InCell | InFile) or not self._is_source(part):
            return None
        units = self._taken_apart(part)
        unit = _innermost(units, spots[0])
        repair = self._repair(match, spots[0], unit) if unit is not None else None
        if repair is None or unit is None:
            return None
        edits = tuple(Edit(start=a, end=b, replacement=text) for a, b, text in sorted(repair.edits))
        if not self._is_apart(part, edits) or not _reach(edits, spots):
            return None
        if not self._parses(units, unit, edits):
            return None
        text = repair.description[:1].upper() + repair.description[1:]
        return Fix(kind=FixKind.REPLACE, description=text, edits=edits, safe=repair.is_safe)

    def _is_source(self, part: Part) -> bool:
        if isinstance(part.place, InFile):
            return not self.document.json
        return part.kind is Kind.CODE

    def _taken_apart(self, part: Part) -> list[Unit]:
        known = self._units.get(id(part))
        if known is None:
            from ..cells.unit import units_of

            known = self._units[id(part)] = units_of([Text.of(part)], self.document.path)
        return known

    def _repair(self, match: Match, spot: Spot, unit: Unit) -> Repair | None:
        around = self.document.around
        if match.rule.family is Family.DEPENDENCY:
            if not self._may_read(spot.part.text):
                return None
            return self._dependency(match, spot)
        if match.rule.family is not Family.CODE:
            return None
        from ..rules.code.fixes import Code, Known, fix_for

        code = self._codes.get(id(unit.program))
        if code is None and unit.program is not None:
            code = self._codes[id(unit.program)] = Code.of(unit.program.python)
        known = Known(self._packages, beside=self._beside)
        if around.folder:  # else no file may be looked at
            from .commits import cached_commit

            known = known._replace(commit=cached_commit)
        start, end = spot.start - unit.start, spot.end - unit.start
        found = fix_for(match.rule.id, unit.source, start, end, code=code, known=known)
        return found and found.moved(unit.start)

    def _dependency(self, match: Match, spot: Spot) -> Repair | None:
        """That of an install. What a file pins beside the document may not be what runs here."""
        from ..rules.dependencies import fix

        around = self.document.around
        built = self._built
        packages = {each: told for each, told in self._packages.items() if each not in built}
        name = "" if isinstance(spot.part.place, InCell) else self.document.path
        place = match.rule.id, spot.part.text, spot.start, spot.end
        if match.rule.id != _UNPINNED or not around.locked:
            return fix.fix_for(*place, packages, name)
        here = {each: packages[each] for each in around.environment or {} if each in packages}
        found = fix.fix_for(*place, here, name)
        if found is not None:
            return found
        found = fix.fix_for(*place, packages, name)
        return found and found._replace(description="pin to what is locked beside the document")

    @cached_property
    def _built(self) -> set[str]:
        """Packages that a cell installs from a repository or an address: a pin undoes that."""
        from ..rules.dependencies.requirement import normalized

        named = (found for source in self._beside() for found in _FROM_ELSEWHERE.finditer(source))
        return {normalized(found[found.lastgroup or 0]) for found in named}

    def _beside(self) -> list[str]:
        """The sources of the document's cells of code."""
        return [part.text for part in self.document.sources.values() if part.kind is Kind.CODE]

    def _is_apart(self, part: Part, edits: tuple[Edit, ...]) -> bool:
        """Whether the edits are apart from each other and from secrets, and hold none."""
        if any(after.start < before.end for before, after in pairwise(edits)):
            return False
        if len({edit.start for edit in edits}) < len(edits):
            return False
        places = [place for edit in edits for place in (edit.start, edit.end)]
        if any(self.cuts(part, place) for place in places):
            return False
        return all(self.redact(edit.replacement) == edit.replacement for edit in edits)

    def _may_read(self, text: str) -> bool:
        """Whether there is time to take a text apart once more."""
        self._readings -= 1
        self._characters -= len(text)
        return self._readings >= 0 and self._characters >= 0

    def _parses(self, units: list[Unit], unit: Unit, edits: tuple[Edit, ...]) -> bool:
        """Whether as much of the source parses as before; False once too much has been tried."""
        from ..cells.program import read, read_python
        from .source import applied

        whole = units[0].text.text
        if not self._may_read(whole):
            return False
        after = applied(whole, edits)
        if after == whole:
            return False
        if unit.program is None:
            return True
        if unit.is_cell:
            return len(read(after).broken) <= len(unit.program.broken)
        longer = len(after) - len(whole)
        body = after[unit.start : unit.start + len(unit.source) + longer]
        return len(read_python(body).broken) <= len(unit.program.broken)


def _reach(edits: tuple[Edit, ...], spots: Sequence[Spot]) -> bool:
    """Whether something is done about each span of a finding; the edits are sorted and apart."""
    ends = [edit.end for edit in edits]
    nearest = ((spot, bisect_left(ends, spot.start)) for spot in spots)
    return all(at < len(edits) and edits[at].start <= spot.end for spot, at in nearest)


def _innermost(units: list[Unit], spot: Spot) -> Unit | None:
    """The unit in which a span stands: a file that a cell writes rather than the cell."""
    holding = [
        unit
        for unit in units
        if unit.start <= spot.start and spot.end <= unit.start + len(unit.source)
    ]
    return holding[-1] if holding else None
