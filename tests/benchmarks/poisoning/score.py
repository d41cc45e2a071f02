"""Flagged rows against bad rows, and tables of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tests.benchmarks.poisoning.ours import Outcome


class Score(NamedTuple):
    """Shares, from 0 to 1. `false` is the share of the good rows that were flagged."""

    recall: float
    precision: float
    false: float
    found: bool


def score(flagged: Collection[int], bad: Collection[int], rows: int) -> Score:
    """Rows by number; where nothing is bad recall is 1, where nothing is flagged precision is."""
    hits = len(set(flagged) & set(bad))
    return Score(
        hits / len(bad) if bad else 1.0,
        hits / len(flagged) if flagged else 1.0,
        (len(flagged) - hits) / max(1, rows - len(bad)),
        bool(bad) and 2 * hits >= len(bad),
    )


def judged(outcome: Outcome, bad: Collection[int], rows: int) -> Score:
    """As `score`; found is an attack if one alert has half of its rows, and few others."""
    known = set(bad)
    found = bool(known) and any(
        2 * len(part & known) >= len(known) and 2 * len(part & known) >= len(part)
        for part in outcome.by_alert.values()
    )
    return score(outcome.flagged, bad, rows)._replace(found=found)


def mean(values: Sequence[float]) -> float:
    """0 where there are none."""
    return sum(values) / len(values) if values else 0.0


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns of equal width."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    wide = [max(len(row[place]) for row in cells) for place in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip()
        for row in cells
    )


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
