"""Functions of the notebook that run what they are given, and those that a model may call."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from .pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...cells.flow import CallSite
    from ...cells.unit import Unit

_TOOLS: Final = frozenset(
    {"tool", "function_tool", "kernel_function", "ai_function", "register_for_llm", "register_function", "llm_tool", "as_tool"}
)  # fmt: skip
"""Decorators that give a function to a model."""


class Function(NamedTuple):
    """A function from character `start` to `end` of a unit.

    `path` is how it is called, `parameters` what it takes; `is_tool`: a model may call it.
    """

    start: int
    end: int
    path: str
    parameters: tuple[str, ...]
    is_tool: bool


class Functions:
    """Those of a document that stand by themselves or in a class."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """All of them, by unit and place."""
        self._units = [unit for unit in units if unit.program is not None]
        self._pieces: Pieces | None = None
        self.of_unit = {unit.number: sorted(_functions(unit)) for unit in self._units}

    def pieces(self, calls: Iterable[CallSite]) -> Pieces:
        """What the names of the document are bound to; `calls` are those of the document."""
        if self._pieces is None:
            self._pieces = Pieces(self._units, calls)
        return self._pieces

    def around(self, site: CallSite) -> Function | None:
        """The function that a call stands in."""
        functions = self.of_unit.get(site.cell, [])
        index = bisect_right(functions, site.start, key=lambda one: one.start) - 1
        if index < 0 or site.start >= functions[index].end:
            return None
        return functions[index]

    def parameter(
        self, site: CallSite, at: int = 0, by: str = "", *, part: bool = False
    ) -> tuple[Function, int] | None:
        """The function that a call stands in, and which of its parameters the call is given.

        It is given that as its argument number `at`, or the one called `by`; or a `part` of it,
        `args["command"]` say.
        """
        function = self.around(site)
        if function is None:
            return None
        path = site.argument(at, by).path
        name = re.split(r"[.(\[]", path, maxsplit=1)[0] if part else path
        if not name.startswith("?") or name[1:] not in function.parameters:
            return None
        return function, function.parameters.index(name[1:])

    def called(self, site: CallSite) -> str:
        """The path of what a call calls, as `Function` has it: `self.run` is that of the class."""
        if not site.path.startswith("?self."):
            return site.path.removeprefix("?")
        around = self.around(site)
        owner = around.path.rpartition(".")[0] if around is not None else ""
        return f"{owner}.{site.path.removeprefix('?self.')}" if owner else site.path

    def is_of_tool(self, site: CallSite) -> bool:
        """Whether a call is given what a model gives the function that it stands in."""
        given = self.parameter(site)
        return given is not None and given[0].is_tool

    def running(
        self, sinks: Iterable[CallSite], calls: Iterable[CallSite] = ()
    ) -> dict[str, set[tuple[int, str]]]:
        """By path: the parameters, by place and name, that a function gives to one of the calls.

        Or to another function that does so: `calls` are those of the document.
        """
        found: dict[str, set[tuple[int, str]]] = {}
        waiting = [(site, 0, "") for site in sinks]
        callers: dict[str, list[CallSite]] = {}
        for call in calls:
            callers.setdefault(self.called(call), []).append(call)
        while waiting:
            site, at, by = waiting.pop()
            given = self.parameter(site, at, by, part=True)
            if given is None:
                continue
            function, place = given
            known = found.setdefault(function.path, set())
            one = (place, function.parameters[place])
            if one not in known:
                known.add(one)
                waiting += [(call, *one) for call in callers.get(function.path, ())]
        return found


def _functions(unit: Unit) -> Iterator[Function]:
    for tree in unit.program.python.trees if unit.program else ():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield _function(unit, node, "")
            elif isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                        yield _function(unit, inner, f"{node.name}().")


def _function(unit: Unit, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> Function:
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    if owner and names[:1] == ["self"]:
        names = names[1:]
    start, end = unit.program.python.span(node) if unit.program else (0, 0)
    is_tool = any(_last(one) in _TOOLS for one in node.decorator_list)
    return Function(start, end, f"{owner}{node.name}", tuple(names), is_tool)


def _last(node: ast.expr) -> str:
    """The last word of what a decorator is called."""
    while isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
