"""Tables that a text shows: one match for the values of a column, not one for each."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ...core.detector import Match
from .recognizer import Scene, resolve, strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.artifact import Text
    from .recognizer import Hit
    from .text import Engine

_FEWEST: Final = 3
"""So many values at the same column of lines make a table of a printed text."""
_FIRST: Final = 100
"""A table is stronger than what is found in its cells one by one."""


def in_fields(
    text: Text, engine: Engine, signs: Sequence[tuple[int, str]], searched: Sequence[int]
) -> Iterator[Match]:
    """A match for each kind of value under each header, and those that stand under none."""
    fields = sorted(text.fields, key=lambda field: field.start)
    starts = [field.start for field in fields]
    scene = Scene(text.text, cells=True)
    hits = [*engine.around(scene, signs, searched), *_under_headers(text, engine)]
    found: dict[tuple[str, str], list[Hit]] = {}
    for hit in resolve(hits):
        index = bisect_right(starts, hit.start) - 1
        if index < 0 or hit.start >= fields[index].end:
            yield match_of(hit)
        else:
            key = fields[index].name, hit.recognizer.rule.id
            found.setdefault(key, []).append(hit)
    rows = Counter(field.name for field in fields)
    for (name, _), own in found.items():
        yield _column(own, f"in {len(own)} of the {rows[name]} rows shown")


def _under_headers(text: Text, engine: Engine) -> Iterator[Hit]:
    """The values of columns whose header speaks of a kind."""
    for field in text.fields:
        value = text.text[field.start : field.end]
        for recognizer in engine.headers.speaking(field.name):
            hit = recognizer.judge(value, named=True)
            if hit is not None:
                yield hit._replace(start=field.start, end=field.end)


def aligned(content: str, hits: Sequence[Hit]) -> Iterator[Match]:
    """The matches of a printed text: values that stand below each other are a column."""
    groups: dict[tuple[str, str, int], list[Hit]] = {}
    if len(hits) >= _FEWEST:
        for hit in hits:
            begin = content.rfind("\n", 0, hit.start) + 1
            for side, place in (("left", hit.start - begin), ("right", hit.end - begin)):
                groups.setdefault((hit.recognizer.rule.id, side, place), []).append(hit)
    taken: set[int] = set()
    for group in sorted(groups.values(), key=len, reverse=True):
        own = [hit for hit in group if hit.start not in taken]
        if len(own) >= _FEWEST:
            taken |= {hit.start for hit in own}
            yield _column(own, f"in {len(own)} lines")
    yield from (match_of(hit) for hit in hits if hit.start not in taken)


def match_of(hit: Hit, where: str = "") -> Match:
    """What the engine is told of a hit."""
    told = f"{hit.recognizer.rule.summary} {where}".rstrip()
    note = ", ".join(filter(None, (hit.note, hit.country)))
    return Match(
        rule=hit.recognizer.rule,
        start=hit.start,
        end=hit.end,
        message=f"{told} ({note})" if note else told,
        confidence=hit.confidence,
        rank=hit.recognizer.rank,
    )


def _column(hits: list[Hit], where: str) -> Match:
    """As sure as the middle one of its values."""
    middle = sorted(hits, key=strength)[len(hits) // 2]
    first, *others = sorted(hits, key=lambda hit: hit.start)
    alike = len({(hit.note, hit.country) for hit in hits}) == 1
    shown = first if alike else first._replace(note="", country="")
    match = match_of(shown._replace(confidence=middle.confidence), where)
    spans = tuple((hit.start, hit.end) for hit in others)
    return replace(match, others=spans, rank=match.rank + _FIRST)
