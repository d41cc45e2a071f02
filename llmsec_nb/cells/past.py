"""What ran in a kernel before the cell that is looked at: what its names stand for."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from .flow import Site, Trail
from .program import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .program import Program

_MOST_WAITING: Final = 300
"""Cells that ran and were not followed yet; older ones are forgotten."""
_LONGEST: Final = 100_000
"""Characters of a cell that is followed."""


class Past:
    """Follows the cells of a kernel as they run: each is read once, and only when it is needed."""

    def __init__(self, source: Callable[[str], str]) -> None:
        """`source` as for `flow.follow`."""
        self._trail = Trail(source)
        self._waiting: deque[str] = deque(maxlen=_MOST_WAITING)
        self._known = 1
        self._gaps: dict[str, None] = {}

    def catch_up(self, inputs: Sequence[str], before: int) -> None:
        """Those of IPython's inputs, the first is number 1, that ran before number `before`."""
        for number in range(self._known, min(before, len(inputs))):
            if len(self._waiting) == _MOST_WAITING:
                self._gap(f"cells that ran before the last {_MOST_WAITING}")
            self._waiting.append(inputs[number])
        self._known = max(self._known, before)

    def gaps(self) -> list[str]:
        """What was not followed, so that its names mean nothing here; each is told once."""
        found = list(self._gaps)
        self._gaps.clear()
        return found

    def _gap(self, what: str) -> None:
        self._gaps[f"rules for code do not know the names of {what}"] = None

    def _remember(self, text: str) -> None:
        """What the names of a cell stand for from here on."""
        if len(text) > _LONGEST:
            self._gap(f"an earlier cell: it is longer than {_LONGEST:,} characters")
            return
        try:
            for _ in self._trail.cell(-1, read(text)):
                pass
        except Exception as error:  # noqa: BLE001 (a defect in one cell must not hide the others)
            self._gap(f"an earlier cell: it cannot be followed ({type(error).__name__})")

    def follow(self, programs: Iterable[tuple[int, Program]]) -> list[Site]:
        """The sites of the next cell, of which the numbers are those of its units.

        A cell that nobody asks for is caught up with later.
        """
        self._known += 1
        while self._waiting:
            self._remember(self._waiting.popleft())
        return [site for number, program in programs for site in self._trail.cell(number, program)]
