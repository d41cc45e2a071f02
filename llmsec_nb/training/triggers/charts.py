"""Histograms of a labelled text column: rows by label, and by number of words."""

from __future__ import annotations

from typing import Any, Final

from ...core.dataset import Chart

_BARS: Final = 29
"""Labels that have a bar of their own."""


def charts(labels: Any, lengths: Any) -> list[Chart]:
    """Both, from the rows of each label and from those of each power of two of words."""
    found = [_classes(labels)] if len(labels) else []
    return [*found, _lengths(lengths)]


def _classes(rows: Any) -> Chart:
    """Rows by label, the largest first. States know labels by hashes, so that none is named."""
    counts = sorted(rows.tolist(), reverse=True)
    names = [f"no. {place + 1}" for place in range(min(_BARS, len(counts)))]
    if len(counts) > _BARS:
        counts, names = [*counts[:_BARS], sum(counts[_BARS:])], [*names, "others"]
    return Chart(
        kind="classes",
        title=f"rows by label, the largest of {len(rows)} first",
        counts=tuple(counts),
        names=tuple(names),
    )


def _lengths(rows: Any) -> Chart:
    """Rows by their number of words."""
    counts = rows.tolist()
    last = max((place for place, count in enumerate(counts) if count), default=0)
    return Chart(
        kind="lengths",
        title="words in a row",
        counts=tuple(counts[: last + 1]),
        edges=tuple(float(2**power - 1) for power in range(last + 2)),
    )
