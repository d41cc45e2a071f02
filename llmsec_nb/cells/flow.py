"""A notebook followed in the order of its cells: which calls are made, with what, from where."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from .aliases import Aliases
from .fixed import merged, stored
from .ipython import handed
from .nodes import arguments, expressions, statements
from .python import Broken
from .sites import AssignSite, CallSite, CommandSite, Site
from .values import UNKNOWN, Scope, Value, dotted, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .ipython import Handed
    from .program import Command, Program

__all__ = ["AssignSite", "CallSite", "CommandSite", "Site", "Trail", "follow"]

_EXPANDED: Final = re.compile(r"\{(?P<braces>[^{}\n]{1,200})\}|\$(?P<dollar>[A-Za-z_]\w{0,80})")
_DEEPEST: Final = 60
"""Statements within statements, functions within functions."""
_FILLING: Final = frozenset({"append", "extend", "insert", "add", "update", "appendleft", "put"})
_DEEPEST_TEXT: Final = 4
"""Programs in texts of programs."""


def follow(programs: Iterable[tuple[int, Program]], source: Callable[[str], str]) -> Iterator[Site]:
    """All sites, cell by cell, in the order in which they run from top to bottom.

    Programs come with the numbers that their sites get as `cell`. `source` says of the path of a
    call which kind of source its result is, empty: none.
    """
    trail = Trail(source)
    for number, program in programs:
        yield from trail.cell(number, program)


class Trail:
    """Remembers what names stand for from one cell to the next."""

    def __init__(self, source: Callable[[str], str]) -> None:
        """`source` as for `follow`."""
        self.source = source
        self.scope = Scope()
        self.number = 0
        self.depth = 0
        self.inner: Handed | None = None
        self.texts = 0
        self.in_class = False
        self.aliases = Aliases()

    def cell(self, number: int, program: Program) -> Iterator[Site]:
        """The sites of the next cell. What is not asked for to the end is not remembered."""
        self.number = number
        self.unit = program
        self.inner = None
        yield from self._whole(program)

    def _whole(self, program: Program) -> Iterator[Site]:
        """All of a program."""
        self.program = program
        waiting = list(program.commands)
        for tree in program.python.trees:
            for statement in tree.body:
                start = program.python.span(statement)[0]
                while waiting and waiting[0].start <= start:
                    yield from self._commanded(waiting.pop(0))
                try:
                    yield from self.statement(statement)
                except RecursionError:
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
        values = {}
        for found in _EXPANDED.finditer(self.program.text, command.start, command.end):
            name = found["braces"] or found["dollar"]
            values[name] = self._expression(name)
        return CommandSite(self.number, command, values, self.inner)

    def _expression(self, text: str) -> Value:
        """What a text in braces stands for."""
        try:
            return self.value(ast.parse(text.strip(), mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN

    def value(self, node: ast.expr) -> Value:
        """What an expression stands for here."""
        return value_of(node, self.scope, self.source)

    def statement(self, node: ast.stmt) -> Iterator[Site]:
        """What one statement does, and all statements in it."""
        self.depth += 1
        if self.depth <= _DEEPEST:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from self._definition(node)
            else:
                yield from self._plain(node)
        self.depth -= 1

    def _plain(self, node: ast.stmt) -> Iterator[Site]:
        for child in expressions(node):
            yield from self._calls(child)
        yield from self._effect(node)
        for inner in statements(node):
            yield from self.statement(inner)

    def _effect(self, node: ast.stmt) -> Iterator[Site]:
        """What a statement itself does to names."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.scope.imported(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            if isinstance(node, ast.Assign):
                pairs = self._side_by_side(node)
            else:
                pairs = [(node.target, self.value(node.value))]
            for target, value in pairs:
                yield from self._assigned(node, target, value)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._bind(node.target, self._each(node.iter))
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, self.value(item.context_expr))
        elif isinstance(node, ast.Return) and node.value is not None:
            self._returned(self.value(node.value))

    def _calls(self, node: ast.expr) -> Iterator[Site]:
        """The calls in an expression, the inner ones first; names bound by `:=` on the way."""
        for clause in getattr(node, "generators", ()):
            yield from self._calls(clause.iter)
            self._bind(clause.target, self._each(clause.iter))
            for test in clause.ifs:
                yield from self._calls(test)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from self._calls(child)
            elif isinstance(child, ast.keyword):
                yield from self._calls(child.value)
            elif isinstance(child, ast.arguments):
                for default in [*child.defaults, *filter(None, child.kw_defaults)]:
                    yield from self._calls(default)
        if isinstance(node, ast.NamedExpr):
            self._bind(node.target, self.value(node.value))
        if isinstance(node, ast.Call):
            site = self._site(node)
            yield site
            self._filled(site)
            yield from self._handed(site)

    def _each(self, node: ast.expr) -> Value:
        """What a loop over something gives."""
        whole = self.value(node)
        if isinstance(node, ast.Call) and self.value(node.func).path == "builtins.range":
            return Value(taints=frozenset({self.source("builtins.int")} - {""}))
        return Value(taints=whole.taints, is_fixed=whole.is_known)

    def _filled(self, site: CallSite) -> None:
        """`parts.append(reply)`: what is put into a thing has a part in it."""
        function = site.node.func
        if not isinstance(function, ast.Attribute) or function.attr not in _FILLING:
            return
        if function.attr == "update" and site.owner.items is not None:
            held = merged(site.owner, site.arguments, list(site.keywords.items()))
        else:
            held = site.owner
            for value in site.arguments:
                if value.taints or (held.is_known and not value.is_known):
                    held = stored(held, None, value)
        if held is not site.owner:
            self._bind(function.value, held)

    def _handed(self, site: CallSite) -> Iterator[Site]:
        """What the text does that a call hands over: it sees the same names."""
        inner = handed(site, self.unit) if self.texts < _DEEPEST_TEXT else None
        if inner is not None:
            yield from self._within([inner, *inner.files()])

    def _within(self, texts: Iterable[Handed]) -> Iterator[Site]:
        """What programs in texts do."""
        outer = self.program, self.inner
        self.texts += 1
        for one in texts:
            self.inner = one
            yield from self._whole(one.program)
        self.texts -= 1
        self.program, self.inner = outer

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """The characters of the unit that a node stands in."""
        span = self.program.python.span(node)
        return self.inner.span(*span) if self.inner else span

    def _site(self, node: ast.Call) -> CallSite:
        start, end = self._span(node)
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

    def _side_by_side(self, node: ast.Assign) -> list[tuple[ast.expr, Value]]:
        """The targets of `a, b = 1, 2` one by one, and what each of them gets."""
        found: list[tuple[ast.expr, Value]] = []
        for target in node.targets:
            if (
                isinstance(target, ast.Tuple)
                and isinstance(node.value, ast.Tuple)
                and len(target.elts) == len(node.value.elts)
                and not any(
                    isinstance(one, ast.Starred) for one in (*target.elts, *node.value.elts)
                )
            ):
                values = map(self.value, node.value.elts)
                found += zip(target.elts, values, strict=True)
            else:
                found.append((target, self.value(node.value)))
        return found

    def _assigned(self, node: ast.stmt, target: ast.expr, value: Value) -> Iterator[Site]:
        if isinstance(node, ast.AugAssign):
            value = Value(taints=value.taints | self.value(target).taints)
        self._bind(target, value)
        if isinstance(target, ast.Attribute | ast.Subscript):
            start, end = self._span(node)
            key = self.value(target.slice) if isinstance(target, ast.Subscript) else UNKNOWN
            path = self._target(target)
            yield AssignSite(self.number, node, start, end, path, key, value, self.inner)

    def _target(self, target: ast.Attribute | ast.Subscript) -> str:
        base = self.value(target.value).path
        if not base:
            return ""
        return f"{base}[]" if isinstance(target, ast.Subscript) else f"{base}.{target.attr}"

    def _bind(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            self.scope.names[target.id] = value
        elif isinstance(target, ast.Attribute):
            name = dotted(target)
            if name:
                self.scope.names[name] = value
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._bind(element, Value(taints=value.taints, is_fixed=value.is_known))
        elif isinstance(target, ast.Starred):
            self._bind(target.value, Value(taints=value.taints, is_fixed=value.is_known))
        elif isinstance(target, ast.Subscript):
            held = self.value(target.value)
            if value.taints or held.is_known or held.items is not None:
                key = target.slice.value if isinstance(target.slice, ast.Constant) else None
                self._bind(target.value, stored(held, key, value))

    def _definition(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> Iterator[Site]:
        """A function or class: its body is read once, where it stands."""
        for decorator in node.decorator_list:
            yield from self._calls(decorator)
        outer, self.scope = self.scope, Scope(self.scope)
        self.scope.names[_RESULT] = UNKNOWN
        if isinstance(node, ast.ClassDef):
            for base in [*node.bases, *(one.value for one in node.keywords)]:
                yield from self._calls(base)
        else:
            for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
                yield from self._calls(default)
            for argument in arguments(node.args):
                self.scope.names[argument.arg] = Value(f"?{argument.arg}")
        held, self.in_class = self.in_class, isinstance(node, ast.ClassDef)
        for inner in node.body:
            yield from self.statement(inner)
        self.in_class = held
        result, members = self.scope.names[_RESULT], self.scope.names
        methods, self.scope = self.scope.returns, outer
        outer.names[node.name] = Value(node.name)
        own = f"?self.{node.name}" if self.in_class else node.name
        outer.returns.pop(own, None)
        if isinstance(node, ast.ClassDef):
            made = f"{node.name}()."
            found = {name.replace("?self.", made): value for name, value in methods.items()}
            outer.returns |= found
            return
        outer.names |= {name: value for name, value in members.items() if name.startswith("self.")}
        if result.path or result.taints:
            outer.returns[own] = result

    def _returned(self, value: Value) -> None:
        before = self.scope.names.get(_RESULT, UNKNOWN)
        path = value.path or before.path
        self.scope.names[_RESULT] = Value(path, before.taints | value.taints)


_RESULT: Final = "return"
"""No name can be called so."""
