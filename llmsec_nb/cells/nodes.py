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


def statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statements in a statement."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body


def arguments(taken: ast.arguments) -> Iterator[ast.arg]:
    """What a function takes, in no order that says anything."""
    yield from (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)
    for one in (taken.vararg, taken.kwarg):
        if one is not None:
            yield one
