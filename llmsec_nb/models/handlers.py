"""Archives of TorchServe: the Python code that serves the model, read and never run."""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING, Final

from ..core.rule import Confidence, Severity
from . import rules
from .names import words
from .values import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .context import Context

SIGN: Final = "MAR-INF/MANIFEST.json"
"""The member by which TorchServe knows its archives."""
_RUNS: Final = re.compile(
    r"os\.(?:system|popen|exec\w{1,8}|spawn\w{1,8}|posix_spawn\w?)"
    r"|(?:posix|pty|subprocess|commands|socket|marshal|code|runpy|ctypes|ftplib|smtplib|telnetlib"
    r"|paramiko|requests|httpx|http\.client|urllib\.request|dill|cloudpickle)\..{1,200}"
    r"|asyncio\.create_subprocess_\w{1,9}|builtins\.\w{1,20}"
    r"|pickle\.loads?|importlib\.import_module|shutil\.rmtree"
)
"""What the code that serves a model has no need of: commands, hosts, code that is made of text."""
_BUILTIN: Final = frozenset({"eval", "exec", "compile", "__import__"})
_GRAVE: Final = words("os posix pty subprocess builtins commands socket marshal code runpy asyncio")
"""Modules of which the harm is sure enough; the others have honest uses as well."""
_SHOWN: Final = 10


def check(raw: bytes, name: str, context: Context) -> None:
    """Note that a handler is there, and what it calls that runs commands or reaches hosts."""
    context.issue(rules.REMOTE_CODE, f"Serving the model runs the Python code of {escaped(name)}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(raw)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        context.note("Python that cannot be parsed: not inspected")
        return
    told: dict[str, None] = {}
    for path in _called(tree):
        if _RUNS.fullmatch(path):
            told[path] = None
    for path in list(told)[:_SHOWN]:
        grave = path.partition(".")[0] in _GRAVE
        context.issue(
            rules.REMOTE_CODE,
            f"The code that serves the model calls {escaped(path)}",
            severity=Severity.CRITICAL if grave else Severity.HIGH,
            confidence=Confidence.MEDIUM,
        )


def _called(tree: ast.AST) -> Iterator[str]:
    """The dotted names of all that is called, with the names of imports resolved."""
    names = {name: f"builtins.{name}" for name in _BUILTIN}
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name if alias.asname else alias.name.partition(".")[0]
                names[alias.asname or root] = root
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in nodes:
        if isinstance(node, ast.Call):
            path = _path(node.func)
            root, dot, rest = path.partition(".")
            if root in names:
                yield f"{names[root]}{dot}{rest}"


def _path(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
