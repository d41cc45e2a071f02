"""What a repair must know beyond the call that it mends: what the rest of the code does."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ...cells.program import read
from ...core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .arguments import Target

_PAGE: Final = lazy(
    r"\.html?\b|<(?:html|head|body|div|span|table|tr|td|ul|ol|li|p|a|h[1-6]|img|script|form|style)\b[^<>\n]{0,200}>"
    r"|\b(?:HTML|HTMLResponse|Markup)\(",
    re.IGNORECASE,
)
_PLAIN: Final = frozenset(
    {"state_dict", "dict", "detach", "cpu", "tensor", "stack", "cat", "zeros"}
)
"""Calls of which the result is no model: tensors, or a dictionary of them."""
_LARGEST: Final = 200_000


def saves_models(sources: Iterable[str]) -> bool:
    """Whether `torch.save` is given what may be a model, not only its weights."""
    return any("save" in source and "torch" in source and _saves(source) for source in sources)


@lru_cache(maxsize=64)
def _saves(source: str) -> bool:
    """Asked of the same cells for one finding after the other."""
    if len(source) > _LARGEST:
        return True  # not looked at: the worse is taken for true
    nodes = [node for tree in read(source).python.trees for node in ast.walk(tree)]
    plain = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and _is_plain(node.value, frozenset())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return any(not _is_plain(given, frozenset(plain)) for given in _saved(nodes))


def _saved(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """What the calls of `torch.save` are given."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if node.func.attr == "save" and isinstance(owner, ast.Name) and owner.id == "torch":
                named = [one.value for one in node.keywords if one.arg == "obj"]
                yield from [*node.args, *named][:1]


def _is_plain(node: ast.expr, names: frozenset[str]) -> bool:
    """Whether it is a dictionary, or what gives tensors."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Call):
        function = node.func
        name = getattr(function, "attr", "") or getattr(function, "id", "")
        return name in _PLAIN
    return isinstance(node, ast.Dict | ast.DictComp | ast.Constant)


def makes_pages(sources: Iterable[str]) -> bool:
    """Whether the code has to do with HTML."""
    return any(_PAGE.search(source[:_LARGEST]) for source in sources)


def is_of_tar(target: Target) -> bool:
    """Whether a method is that of a tar file, by how it was opened in the same source."""
    function = target.call.func
    owner = function.value if isinstance(function, ast.Attribute) else None
    if not isinstance(owner, ast.Name):
        return owner is not None and _opens_tar(owner)
    opened = [
        value
        for tree in target.python.trees
        for node in ast.walk(tree)
        for name, value in _bound(node)
        if name == owner.id
    ]
    return bool(opened) and all(map(_opens_tar, opened))


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement gives a value."""
    if isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
        yield node.optional_vars.id, node.context_expr
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value


def _opens_tar(node: ast.expr) -> bool:
    """Whether it is `tarfile.open(…)` or the like."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "TarFile":
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id in {"tarfile", "TarFile"}
