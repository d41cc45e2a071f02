"""Python as Python reads it: which names, arguments and members string literals stand for."""

from __future__ import annotations

import ast
import re
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .assignment import Assignment, How
from .names import Sort, sort_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LARGEST: Final = 200_000
"""Characters; a longer source is not parsed."""
_DEEPEST: Final = 80
_MAGIC: Final = lazy(
    r"^[ \t]*(?:[%!?][^\r\n]*|[\w.]{1,80}\?{1,2}[ \t]*$|[\w., \t]{1,80}=[ \t]*(?:!|%[A-Za-z_])[^\r\n]*)",
    re.MULTILINE,
)
_BODY: Final = lazy(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>\"\"\"|'''|[\"'])")
_NAME: Final = lazy(r"-{0,2}[A-Za-z_][\w.-]{0,79}\Z")
_PAIRS: Final = frozenset({"auth", "credentials", "basic_auth", "http_auth", "basicauth", "creds"})
_LOGINS: Final = frozenset(
    {"login", "httpbasicauth", "basicauth", "httpdigestauth", "login_user", "authenticate"}
)
_GETTERS: Final = frozenset({"get", "pop", "getenv", "getpass", "input", "config", "secret"})


def read_code(source: str) -> list[Assignment] | None:
    """What each literal is called; None if the source is not Python."""
    if len(source) > LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(_MAGIC.sub(_blank, source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reader = _Reader(source)
    try:
        reader.block(tree.body, "")
    except RecursionError:
        return None
    return reader.found


def _blank(found: re.Match[str]) -> str:
    text = found[0]
    indent = len(text) - len(text.lstrip(" \t"))
    return text[:indent] + "0" + " " * (len(text) - indent - 1)


class _Reader:
    """Walks a tree with the name and the surroundings of each expression."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[Assignment] = []
        self.lines = _line_starts(source)

    def block(self, body: Sequence[ast.AST], context: str) -> None:
        for node in body:
            self.visit(node, "", context)

    def visit(self, node: ast.AST, name: str, context: str, how: How = How.QUOTED) -> None:
        """Look at a node whose value is called `name`."""
        reader = _READERS.get(type(node))
        if reader is not None:
            reader(self, node, name, context, how)
        else:
            for child in ast.iter_child_nodes(node):
                self.visit(child, "", context)

    def constant(self, node: ast.Constant, name: str, context: str, how: How) -> None:
        if not name or not isinstance(node.value, str | bytes) or len(node.value) < 4:
            return
        span = self._span(node)
        if span is not None:
            self.found.append(Assignment(name, *span, self.source[slice(*span)], how, context))

    def _span(self, node: ast.Constant) -> tuple[int, int] | None:
        """The span between the quotes of a literal; None for several that stand together."""
        end_line, end_column = node.end_lineno, node.end_col_offset
        if end_line is None or end_column is None:
            return None
        start = self._offset(node.lineno, node.col_offset)
        end = self._offset(end_line, end_column)
        opening = _BODY.match(self.source, start)
        if opening is None or not self.source.endswith(opening["quote"], start, end):
            return None
        first, last = opening.end(), end - len(opening["quote"])
        body = self.source[first:last].replace("\\" + opening["quote"], "")
        return None if opening["quote"] in body or first >= last else (first, last)

    def _offset(self, line: int, column: int) -> int:
        """Columns of a tree count bytes."""
        start = self.lines[line - 1]
        piece = self.source[start : start + column]
        if not piece.isascii():
            piece = piece.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore")
        return start + len(piece)

    def assign(self, node: ast.Assign, name: str, context: str, how: How) -> None:
        for target in node.targets:
            self._pair(target, node.value, context)

    def _pair(self, target: ast.expr, value: ast.expr, context: str) -> None:
        """Values of a tuple go to the targets at the same place."""
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for one, other in zip(target.elts, value.elts, strict=False):
                self._pair(one, other, context)
            return
        self.visit(value, _name_of(target), context)

    def annotated(
        self, node: ast.AnnAssign | ast.AugAssign | ast.NamedExpr, name: str, context: str, how: How
    ) -> None:
        if node.value is not None:
            self.visit(node.value, _name_of(node.target), context)

    def dictionary(self, node: ast.Dict, name: str, context: str, how: How) -> None:
        inside = f"{context} {name}" if name else context
        for key, value in zip(node.keys, node.values, strict=True):
            self.visit(value, _string(key) or (_name_of(key) if key else ""), inside)

    def call(self, node: ast.Call, name: str, context: str, how: How) -> None:
        called = _name_of(node.func)
        last = called.rpartition(".")[2].lower()
        inside = f"{context} {name} {called}"
        self.visit(node.func, name, context)
        self._arguments(node, called, name, inside)
        strings = [argument for argument in map(_string, node.args) if argument]
        told = next((s for s in strings if _NAME.match(s) and sort_of(s) is not Sort.NOTHING), "")
        for keyword in node.keywords:
            own = keyword.arg or ""
            if own in {"default", "value", "fallback", "placeholder"} and told:
                own = told
            self.visit(keyword.value, own, inside)
        if last in _LOGINS and len(strings) > 1 and len(node.args) > 1:
            self.visit(node.args[1], "password", inside)

    def _arguments(self, node: ast.Call, called: str, name: str, inside: str) -> None:
        """An argument is named by the string before it, or by what is called."""
        for position, argument in enumerate(node.args):
            before = _string(node.args[position - 1]) if position else ""
            if (
                before
                and _NAME.match(before)
                and _string(argument)
                and sort_of(before) is not Sort.NOTHING
            ):
                self.visit(argument, before, inside, How.PAIRED)
            elif isinstance(argument, ast.Constant):
                is_getter = called.rpartition(".")[2].lower() in _GETTERS
                own = "" if is_getter else _tells(called) or name or called
                self.visit(argument, own, inside, How.CALL)
            else:
                self.visit(argument, "", inside)

    def sequence(
        self, node: ast.Tuple | ast.List | ast.Set, name: str, context: str, how: How
    ) -> None:
        elements = node.elts
        if len(elements) == 2:
            first = _string(elements[0])
            if name.rpartition(".")[2].lower() in _PAIRS:
                self.visit(elements[1], "password", f"{context} {name}")
                return
            if first and _NAME.match(first) and sort_of(first) is not Sort.NOTHING:
                self.visit(elements[1], first, f"{context} {name}", How.PAIRED)
                return
        for element in elements:
            self.visit(element, name, context, how)

    def compare(self, node: ast.Compare, name: str, context: str, how: How) -> None:
        sides = [node.left, *node.comparators]
        for one, other in pairwise(sides):
            self.visit(other, _name_of(one), context)
            self.visit(one, _name_of(other), context)

    def choice(self, node: ast.BoolOp | ast.IfExp, name: str, context: str, how: How) -> None:
        """Each branch may become the value."""
        if isinstance(node, ast.IfExp):
            self.visit(node.test, "", context)
            branches = [node.body, node.orelse]
        else:
            branches = node.values
        asked = next(filter(_tells, map(_asked_for, branches)), "")
        own = asked or name
        for branch in branches:
            self.visit(branch, own, context, how)

    def function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, context: str, how: How
    ) -> None:
        self._defaults(node.args, f"{context} {node.name}")
        for decorator in node.decorator_list:
            self.visit(decorator, "", context)
        for statement in node.body:
            name = node.name if isinstance(statement, ast.Return) else ""
            self.visit(statement, name, context, How.PAIRED)

    def _defaults(self, arguments: ast.arguments, context: str) -> None:
        positional = [*arguments.posonlyargs, *arguments.args]
        with_default = positional[len(positional) - len(arguments.defaults) :]
        pairs = [*zip(with_default, arguments.defaults, strict=True)]
        pairs += [
            (a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d
        ]
        for argument, default in pairs:
            self.visit(default, argument.arg, context)

    def anonymous(self, node: ast.Lambda, name: str, context: str, how: How) -> None:
        self._defaults(node.args, context)
        self.visit(node.body, name, context)

    def klass(self, node: ast.ClassDef, name: str, context: str, how: How) -> None:
        for keyword in node.keywords:
            self.visit(keyword.value, keyword.arg or "", context)
        self.block([*node.decorator_list, *node.body], f"{context} {node.name}")

    def passed(
        self,
        node: ast.Return | ast.Await | ast.Starred | ast.Attribute,
        name: str,
        context: str,
        how: How,
    ) -> None:
        if node.value is not None:
            self.visit(node.value, name, context, how)


def _line_starts(source: str) -> list[int]:
    """Where the lines of a tree start: at line feeds, carriage returns and both together."""
    return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", source))]


def _string(node: ast.AST | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""


def _name_of(node: ast.AST) -> str:
    """The dotted name of an expression; a subscript by a string is a part of it."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            parts.append(_string(node.slice))
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            if isinstance(node, ast.Name):
                parts.append(node.id)
            return ".".join(part for part in reversed(parts) if part)


def _asked_for(node: ast.AST) -> str:
    """The name that `os.environ.get("NAME")` and the like ask for."""
    if isinstance(node, ast.Call) and node.args:
        return _string(node.args[0])
    return _name_of(node)


def _tells(called: str) -> str:
    return called if sort_of(called) is not Sort.NOTHING else ""


_READERS: Final[Mapping[type[ast.AST], Callable[..., None]]] = {
    ast.Constant: _Reader.constant,
    ast.Assign: _Reader.assign,
    ast.AnnAssign: _Reader.annotated,
    ast.AugAssign: _Reader.annotated,
    ast.NamedExpr: _Reader.annotated,
    ast.Dict: _Reader.dictionary,
    ast.Call: _Reader.call,
    ast.Tuple: _Reader.sequence,
    ast.List: _Reader.sequence,
    ast.Set: _Reader.sequence,
    ast.Compare: _Reader.compare,
    ast.BoolOp: _Reader.choice,
    ast.IfExp: _Reader.choice,
    ast.FunctionDef: _Reader.function,
    ast.AsyncFunctionDef: _Reader.function,
    ast.Lambda: _Reader.anonymous,
    ast.ClassDef: _Reader.klass,
    ast.Return: _Reader.passed,
    ast.Await: _Reader.passed,
    ast.Starred: _Reader.passed,
    ast.Attribute: _Reader.passed,
}
