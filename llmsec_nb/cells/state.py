"""Where a notebook stands while it is followed: its names, and the text that is being read."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from .fixed import either
from .scope import Scope
from .sites import CallSite
from .values import UNKNOWN, Value, value_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .ipython import Handed
    from .program import Program


class State:
    """Says what expressions stand for here. `program` is what is read: a unit, or a text in it."""

    program: Program
    unit: Program

    def __init__(self, source: Callable[[str], str]) -> None:
        """`source` as for `flow.follow`."""
        self._source = source
        self._number = source("builtins.int")
        self.is_hot = False
        """Whether anything comes from a source that is more than a number."""
        self.scope = Scope()
        self.number = 0
        self.inner: Handed | None = None

    def source(self, path: str) -> str:
        """Which kind of source the result of a call is."""
        kind = self._source(path)
        if kind and kind != self._number:
            self.is_hot = True
        return kind

    def value(self, node: ast.expr) -> Value:
        """What an expression stands for here."""
        return value_of(node, self.scope, self.source)

    def expression(self, text: str) -> Value:
        """What a text in braces stands for."""
        try:
            with warnings.catch_warnings():  # of escapes: they are the author's business
                warnings.simplefilter("ignore")
                node = ast.parse(text.strip(), mode="eval").body
            return self.value(node)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN

    def each(self, node: ast.expr) -> Value:
        """What a loop over something gives."""
        whole = self.value(node)
        if isinstance(node, ast.Call) and self.value(node.func).path == "builtins.range":
            return Value(taints=frozenset({self._number} - {""}))
        if whole.elements and not whole.is_known:
            return either(whole.elements)
        return Value(taints=whole.taints, is_fixed=whole.is_known)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """The characters of the unit that a node stands in."""
        span = self.program.python.span(node)
        return self.inner.span(*span) if self.inner else span

    def site(self, node: ast.Call) -> CallSite:
        """A call as a site."""
        start, end = self.span(node)
        owner = self.value(node.func.value) if isinstance(node.func, ast.Attribute) else UNKNOWN
        spread: dict[str, Value] = {}
        keywords: dict[str, Value] = {}
        for one in node.keywords:
            value = self.value(one.value)
            if one.arg:
                keywords[one.arg] = value
            else:  # `**settings`, as far as their items are known
                spread.update(value.items or ())
        return CallSite(
            self.number,
            node,
            start,
            end,
            self.value(node.func).path,
            tuple(self.value(argument) for argument in node.args),
            spread | keywords,
            owner,
            self.inner,
        )
