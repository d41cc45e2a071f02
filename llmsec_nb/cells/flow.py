"""A notebook followed in the order of its cells: which calls are made, with what, from where."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from ..core.lazy import lazy
from .aliases import Aliases
from .definitions import Definitions
from .ipython import handed
from .python import Broken
from .scope import Scope
from .sites import AssignSite, CallSite, CommandSite, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .ipython import Handed
    from .program import Command, Program
    from .values import Value

__all__ = ["AssignSite", "CallSite", "CommandSite", "Site", "Trail", "follow"]

_EXPANDED: Final = lazy(r"\{(?P<braces>[^{}\n]{1,200})\}|\$(?P<dollar>[A-Za-z_]\w{0,80})")
_DEEPEST_TEXT: Final = 4
"""Programs in texts of programs."""
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def follow(programs: Iterable[tuple[int, Program]], source: Callable[[str], str]) -> Iterator[Site]:
    """All sites, cell by cell, in the order in which they run from top to bottom.

    Programs come with the numbers that their sites get as `cell`. `source` says of the path of a
    call which kind of source its result is, empty: none.
    """
    trail = Trail(source)
    for number, program in programs:
        yield from trail.cell(number, program)


class Trail(Definitions):
    """Remembers what names stand for from one cell to the next."""

    def __init__(self, source: Callable[[str], str]) -> None:
        """`source` as for `follow`."""
        super().__init__(source)
        self.texts = 0
        self.aliases = Aliases()

    def cell(self, number: int, program: Program) -> Iterator[Site]:
        """The sites of the next cell. What is not asked for to the end is not remembered.

        A cell is read again where its functions are called before they are known, and where nodes
        of a graph are given what later ones give back.
        """
        self.number = number
        self.unit = program
        self.inner = None
        place = self._place()
        try:
            yield from self._cell(program)
        finally:  # whatever broke in it, the next cell begins in the names of the notebook
            self._back(place)
            self.texts = 0

    def _place(self) -> tuple[Scope, int, bool, bool]:
        return self.scope, self.depth, self.again, self.in_class

    def _back(self, place: tuple[Scope, int, bool, bool]) -> None:
        """Out of everything that has been gone into since."""
        self.scope, self.depth, self.again, self.in_class = place

    def _cell(self, program: Program) -> Iterator[Site]:
        defines = any(
            isinstance(one, _FUNCTIONS) for tree in program.python.trees for one in tree.body
        )
        if not defines:
            yield from self._whole(program)
            return
        root = self.scope  # that of the notebook
        names, shared = dict(root.names), _taints(root.shared)
        root.missed.clear()
        sites = list(self._whole(program))
        is_late = not root.missed.isdisjoint(root.returns) or _taints(root.shared) != shared
        if self.is_hot and is_late:
            root.late = dict(root.returns)
            root.names = names
            sites = list(self._whole(program))
            root.late = {}
        yield from sites

    def _whole(self, program: Program) -> Iterator[Site]:
        """All of a program."""
        self.program = program
        waiting = list(program.commands)
        for tree in program.python.trees:
            for statement in tree.body:
                start = program.python.span(statement)[0]
                while waiting and waiting[0].start <= start:
                    yield from self._commanded(waiting.pop(0))
                place = self._place()
                try:
                    yield from self.statement(statement)
                except RecursionError:
                    self._back(place)
                    span = program.python.span(statement)
                    program.python.deep.append(Broken(*span, "nested too deeply to be followed"))
        for command in waiting:
            yield from self._commanded(command)

    def _commanded(self, command: Command) -> Iterator[Site]:
        """A command, and what it means where its magic goes by another name."""
        yield self._command(command)
        self.aliases.named(self.program, command)
        meant = self.aliases.meant(self.program, command, self.inner)
        if meant is not None and self.texts < _DEEPEST_TEXT:
            yield from self._within([meant])

    def _command(self, command: Command) -> CommandSite:
        values: dict[str, Value] = {}
        for found in _EXPANDED.finditer(self.program.text, command.start, command.end):
            name = found["braces"] or found["dollar"]
            values[name] = self.expression(name)
        return CommandSite(self.number, command, values, self.inner)

    def handed(self, site: CallSite) -> Iterator[Site]:
        """What the text does that a call hands over: it sees the same names."""
        inner = handed(site, self.unit) if self.texts < _DEEPEST_TEXT else None
        if inner is not None:
            yield from self._within([inner, *inner.files()])

    def _within(self, texts: Iterable[Handed]) -> Iterator[Site]:
        """What programs in texts do; a file has names of its own."""
        outer = self.program, self.inner, self.scope
        self.texts += 1
        for one in texts:
            self.inner = one
            self.scope = Scope() if one.is_file else outer[2]
            yield from self._whole(one.program)
        self.texts -= 1
        self.program, self.inner, self.scope = outer


def _taints(values: dict[str, Value]) -> dict[str, frozenset[str]]:
    return {name: value.taints for name, value in values.items()}
