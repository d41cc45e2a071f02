"""What a rule's own knowledge can do about its finding: edits of the text that it read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Edit = tuple[int, int, str]
"""Characters `start` to `end` become the text."""


class Repair(NamedTuple):
    """Edits in the order of their places; `description` is what a person reads before.

    Safe: honest input gives what it gave before, anything else fails with a message. Unsafe:
    someone has to say that this is what they want, or has to fill something in.
    """

    edits: list[Edit]
    is_safe: bool
    description: str

    def moved(self, by: int) -> Repair:
        """The same in a text in which the source begins at character `by`."""
        edits = [(start + by, end + by, text) for start, end, text in self.edits]
        return self._replace(edits=edits)


def apply(source: str, edits: Iterable[Edit]) -> str:
    """The source with the edits made."""
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source
