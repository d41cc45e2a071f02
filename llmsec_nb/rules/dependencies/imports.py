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


class Imported(NamedTuple):
    """A module of others by its first name, and where the statement names it in its unit."""

    unit: Unit
    module: str
    start: int
    end: int

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
                for module, start, end in _named(node, unit):
                    found.setdefault(module, Imported(unit, module, start, end))
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


def _named(node: ast.Import | ast.ImportFrom, unit: Unit) -> Iterator[tuple[str, int, int]]:
    """The first names of the modules of a statement, with their places."""
    if unit.program is None or (isinstance(node, ast.ImportFrom) and node.level):
        return
    start, end = unit.program.python.span(node)
    if isinstance(node, ast.ImportFrom):
        module = (node.module or "").partition(".")[0]
        at = unit.source.find(module, start + len("from"), end)
        yield module, *((at, at + len(module)) if at >= 0 else (start, end))
        return
    for alias in node.names:
        module = alias.name.partition(".")[0]
        at = unit.program.python.offset(alias.lineno, alias.col_offset)
        is_there = unit.source.startswith(module, at)
        yield module, *((at, at + len(module)) if is_there else (start, end))


def distributions(module: str) -> tuple[str, ...]:
    """Normalized names of the distributions that may bring a module, the likeliest first."""
    name = normalized(module)
    if name in NAMESPACES:
        return ()
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
