"""Modules that a notebook downloads and then imports: the other's code of today runs here."""

from __future__ import annotations

import ast
import posixpath
from typing import TYPE_CHECKING, Final

from ...cells.flow import CallSite, CommandSite
from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence
from .fetched import by_call, by_words, handed
from .look import SHELL_CALLS, Around
from .texts import OF_DATA

Place = tuple[int, int]
"""The number of a unit, and a character of it."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...cells.flow import Site
    from ...cells.unit import Unit

_CHECKED: Final = lazy(
    r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])|\b(?:sha\d{1,3}sum|shasum|md5sum|b2sum|gpg2?|cosign)\b"
)
"""An address with a commit in it, or a file that is compared with what is known."""


def imported(units: Sequence[Unit], sites: Sequence[Site]) -> Iterator[tuple[int, Match]]:
    """Of each download the import that comes first behind it, in the order of the document."""
    yield from imports(units, _modules(units, sites), _match)


def imports(
    units: Sequence[Unit], modules: dict[str, Place], match: Callable[[tuple[int, int]], Match]
) -> Iterator[tuple[int, Match]]:
    """Of each module the import that comes first behind a place; `match` says what it is."""
    told: set[Place] = set()
    for unit in units if modules else ():
        for tree in unit.program.python.trees if unit.program and unit.is_cell else ():
            for node in ast.walk(tree):
                place = _first(modules, node)
                if place is None or not isinstance(node, ast.stmt) or unit.program is None:
                    continue
                span = unit.program.python.span(node)
                if place < (unit.number, span[0]) and place not in told:
                    told.add(place)
                    yield unit.number, match(span)


def _match(span: tuple[int, int]) -> Match:
    return Match(
        rule=OF_DATA,
        start=span[0],
        end=span[1],
        message="a script that was downloaded unchecked is imported, and so run",
        confidence=Confidence.MEDIUM,
    )


def _first(modules: dict[str, Place], node: ast.AST) -> Place | None:
    """Where a module that a statement imports was downloaded first."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module]
    places = [modules[last] for name in names if (last := name.rpartition(".")[2]) in modules]
    return min(places, default=None)


def _modules(units: Sequence[Unit], sites: Sequence[Site]) -> dict[str, Place]:
    """Where each module was downloaded first, by its name."""
    found: dict[str, Place] = {}
    for place, name in _files(Around(units, sites), sites):
        folder, _, file = name.rpartition("/")
        stem, suffix = posixpath.splitext(file or folder)
        if suffix == ".py" and stem.isidentifier():
            found[stem] = min(found.get(stem, place), place)
    return found


def _files(around: Around, sites: Sequence[Site]) -> Iterator[tuple[Place, str]]:
    """The files that are downloaded, but for those that are checked."""
    for site in sites:
        words = ""
        if isinstance(site, CallSite):
            yield (site.cell, site.start), by_call(site)
            words = handed(site) if site.path in SHELL_CALLS else ""
            start = site.start
        elif isinstance(site, CommandSite) and site.command.is_shell:
            own = around.own(site)
            words = own.words(site.command) if own else ""
            start = site.inner.span(0, 1)[0] if site.inner else site.command.start
        if words and not _CHECKED.search(words):
            for _, name in by_words(words):
                yield (site.cell, start), name
