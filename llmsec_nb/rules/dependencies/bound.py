"""Names that stand for what is written out elsewhere: `packages = ["a", "b"]`, then `{packages}`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from .shell import Word

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ...cells.unit import Unit
    from .runs import Run

    Names = Mapping[str, Sequence["Said"]]

_MOST: Final = 200
"""Texts of one name."""
_LONGEST: Final = 2_000
_MOST_WORDS: Final = 2_000
"""Words that a command may get in this way; beyond, its names stay what they are."""
_DEEPEST: Final = 30
_INNER: Final = ("body", "orelse", "handlers", "finalbody", "cases")
_NAMED: Final = lazy(
    r"\{\s{0,5}\*?(?:str\()?(?P<braces>[A-Za-z_]\w{0,80})\)?\s{0,5}\}|\$\{?(?P<dollar>[A-Za-z_]\w{0,80})\}?"
    r"|\{\s{0,5}(?:'[ ]?'|\"[ ]?\")\.join\((?P<joined>[A-Za-z_]\w{0,80})\)\s{0,5}\}"
)
"""What is put in: `{name}`, `$name`, `{" ".join(name)}`."""

_VARIABLE: Final = lazy(r"\$(?:\{(?P<braces>\w{1,80})\}|(?P<plain>\w{1,80}))")


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
        self.parameters: dict[str, list[str]] = {}
        self.calls: list[tuple[str, list[list[Said]]]] = []

    def statement(self, node: ast.stmt, depth: int) -> None:
        """One statement, and all in it."""
        if isinstance(node, ast.Assign | ast.AnnAssign):
            self._assigned(node)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._loop(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.parameters[node.name] = [one.arg for one in node.args.args]
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._call(node.value)
        for field in _INNER if depth < _DEEPEST else ():
            for inner in getattr(node, field, None) or ():
                self.statement(inner, depth + 1)

    def _assigned(self, node: ast.Assign | ast.AnnAssign) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:
                self._add(target.id, self._texts(node.value))

    def _loop(self, node: ast.For | ast.AsyncFor) -> None:
        if isinstance(node.target, ast.Name):
            if isinstance(node.iter, ast.Name):
                self.loops.append((node.target.id, node.iter.id))
            else:
                self._add(node.target.id, self._texts(node.iter))

    def _call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.args:
            given = [self._texts(one) for one in node.args[:5]]
            if any(given):
                self.calls.append((node.func.id, given))

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
        parts = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
        return [said for part in parts[:_MOST] if (said := self._said(part)) is not None]

    def _said(self, node: ast.expr) -> Said | None:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return None
        text, unit = node.value, self.unit
        if unit is None or unit.program is None or len(text) > _LONGEST:
            return None
        start, end = unit.program.python.span(node)
        is_exact = unit.source[start + 1 : end - 1] == text and "\\" not in text
        if is_exact:
            start, end = start + 1, end - 1
        return Said(text, unit.number, start, end, is_exact, self.groups)


def filled(
    words: Iterable[Word], names: Names, unit: int, *, dollars: bool = True
) -> Iterator[Word]:
    """The words with the texts that names in them stand for, one word for each.

    A text of the same unit is found where it is written, one of another where it is put in. A
    whole command that is one of several is not told from the others, so it is left alone. Without
    `dollars` a `$name` is one of the shell.
    """
    left = _MOST_WORDS
    for place, word in enumerate(words):
        found = _NAMED.search(word.value) if word.is_open and names else None
        name = found["braces"] or found["joined"] or found["dollar"] if found else ""
        if found and found["dollar"] and not dollars:
            name = ""
        said = names.get(name, ())
        is_one = place > 0 or len({one.group for one in said}) == 1
        if found is None or not said or not is_one or left < len(said):
            yield word
            continue
        before, after = word.value[: found.start()], word.value[found.end() :]
        for one in said:
            for own in _put_in(word, before, one, after, unit):
                left -= 1
                yield own


def _put_in(word: Word, before: str, said: Said, after: str, unit: int) -> Iterator[Word]:
    is_open = _NAMED.search(after) is not None
    if before or after or said.unit != unit:
        pieces = (before + said.text + after).split() or [""]
        for piece in pieces:
            yield word._replace(
                value=piece, first=word.start, is_exact=False, is_open=is_open, nested=()
            )
        return
    place = 0
    for piece in said.text.split():
        place = said.text.index(piece, place)
        start, end = said.start, said.end
        if said.is_exact:
            start, end = said.start + place, said.start + place + len(piece)
        yield Word(piece, start, end, start, is_exact=said.is_exact, is_open=False)
        place += len(piece)


def with_values(run: Run, values: Mapping[str, str]) -> Run:
    """A command with what variables of its script in it stand for, each word in its place."""

    def put(found: re.Match[str]) -> str:
        return values.get(found["braces"] or found["plain"], found[0])

    def filled(word: Word) -> Word:
        if not word.is_open:
            return word
        value = _VARIABLE.sub(put, word.value, 20)
        return word if value == word.value else word._replace(value=value, is_exact=False)

    settings = tuple((name, filled(word)) for name, word in run.settings)
    return run._replace(words=tuple(filled(word) for word in run.words), settings=settings)
