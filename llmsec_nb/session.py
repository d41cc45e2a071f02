"""The kernel in which the magics run, as the rules for code see it: its past, and its packages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .cells.past import Past
from .rules.code.sources import source
from .rules.dependencies.kernel import environment, python_version
from .surroundings import surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .sources.document import Document


class Session:
    """One for a kernel. Remembers what the names of its cells stand for."""

    def __init__(self) -> None:
        """Nothing ran yet that is known of."""
        self._past = Past(source)

    def cell(self, document: Document, inputs: Sequence[str], count: int) -> Document:
        """The document of cell number `count`, which runs after those of the inputs before it."""
        self._past.catch_up(inputs, count)
        document.past = self._past
        return self.whole(document)

    def whole(self, document: Document) -> Document:
        """A document of this kernel."""
        here = Path.cwd()
        document.around = surroundings(here, here, environment(), python_version())
        return document
