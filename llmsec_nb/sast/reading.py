"""Files read for their code alone: what cells have printed is nobody's business here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ..core.finding import Skip
from ..sources.files import read_file, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..sources.document import Document
    from ..sources.skim import Leaf

_NOTEBOOK: Final = ".ipynb"
_SUFFIXES: Final = (_NOTEBOOK, ".py", ".pyi", ".pyw")
_KEPT: Final = frozenset({"cell_type", "execution_count", "id", "source"})
_OTHERS: Final = frozenset({
    "bash", "c", "c#", "c++", "cpp", "csharp", "f#", "fsharp", "go", "groovy", "haskell", "java",
    "javascript", "julia", "kotlin", "markdown", "matlab", "node.js", "octave", "perl", "php",
    "powershell", "r", "ruby", "rust", "sas", "scala", "sh", "sql", "stata", "swift", "typescript",
})  # fmt: skip
"""What kernels call languages that are not Python; of an unknown one the code itself decides."""


class _Nothing:
    """Suspects nothing: what is looked at here is read in another way."""

    def __call__(self, leaves: Sequence[Leaf]) -> set[int]:
        return set()

    def code(self, leaves: Sequence[Leaf]) -> set[int]:
        return set()


def is_code(path: Path) -> bool:
    """Whether a file is one that the tools can read, by its name."""
    return path.suffix.lower() in _SUFFIXES


def read_code(path: Path, shown: str, max_size: int) -> tuple[Document | None, list[Skip]]:
    """The code of a file with its places in it.

    None where it cannot be read, which the scan itself says, or where it is not Python.
    """
    document = read_file(path, shown, max_size, _Nothing())
    if document.failures and document.raw is None:
        return None, []
    raw = document.raw or ""
    if path.suffix.lower() != _NOTEBOOK:
        return document, []
    try:
        tree = json.loads(raw)
    except (ValueError, RecursionError):
        return None, []
    if not isinstance(tree, dict):
        return None, []
    if not _is_python(tree.get("metadata")):
        return None, [Skip(path=shown, message="not a notebook of Python: bandit and ruff skip it")]
    return _of_notebook(tree, raw, shown), []


def _of_notebook(tree: dict[str, Any], raw: str, shown: str) -> Document:
    """A notebook of which the sources and the tags of cells are left; places are of `raw`."""
    cells = tree.get("cells")
    if isinstance(cells, list):
        left = [_cell(cell) if isinstance(cell, dict) else {} for cell in cells]
        kept = {name: tree.get(name) for name in ("nbformat", "nbformat_minor")}
        tree = {**kept, "cells": left, "metadata": {}}
    document = read_text(json.dumps(tree), shown)
    document.raw = raw
    return document


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in cell.items() if name in _KEPT}
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return {**kept, "metadata": {"tags": tags} if tags else {}}


def _is_python(metadata: object) -> bool:
    """Whether the language that a notebook names may be Python. Most of Colab's name none."""
    known = metadata if isinstance(metadata, dict) else {}
    parts = (known.get("language_info"), "name"), (known.get("kernelspec"), "language")
    names = [part.get(name) for part, name in parts if isinstance(part, dict)]
    return not any(isinstance(name, str) and name.strip().lower() in _OTHERS for name in names)
