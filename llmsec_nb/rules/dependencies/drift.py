"""DEP017: the kernel has other versions than the header, the requirements or the lock say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.detector import Match
from ...core.rule import Severity
from .facts import requirements
from .origin import Origin
from .rules import dependency, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...cells.unit import Unit
    from .collect import Found
    from .facts import Facts
    from .requirement import Requirement

DRIFT: Final = dependency(
    "DEP017",
    "version-drift",
    "The kernel has other versions than the notebook's requirements say",
    Severity.LOW,
    "What was checked, locked and audited is then not what runs here.",
    "Install what the requirements say into this kernel (`%pip install -r requirements.txt`, `uv sync`), or bring them up to date.",
    cwe=(1104,),
)
_MOST: Final = 100
"""Places that one finding names."""


class Differing(NamedTuple):
    """A package, what is asked for, what is here, and where the first is said."""

    name: str
    asked: str
    here: str
    start: int
    end: int


def drift(
    found: Iterable[Found], units: Sequence[Unit], facts: Facts
) -> Iterator[tuple[int, Match]]:
    """One match for each file or header, and one for the imports of the document."""
    if not facts.environment:
        return
    for one in found:
        own = [
            Differing(each.name, _shown(each), facts.installed(each.name), each.start, each.end)
            for install, each in requirements(one)
            if install.origin is Origin.FILE and _differs(each, facts, one.unit.source)
        ]
        if own:
            yield one.unit.number, _match(own, "here", "asked for")
    if facts.locked:
        yield from _imported(units, facts)


def _shown(each: Requirement) -> str:
    return plain(each.version, "") or "another one"


def _differs(each: Requirement, facts: Facts, source: str) -> bool:
    """Whether the kernel has a version that is not meant; markers are for other kernels."""
    from .requirement import allows

    here = facts.installed(each.name) if each.name and not each.is_conda else ""
    if not here or not each.specifier or each.url or each.is_open:
        return False
    return ";" not in source[each.start : each.end] and not allows(each.specifier, here)


def _imported(units: Sequence[Unit], facts: Facts) -> Iterator[tuple[int, Match]]:
    from ...advisories.versions import canonical, public
    from .imports import distributions, imports

    by_unit: dict[int, list[Differing]] = {}
    for one in imports(units):
        for name in distributions(one.dotted):
            here, asked = facts.installed(name), facts.locked.get(name, "")
            if here and asked and canonical(public(here)) != canonical(public(asked)):
                own = Differing(name, plain(asked, "another one"), here, one.start, one.end)
                by_unit.setdefault(one.unit.number, []).append(own)
    for number, differing in by_unit.items():
        yield number, _match(differing, "in this kernel", "locked")
        return  # one finding for the document, where it begins


def _match(own: Sequence[Differing], here: str, asked: str) -> Match:
    first = own[0]
    shown = f"{plain(first.name, 'a package')} is {plain(first.here, 'another one')} {here}, {first.asked} is {asked}"
    more = f"; {len(own) - 1} more differ" if len(own) > 1 else ""
    return Match(
        rule=DRIFT,
        start=first.start,
        end=first.end,
        message=shown + more,
        label=plain(first.name, ""),
        others=tuple((each.start, each.end) for each in own[1:_MOST]),
    )
