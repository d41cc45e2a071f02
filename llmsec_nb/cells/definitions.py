"""Functions and classes: each is read where it stands, and remembered by what it does.

Remembered are what a function gives back, what it leaves in what it is given, and the members of
what a class makes. Nodes of a graph, functions that are given its `state`, find in it what the
others have given back.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from .fixed import Value, either
from .nodes import annotated, arguments
from .scope import Scope
from .values import UNKNOWN, dotted
from .walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .sites import Site

_RESULT: Final = "return"
"""No name can be called so."""
_GRAPH: Final = "state "
"""How a part of the state of a graph is called among what a notebook shares."""
_OWN: Final = frozenset({"self", "cls"})
_HARMLESS: Final = frozenset(
    {"builtins.property", "builtins.staticmethod", "builtins.classmethod", "builtins.super"}
)


class Definitions(Walk):
    """Knows what becomes of functions and classes."""

    def __init__(self, source: Callable[[str], str]) -> None:
        """`source` as for `flow.follow`."""
        super().__init__(source)
        self.in_class = False

    def definition(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> Iterator[Site]:
        """A function or class: its body is read where it stands."""
        for decorator in node.decorator_list:
            yield from self.calls(decorator)
        if isinstance(node, ast.ClassDef):
            yield from self._class(node)
        else:
            yield from self._function(node)
        yield from self._decorated(node)

    def returned(self, value: Value) -> None:
        """What a function gives back, besides what it gave back before."""
        scope = self.scope.function
        before = scope.names.get(_RESULT, UNKNOWN)
        path = value.path or before.path
        items = before.items if value.items is None else value.items
        scope.names[_RESULT] = Value(path, before.taints | value.taints, items=items)

    def _decorated(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> Iterator[Site]:
        """`@eval`: a built-in that is called with what stands below it."""
        given: ast.expr = ast.Name(id=node.name, ctx=ast.Load())
        for decorator in reversed(node.decorator_list):
            ast.copy_location(given, decorator)
            call = ast.copy_location(ast.Call(func=decorator, args=[given], keywords=[]), decorator)
            path = self.value(decorator).path
            if path.startswith("builtins.") and path not in _HARMLESS and path.count(".") == 1:
                yield self.site(call)
            given = call

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Site]:
        for one in [*node.args.defaults, *filter(None, node.args.kw_defaults), *annotated(node)]:
            yield from self.calls(one)
        outer, self.scope = self.scope, Scope(self.scope)
        inner = self.scope
        inner.names[_RESULT] = UNKNOWN
        is_node = self._parameters(node)
        held, self.in_class = self.in_class, False
        yield from self.block(node.body)
        self.in_class, self.scope = held, outer
        outer.names[node.name] = Value(node.name)
        own = f"?self.{node.name}" if self.in_class else node.name
        outer.returns.pop(own, None)
        outer.names |= {
            name: value for name, value in inner.names.items() if name.startswith("self.")
        }
        result = self._marked(node, inner.names[_RESULT])
        if result.path or result.taints:
            outer.returns[own] = result
        if is_node:
            self._shared(result)
        self._effects(own, inner)

    def _marked(self, node: ast.FunctionDef | ast.AsyncFunctionDef, result: Value) -> Value:
        """What a function gives back whose decorator lets a model write it."""
        paths = (self.value(decorator).path for decorator in node.decorator_list)
        kinds = {self.source(f"@{path}") for path in paths if path} - {""}
        return Value(taints=result.taints | kinds) if kinds else result

    def _parameters(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Give the parameters a value each. Given is whether the first is the state of a graph."""
        scope = self.scope
        for argument in arguments(node.args):
            scope.names[argument.arg] = Value(f"?{argument.arg}")
        named = [one for one in (*node.args.posonlyargs, *node.args.args) if one.arg not in _OWN]
        scope.parameters = {one.arg: place for place, one in enumerate(named)}
        if not named or not _is_state(named[0]):
            return False
        known = scope.shared.items()
        items = [(key.removeprefix(_GRAPH), one) for key, one in known if key.startswith(_GRAPH)]
        scope.names[named[0].arg] = Value(f"?{named[0].arg}", items=tuple(items))
        return True

    def _shared(self, result: Value) -> None:
        """What a node gives back is in the state that the others are given."""
        for name, value in result.items or ():
            if value.taints:
                key = f"{_GRAPH}{name}"
                before = self.scope.shared.get(key)
                self.scope.shared[key] = value if before is None else either([before, value])

    @staticmethod
    def _effects(path: str, inner: Scope) -> None:
        """What a function leaves in what it is given."""
        outer = inner.outer
        left = {
            (place, name): inner.names[name]
            for name, place in inner.parameters.items()
            if name in inner.changed and inner.names[name].taints
        }
        if outer is not None and (left or path in outer.effects):
            outer.effects[path] = left

    def _class(self, node: ast.ClassDef) -> Iterator[Site]:
        for base in [*node.bases, *(one.value for one in node.keywords)]:
            yield from self.calls(base)
        outer, self.scope = self.scope, Scope(self.scope)
        inner = self.scope
        for base in node.bases:
            _inherited(dotted(base), inner)
        held, self.in_class = self.in_class, True
        before, self.again = self.again, True
        sites = list(self.block(node.body))
        if self.is_hot and not before and _knows(inner):
            sites = list(self.block(node.body))
        self.again, self.in_class, self.scope = before, held, outer
        yield from sites
        outer.names[node.name] = Value(node.name)
        made = f"{node.name}()."
        outer.returns |= {name.replace("?self.", made): one for name, one in inner.returns.items()}
        outer.effects |= {name.replace("?self.", made): one for name, one in inner.effects.items()}
        for name, value in inner.names.items():
            if name.startswith("self.") and (value.path or value.taints):
                outer.names[f"{made}{name.removeprefix('self.')}"] = value


def _is_state(argument: ast.arg) -> bool:
    """Whether a parameter is the state of a graph, by its name or by its type."""
    kind = argument.annotation
    while isinstance(kind, ast.Subscript):
        kind = kind.value
    word = getattr(kind, "attr", "") or getattr(kind, "id", "")
    return argument.arg == "state" or word.endswith("State")


def _knows(scope: Scope) -> bool:
    """Whether any method or member of a class has to do with a source."""
    members = (value for name, value in scope.names.items() if name.startswith("self."))
    return any(value.taints or value.path for value in (*members, *scope.returns.values()))


def _inherited(base: str, scope: Scope) -> None:
    """The methods and members of a class of the notebook that another one is made of."""
    made, outer = f"{base}().", scope.outer
    while base and outer is not None:
        for name, value in outer.returns.items():
            if name.startswith(made):
                scope.returns.setdefault(f"?self.{name.removeprefix(made)}", value)
        for name, value in outer.names.items():
            if name.startswith(made):
                scope.names.setdefault(f"self.{name.removeprefix(made)}", value)
        outer = outer.outer
