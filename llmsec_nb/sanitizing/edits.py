"""A text under repair: changes in several rounds, with places in the text as it was at first."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Edit(NamedTuple):
    """Characters `start` to `end` give way to `new`."""

    start: int
    end: int
    new: str = ""


class Edited:
    """The text after some rounds; `size` is how long it was at first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.size = len(text)
        self._rounds: list[tuple[list[int], list[int]]] = []

    def apply(self, edits: Sequence[Edit]) -> None:
        """A round of edits, in order and apart from each other."""
        chunks: list[str] = []
        news, olds = [0], [0]
        kept = size = 0
        for start, end, new in edits:
            chunks += (self.text[kept:start], new)
            size += start - kept + len(new)
            news.append(size)
            olds.append(end)
            kept = end
        self.text = "".join((*chunks, self.text[kept:]))
        self._rounds.append((news, olds))

    def origin(self, place: int) -> int:
        """Where a character of the text as it is now stood at first."""
        for news, olds in reversed(self._rounds):
            at = bisect_right(news, place) - 1
            place = olds[at] + place - news[at]
        return place


def apart(edits: Sequence[Edit]) -> list[Edit]:
    """In order, and of overlapping ones the first, or the longer one of two at a place."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
