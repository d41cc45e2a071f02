"""What expressions stand for, as far as reading tells: paths such as `torch.load`, and sources.

A path is how a value was reached from a module or a built-in: `openai.OpenAI().chat` say; `()` is a
call, `[]` an item; `?client.chat` begins with a name that no cell has brought. It says where the
value comes from, not what it is.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from .fixed import (
    LONGEST,
    UNKNOWN,
    Value,
    below,
    concatenated,
    dictionary,
    is_numeric,
    item,
    literal,
    reader,
    result,
    several,
    together,
)
from .stars import STARS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["UNKNOWN", "Scope", "Value", "dotted", "value_of"]

CONVENTIONS: Final = {
    "np": "numpy", "pd": "pandas", "tf": "tensorflow", "plt": "matplotlib.pyplot",
    "sns": "seaborn", "nn": "torch.nn", "F": "torch.nn.functional", "gr": "gradio",
    "st": "streamlit", "pl": "polars", "sk": "sklearn", "xgb": "xgboost", "lgb": "lightgbm",
    **{name: name for name in (
        "torch", "pickle", "dill", "cloudpickle", "joblib", "yaml", "subprocess", "os", "sys",
        "keras", "mlflow", "requests", "transformers", "datasets", "tarfile", "zipfile", "shutil",
        "tempfile", "ssl", "urllib", "httpx", "gradio", "openai", "anthropic", "marshal", "shelve",
        "hashlib", "json", "re", "numpy", "pandas", "tensorflow", "huggingface_hub", "litellm",
        "builtins", "importlib", "shlex", "html",
    )},
}  # fmt: skip
"""What a name is taken for that no cell has brought: notebooks come in pieces."""
_BUILTINS: Final = frozenset(dir(builtins))
_NUMBER: Final = "builtins.int"
"""What a number comes from."""
_WHOLE: Final = (ast.List, ast.Tuple, ast.Set, ast.BoolOp, ast.UnaryOp)
"""What is made of literals alone if its parts are."""
_IMPORTING: Final = frozenset(
    {"builtins.__import__", "importlib.import_module", "importlib.__import__"}
)
_NAMESPACES: Final = {
    "builtins": "builtins", "builtins.__dict__": "builtins", "builtins.vars()": "builtins",
    "sys.modules": "", "builtins.globals()": "", "builtins.locals()": "",
}  # fmt: skip
"""What gives members by their names: the module that they are of, empty for any name."""


class Scope:
    """Names and what they stand for. An inner one sees the outer one, and changes only itself."""

    def __init__(self, outer: Scope | None = None) -> None:
        """Empty but for what `outer` knows."""
        self.outer = outer
        self.names: dict[str, Value] = {}
        self.returns: dict[str, Value] = {}

    def get(self, name: str) -> Value:
        """What a name stands for: what was assigned, a built-in, or what it is called by custom."""
        own = self.known(name)
        if own is not None:
            return own
        if name == "__builtins__":
            return Value("builtins")
        if name in _BUILTINS:
            return Value(f"builtins.{name}")
        return Value(CONVENTIONS.get(name, f"?{name}"))

    def known(self, name: str) -> Value | None:
        """What was assigned to a name, or to a member such as `self.client`; None if nothing."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def result(self, path: str) -> Value | None:
        """What a function of the notebook gives back, None if it is not one."""
        scope: Scope | None = self
        while scope is not None:
            if path in scope.returns:
                return scope.returns[path]
            scope = scope.outer
        return None

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        """Take in an import."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                self.names[name] = Value(alias.name if alias.asname else name)
            return
        base = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.names |= {name: Value(f"{base}.{name}") for name in STARS.get(base, ())}
            else:
                joint = "" if base.endswith(".") else "."
                self.names[alias.asname or alias.name] = Value(f"{base}{joint}{alias.name}")


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
    parts = [value_of(one, scope, source, depth) for one in _inner(node)]
    if isinstance(node, ast.BinOp):
        return _operated(node.op, parts[0], parts[1], number)
    if isinstance(node, ast.JoinedStr):
        return concatenated(parts, number)
    if isinstance(node, ast.FormattedValue) and node.conversion < 0 and node.format_spec is None:
        return parts[0]._replace(path="", items=None, file="")
    alike: list[Value] = []  # those that it is, or is made of
    if isinstance(node, ast.IfExp):
        alike = parts[1:]
    elif isinstance(node, _WHOLE):
        alike = parts
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        alike = parts[:1]
    return several(alike, number)._replace(taints=together(parts, number))


def _operated(operator: ast.operator, left: Value, right: Value, number: str) -> Value:
    """`prompt | model` is a chain whose last link says what comes out."""
    if isinstance(operator, ast.BitOr):
        return Value(right.path or left.path, together([left, right], number))
    if isinstance(operator, ast.Add):
        return concatenated([left, right], number)
    if isinstance(operator, ast.Div):
        return below(left, right, number)
    return several([left, right], number)


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
        own = scope.known(f"{dotted(node.value)}.{node.attr}")
        if own is not None:
            return own
        path, file = _longer(base.path, f".{node.attr}"), reader(base)
        return Value(path, base.taints, is_fixed=base.is_known and not file, file=file)
    if isinstance(node, ast.Subscript):
        member = _member(base, node.slice, scope) or _item(base, node.slice)
        own = Value(_longer(base.path, "[]"), base.taints, is_fixed=base.is_known, file=base.file)
        return member or own
    return base


def _item(base: Value, key: ast.expr) -> Value | None:
    """What a dictionary has under a name that is written down."""
    return item(base, key.value) if isinstance(key, ast.Constant) else None


def _member(base: Value, key: ast.expr, scope: Scope) -> Value | None:
    """What a namespace such as `__builtins__` has under a name that is written down."""
    if base.path not in _NAMESPACES or not isinstance(key, ast.Constant):
        return None
    if not isinstance(key.value, str):
        return None
    module = _NAMESPACES[base.path]
    if module:
        return Value(f"{module}.{key.value}")
    return Value(key.value) if base.path == "sys.modules" else scope.get(key.value)


def _call(node: ast.Call, scope: Scope, source: Callable[[str], str], depth: int) -> Value:
    function = value_of(node.func, scope, source, depth)
    kind = source(function.path) if function.path else ""
    if kind:
        return Value(_longer(function.path, "()"), frozenset({kind}))
    named = _named(node, function.path, scope, source, depth)
    if named is not None:
        return named
    known = scope.result(function.path) if function.path else None
    given = [value_of(argument, scope, source, depth) for argument in node.args]
    by_name = [(one.arg, value_of(one.value, scope, source, depth)) for one in node.keywords]
    number = source(_NUMBER)
    if is_numeric(function.path):
        return Value(_longer(function.path, "()"), frozenset({number} - {""}))
    made = result(function, given, by_name)
    if made is not None:
        return made._replace(path=_longer(function.path, "()"))
    taints = function.taints | together([*given, *(value for _, value in by_name)], number)
    if known is not None:
        return Value(known.path, known.taints | taints - {number})
    if function.path != "builtins.str":
        taints -= {number}
    return Value(_longer(function.path, "()"), taints, file=function.file)


def _named(
    node: ast.Call, path: str, scope: Scope, source: Callable[[str], str], depth: int
) -> Value | None:
    """A module or a member that is called by its name: `__import__("os")`, `getattr(os, "x")`."""
    if path in _IMPORTING and node.args:
        name = value_of(node.args[0], scope, source, depth).constant
        return Value(name) if isinstance(name, str) else None
    if path == "builtins.getattr" and len(node.args) >= 2:
        name = value_of(node.args[1], scope, source, depth).constant
        if isinstance(name, str):
            owner = value_of(node.args[0], scope, source, depth)
            return Value(_longer(owner.path, f".{name}"), owner.taints)
    return None


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
