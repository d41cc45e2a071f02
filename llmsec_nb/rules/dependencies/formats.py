"""Names that a format puts into a text: `"pip install %s" % name`, `"... {}".format(name)`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy

if TYPE_CHECKING:
    from ...cells.written import Written

_PERCENT: Final = lazy(r"%(?P<key>)[sdr]")
_BRACES: Final = lazy(r"\{(?P<key>\w{0,60})(?:![sra])?\}")
_MOST: Final = 50
"""Places of one text."""


def with_names(node: ast.expr, written: Written) -> Written:
    """The text in which each place of a format holds what is put there: `{name}`, or a text."""
    given: dict[str, str] = {}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        right = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        sign, given = _PERCENT, {str(place): _shown(one) for place, one in enumerate(right)}
    elif isinstance(node, ast.Call):
        sign, given = _BRACES, {str(place): _shown(one) for place, one in enumerate(node.args)}
        given |= {one.arg: _shown(one.value) for one in node.keywords if one.arg}
    if not given:
        return written
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = count = 0
    for found in list(sign.finditer(written.text))[:_MOST]:
        text = given.get(found["key"] or str(count), "{}")
        count += not found["key"]
        start, end = written.span(*found.span())
        pieces += [written.text[last : found.start()], text]
        starts += [*written.starts[last : found.start()], *[start] * len(text)]
        ends += [*written.ends[last : found.start()], *[end] * len(text)]
        last = found.end()
    pieces.append(written.text[last:])
    starts += written.starts[last:]
    ends += written.ends[last:]
    return written._replace(text="".join(pieces), starts=starts, ends=ends)


def _shown(node: ast.expr) -> str:
    """What stands for a value: its own text, or its name in braces."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.executable":
        return "{sys.executable}"
    return f"{{{node.id}}}" if isinstance(node, ast.Name) else "{}"
