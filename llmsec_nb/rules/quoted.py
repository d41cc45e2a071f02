"""Messages that quote what stands in a file, without the secrets and personal data in it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from ..core.artifact import Part, Text
from ..core.detector import Context, Sign, Unavailable
from ..core.evidence import STARS
from ..core.location import InFile
from ..core.rule import Family, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.detector import Detector

_HIDDEN: Final = frozenset({Family.SECRET, Family.PII})
_KINDS: Final = (Kind.TEXT, Kind.CODE, Kind.CONFIG)
"""Nobody knows what a quoted text is: it is read as each of them."""
_NOWHERE: Final = InFile(line=0, column=0, end_line=0, end_column=0)
_SEARCHED: Final = "\0"


def redacted(messages: Sequence[str]) -> list[str]:
    """The messages with stars for what any rule for secrets or personal data matches in them.

    Whatever is selected, and however sure the rule is. Messages are of one line and short.
    """
    return [_redacted(message) for message in messages]


@lru_cache(maxsize=1024)  # who writes a cell is told the same of a file again and again
def _redacted(message: str) -> str:
    spans: set[tuple[int, int]] = set()
    for kind in _KINDS:
        part = Part(place=_NOWHERE, text=message, kind=kind)
        spans.update(_spans(Text.of(part)))
    end = len(message)
    for start, stop in sorted(spans, reverse=True):
        if start < end:  # of spans that overlap the rest goes with the later one
            message = message[:start] + STARS + message[min(max(stop, start), end) :]
            end = start
    return message


@cache
def _detectors() -> tuple[Detector, ...]:
    from . import detectors_for

    return tuple(
        detector
        for detector in detectors_for(frozenset())
        if any(rule.family in _HIDDEN for rule in detector.rules)
    )


def _spans(text: Text) -> Iterator[tuple[int, int]]:
    lowered = text.text.encode("ascii", "replace").decode().lower()
    for detector in _detectors():
        hint = (
            _signs(detector, text.text, lowered)
            if detector.literals
            else detector.screen(text.text)
        )
        if not hint:
            continue
        try:
            for match in detector.detect(text, hint, Context()):
                if match.rule.family in _HIDDEN:
                    yield match.start, match.end
                    yield from match.others
        except Unavailable:
            continue  # what is not installed is told where the file itself is scanned


def _signs(detector: Detector, text: str, lowered: str) -> list[Sign]:
    """What a screen would give: the literals in their order, and places to search."""
    found = [
        Sign(place.start(), literal)
        for literal in detector.literals
        if literal in lowered
        for place in re.finditer(re.escape(literal), lowered)
    ]
    if detector.searches:
        found += (Sign(start, _SEARCHED) for start in detector.search(text))
    return sorted(found)
