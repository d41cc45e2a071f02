"""Statements in the order in which they run; of branches, loops and functions, as far as that goes.

What is assigned in a branch may be so afterwards. Loops, and classes, are read a second time where
something comes from a source: what the end of one gives is there at its beginning.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from .binding import Binding
from .fixed import Value
from .nodes import captured, expressions, leaves
from .scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .sites import CallSite, Site

_DEEPEST: Final = 60
"""Statements within statements, functions within functions."""


class Walk(Binding):
    """Goes from statement to statement. Subclasses know functions, and texts to be run."""

    def __init__(self, source: Callable[[str], str]) -> None:
        """`source` as for `flow.follow`."""
        super().__init__(source)
        self.depth = 0
        self.again = False
        """Whether a loop or a class is being read in which no other is read twice."""

    def statement(self, node: ast.stmt) -> Iterator[Site]:
        """What one statement does, and all statements in it."""
        self.depth += 1
        if self.depth <= _DEEPEST:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from self.definition(node)
            else:
                for child in expressions(node):
                    yield from self.calls(child)
                yield from self._effect(node)
                yield from self._inside(node)
        self.depth -= 1

    def definition(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> Iterator[Site]:
        """A function or a class."""
        raise NotImplementedError

    def handed(self, site: CallSite) -> Iterator[Site]:
        """What the text does that a call hands over."""
        raise NotImplementedError

    def returned(self, value: Value) -> None:
        """What a function gives back."""
        raise NotImplementedError

    def _effect(self, node: ast.stmt) -> Iterator[Site]:
        """What a statement itself does to names."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.scope.imported(node)
        elif isinstance(node, ast.Assign):
            for target, value in self.side_by_side(node):
                yield from self.assigned(node, target, value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value:
            yield from self.assigned(node, node.target, self.value(node.value))
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, self.value(item.context_expr))
        elif isinstance(node, ast.Return) and node.value is not None:
            self._given_back(node.value)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            self.scope.function.globals.update(node.names)

    def _given_back(self, node: ast.expr) -> None:
        self.returned(self.value(node))
        for one in node.keywords if isinstance(node, ast.Call) else ():
            if one.arg == "update":  # what a node of a graph says of its state
                self.returned(self.value(one.value))

    def calls(self, node: ast.expr) -> Iterator[Site]:
        """The calls in an expression, the inner ones first; names bound by `:=` on the way."""
        yield from self._clauses(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from self.calls(child)
            elif isinstance(child, ast.keyword):
                yield from self.calls(child.value)
            elif isinstance(child, ast.arguments):
                for default in [*child.defaults, *filter(None, child.kw_defaults)]:
                    yield from self.calls(default)
        if isinstance(node, ast.NamedExpr):
            self.bind(node.target, self.value(node.value))
        elif isinstance(node, ast.Yield | ast.YieldFrom) and node.value is not None:
            self.returned(self.value(node.value))
        elif isinstance(node, ast.Call):
            site = self.site(node)
            yield site
            self.called(site)
            yield from self.handed(site)

    def _clauses(self, node: ast.expr) -> Iterator[Site]:
        """The `for ... in ... if ...` of a comprehension."""
        for clause in getattr(node, "generators", ()):
            yield from self.calls(clause.iter)
            self.bind(clause.target, self.each(clause.iter))
            for test in clause.ifs:
                yield from self.calls(test)

    def _inside(self, node: ast.stmt) -> Iterator[Site]:
        """The statements in a statement."""
        if isinstance(node, ast.If):
            yield from self._either([([], node.body), ([], node.orelse)])
        elif isinstance(node, ast.For | ast.AsyncFor):
            yield from self._loop(node, lambda: self.bind(node.target, self.each(node.iter)))
            yield from self.block(node.orelse)
        elif isinstance(node, ast.While):
            yield from self._loop(node, lambda: None)
            yield from self.block(node.orelse)
        elif isinstance(node, ast.Try | ast.TryStar):
            yield from self._tried(node)
        elif isinstance(node, ast.Match):
            subject = self.value(node.subject)
            given = Value(subject.path, subject.taints)
            cases = [
                ([(name, given) for name in captured(one.pattern)], one.body) for one in node.cases
            ]
            yield from self._either([*cases, ([], [])])
        elif isinstance(node, ast.With | ast.AsyncWith):
            yield from self.block(node.body)

    def block(self, statements: Iterable[ast.stmt]) -> Iterator[Site]:
        """Statements one after the other."""
        for one in statements:
            yield from self.statement(one)

    def _either(
        self, branches: Sequence[tuple[list[tuple[str, Value]], list[ast.stmt]]]
    ) -> Iterator[Site]:
        """Of several branches one; each with the names that it brings."""
        outer, ends = self.scope, []
        for names, body in branches:
            self.scope = Scope(outer, is_branch=True)
            self.scope.names.update(names)
            yield from self.block(body)
            if not leaves(body):
                ends.append(self.scope)
        self.scope = outer
        outer.join(ends)

    def _tried(self, node: ast.Try | ast.TryStar) -> Iterator[Site]:
        """The handlers begin with what the body may have done."""
        outer = self.scope
        tried = self.scope = Scope(outer, is_branch=True)
        yield from self.block([*node.body, *node.orelse])
        ends = [tried]
        for handler in node.handlers:
            self.scope = Scope(tried, is_branch=True)
            yield from self.block(handler.body)
            if not leaves(handler.body):
                ends.append(self.scope)
        self.scope = outer
        outer.join(ends)
        yield from self.block(node.finalbody)

    def _loop(
        self, node: ast.For | ast.AsyncFor | ast.While, begin: Callable[[], None]
    ) -> Iterator[Site]:
        """The body of a loop, from its beginning and, where that may differ, from its end."""
        if self.again:
            yield from self._turn(node, begin)
            return
        before = self.scope
        self.again = True
        sites = list(self._turn(node, begin, trial=True))
        tried, self.scope = self.scope, before
        fresh = self.is_hot and any(
            value.taints - getattr(before.known(name), "taints", frozenset())
            for name, value in tried.names.items()
        )
        before.join([Scope(before, is_branch=True), tried])
        if fresh:
            sites = list(self._turn(node, begin))
        self.again = False
        yield from sites

    def _turn(
        self,
        node: ast.For | ast.AsyncFor | ast.While,
        begin: Callable[[], None],
        *,
        trial: bool = False,
    ) -> Iterator[Site]:
        """One turn of a loop; a trial leaves its scope in place."""
        outer = self.scope
        turn = self.scope = Scope(outer, is_branch=True)
        begin()
        yield from self.block(node.body)
        if not trial:
            self.scope = outer
            outer.join([Scope(outer, is_branch=True), turn])
