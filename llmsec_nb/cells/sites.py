"""What a notebook does, place by place: calls, assignments, commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .values import UNKNOWN, Value

if TYPE_CHECKING:
    import ast

    from .ipython import Handed
    from .program import Command


@dataclass(frozen=True, slots=True)
class CallSite:
    """A call at characters `start` to `end` of cell number `cell`.

    `path` is that of what is called, empty when unknown; `arguments` and `keywords` what it is
    given. `owner` is what the called method belongs to: its path and its taints. `inner` is the
    text that it stands in when a call hands that over to be run: see `ipython`.
    """

    cell: int
    node: ast.Call
    start: int
    end: int
    path: str
    arguments: tuple[Value, ...]
    keywords: dict[str, Value]
    owner: Value = UNKNOWN
    inner: Handed | None = None

    def argument(self, place: int, name: str) -> Value:
        """An argument by its place or its name; unknown where it is not given."""
        if name in self.keywords:
            return self.keywords[name]
        return self.arguments[place] if 0 <= place < len(self.arguments) else UNKNOWN


@dataclass(frozen=True, slots=True)
class AssignSite:
    """Something is put under a dotted name or into an item of it, `os.environ[]` say."""

    cell: int
    node: ast.stmt
    start: int
    end: int
    path: str
    key: Value
    value: Value
    inner: Handed | None = None


@dataclass(frozen=True, slots=True)
class CommandSite:
    """A command, and what the values are that IPython puts into it, by name.

    Where `inner` is set, the command is one of `inner.program`, not of the unit's.
    """

    cell: int
    command: Command
    values: dict[str, Value] = field(default_factory=dict)
    inner: Handed | None = None


Site = CallSite | AssignSite | CommandSite
