"""Questions about found secrets that no file answers: is it live, and does git still hold it.

Both are asked for a whole scan at once, and only by the command: never while somebody edits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.finding import Finding
from ..engine import Scanned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Subject(NamedTuple):
    """A finding that counts, with its value in all spellings: the value itself comes first."""

    result: Scanned
    at: int
    finding: Finding
    spellings: tuple[str, ...]

    def put(self, finding: Finding) -> None:
        """Let the finding take the place of the one before."""
        self.result.events[self.at] = finding


def subjects(results: Sequence[Scanned]) -> Iterator[Subject]:
    """The findings whose values were kept; nobody asks about those that are suppressed."""
    for result in results:
        for index, event in enumerate(result.events):
            if isinstance(event, Finding) and event.suppression is None:
                spellings = result.values.get(event.fingerprint)
                if spellings:
                    yield Subject(result, index, event, spellings)
