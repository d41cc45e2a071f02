"""Plots of a data set's report as SVG that stands in HTML: no script, no library, all escaped."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.dataset import Chart, Point, Power

_WIDTH: Final = 460
_HEIGHT: Final = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 12, 10, 34
_NAMED: Final = 12
"""So many triggers have their name beside the point."""
_BARS: Final = 30
_LINE: Final = 12
"""The height of a line of names."""
_DASHES: Final = ("", "6 3", "2 3", "8 3 2 3", "1 4")


class _Axis(NamedTuple):
    """Values from `low` to `high` on pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.start + share * (self.end - self.start), 1)


def purity_plot(points: Sequence[Point], alerts: frozenset[str]) -> str:
    """Purity against count: natural words grey, the triggers of `alerts` red and named.

    Empty without points.
    """
    if not points:
        return ""
    counts = [max(1, point.count) for point in points]
    x = _Axis(0, math.log10(max(10, *counts)), _LEFT, _WIDTH - _RIGHT)
    y = _Axis(0, 1, _HEIGHT - _BOTTOM, _TOP)
    parts = [*_frame("rows with the word", "purity"), *_powers_of_ten(x), *_percents(y)]
    ordered = sorted(points, key=lambda point: point.alert in alerts)
    lines: list[float] = []
    for point in ordered:
        is_trigger = point.alert in alerts
        told = f"{point.text} -> {point.target}: {point.count:,} rows, {100 * point.purity:.0f} %"
        place = x.at(math.log10(max(1, point.count))), y.at(point.purity)
        parts.append(
            f'<circle class="{"t" if is_trigger else "w"}" cx="{place[0]}" cy="{place[1]}" '
            f'r="{4 if is_trigger else 2.5}"><title>{escape(told)}</title></circle>'
        )
        if is_trigger and len(lines) < _NAMED:
            lines.append(_free(place[1] + 4, lines))
            parts.append(_beside(place[0], lines[-1], f"{point.alert} {point.text}"))
    title = "Purity of words against the number of rows that hold them"
    return _svg(title, parts)


def power_plot(powers: Sequence[Power]) -> str:
    """Share of decoys that were seen against the number of their rows. Empty without curves.

    What shows from its first row has no curve worth drawing.
    """
    drawn = [power for power in powers if len(power.curve) > 1 and power.rows != 1]
    if not drawn:
        return ""
    most = max(rows for power in drawn for rows, _ in power.curve)
    x = _Axis(0, math.log10(max(10, most)), _LEFT, _WIDTH - _RIGHT)
    y = _Axis(0, 1, _HEIGHT - _BOTTOM, _TOP)
    parts = [*_frame("rows of the attack", "seen"), *_powers_of_ten(x), *_percents(y)]
    for number, power in enumerate(drawn):
        line = " ".join(
            f"{x.at(math.log10(max(1, rows)))},{y.at(share)}" for rows, share in power.curve
        )
        parts.append(
            f'<polyline class="p" points="{line}" stroke-dasharray="{_dash(number)}">'
            f"<title>{escape(power.what)}</title></polyline>"
        )
    return _svg("What would have been seen", parts) + _legend([power.what for power in drawn])


def histogram(chart: Chart) -> str:
    """Bars of a chart, its first thirty. Empty without counts."""
    counts = chart.counts[:_BARS]
    if not counts or not max(counts):
        return ""
    x = _Axis(0, len(counts), _LEFT, _WIDTH - _RIGHT)
    y = _Axis(0, max(counts), _HEIGHT - _BOTTOM, _TOP)
    parts = [*_frame(chart.title, "rows"), _mark(y, max(counts), f"{max(counts):,}")]
    for place, count in enumerate(counts):
        left, right, top = x.at(place + 0.1), x.at(place + 0.9), y.at(count)
        name = _bar_name(chart, place)
        parts.append(
            f'<rect class="h" x="{left}" y="{top}" width="{round(right - left, 1)}" '
            f'height="{round(_HEIGHT - _BOTTOM - top, 1)}">'
            f"<title>{escape(name)}: {count:,}</title></rect>"
        )
        if len(counts) <= 8:
            parts.append(
                f'<text x="{x.at(place + 0.5)}" y="{_HEIGHT - _BOTTOM + 13}" '
                f'text-anchor="middle">{escape(name[:12])}</text>'
            )
    return _svg(chart.title, parts)


def _bar_name(chart: Chart, place: int) -> str:
    if place < len(chart.names):
        return chart.names[place]
    if place + 1 < len(chart.edges):
        return f"{chart.edges[place]:g} to {chart.edges[place + 1]:g}"
    return str(place + 1)


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _frame(x: str, y: str) -> Iterator[str]:
    bottom = _HEIGHT - _BOTTOM
    yield f'<path class="a" d="M{_LEFT} {_TOP}V{bottom}H{_WIDTH - _RIGHT}"/>'
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield f'<text x="{middle}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(x)}</text>'
    yield (
        f'<text x="12" y="{(_TOP + bottom) / 2}" text-anchor="middle" '
        f'transform="rotate(-90 12 {(_TOP + bottom) / 2})">{escape(y)}</text>'
    )


def _powers_of_ten(axis: _Axis) -> Iterator[str]:
    for power in range(int(axis.high) + 1):
        yield (
            f'<text x="{axis.at(power)}" y="{_HEIGHT - _BOTTOM + 13}" text-anchor="middle">'
            f"{10**power:,}</text>"
        )


def _percents(axis: _Axis) -> Iterator[str]:
    for share in (0, 0.5, 1):
        yield _mark(axis, share, f"{100 * share:.0f} %")


def _mark(axis: _Axis, value: float, text: str) -> str:
    return f'<text x="{_LEFT - 4}" y="{axis.at(value) + 4}" text-anchor="end">{text}</text>'


def _free(wanted: float, taken: Sequence[float]) -> float:
    """The line nearest below `wanted` on which no other name stands."""
    line = max(wanted, _TOP + 8)
    while any(abs(line - other) < _LINE for other in taken):
        line += _LINE
    return line


def _beside(x: float, line: float, text: str) -> str:
    right = x > _WIDTH * 0.6
    anchor = "end" if right else "start"
    place = x - 7 if right else x + 7
    return (
        f'<text class="t" x="{place}" y="{line}" text-anchor="{anchor}">{escape(text[:28])}</text>'
    )


def _legend(names: Sequence[str]) -> str:
    rows = ""
    for at, name in enumerate(names):
        line = f'<line class="p" x1="0" y1="4" x2="30" y2="4" stroke-dasharray="{_dash(at)}"/>'
        key = f'<svg class="k" viewBox="0 0 30 8" aria-hidden="true">{line}</svg>'
        rows += f"<div>{key} {escape(name)}</div>"
    return f'<div class="l">{rows}</div>'


def _dash(number: int) -> str:
    return _DASHES[number % len(_DASHES)]
