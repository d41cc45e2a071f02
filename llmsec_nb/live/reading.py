"""Notebooks as a front end holds them, read as documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ..core.finding import Failure
from ..sources.document import Document
from ..sources.notebook import NotANotebook, read_cell, read_notebook

if TYPE_CHECKING:
    from ..core.detector import Surroundings
    from ..wire import CodeInput


def read_tree(tree: dict[str, Any], path: str, around: Surroundings) -> Document:
    """Read a notebook as an editor holds it: places in a file are those of its usual layout."""
    try:
        document = read_notebook(json.dumps(tree, indent=1), path)
    except NotANotebook as error:
        return Document(path=path, failures=[Failure(path=path, message=str(error))])
    document.around = replace(around, python=document.around.python)
    return document


def read_program(
    cells: tuple[CodeInput, ...], path: str, around: Surroundings, language: str
) -> Document:
    """The code cells of a notebook as one document, each read as `read_cell` does."""
    document = Document(path=path, json=True, around=around, language=language)
    for item in cells:
        cell = {"cell_type": "code", "source": item.source, "execution_count": item.execution}
        if item.id is not None:
            cell["id"] = item.id
        read = read_cell(cell, item.index, path)
        document.texts += read.texts
        document.failures += read.failures
        document.sources |= read.sources
        document.tags[item.index] = item.tags
    return document
