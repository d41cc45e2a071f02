"""A document as a whole: its calls, what they are given, and what they download and write."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from ...cells.flow import AssignSite, CallSite, CommandSite
from ...cells.values import dotted
from .fetched import by_call, by_words, handed, name_of
from .functions import Functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...cells.flow import Site
    from ...cells.program import Program
    from ...cells.unit import Unit
    from ...cells.values import Value

_SCRIPTS: Final = (".sh", ".bash")
_MOST_CALLS: Final = 100
"""Of one function; where there are more, nothing is said of what they give."""
_STARTING: Final = ("os.", "subprocess.")


class Document:
    """What any call of a document can be held against."""

    def __init__(self, units: Sequence[Unit], sites: Sequence[Site]) -> None:
        """Both as a detector is given them."""
        self._given: dict[frozenset[str], frozenset[str]] = {}
        self._sites = sites
        self.units = {unit.number: unit for unit in units}
        self.calls = [site for site in sites if isinstance(site, CallSite)]
        self.paths = frozenset(site.path for site in self.calls)

    def program(self, site: Site) -> Program | None:
        """The program of the unit of a site."""
        unit = self.units.get(site.cell)
        return None if unit is None else unit.program

    def own(self, site: Site) -> Program | None:
        """The program that the nodes of a site belong to: that of its unit, or a text in it."""
        return site.inner.program if site.inner else self.program(site)

    @cached_property
    def functions(self) -> Functions:
        """The functions of the document."""
        return Functions(self.units.values())

    @cached_property
    def by_path(self) -> dict[str, list[CallSite]]:
        """The calls by their paths."""
        found: dict[str, list[CallSite]] = {}
        for site in self.calls:
            found.setdefault(site.path, []).append(site)
        return found

    def passed(self, site: CallSite, value: Value) -> list[Value]:
        """What the calls of the notebook give for the parameter that a value in a site is."""
        name = value.path[1:] if value.path.startswith("?") else ""
        function = self.functions.around(site) if name else None
        if function is None or name not in function.parameters:
            return []
        place = function.parameters.index(name)
        calls = self.by_path.get(function.path.removesuffix("().__init__"), ())
        if len(calls) > _MOST_CALLS:
            return []
        return [call.argument(place, name) for call in calls]

    def given_to(self, methods: frozenset[str]) -> frozenset[str]:
        """The texts, and the words of the names, that are given to calls of these last names."""
        if methods not in self._given:
            found: set[str] = set()
            for site in self.calls:
                if _last(site.path) in methods:
                    nodes = [*site.node.args, *(one.value for one in site.node.keywords)]
                    found.update(map(dotted, nodes))
                    every = (*site.arguments, *site.keywords.values())
                    found.update(one.constant for one in every if isinstance(one.constant, str))
            self._given[methods] = frozenset(found - {""})
        return self._given[methods]

    @cached_property
    def assigned(self) -> frozenset[object]:
        """The names of items and members that something is put into."""
        sites = [site for site in self._sites if isinstance(site, AssignSite)]
        return frozenset({site.key.constant for site in sites} | {_last(one.path) for one in sites})

    def is_fetched(self, site: CallSite, value: Value) -> bool:
        """Whether a file that a call takes was downloaded before, by the name that it has here."""
        name = name_of(value)
        return bool(name) and self._fetched.get(name, (site.cell, site.start)) < (
            site.cell,
            site.start,
        )

    @cached_property
    def _fetched(self) -> dict[str, tuple[int, int]]:
        """Where each file was downloaded first."""
        found: dict[str, tuple[int, int]] = {}
        for number, start, name in self._downloads():
            found[name] = min(found.get(name, (number, start)), (number, start))
        return found

    def _downloads(self) -> Iterator[tuple[int, int, str]]:
        for site in self._sites:
            if isinstance(site, CallSite):
                yield site.cell, site.start, by_call(site)
                words = handed(site) if site.path.startswith(_STARTING) else ""
                yield from ((site.cell, site.start, name) for _, name in by_words(words))
            elif isinstance(site, CommandSite) and site.command.is_shell:
                own = self.own(site)
                words = own.words(site.command) if own else ""
                start = site.inner.span(0, 1)[0] if site.inner else site.command.start
                yield from ((site.cell, start, name) for _, name in by_words(words))
        for unit in self.units.values():
            if unit.program is None and unit.name.endswith(_SCRIPTS):
                yield from ((unit.number, at, name) for at, name in by_words(unit.source))


def _last(path: str) -> str:
    return path.rpartition(".")[2].lstrip("?")
