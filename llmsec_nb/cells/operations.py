"""What operators make of values: signs, sums, quotients, parts of texts, one of several things."""

from __future__ import annotations

import ast
from typing import Final

from .fixed import UNKNOWN, Value, below, concatenated, literal, several, together
from .folding import percent

_WHOLE: Final = (ast.Set, ast.BoolOp)
"""What is made of literals alone if its parts are."""


def of_parts(node: ast.expr, parts: list[Value], number: str) -> Value:
    """A text, or one of several things."""
    if isinstance(node, ast.JoinedStr):
        return concatenated(parts, number)
    if isinstance(node, ast.FormattedValue) and node.conversion < 0 and node.format_spec is None:
        path = parts[0].path if parts[0].path.startswith("?") else ""
        return parts[0]._replace(path=path, items=None, file="", elements=())
    alike: list[Value] = []  # those that it is, or is made of
    if isinstance(node, ast.IfExp):
        alike = parts[1:]
    elif isinstance(node, _WHOLE):
        alike = parts
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        alike = parts[:1]
    return several(alike, number)._replace(taints=together(parts, number))


def signed(operator: ast.unaryop, inner: Value, number: str) -> Value:
    """`-1`, or the opposite of something."""
    if isinstance(operator, ast.Not):
        return Value(taints=frozenset({number} - {""}))
    if isinstance(operator, ast.USub) and isinstance(inner.constant, int | float):
        return literal(-inner.constant)
    return several([inner], number)


def operated(operator: ast.operator, left: Value, right: Value, number: str) -> Value:
    """`prompt | model` is a chain whose last link says what comes out."""
    if isinstance(operator, ast.BitOr):
        return Value(right.path or left.path, together([left, right], number))
    if isinstance(operator, ast.Add):
        return concatenated([left, right], number)
    if isinstance(operator, ast.Div):
        return below(left, right, number)
    if isinstance(operator, ast.Mod) and isinstance(left.constant, str):
        words = [one.constant for one in right.elements or [right]]
        text = percent(left.constant, words)
        if text is not None:
            return Value(taints=together([left, right], number), constant=text, is_constant=True)
    return several([left, right], number)


def sliced(base: Value, key: ast.Slice) -> Value:
    """A part of a literal, or its reverse, where the places are written down."""
    bounds: list[int | None] = []
    for one in (key.lower, key.upper, key.step):
        try:
            bound = None if one is None else ast.literal_eval(one)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return base._replace(constant=None, is_constant=False, is_fixed=True, path="")
        bounds.append(bound if isinstance(bound, int) else None)
    if not isinstance(base.constant, str) or bounds[2] == 0:
        return UNKNOWN
    return base._replace(path="", constant=base.constant[slice(*bounds)])
