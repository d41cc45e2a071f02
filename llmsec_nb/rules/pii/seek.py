"""Where a recognizer that looks for itself has to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .recognizer import Window

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator


def seek(
    pattern: re.Pattern[str], content: str, before: int = 0, behind: int = 1
) -> Iterator[Window]:
    """A window around each match of a pattern.

    `before` and `behind` are characters around the start of a match in which a value may begin.
    """
    for found in pattern.finditer(content):
        sign = found.start()
        yield Window(max(0, sign - before), sign + behind, sign)


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
