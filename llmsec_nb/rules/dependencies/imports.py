"""What a document imports, and the distributions that bring it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from ...cells.unit import Unit
from .known import BROUGHT_BY, IMPORTS, NAMESPACES, standard_library
from .requirement import normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .facts import Facts

_DEEPEST: Final = 20
"""Statements within statements."""
_MOST: Final = 50
"""Names of one statement."""
_LONGEST: Final = 5
"""Names of a module, one within the other, that the name of a distribution is made of."""


class Imported(NamedTuple):
    """A module of others by its first name, and where the statement names it in its unit.

    `whole` are all its names, where the first alone says nothing.
    """

    unit: Unit
    module: str
    start: int
    end: int
    whole: str = ""

    @property
    def dotted(self) -> str:
        """The names that say which distribution it is of."""
        return self.whole or self.module

    @property
    def name(self) -> str:
        """The name that a distribution of the module's own name has."""
        return normalized(self.module)


def imports(units: Iterable[Unit]) -> list[Imported]:
    """Each module once, where it is first imported; none of Python's own."""
    found: dict[str, Imported] = {}
    for unit in units:
        for tree in unit.program.python.trees if unit.program is not None else ():
            for node in _statements(tree.body, 0):
                for one in _named(node, unit):
                    found.setdefault(one.dotted, one)
    own = standard_library()
    return [one for one in found.values() if one.name not in own and not one.module.startswith("_")]


def _statements(body: Sequence[ast.stmt], depth: int) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif depth < _DEEPEST:
            for field in ("body", "orelse", "handlers", "finalbody", "cases"):
                inner = getattr(node, field, None)
                if isinstance(inner, list):
                    yield from _statements(inner, depth + 1)


def _named(node: ast.Import | ast.ImportFrom, unit: Unit) -> Iterator[Imported]:
    """The modules of a statement, with the places of their first names."""
    if unit.program is None or (isinstance(node, ast.ImportFrom) and node.level):
        return
    start, end = unit.program.python.span(node)
    if isinstance(node, ast.ImportFrom):
        whole = node.module or ""
        module = whole.partition(".")[0]
        at = unit.source.find(module, start + len("from"), end)
        place = (at, at + len(module)) if at >= 0 else (start, end)
        for alias in node.names[:_MOST] if _is_namespace(module) else ():
            yield Imported(unit, module, *place, whole=f"{whole}.{alias.name}")
        if not _is_namespace(module):
            yield Imported(unit, module, *place)
        return
    for alias in node.names:
        module = alias.name.partition(".")[0]
        at = unit.program.python.offset(alias.lineno, alias.col_offset)
        is_there = unit.source.startswith(module, at)
        place = (at, at + len(module)) if is_there else (start, end)
        whole = alias.name if _is_namespace(module) else ""
        yield Imported(unit, module, *place, whole=whole)


def _is_namespace(module: str) -> bool:
    return normalized(module) in NAMESPACES


def distributions(module: str) -> tuple[str, ...]:
    """Normalized names of the distributions that may bring a module, the likeliest first.

    Of a namespace it takes all names: `google.cloud.storage` is of google-cloud-storage.
    """
    parts = module.split(".")[:_LONGEST]
    name = normalized(parts[0])
    if name in NAMESPACES:
        longer = ("-".join(parts[:end]) for end in range(len(parts), 1, -1))
        return tuple(IMPORTS.get(own, own) for own in map(normalized, longer))
    first = IMPORTS.get(name, "")
    return tuple(dict.fromkeys(one for one in (first, *BROUGHT_BY.get(name, ()), name) if one))


def brought(module: str, facts: Facts) -> tuple[str, str]:
    """The distribution that brings a module here, and its version; empty where nobody knows."""
    for name in distributions(module):
        version = facts.installed(name)
        if version:
            return name, version
    for name in distributions(module):
        version = facts.locked.get(name, "")
        if version:
            return name, version
    return "", ""
