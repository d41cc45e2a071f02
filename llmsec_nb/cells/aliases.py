"""Magics that a notebook has given another name: `%alias_magic t timeit`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.lazy import lazy
from .ipython import Handed
from .program import read
from .python import LARGEST
from .written import after, spread

if TYPE_CHECKING:
    from .program import Command, Program

_GIVEN: Final = lazy(r"(?P<new>[\w.]{1,80})[ \t]+%{0,2}(?P<old>[\w.]{1,80})[ \t]*\Z")
_OPTIONS: Final = lazy(
    r"(?:[ \t]*(?:-[lc]|--line|--cell|(?:-p|--params)(?:=|[ \t]+)"
    r"(?:'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"|[^\s'\"]{1,200})))*+[ \t]*"
)
_MOST: Final = 100


class Aliases:
    """The names that were given, and what is meant by them from then on."""

    def __init__(self) -> None:
        """None yet."""
        self._names: dict[str, str] = {}

    def named(self, program: Program, command: Command) -> None:
        """Take in a command: nothing happens unless it gives a name."""
        if command.name != "alias_magic":
            return
        words = program.words(command)
        options = _OPTIONS.match(words)
        found = _GIVEN.match(words, options.end() if options else 0)
        if found is not None and len(self._names) < _MOST:
            old = self._names.get(found["old"], found["old"])
            self._names[found["new"]] = old

    def meant(self, program: Program, command: Command, outer: Handed | None) -> Handed | None:
        """The cell that a command means; None where its name is no other one."""
        name = self._names.get(command.name)
        if name is None or not command.sign.startswith("%"):
            return None
        stop = len(program.text) if command.sign == "%%" else command.end
        text = program.text[command.start : stop]
        if len(text) > LARGEST:
            return None
        written = after(f"{command.sign}{name}", spread(text, command.start))
        return Handed(read(written.text), written, outer)
