"""Texts of rows made fit to be shown: no secret, no personal data, nothing invisible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.dataset import Mark
from ..core.detector import Unavailable
from ..core.evidence import STARS
from ..report.show import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BEFORE: Final = 80
_WIDEST: Final = 240
_LONGEST: Final = 20_000
"""A text that is longer is not searched for what must be hidden, and not shown."""


def concealed(text: str) -> str:
    """The text, as long as it was, with stars for the characters of secrets and personal data."""
    from ..redaction.places import stands_in
    from ..sources.files import read_text

    if len(text) > _LONGEST:
        return text[:0]
    chars = list(text)
    try:
        for stand in stands_in(read_text(text, "row.txt")):
            if stand.part.text != text:
                return "*" * len(text)
            for place in range(stand.start, stand.end):
                chars[place] = chars[place] if chars[place].isspace() else "*"
    except Unavailable:
        return "*" * len(text)
    return "".join(chars)


def shown(text: str) -> str:
    """A short text as it may be shown."""
    safe = visible(concealed(text).replace("\n", " "))
    return f"{safe[: _WIDEST - 1]}…" if len(safe) > _WIDEST else safe


def told(message: str) -> str:
    """A message of a detector, which may name columns, as it may be shown."""
    return visible(concealed(message)) if message else ""


def piece(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, tuple[Mark, ...]]:
    """The part of a text around the first spans, as it may be shown, with marks for all in it."""
    if len(text) > _LONGEST:
        return f"{STARS} ({len(text):,} characters)", ()
    safe = concealed(text)
    if len(safe) != len(text):
        return STARS, ()
    ordered = _apart(spans, len(safe))
    start = max(0, ordered[0][0] - _BEFORE) if ordered else 0
    stop = min(len(safe), start + _WIDEST)
    parts: list[str] = ["…"] if start else []
    marks: list[Mark] = []
    size = sum(map(len, parts))
    kept = start
    for first, last in ordered:
        if first >= stop:
            break
        before, inside = _flat(safe[kept:first]), _flat(safe[first : min(last, stop)])
        parts += (before, inside)
        size += len(before)
        marks.append(Mark(size, size + len(inside)))
        size += len(inside)
        kept = min(last, stop)
    parts += (_flat(safe[kept:stop]), "…" if stop < len(safe) else "")
    return "".join(parts), tuple(marks)


def _flat(text: str) -> str:
    return visible(text.replace("\n", " "))


def _apart(spans: Iterable[tuple[int, int]], size: int) -> Sequence[tuple[int, int]]:
    """Spans in order that do not overlap and lie within the text."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        first = max(0, start, found[-1][1] if found else 0)
        last = min(end, size)
        if first < last:
            found.append((first, last))
    return found
