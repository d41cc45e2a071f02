"""Notebooks made for the tools, and what those see in them."""

from __future__ import annotations

import json
from pathlib import Path

from llmsec_nb.sast.look import Looked, look
from llmsec_nb.sast.reading import read_code
from llmsec_nb.sast.seen import Seen

LANGUAGE = {"language_info": {"name": "python"}}


def notebook(*cells: str, metadata: dict[str, object] | None = None) -> str:
    """The text of a notebook; without metadata it is like those that Colab writes."""
    made: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{number}",
            "metadata": {},
            "outputs": [],
            "source": cell,
        }
        for number, cell in enumerate(cells)
    ]
    top = {"cells": made, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(top)


def write(folder: Path, name: str, *cells: str) -> tuple[Path, str]:
    """A notebook, or the text of another file, as a target."""
    file = folder / name
    text = notebook(*cells) if name.endswith(".ipynb") else "\n".join(cells)
    file.write_text(text, encoding="utf-8")
    return file, name


def looked(*targets: tuple[Path, str], limit: float = 120.0) -> Looked:
    """What both tools see in files."""
    documents = [read_code(path, name, 10_000_000)[0] for path, name in targets]
    return look([one for one in documents if one is not None], limit)


def spots(found: list[Seen], code: str) -> list[tuple[int | None, int, int, int, int]]:
    """Cells and spans of one code."""
    return [
        (one.cell, one.line, one.column, one.end_line, one.end_column)
        for one in found
        if one.code == code
    ]
