"""Where a recognizer that looks for itself has to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator


def seek(
    pattern: re.Pattern[str], content: str, before: int = 0, behind: int = 1
) -> Iterator[tuple[int, int]]:
    """Spans of a text around the matches of a pattern, in order, none of which overlap.

    `before` and `behind` are characters around the start of a match in which a value may begin.
    """
    start = end = 0
    for found in pattern.finditer(content):
        first = max(0, found.start() - before)
        if first > end:
            if end:
                yield start, end
            start = first
        end = found.start() + behind
    if end:
        yield start, end


def near(
    pattern: re.Pattern[str], content: str, start: int, end: int, longest: int = 64
) -> Iterator[re.Match[str]]:
    """The matches that begin in [start, end) and have at most so many characters.

    Looking no further than that keeps a search around each of many signs cheap.
    """
    limit = min(len(content), end + longest)
    for found in pattern.finditer(content, start, limit):
        if found.start() >= end:
            return
        if found.end() < limit or limit == len(content):
            yield found
        elif (whole := pattern.match(content, found.start())) is not None:
            yield whole
