"""Parts of statements, one level down."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def expressions(node: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement, not those of the statements in it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr
        elif isinstance(child, ast.ExceptHandler) and child.type is not None:
            yield child.type
        elif isinstance(child, ast.match_case):
            yield from (
                one.value for one in ast.walk(child.pattern) if isinstance(one, ast.MatchValue)
            )
            if child.guard is not None:
                yield child.guard


def captured(pattern: ast.pattern) -> Iterator[str]:
    """The names that a pattern of `match` gives a value."""
    for one in ast.walk(pattern):
        name = one.rest if isinstance(one, ast.MatchMapping) else getattr(one, "name", None)
        if isinstance(name, str):
            yield name


def leaves(body: list[ast.stmt]) -> bool:
    """Whether what stands behind a branch is not run after it."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)


def arguments(taken: ast.arguments) -> Iterator[ast.arg]:
    """What a function takes, in no order that says anything."""
    yield from (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)
    for one in (taken.vararg, taken.kwarg):
        if one is not None:
            yield one


def annotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    """What is said of the types of a function, which is an expression that is run."""
    yield from (one.annotation for one in arguments(node.args) if one.annotation is not None)
    if node.returns is not None:
        yield node.returns
