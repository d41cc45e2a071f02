"""The arguments of a call as they stand in the source: one more, one less, another value."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...cells.python import Python
from ...core.lazy import lazy

if TYPE_CHECKING:
    from ..repair import Edit

_SKIPPED: Final = lazy(r"#[^\n]*|[^#)]|\)")
Argument = ast.expr | ast.keyword


class Target(NamedTuple):
    """The call that a finding is in: `start` and `end` are those of the finding."""

    source: str
    python: Python
    call: ast.Call
    start: int
    end: int

    @property
    def found(self) -> str:
        """What the finding spans."""
        return self.source[self.start : self.end]

    @property
    def called(self) -> str:
        """The last name of what is called; empty if it has none."""
        function = self.call.func
        return getattr(function, "attr", "") or getattr(function, "id", "")

    def span(self, node: Argument) -> tuple[int, int]:
        """The characters of a node."""
        return self.python.span(node)

    def keyword(self, name: str) -> ast.keyword | None:
        """The argument of that name."""
        return next((one for one in self.call.keywords if one.arg == name), None)

    def given(self) -> list[Argument]:
        """All arguments in the order in which they stand there."""
        both: list[Argument] = [*self.call.args, *self.call.keywords]
        return sorted(both, key=self.span)


class Calls:
    """The calls of a source by their spans, and by those of their arguments; found once."""

    def __init__(self, python: Python) -> None:
        """What stands within a literal is no node of the source, and not found."""
        self._own: dict[tuple[int, int], ast.Call] = {}
        self._given: dict[tuple[int, int], ast.Call] = {}
        for tree in python.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    self._own.setdefault(python.span(node), node)
                    parts: list[Argument] = [*node.args, *node.keywords]
                    for one in parts:
                        self._given.setdefault(python.span(one), node)

    def at(self, start: int, end: int) -> ast.Call | None:
        """The call that is the span, else the one that has an argument there."""
        return self._own.get((start, end)) or self._given.get((start, end))


def added(target: Target, argument: str) -> list[Edit] | None:
    """The call with one more keyword argument; None where it cannot take one as it stands.

    What `**more` brings may have it, too, and twice it is an error.
    """
    given = target.given()
    if any(isinstance(one, ast.keyword) and one.arg is None for one in given):
        return None
    closing = target.span(target.call)[1] - 1
    if not given:
        opening = target.span(target.call.func)[1]
        place = target.source.find("(", opening, closing)
        return [(place + 1, place + 1, argument)] if place >= 0 else None
    if len(given) == 1 and isinstance(given[0], ast.GeneratorExp):
        return None
    last, place = target.span(given[-1])
    for found in _SKIPPED.finditer(target.source, place, closing):
        if found[0] == ")":
            place = found.end()
    return [(place, place, f",{_gap(target.source, last, place, closing)}{argument}")]


def _gap(source: str, last: int, place: int, closing: int) -> str:
    """What goes before one more argument: a line of its own where the last one has that."""
    first = source.rfind("\n", 0, last) + 1
    margin = source[first:last]
    rest, feed, _ = source[place:closing].partition("\n")
    if not first or margin.strip() or not feed or rest.strip(" \t\r,"):
        return " "
    return ("\r\n" if source.endswith("\r\n", 0, first) else "\n") + margin


def removed(target: Target, node: Argument) -> list[Edit] | None:
    """The call without an argument; None where a comment stands in the way, or is about it."""
    given = target.given()
    index = given.index(node)
    start, end = target.span(node)
    if index + 1 < len(given):
        following = target.span(given[index + 1])[0]
        return None if "#" in target.source[end:following] else [(start, following, "")]
    if "#" in target.source[end : target.source.find("\n", end) + 1 or None]:
        return None  # the comment would then be about another argument
    if index:
        comma = target.source.rfind(",", target.span(given[index - 1])[1], start)
        return None if comma < 0 or "#" in target.source[comma:start] else [(comma, end, "")]
    trailing = re.compile(r"\s*,").match(target.source, end)
    return [(start, trailing.end() if trailing else end, "")]


def with_value(target: Target, name: str, value: str) -> list[Edit] | None:
    """The call with `name=value`, whether it is given now or not."""
    keyword = target.keyword(name)
    if keyword is None:
        return added(target, f"{name}={value}")
    return [(*target.span(keyword.value), value)]


def dropped(target: Target, name: str, value: str) -> list[Edit] | None:
    """The call without the keyword, or with the harmless value where that is not possible."""
    keyword = target.keyword(name)
    if keyword is None:
        return None
    return removed(target, keyword) or [(*target.span(keyword.value), value)]
