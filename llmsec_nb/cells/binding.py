"""What statements and calls do to names: they are given values, filled, written to files."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from ..core.lazy import lazy
from .fixed import Value, merged, reader, stored
from .folding import LONGEST
from .sites import AssignSite
from .state import State
from .values import UNKNOWN, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .sites import CallSite, Site

_FILLING: Final = frozenset(
    {"append", "extend", "insert", "add", "update", "appendleft", "put", "put_nowait", "setdefault"}
)
_WRITING: Final = frozenset({"write", "writelines", "write_text", "write_bytes"})
_BUFFERS: Final = lazy(
    r"(?:io\.(?:StringIO|BytesIO)|tempfile\.\w{0,20}TemporaryFile|.*\.mkstemp)\(\)"
)
"""What is written to, and read from, by one name."""
_MOST_SHARED: Final = 200


class Binding(State):
    """Knows what becomes of names."""

    def bind(self, target: ast.expr, value: Value) -> None:
        """Give a target a value."""
        if isinstance(target, ast.Name):
            self.scope.assign(target.id, value)
        elif isinstance(target, ast.Attribute):
            name = dotted(target)
            if name:
                self.scope.assign(name, value)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target, value)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, Value(taints=value.taints, is_fixed=value.is_known))
        elif isinstance(target, ast.Subscript):
            held = self.value(target.value)
            if value.taints or held.is_known or held.items is not None:
                key = target.slice.value if isinstance(target.slice, ast.Constant) else None
                self._change(target.value, stored(held, key, value))

    def _unpack(self, target: ast.Tuple | ast.List, value: Value) -> None:
        if len(value.elements) == len(target.elts) and not any(
            isinstance(one, ast.Starred) for one in target.elts
        ):
            for one, part in zip(target.elts, value.elements, strict=True):
                self.bind(one, part)
            return
        path = f"{value.path}[]" if 0 < len(value.path) < LONGEST else ""
        for one in target.elts:
            self.bind(one, Value(path, value.taints, is_fixed=value.is_known))

    def _change(self, node: ast.expr, value: Value) -> None:
        """Something was put into what an expression stands for."""
        name = dotted(node)
        if name:
            self.scope.change(name, value)
        elif isinstance(node, ast.Subscript):
            self.bind(node, value)

    def side_by_side(self, node: ast.Assign) -> list[tuple[ast.expr, Value]]:
        """The targets of `a, b = 1, 2` one by one, and what each of them gets."""
        found: list[tuple[ast.expr, Value]] = []
        for target in node.targets:
            if (
                isinstance(target, ast.Tuple)
                and isinstance(node.value, ast.Tuple)
                and len(target.elts) == len(node.value.elts)
                and not any(
                    isinstance(one, ast.Starred) for one in (*target.elts, *node.value.elts)
                )
            ):
                values = map(self.value, node.value.elts)
                found += zip(target.elts, values, strict=True)
            else:
                found.append((target, self.value(node.value)))
        return found

    def assigned(
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, target: ast.expr, value: Value
    ) -> Iterator[Site]:
        """Give a target its value; a member or an item is a site."""
        if isinstance(node, ast.AugAssign):
            value = self.value(ast.BinOp(left=target, op=node.op, right=node.value))
        self.bind(target, value)
        if isinstance(target, ast.Attribute | ast.Subscript):
            start, end = self.span(node)
            key = self.value(target.slice) if isinstance(target, ast.Subscript) else UNKNOWN
            path = self._target(target)
            yield AssignSite(self.number, node, start, end, path, key, value, self.inner)

    def _target(self, target: ast.Attribute | ast.Subscript) -> str:
        base = self.value(target.value).path
        if not base:
            return ""
        return f"{base}[]" if isinstance(target, ast.Subscript) else f"{base}.{target.attr}"

    def called(self, site: CallSite) -> None:
        """What a call does to what it is given, or belongs to."""
        function = site.node.func
        if isinstance(function, ast.Attribute):
            if function.attr in _FILLING:
                self._filled(site, function)
            elif function.attr in _WRITING and site.arguments:
                self._written(reader(site.owner), site.arguments[0])
                if site.arguments[0].taints and _BUFFERS.fullmatch(site.owner.path):
                    self._change(function.value, stored(site.owner, None, site.arguments[0]))
        if site.path in {"builtins.print", "json.dump"}:
            file = site.argument(1 if site.path == "json.dump" else -1, "file").file
            for value in site.arguments[:20] if file else ():
                self._written(file, value)
        for (place, name), left in self.scope.done(site.path).items():
            self._left(site, place, name, left)

    def _filled(self, site: CallSite, function: ast.Attribute) -> None:
        """`parts.append(reply)`: what is put into a thing has a part in it."""
        if function.attr == "update" and site.owner.items is not None:
            held = merged(site.owner, site.arguments, list(site.keywords.items()))
        elif function.attr == "setdefault" and len(site.arguments) == 2:
            held = stored(site.owner, site.arguments[0].constant, site.arguments[1])
        else:
            held = site.owner._replace(elements=()) if site.owner.elements else site.owner
            for value in site.arguments:
                if value.taints or (held.is_known and not value.is_known):
                    held = stored(held, None, value)
        if held is not site.owner:
            self._change(function.value, held)

    def _written(self, file: str, value: Value) -> None:
        """What is written to a file is what is read from it."""
        key = f"file {file}"
        if (
            file
            and value.taints
            and (key in self.scope.shared or len(self.scope.shared) < _MOST_SHARED)
        ):
            self.scope.shared[key] = stored(self.scope.shared.get(key, UNKNOWN), None, value)

    def _left(self, site: CallSite, place: int, name: str, left: Value) -> None:
        """What a function of the notebook leaves in what it is given."""
        named = next((one.value for one in site.node.keywords if one.arg == name), None)
        node = named or (site.node.args[place] if 0 <= place < len(site.node.args) else None)
        if node is None:
            return
        held = self.value(node)
        items = held.items
        if left.items:
            items = tuple({**dict(items or ()), **dict(left.items)}.items())
        self._change(node, Value(held.path, held.taints | left.taints, items=items, file=held.file))
