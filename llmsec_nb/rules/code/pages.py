"""Whether what is put into a page is a model's words as they came."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from ...cells.values import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from .look import Around
    from .pieces import Pieces

_SHOWN: Final = frozenset(
    {"rendered_content", "mime_type", "b64_json", "inline_data", "image_bytes"}
)
"""Members of an answer that are no words: markup that the provider wants to be shown, pictures."""
_PICTURE: Final = "base64,"
_ESCAPES: Final = frozenset(
    {"html.escape", "escape", "markupsafe.escape", "bleach.clean", "nh3.clean", "cgi.escape", "saxutils.escape", "xml.sax.saxutils.escape"}
)  # fmt: skip
_SAME: Final = frozenset(
    {"strip", "replace", "join", "format", "lower", "upper", "removeprefix", "removesuffix", "str"}
)
_MOST: Final = 200


def is_raw(node: ast.expr, site: CallSite, around: Around) -> bool:
    """Whether any piece of an expression may be words that no one has escaped."""
    pieces = around.functions.pieces(around.calls)
    return any(
        not _is_harmless(leaf, pieces) and pieces.origin(leaf, site)
        for leaf in _leaves(node, site, pieces)
    )


def _leaves(node: ast.expr, site: CallSite, pieces: Pieces) -> Iterator[ast.expr]:
    """The pieces that a text is put together from, of which no more is known."""
    waiting, seen = [node], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        inner = list(_inner(one))
        if isinstance(one, ast.Name):
            inner = pieces.bound(one, site)
        is_text = isinstance(one, ast.Constant | ast.JoinedStr)
        if not is_text and (not inner or one in inner or len(seen) > _MOST):
            yield one
        if len(seen) <= _MOST:
            waiting += inner


def _inner(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        yield from _holes(node)
    elif isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Call) and _word(node.func) in _SAME:
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
        yield from (*node.args, *(one.value for one in node.keywords))


def _holes(node: ast.JoinedStr) -> Iterator[ast.expr]:
    """What is put into an f-string, but for the bytes of a picture."""
    before = ""
    for one in node.values:
        if isinstance(one, ast.Constant):
            before = str(one.value)
        elif isinstance(one, ast.FormattedValue):
            if not before.endswith(_PICTURE):
                yield one.value
            before = ""


def _is_harmless(node: ast.expr, pieces: Pieces) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _SHOWN
    return isinstance(node, ast.Call) and (_is_escape(node) or pieces.returns(node, _is_escape))


def _is_escape(node: ast.expr) -> bool:
    """`html.escape(...)`, and what is done to its result."""
    while (
        isinstance(node, ast.Call)
        and _word(node.func) in _SAME
        and isinstance(node.func, ast.Attribute)
    ):
        node = node.func.value
    return isinstance(node, ast.Call) and dotted(node.func) in _ESCAPES


def _word(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
