"""Python within words for a shell: behind `-c`, between `<<EOF` and `EOF`, sent by `echo`."""

from __future__ import annotations

import ast
import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from ...cells.program import read_python
from ...core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST: Final = 20_000
"""Characters of a script that are read."""
_MOST: Final = 100
"""Scripts of one text."""
_COMMAND: Final = lazy(
    r"(?:python[\d.]{0,6}|\{sys\.executable\}|pypy3?)[ \t]+(?:-[A-Zbsuvx]{1,3}[ \t]+){0,5}-[A-Zbsuvx]{0,4}c[ \t]+(?P<quote>[\"'])"
)
_OPENING: Final = lazy(
    r"\b(?P<tool>python[\d.]{0,6}|cat|tee)\b(?P<before>[^\n<]{0,200})<<-?[ \t]*(?P<mark>['\"]?)(?P<end>\w{1,40})(?P=mark)(?P<behind>[^\n]{0,200})\n"
)
_INTO_PYTHON: Final = lazy(r"\.py\b|\|[ \t]{0,9}(?:\S{0,80}/)?python")
_SENT: Final = lazy(
    r"\b(?:echo|printf)[ \t]+(?:-[a-zA-Z]{1,3}[ \t]+)?(?:'(?P<one>[^'\n]{1,2000})'|\"(?P<two>[^\"\n]{1,2000})\")"
    r"[ \t]{0,9}(?:\|[ \t]{0,9}(?:\S{0,80}/)?python|>>?[ \t]{0,9}\S{1,200}\.py\b)"
)


def evals(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The calls of eval and exec, with what is not fixed, in the Python that a shell is given."""
    for first, last in scripts(text, start, end):
        source = text[first:last]
        if "eval" not in source and "exec" not in source:
            continue
        program = read_python(source)
        for tree in program.python.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _is_eval(node):
                    begin, behind = program.python.span(node)
                    yield first + begin, first + behind


def scripts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The characters of each script of Python."""
    for found in islice(_COMMAND.finditer(text, start, end), _MOST):
        stop = text.find(found["quote"], found.end(), min(end, found.end() + _LONGEST))
        if stop > found.end():
            yield found.end(), stop
    for found in islice(_OPENING.finditer(text, start, end), _MOST):
        if found["tool"] in {"cat", "tee"} and not _INTO_PYTHON.search(found[0]):
            continue
        limit = min(end, found.end() + _LONGEST)
        closing = re.compile(rf"^[ \t]{{0,80}}{found['end']}[ \t]{{0,80}}$", re.MULTILINE)
        ending = closing.search(text, found.end(), limit)
        if ending is not None:
            yield found.end(), ending.start()
    for found in islice(_SENT.finditer(text, start, end), _MOST):
        yield found.span("one" if found["one"] else "two")


def _is_eval(node: ast.Call) -> bool:
    named = isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}
    return named and bool(node.args) and not isinstance(node.args[0], ast.Constant)
