"""The names of a document and what is bound to them, whatever the order of its cells."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from ...cells.values import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...cells.flow import CallSite
    from ...cells.unit import Unit


class Bound(NamedTuple):
    """What a name is bound to, where; `place` is that of a parameter of the function `owner`."""

    value: ast.expr | None
    chain: tuple[int, ...]
    owner: ast.FunctionDef | ast.AsyncFunctionDef | None = None
    place: int = -1


_FILLING: Final = frozenset({"append", "extend", "insert", "add", "update", "appendleft"})
_STEPS: Final = 200_000
"""Expressions that are looked at for one document; what is left then counts as its own."""
_MANY: Final = 40
_Scope = tuple[tuple[int, ...], tuple[ast.expr, ...]]
"""The functions that a node stands in, the innermost first, and what is asked for around it."""
_OUTER: Final[_Scope] = ((0,), ())


class Names:
    """All names, by the function that they are of; members such as `self.command` are of none."""

    def __init__(self, units: Iterable[Unit], calls: Iterable[CallSite]) -> None:
        """`calls` say what the nodes of the units call."""
        self._paths = {}
        self._updates: dict[tuple[int, str], list[ast.expr]] = {}
        for site in calls:
            self._paths[id(site.node)] = site.path
            if site.node.args and site.path.endswith(".update"):
                self._updates.setdefault((site.cell, site.path), []).append(site.node.args[0])
        self._bound: dict[tuple[int, str], list[Bound]] = {}
        self._scopes: dict[int, _Scope] = {}
        self._returned: dict[str, list[ast.expr | None]] = {}
        self._parents: dict[int, ast.AST] = {}
        self._read: dict[str, list[tuple[ast.expr, tuple[int, ...]]]] = {}
        self._calls: dict[str, list[tuple[ast.Call, tuple[int, ...]]]] = {}
        self._left = _STEPS
        for unit in units:
            for tree in unit.program.python.trees if unit.program else ():
                self._walk(tree)

    def tests(self, site: CallSite) -> tuple[ast.expr, ...]:
        """What every `if` asks for whose body a site stands in."""
        return self._scopes.get(id(site.node), _OUTER)[1]

    def updates(self, site: CallSite) -> list[ast.expr]:
        """What `made.update(...)` is given in the cell of a call that makes something."""
        return self._updates.get((site.cell, f"{site.path}().update"), [])[:_MANY]

    def _chain(self, site: CallSite) -> tuple[int, ...]:
        return self._scopes.get(id(site.node), _OUTER)[0]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that a node is part of."""
        return self._parents.get(id(node))

    def called(self, node: ast.Call) -> str:
        """The path of what is called."""
        return self._paths.get(id(node), "") or dotted(node.func)

    def uses(
        self, node: ast.Assign | ast.withitem | ast.NamedExpr, site: CallSite
    ) -> list[ast.expr]:
        """Where the first name that is bound here is read; those of other functions, too."""
        targets = node.targets if isinstance(node, ast.Assign) else [_target_of(node)]
        name = dotted(targets[0]) if targets and targets[0] is not None else ""
        found = self._read.get(name, [])
        self._left -= 1 + len(found)
        chain = self._chain(site)
        same = [one for one, scope in found if scope == chain]
        return same if self._left >= 0 else []

    def returns(self, node: ast.Call, is_such: Callable[[ast.expr], bool]) -> bool:
        """Whether all that an own function gives back is such a thing."""
        found = self._returned.get(dotted(node.func), [])
        return bool(found) and all(one is not None and is_such(one) for one in found)

    def bound(self, node: ast.expr, site: CallSite) -> list[ast.expr]:
        """What a name at a site is bound to; with the expression itself if it may be more."""
        name = dotted(node)
        found = self._find(name, self._chain(site)) if name else []
        self._left -= 1 + len(found)
        if self._left < 0:
            return [node]
        known = [one.value for one in found if one.value is not None and one.owner is None]
        return known if known and len(known) == len(found) else [*known, node]

    def _find(self, name: str, chain: tuple[int, ...]) -> list[Bound]:
        for scope in chain:
            if (scope, name) in self._bound:
                return self._bound[scope, name]
        return []

    def _walk(self, tree: ast.Module) -> None:
        waiting: list[tuple[ast.AST, _Scope]] = [(tree, _OUTER)]
        while waiting:
            node, scope = waiting.pop()
            for child in ast.iter_child_nodes(node):
                self._parents[id(child)] = node
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                self._read.setdefault(dotted(node), []).append((node, scope[0]))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._bind(node.name, None, scope[0])
                self._returned.setdefault(node.name, []).extend(_given_back(node))
                scope = ((id(node), *scope[0]), scope[1])
                self._parameters(node, scope[0])
            elif isinstance(node, ast.If):
                inner = (scope[0], (*scope[1], node.test))
                waiting.extend((child, inner) for child in node.body)
                waiting.extend((child, scope) for child in (node.test, *node.orelse))
                continue
            elif isinstance(node, ast.Call):
                self._scopes[id(node)] = scope
            self._note(node, scope[0])
            waiting.extend((child, scope) for child in ast.iter_child_nodes(node))

    def _note(self, node: ast.AST, chain: tuple[int, ...]) -> None:
        """What a node binds."""
        for target, value in _bindings(node):
            self._target(target, value, chain)
            if isinstance(value, ast.Lambda):
                self._returned.setdefault(dotted(target), []).append(value.body)
        if isinstance(node, ast.Call):
            self._calls.setdefault(dotted(node.func), []).append((node, chain))
            if isinstance(node.func, ast.Attribute) and node.func.attr in _FILLING:
                for one in node.args:
                    self._bind(dotted(node.func.value), one, chain)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                self._bind(alias.asname or alias.name, None, chain)

    def _target(self, target: ast.expr, value: ast.expr, chain: tuple[int, ...]) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            pairs = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            for place, one in enumerate(target.elts):
                part = value.elts[place] if pairs else value  # type: ignore[attr-defined]  # `pairs` says that it has them
                self._target(one, part, chain)
        elif isinstance(target, ast.Starred):
            self._target(target.value, value, chain)
        elif isinstance(target, ast.Subscript):
            self._bind(dotted(target.value), value, chain)
        else:
            self._bind(dotted(target), value, chain)

    def _bind(self, name: str, value: ast.expr | None, chain: tuple[int, ...]) -> None:
        """Members such as `self.command` are one for all functions."""
        if name:
            scope = chain[-1] if "." in name else chain[0]
            self._bound.setdefault((scope, name), []).append(Bound(value, chain))

    def _parameters(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, chain: tuple[int, ...]
    ) -> None:
        args = node.args
        given = args.defaults[-len(args.args) :] if args.args else []
        defaults = [*[None] * (len(args.args) - len(given)), *given]
        named = [(one.arg, place, defaults[place]) for place, one in enumerate(args.args)]
        named += [(one.arg, -1, None) for one in (*args.posonlyargs, *args.kwonlyargs)]
        named += [(one.arg, -1, None) for one in (args.vararg, args.kwarg) if one is not None]
        for name, place, default in named:
            bound = Bound(default, chain[1:], node, place)
            self._bound.setdefault((chain[0], name), []).append(bound)


def _given_back(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr | None]:
    """What the `return` of a function of few statements gives back."""
    if len(node.body) > 5:
        return [None]
    return [
        one.value for part in node.body for one in ast.walk(part) if isinstance(one, ast.Return)
    ]


def _target_of(node: ast.withitem | ast.NamedExpr) -> ast.expr | None:
    return node.target if isinstance(node, ast.NamedExpr) else node.optional_vars


def _bindings(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Targets and what they get; the items of a list are taken for the list."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value:
        yield node.target, node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.target, node.iter
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, node.context_expr
