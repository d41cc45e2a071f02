"""Spans against spans: intersection over union of at least a half, and what follows from it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tests.benchmarks.pii.eval_data import Span

_ENOUGH = 0.5


class Tally(NamedTuple):
    """Found, false and missed, by kind."""

    found: Counter[str]
    false: Counter[str]
    missed: Counter[str]

    def figures(self, kinds: Collection[str]) -> tuple[float, float, float, int, int, int]:
        """F1, precision, recall, and the three counts, over those kinds together."""
        found, false, missed = (sum(count[kind] for kind in kinds) for count in self)
        return (
            2 * found / max(1, 2 * found + false + missed),
            found / max(1, found + false),
            found / max(1, found + missed),
            found,
            false,
            missed,
        )


def overlap(one: Span, other: Span) -> float:
    """Intersection over union, in characters."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / max(1, max(one.end, other.end) - min(one.start, other.start))


def resolved(spans: Iterable[Span]) -> list[Span]:
    """The strongest, then longest, of those that overlap, whatever their kinds."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span.score, span.start - span.end)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept


def tally(
    gold: Iterable[Sequence[Span]], found: Iterable[Iterable[Span]], kinds: Collection[str]
) -> Tally:
    """Match the spans of each text: each labelled one to at most one that was found."""
    counts = Tally(Counter(), Counter(), Counter())
    for wanted, given in zip(gold, found, strict=True):
        left = [span for span in wanted if span.kind in kinds]
        for span in sorted(given, key=lambda span: -span.score):
            if span.kind not in kinds:
                continue
            same = [other for other in left if other.kind == span.kind]
            best = max(same, key=lambda other: overlap(span, other), default=None)
            if best is not None and overlap(span, best) >= _ENOUGH:
                left.remove(best)
                counts.found[span.kind] += 1
            else:
                counts.false[span.kind] += 1
        counts.missed.update(span.kind for span in left)
    return counts
