"""What a file is that a cell writes, where its name does not say so."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from ..core.lazy import lazy
from .python import LARGEST, Python

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .program import Program

_OPEN: Final = lazy(r"\{\s{0,9}(?P<braces>[A-Za-z_]\w{0,80})\s{0,9}\}|\$\{?(?P<dollar>\w{1,80})\}?")
_SHEBANG: Final = lazy(
    r"\s{0,80}#!\s{0,9}\S{0,200}?(?:env\s{1,9}(?:-S\s{1,9})?)?(?P<program>[\w.]{1,40})(?:\s|\Z)"
)
_PROGRAMS: Final = {
    "python": ".py",
    "pypy": ".py",
    "bash": ".sh",
    "sh": ".sh",
    "zsh": ".sh",
    "dash": ".sh",
}
_SAYS: Final = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
"""Statements that no text has by chance."""
_MOST: Final = 9
"""Names within a name."""


def is_open(name: str) -> bool:
    """Whether a part of a name is only put in when the cell runs."""
    return "{" in name or "$" in name


def resolved(name: str, programs: Iterable[Program]) -> str:
    """The name with the texts that names in it stand for, as the cells before say."""
    texts: dict[str, str] = {}
    for program in programs:
        for tree in program.python.trees:
            for statement in tree.body:
                texts |= _text(statement)

    def put(found: re.Match[str]) -> str:
        return texts.get(found["braces"] or found["dollar"], found[0])

    return _OPEN.sub(put, name, count=_MOST)


def _text(statement: ast.stmt) -> dict[str, str]:
    """The names that a statement gives a text, and that text."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return {}
    value = statement.value
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        return {}
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {one.id: value.value[:1_000] for one in targets if isinstance(one, ast.Name)}


def sniffed(source: str) -> str:
    """The suffix that a text ought to have: `.py`, `.sh`, or nothing that is known."""
    first = _SHEBANG.match(source)
    if first is not None:
        return _PROGRAMS.get(first["program"].rstrip("0123456789."), "")
    if len(source) > LARGEST or not re.search(r"\b(?:import|def|class)\b", source):
        return ""
    python = Python(source)
    says = any(isinstance(node, _SAYS) for tree in python.trees for node in tree.body)
    return ".py" if says and not python.broken else ""
