"""Texts as expressions spell them: each character knows the characters that it is written in."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.lazy import lazy
from .lines import end_of_string
from .values import UNKNOWN, Value

if TYPE_CHECKING:
    from .flow import CallSite
    from .program import Program

_LITERAL: Final = lazy(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>\"\"\"|'''|[\"'])")
_BETWEEN: Final = lazy(r"(?:\s|\\\n|#[^\n]*+)*+")
_CHARACTER: Final = lazy(
    r"\\(?:\r?\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]{1,100}\}|.)|.",
    re.DOTALL,
)
_ESCAPE: Final = lazy(r"\\(?:[\\'\"abfnrtv]|[0-3]?[0-7]{1,2}|[xuUN].{1,102})")
_DEDENTING: Final = frozenset({"dedent", "cleandoc"})
_STRIPPING: Final = frozenset({"strip", "lstrip", "rstrip"})
_MOST_LINES: Final = 1000
_TELLING: Final = 8
"""So many characters of two literals are not the same by chance."""


class Written(NamedTuple):
    """A text, and the outer characters `starts[i]` to `ends[i]` that its character `i` stands for.

    `is_open`: parts of it are only known when it runs.
    """

    text: str
    starts: list[int]
    ends: list[int]
    is_open: bool = False

    def part(self, start: int, end: int) -> Written:
        """A part of the text."""
        cut = slice(start, end)
        return Written(self.text[cut], self.starts[cut], self.ends[cut], self.is_open)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The outer characters of a part of the text."""
        if not self.starts:
            return 0, 0
        last = len(self.starts) - 1
        first = min(max(start, 0), last)
        return self.starts[first], self.ends[min(max(end - 1, first), last)]


def argument(site: CallSite, program: Program, place: int, name: str) -> Written | None:
    """The text of an argument by its place or name; None where none of it is known."""
    for keyword in site.node.keywords:
        if keyword.arg == name:
            return text_of(keyword.value, site.keywords[name], program)
    if not 0 <= place < len(site.node.args):
        return None
    return text_of(site.node.args[place], site.arguments[place], program)


def text_of(node: ast.expr, value: Value, program: Program) -> Written | None:
    """The text that an expression is, as far as it is written down; None where none of it is.

    `value` is what `flow` says of it. What is put in when it runs stands as `{expression}`.
    """
    start, end = program.python.span(node)
    if isinstance(node, ast.Constant | ast.JoinedStr):
        literal = _literal(program.text, start, end)
        whole = node.value if isinstance(node, ast.Constant) else None
        if literal is not None and whole in {None, literal.text}:
            return literal
    pattern = _pattern(node)
    if pattern is not None:
        written = text_of(pattern, _of(pattern), program)
        return written and written._replace(is_open=True)
    inner = _same(node)
    if inner is not None:
        return text_of(inner, _of(inner), program)
    several = _joined(node, program)
    if several is None and isinstance(value.constant, str):
        return _assigned(node, value.constant, program) or _spread(value.constant, start, end)
    return several


def _joined(node: ast.expr, program: Program) -> Written | None:
    """What is put together of several texts."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _added(node, program)
    if isinstance(node, ast.List | ast.Tuple) and node.elts:
        return _lines(node, program)
    return None


def _pattern(node: ast.expr) -> ast.expr | None:
    """What is filled in in `pattern % value` and `pattern.format(value)`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return node.left
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if is_call and node.func.attr == "format":  # type: ignore[attr-defined]  # as was just seen
        return node.func.value  # type: ignore[attr-defined, no-any-return]  # so is this
    return None


def _assigned(node: ast.expr, text: str, program: Program) -> Written | None:
    """The literal of the same program that a name was given, where it is long enough to tell."""
    if not isinstance(node, ast.Name) or len(text) < _TELLING:
        return None
    found = program.python.literal(text, node.lineno)
    return None if found is None else _literal(program.text, *program.python.span(found))


def _same(node: ast.expr) -> ast.expr | None:
    """The literal in `textwrap.dedent("...")` or `"...".strip()`: read as code it is the same."""
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    name = getattr(function, "attr", "") or getattr(function, "id", "")
    if name in _DEDENTING and len(node.args) == 1:
        return node.args[0]
    if name in _STRIPPING and isinstance(function, ast.Attribute) and not node.args:
        return function.value
    return None


def _lines(node: ast.List | ast.Tuple, program: Program) -> Written | None:
    """The literals of a list, one behind the other."""
    whole: Written | None = None
    for one in node.elts[:_MOST_LINES]:
        part = text_of(one, _of(one), program)
        if part is None:
            return None
        whole = part if whole is None else joined(whole, "", part)
    return whole


def _of(node: ast.expr) -> Value:
    """What is known of a part without its names."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Value(constant=node.value)
    return UNKNOWN


def _added(node: ast.BinOp, program: Program) -> Written | None:
    """`"a" + b`: the sides that are not known stand in braces."""
    operands: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add) and len(operands) < 200:
        operands.append(left.right)
        left = left.left
    sides = [text_of(one, _of(one), program) for one in (left, *reversed(operands))]
    if not any(side is not None for side in sides):
        return None
    whole: Written | None = None
    for one, side in zip((left, *reversed(operands)), sides, strict=True):
        start, end = program.python.span(one)
        known = side or _spread("{" + program.text[start:end] + "}", start, end, is_open=True)
        whole = known if whole is None else joined(whole, "", known)
    return whole


def _literal(text: str, start: int, end: int) -> Written | None:
    """Literals side by side, character by character; None where this is not what stands there."""
    found = Written("", [], [])
    pieces: list[str] = []
    is_open = False
    place = start
    while place < end:
        opening = _LITERAL.match(text, place, end)
        if opening is None:
            return None
        stop = end_of_string(text, opening.end(), opening["quote"])
        last = stop - len(opening["quote"])
        if stop > end or last < opening.end():
            return None
        prefix = opening["prefix"].lower()
        for one in _CHARACTER.finditer(text, opening.end(), last):
            character = _meant(one[0], prefix)
            pieces.append(character)
            found.starts.extend([one.start()] * len(character))
            found.ends.extend([one.end()] * len(character))
        is_open |= "f" in prefix and "{" in text[opening.end() : last]
        between = _BETWEEN.match(text, stop, end)
        place = stop if between is None else between.end()
    return found._replace(text="".join(pieces), is_open=is_open)


def _meant(written: str, prefix: str) -> str:
    """The character that an escape means. Braces of f-strings are left as they are."""
    if not written.startswith("\\") or "r" in prefix:
        return written
    if written in {"\\\n", "\\\r\n"}:
        return ""
    if _ESCAPE.fullmatch(written) is None:  # Python leaves it as it stands, and warns
        return written
    try:
        meant = ast.literal_eval(f"'{written}'" if written != "\\'" else '"\'"')
    except (SyntaxError, ValueError):
        return written
    return str(meant)


def _spread(value: str, start: int, end: int, *, is_open: bool = False) -> Written:
    """A text that stands elsewhere, or in another form: all of it is all of the expression."""
    return Written(value, [start] * len(value), [end] * len(value), is_open)


def spread(text: str, start: int) -> Written:
    """A part of the outer text as it stands there, from character `start` on."""
    starts = list(range(start, start + len(text)))
    return Written(text, starts, [place + 1 for place in starts])


def after(sign: str, written: Written) -> Written:
    """The text behind a sign that is not written down."""
    if not written.starts:
        return written._replace(text="")
    place = written.starts[0]
    count = len(sign)
    return Written(
        sign + written.text,
        [place] * count + written.starts,
        [place] * count + written.ends,
        written.is_open,
    )


def joined(left: Written, joint: str, right: Written) -> Written:
    """Two texts with a third between them that is not written down."""
    place = right.starts[0] if right.starts else left.ends[-1] if left.ends else 0
    count = len(joint)
    return Written(
        left.text + joint + right.text,
        left.starts + [place] * count + right.starts,
        left.ends + [place] * count + right.ends,
        left.is_open or right.is_open,
    )
