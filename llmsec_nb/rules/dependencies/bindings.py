"""What each name of a document stands for: texts, lists of them, and what is put into these later."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from ...cells.values import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...cells.unit import Unit

    Names = Mapping[str, Sequence["Said"]]

_MOST: Final = 200
"""Texts of one name."""
_LONGEST: Final = 2_000
_DEEPEST: Final = 30
_INNER: Final = ("body", "orelse", "handlers", "finalbody", "cases")
_PARTS: Final = {"keys": 0, "values": 1}


class Said(NamedTuple):
    """A text, and where it is written: characters `start` to `end` of a unit.

    `is_exact`: they are the same characters. `group` tells the texts of one list from others.
    """

    text: str
    unit: int
    start: int
    end: int
    is_exact: bool
    group: int


def bound(units: Iterable[Unit]) -> Names:
    """All texts that each name of a document is given, or a list that it is given holds."""
    reader = _Bindings()
    for unit in units:
        for tree in unit.program.python.trees if unit.program is not None else ():
            reader.unit = unit
            for node in tree.body:
                reader.statement(node, 0)
    reader.handed()
    return reader.names


class _Bindings:
    """Reads assignments, loops over lists, and calls of functions with texts."""

    def __init__(self) -> None:
        self.names: dict[str, list[Said]] = {}
        self.unit: Unit | None = None
        self.groups = 0
        self.loops: list[tuple[str, str]] = []
        self.tables: dict[str, tuple[list[Said], list[Said]]] = {}
        self.parameters: dict[str, list[str]] = {}
        self.calls: list[tuple[str, list[list[Said]]]] = []

    def statement(self, node: ast.stmt, depth: int) -> None:
        """One statement, and all in it."""
        if isinstance(node, ast.Assign | ast.AnnAssign):
            self._assigned(node)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._loop(node.target, node.iter)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.parameters[node.name] = [one.arg for one in node.args.args]
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self._longer(node.target.id, node.value)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._call(node.value)
        for field in _INNER if depth < _DEEPEST else ():
            for inner in getattr(node, field, None) or ():
                self.statement(inner, depth + 1)

    def _assigned(self, node: ast.Assign | ast.AnnAssign) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:
                if isinstance(node.value, ast.Dict):
                    self.tables[target.id] = self._table(node.value)
                self._add(target.id, self._texts(node.value))

    def _longer(self, name: str, more: ast.expr) -> None:
        """`name += [...]`: of the list that the name has, where it has one only."""
        groups = {one.group for one in self.names.get(name, ())}
        texts = self._texts(more)
        if len(groups) == 1:
            group = groups.pop()
            texts = [one._replace(group=group) for one in texts]
        self._add(name, texts)

    def _loop(self, target: ast.expr, source: ast.expr) -> None:
        if isinstance(target, ast.Tuple):
            self._pairs(target, source)
        elif isinstance(target, ast.Name):
            table, part = self._view(source)
            if table is not None:
                self._add(target.id, table[_PARTS.get(part, 0)])
            elif isinstance(source, ast.Name):
                self.loops.append((target.id, source.id))
            else:
                self._add(target.id, self._texts(source))

    def _pairs(self, target: ast.Tuple, source: ast.expr) -> None:
        """`for name, version in {...}.items()`, or in a list of pairs."""
        names = [one.id if isinstance(one, ast.Name) else "" for one in target.elts]
        table, part = self._view(source)
        if table is not None and part == "items":
            columns = [list(side) for side in table]
        elif isinstance(source, ast.List | ast.Tuple):
            rows = [one.elts for one in source.elts[:_MOST] if isinstance(one, ast.Tuple)]
            columns = [
                [said for one in column if (said := self._said(one)) is not None]
                for column in zip(*rows, strict=False)
            ]
        else:
            return
        for name, texts in zip(names, columns, strict=False):
            if name:
                self._add(name, texts)

    def _view(self, node: ast.expr) -> tuple[tuple[list[Said], list[Said]] | None, str]:
        """The keys and values of a table, and which of them a loop goes over."""
        part = "keys"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            part = node.func.attr
            node = node.func.value
        if isinstance(node, ast.Dict):
            return self._table(node), part
        known = self.tables.get(node.id) if isinstance(node, ast.Name) else None
        return known, part

    def _table(self, node: ast.Dict) -> tuple[list[Said], list[Said]]:
        self.groups += 1
        pairs = list(zip(node.keys, node.values, strict=True))[:_MOST]
        keys = [said for key, _ in pairs if key and (said := self._said(key)) is not None]
        return keys, [said for _, one in pairs if (said := self._said(one)) is not None]

    def _call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.args:
            given = [self._texts(one) for one in node.args[:5]]
            if any(given):
                self.calls.append((node.func.id, given))
        elif (
            isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.attr in {"append", "extend"}
            and len(node.args) == 1
        ):
            self._longer(node.func.value.id, node.args[0])

    def handed(self) -> None:
        """Loops and calls speak of names that may be bound later."""
        for function, given in self.calls:
            for name, texts in zip(self.parameters.get(function, ()), given, strict=False):
                self._add(name, texts)
        for _ in range(2):
            for target, source in self.loops:
                self._add(target, self.names.get(source, []))

    def _add(self, name: str, texts: Sequence[Said]) -> None:
        held = self.names.setdefault(name, [])
        held += [one for one in texts[:_MOST] if one not in held][: max(0, _MOST - len(held))]

    def _texts(self, node: ast.expr) -> list[Said]:
        self.groups += 1
        if isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Attribute):
            node = node.func.value if node.func.attr == "split" else node
        is_list = isinstance(node, ast.List | ast.Tuple | ast.Set)
        parts = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
        found = [self._said(part, is_element=is_list) for part in parts[:_MOST]]
        return [said for said in found if said is not None]

    def _said(self, node: ast.expr, *, is_element: bool = False) -> Said | None:
        """The text that a node is; of an element also what is put in there when it runs."""
        unit = self.unit
        if unit is None or unit.program is None:
            return None
        start, end = unit.program.python.span(node)
        if is_element and isinstance(node, ast.Name | ast.Attribute | ast.Starred):
            name = dotted(node.value if isinstance(node, ast.Starred) else node)
            text = f"{{{name}}}" if name else "{}"
            return Said(text, unit.number, start, end, is_exact=False, group=self.groups)
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return None
        text = node.value
        if len(text) > _LONGEST:
            return None
        is_exact = unit.source[start + 1 : end - 1] == text and "\\" not in text
        if is_exact:
            start, end = start + 1, end - 1
        return Said(text, unit.number, start, end, is_exact, self.groups)
