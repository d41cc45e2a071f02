"""The report of a data set as HTML: a table of alerts with samples, plots, what was not seen."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from .plots import histogram, power_plot, purity_plot
from .show import (
    caption,
    coverage_line,
    figures,
    is_listed,
    open_points,
    power_lines,
    roles_line,
)

if TYPE_CHECKING:
    from ..core.dataset import Alert, DataReport, Sample

_HEADS: Final = ("alert", "severity", "trigger", "target", "rows", "purity", "support", "insertion")
_NUMBERS: Final = frozenset({4, 6, 7})
_MOST: Final = 100
_SAMPLES: Final = 5
STYLE: Final = """
.llmsec-data{font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:13px;
line-height:1.5;color:var(--jp-ui-font-color1,var(--vscode-editor-foreground,inherit));overflow-x:auto}
.llmsec-data table{border-collapse:collapse;background:none;color:inherit;margin:.3em 0}
.llmsec-data .c{font-weight:600}
.llmsec-data caption{caption-side:top;text-align:left;font-weight:600;color:inherit;padding:.2em 0}
.llmsec-data.llmsec-data table th,.llmsec-data.llmsec-data table td{text-align:left;
vertical-align:top;padding:.15em .6em;color:inherit;
border-bottom:1px solid var(--jp-border-color2,rgba(128,128,128,.4))}
.llmsec-data.llmsec-data table td.n{text-align:right;font-variant-numeric:tabular-nums}
.llmsec-data code{font-family:var(--jp-code-font-family,monospace);background:none;color:inherit;
white-space:pre-wrap;overflow-wrap:anywhere}
.llmsec-data mark{color:inherit;background:none;font-weight:700;
text-decoration:underline wavy var(--jp-error-color1,#d33)}
.llmsec-data summary{cursor:pointer}
.llmsec-data .b{display:inline-block;width:6em;height:.7em;border-radius:2px;overflow:hidden;
background:var(--jp-layout-color2,rgba(128,128,128,.2))}
.llmsec-data .b i{display:block;height:100%;background:var(--jp-error-color1,#d33)}
.llmsec-data .critical,.llmsec-data .high{color:var(--jp-error-color1,#c22)}
.llmsec-data .medium{color:var(--jp-warn-color0,#b50)}
.llmsec-data .low,.llmsec-data .info{color:var(--jp-info-color0,#06a)}
.llmsec-data .q{opacity:.75}
.llmsec-data .f{border-left:4px solid var(--jp-warn-color1,#e80);padding-left:.6em;margin:.3em 0}
.llmsec-data .g{display:flex;flex-wrap:wrap;gap:1em}
.llmsec-data figure{margin:.3em 0;max-width:460px;flex:1 1 320px}
.llmsec-data figure>svg{width:100%;height:auto}
.llmsec-data svg text{font-size:11px;fill:currentColor}
.llmsec-data svg text.t{fill:var(--jp-error-color1,#c22);font-weight:600}
.llmsec-data svg .a{fill:none;stroke:currentColor;opacity:.5}
.llmsec-data svg .w{fill:currentColor;opacity:.25}
.llmsec-data svg .t{fill:var(--jp-error-color1,#d33)}
.llmsec-data svg .h{fill:var(--jp-info-color1,#08a);opacity:.7}
.llmsec-data svg .p{fill:none;stroke:var(--jp-brand-color1,#27c);stroke-width:2}
.llmsec-data svg.k{width:30px;height:8px}
"""


def as_html(report: DataReport) -> str:
    """A block that can stand in any notebook output; no script, every text escaped."""
    listed = [alert for alert in report.alerts if is_listed(alert)]
    more = len(report.alerts) - len(listed[:_MOST])
    parts = [_table(report, listed[:_MOST])]
    if more:
        parts.append(
            f'<div class="q">{more} more of low confidence, accepted or beyond the first '
            f"{_MOST}: not shown</div>"
        )
    parts += [
        f'<div class="f">NOT everything was looked at: {escape(coverage_line(one))}</div>'
        for one in open_points(report)
    ]
    parts += [
        f'<div class="q">{escape(coverage_line(one))}</div>'
        for one in report.coverage
        if one.state == "done" and one.note
    ]
    parts += [_plots(report, listed), *_power(report)]
    return (
        f'<style>{STYLE}</style><div class="llmsec-data" role="region" '
        f'aria-label="training data">{"".join(parts)}</div>'
    )


def _table(report: DataReport, listed: list[Alert]) -> str:
    roles = f'<div class="q">{escape(roles_line(report))}</div>'
    if not listed:
        return f'<div class="c">{escape(caption(report))}</div>{roles}'
    heads = "".join(f'<th scope="col">{name}</th>' for name in _HEADS)
    rows = "".join(map(_row, listed))
    head = f"<caption>{escape(caption(report))}</caption><thead><tr>{heads}</tr></thead>"
    return f"<table>{head}<tbody>{rows}</tbody></table>{roles}"


def _row(alert: Alert) -> str:
    level = alert.severity.value
    trigger = f"<code>{escape(alert.trigger)}</code>" if alert.trigger else escape(alert.message)
    cells = (
        f"<b>{alert.id}</b> <code>{alert.rule}</code>",
        f'<span class="{level}">{level}</span>, {alert.confidence.value}',
        trigger,
        f"<code>{escape(alert.target)}</code>" if alert.target else "",
        f"{alert.rows:,}",
        "" if alert.purity is None else _bar(alert.purity),
        "" if alert.support is None else f"{alert.support:.2f}",
        "" if alert.insertion is None else f"{alert.insertion:+.1f}",
    )
    row = "".join(
        f'<td class="n">{cell}</td>' if at in _NUMBERS else f"<td>{cell}</td>"
        for at, cell in enumerate(cells)
    )
    return f'<tr>{row}</tr><tr><td colspan="{len(_HEADS)}">{_details(alert)}</td></tr>'


def _details(alert: Alert) -> str:
    told = "; ".join(f"{name} {value}" for name, value in figures(alert))
    also = f"<div>also {escape(', '.join(alert.also[:20]))}</div>" if alert.also else ""
    samples = "".join(map(_sample, alert.samples[:_SAMPLES]))
    return (
        f"<details><summary>{escape(alert.message)}</summary><div>{escape(told)}</div>{also}"
        f"{samples}<div><b>Help:</b> {escape(alert.remedy)}</div></details>"
    )


def _sample(sample: Sample) -> str:
    parts: list[str] = []
    kept = 0
    for mark in sample.marks:
        inside = escape(sample.text[mark.start : mark.end])
        parts += (escape(sample.text[kept : mark.start]), f"<mark>{inside}</mark>")
        kept = mark.end
    parts.append(escape(sample.text[kept:]))
    label = f' <span class="q">→ {escape(sample.label)}</span>' if sample.label else ""
    where = f'<span class="q">row {sample.row}</span>'
    return f"<div>{where} <code>{''.join(parts)}</code>{label}</div>"


def _bar(share: float) -> str:
    return (
        f'<span class="b" role="img" aria-label="{100 * share:.0f} %">'
        f'<i style="width:{max(2, round(100 * share))}%"></i></span>&nbsp;{100 * share:.0f}&nbsp;%'
    )


def _plots(report: DataReport, listed: list[Alert]) -> str:
    named = frozenset(alert.id for alert in listed)
    drawn = [purity_plot(report.points, named), power_plot(report.power)]
    drawn += map(histogram, report.charts)
    figures = "".join(f"<figure>{one}</figure>" for one in drawn if one)
    if not figures:
        return ""
    opened = " open" if listed else ""
    return f'<details{opened}><summary>Plots</summary><div class="g">{figures}</div></details>'


def _power(report: DataReport) -> list[str]:
    rows = "".join(f"<li>{escape(line)}</li>" for line in power_lines(report.power))
    told = f"<div>What would have been seen:</div><ul>{rows}</ul>" if rows else ""
    uncovered = "; ".join(report.not_covered)
    return [told, f'<div class="q">Not covered by any scan of this kind: {escape(uncovered)}</div>']
