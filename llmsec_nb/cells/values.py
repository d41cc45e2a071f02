"""What expressions stand for, as far as reading tells: paths such as `torch.load`, and sources.

A path is how a value was reached from a module or a built-in: `openai.OpenAI().chat` say; `()` is a
call, `[]` an item; `?client.chat` begins with a name that no cell has brought. It says where the
value comes from, not what it is.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from .fixed import (
    UNKNOWN,
    Value,
    dictionary,
    element,
    is_numeric,
    item,
    listed,
    literal,
    reader,
    result,
    together,
)
from .folding import LONGEST, METHODS, fold
from .namespaces import fetched, imported, is_namespace, member, shell
from .operations import of_parts, operated, signed, sliced
from .scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["UNKNOWN", "Scope", "Value", "dotted", "value_of"]

_NUMBER: Final = "builtins.int"
"""What a number comes from."""
_OWN_CALLS: Final = (".__call__", ".forward", ".aforward")
"""The methods that a call of an instance is a call of."""
_READS: Final = frozenset({"read", "read_text", "readlines", "readline"})


def value_of(node: ast.expr, scope: Scope, source: Callable[[str], str], depth: int = 0) -> Value:
    """What an expression stands for. Expressions deeper than 100 are unknown."""
    if depth > 100:
        return UNKNOWN
    deeper = depth + 1
    if isinstance(node, ast.Constant):
        return literal(node.value)
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if isinstance(node, ast.Call):
        return _call(node, scope, source, deeper)
    if isinstance(node, ast.Attribute | ast.Subscript | ast.Await | ast.Starred | ast.NamedExpr):
        return _reached(node, scope, source, deeper)
    return _composed(node, scope, source, deeper)


def _composed(node: ast.expr, scope: Scope, source: Callable[[str], str], depth: int) -> Value:
    """What is put together, of what stands for its parts."""
    if isinstance(node, ast.Dict):
        return _dictionary(node, scope, source, depth)
    number = source(_NUMBER)
    if isinstance(node, ast.Compare):
        return Value(taints=frozenset({number} - {""}))  # true or false
    parts = [value_of(one, scope, source, depth) for one in _inner(node)]
    if isinstance(node, ast.BinOp):
        return operated(node.op, parts[0], parts[1], number)
    if isinstance(node, ast.List | ast.Tuple):
        return listed(parts, number)
    if isinstance(node, ast.UnaryOp):
        return signed(node.op, parts[0], number)
    return of_parts(node, parts, number)


def _dictionary(node: ast.Dict, scope: Scope, source: Callable[[str], str], depth: int) -> Value:
    """Item by item; what `**more` brings is among them, if it is known."""
    pairs: list[tuple[str | None, Value]] = []
    for key, one in zip(node.keys, node.values, strict=True):
        value = value_of(one, scope, source, depth)
        if key is None:
            pairs += [*(value.items or ()), (None, value)]
            continue
        name = value_of(key, scope, source, depth)
        if not name.is_known:
            pairs.append((None, name))
        pairs.append((name.constant if isinstance(name.constant, str) else None, value))
    return dictionary(pairs, source(_NUMBER))


def _reached(
    node: ast.Attribute | ast.Subscript | ast.Await | ast.Starred | ast.NamedExpr,
    scope: Scope,
    source: Callable[[str], str],
    depth: int,
) -> Value:
    """What is reached from another value by a member, an item, or nothing at all."""
    base = value_of(node.value, scope, source, depth)
    if isinstance(node, ast.Attribute):
        return _attribute(base, node, scope)
    if isinstance(node, ast.Subscript):
        return _subscript(base, node.slice, scope, source, depth)
    return base


def _attribute(base: Value, node: ast.Attribute, scope: Scope) -> Value:
    """A member: what was assigned to it, here or in the class that the thing is one of."""
    if node.attr == "__builtins__":
        return Value("builtins")
    if node.attr == "__call__":
        return base
    own = scope.known(f"{dotted(node.value)}.{node.attr}")
    if own is None and base.path.endswith("()"):
        own = scope.known(f"{base.path}.{node.attr}")
    if own is None and base.items is not None and base.path.startswith("?"):
        own = item(base, node.attr)
    if own is not None:
        return own
    path, file = _longer(base.path, f".{node.attr}"), reader(base)
    return Value(path, base.taints, is_fixed=base.is_known and not file, file=file)


def _subscript(
    base: Value, key: ast.expr, scope: Scope, source: Callable[[str], str], depth: int
) -> Value:
    """An item: of a namespace, a dictionary, a list, or a text."""
    if isinstance(base.constant, str) and isinstance(key, ast.Slice):
        return sliced(base, key)
    if is_namespace(base.path) or base.items is not None or base.elements:
        name = value_of(key, scope, source, depth)
        if name.is_constant:
            place = -1 if name.constant is None else name.constant
            is_whole = isinstance(place, int) and not isinstance(place, bool)
            found = member(base.path, name.constant, scope) or item(base, name.constant)
            found = found or (element(base, place) if is_whole else None)
            if found is not None:
                return found
    path = _longer(base.path, "[]")
    return Value(path, base.taints, is_fixed=base.is_known, file=base.file)


def _call(node: ast.Call, scope: Scope, source: Callable[[str], str], depth: int) -> Value:
    owner = None
    if isinstance(node.func, ast.Attribute):  # looked at once: calls may stand in a long chain
        owner = value_of(node.func.value, scope, source, depth)
        function = _attribute(owner, node.func, scope)
    else:
        function = value_of(node.func, scope, source, depth)
    kind = source(function.path) if function.path else ""
    given = [value_of(argument, scope, source, depth) for argument in node.args]
    if kind:
        addresses = [one.constant for one in given[:2] if isinstance(one.constant, str)]
        kinds = {source(f"{function.path} {one[:LONGEST]}") for one in addresses} - {""}
        return Value(_longer(function.path, "()"), frozenset(kinds or {kind}))
    named = fetched(function.path, given, scope) or imported(function.path, given)
    if named is not None:
        return named
    by_name = [(one.arg, value_of(one.value, scope, source, depth)) for one in node.keywords]
    if owner is not None and isinstance(node.func, ast.Attribute) and not by_name:
        made = _of_literal(node.func.attr, owner, given, scope)
        if made is not None:
            return made
    number = source(_NUMBER)
    if is_numeric(function.path):
        return Value(_longer(function.path, "()"), frozenset({number} - {""}))
    made = result(function, given, by_name)
    if made is not None:
        return made._replace(path=_longer(function.path, "()"))
    every = [*given, *(value for _, value in by_name)]
    return _returned(function, every, scope, number)


def _of_literal(method: str, owner: Value, given: list[Value], scope: Scope) -> Value | None:
    """What a method gives: of a text that is written down, of a dictionary, of a namespace."""
    if method in {"get", "__getitem__", "pop"} and given and given[0].is_constant:
        name = given[0].constant
        return member(owner.path, name, scope) or item(owner, name)
    if method in METHODS and isinstance(owner.constant, str | bytes):
        words = [
            [x.constant for x in one.elements] if one.elements else one.constant for one in given
        ]
        text = fold(method, owner.constant, words)
        if text is not None:
            return Value(taints=together([owner, *given]), constant=text, is_constant=True)
    return None


def _returned(function: Value, every: list[Value], scope: Scope, number: str) -> Value:
    """What comes out of a call of which no more is known than what goes in."""
    taints = function.taints | together(every, number)
    known = scope.result(function.path) if function.path else None
    if known is None and function.path.endswith("()"):
        found = (scope.result(f"{function.path}{own}") for own in _OWN_CALLS)
        known = next((one for one in found if one is not None), None)
    if known is not None:
        return Value(known.path, known.taints | taints - {number}, items=known.items)
    if function.path == "builtins.chr" and len(every) == 1:
        text = fold("chr", "", [every[0].constant])
        if text is not None:
            return Value(taints=taints - {number}, constant=text, is_constant=True)
    for one in every:  # `pool.map(ask, texts)`
        handed = scope.result(one.path) if one.path else None
        taints |= handed.taints if handed is not None else frozenset()
    if function.path != "builtins.str":
        taints -= {number}
    if function.file and function.path.rpartition(".")[2] in _READS:
        written = scope.shared.get(f"file {function.file}")
        taints |= written.taints if written is not None else frozenset()
    return Value(shell(_longer(function.path, "()")), taints, file=function.file)


def _inner(node: ast.expr) -> Iterable[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.comprehension):
            yield child.iter


def _longer(path: str, more: str) -> str:
    return path + more if path and len(path) + len(more) <= LONGEST else ""


def dotted(node: ast.expr) -> str:
    """The words of a plain chain of names, `self.client` say; empty for anything else."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(words)])
