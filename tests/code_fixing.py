"""Documents scanned, and the fixes of what is wrong with their code."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from llmsec_nb.cells.program import read
from llmsec_nb.config import Config
from llmsec_nb.core.artifact import json_pointer
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import Edit, Finding, Fix, FixKind
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.engine import scan
from llmsec_nb.fixes.source import applied
from llmsec_nb.policy import Policy
from llmsec_nb.sources.files import read_text

if TYPE_CHECKING:
    from llmsec_nb.core.detector import Surroundings
    from llmsec_nb.sources.document import Document

POLICY = Policy(Config(select=("COD", "DEP"), min_confidence=Confidence.LOW))


class Found(NamedTuple):
    """A finding with its fixes, and its part's text."""

    finding: Finding
    whole: str

    @property
    def fix(self) -> Fix | None:
        """What mends it."""
        return next((one for one in self.finding.fixes if one.kind is not FixKind.IGNORE), None)


def read_cells(*cells: str) -> Document:
    """A notebook of cells of code."""
    tree = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "id": f"c{number}", "metadata": {}, "outputs": [],
             "execution_count": None, "source": cell}
            for number, cell in enumerate(cells)
        ],
    }  # fmt: skip
    return read_text(json.dumps(tree), "a.ipynb")


def look(document: Document, around: Surroundings | None = None) -> list[Found]:
    """All that the rules for code and dependencies say."""
    if around is not None:
        document.around = around
    done = scan(document, POLICY, Concealer(b"0" * 32))
    parts = {
        json_pointer(text.pieces[0].part.pointer) or None: text.pieces[0].part.text
        for text in document.texts
    }
    return [
        Found(event, parts[event.location.pointer])
        for event in done.events
        if isinstance(event, Finding)
    ]


def counted(found: list[Found], at_least: Severity = Severity.INFO) -> Counter[tuple[Any, ...]]:
    """How often each rule speaks in each part, from a severity on."""
    return Counter(
        (one.finding.rule, one.finding.location.pointer)
        for one in found
        if one.finding.severity.rank <= at_least.rank
    )


def with_fixes(texts: dict[str | None, str], chosen: list[Found]) -> dict[str | None, str]:
    """The parts' texts, by pointer, after the fixes that fit together, the first ones first."""
    taken: dict[str | None, list[Edit]] = {}
    for one in chosen:
        assert one.fix is not None
        pointer = one.fix.pointer or one.finding.location.pointer
        own = taken.setdefault(pointer, [])
        clash = any(a.start <= b.end and b.start <= a.end for a in own for b in one.fix.edits)
        if not clash:
            own += one.fix.edits
    return texts | {
        pointer: applied(texts[pointer], sorted(edits, key=lambda edit: edit.start))
        for pointer, edits in taken.items()
    }


def broken(text: str) -> int:
    """How many pieces of a cell are no Python."""
    return len(read(text).broken)
