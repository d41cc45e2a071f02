"""HTML for notebooks: no script, every text escaped, colours from the theme of the front end."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from ..core.location import InColumn
from ..rules import all_rules
from ..tables.show import as_html as table_html
from ..training.html import as_html as data_html
from .groups import advice, grouped
from .show import beside_data, failure_line, part_name, place_name, skipped, verdict, visible

if TYPE_CHECKING:
    from ..api import Outcome
    from ..core.finding import Line
    from .groups import Group

_MOST: Final = 200
_MOST_PLACES: Final = 20
_STYLE: Final = """
.llmsec{font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:13px;line-height:1.5;
color:var(--jp-ui-font-color1,var(--vscode-editor-foreground,inherit));max-width:70em}
.llmsec .v{font-weight:600;margin:.3em 0}
.llmsec details{border:1px solid var(--jp-border-color2,rgba(128,128,128,.4));border-left-width:4px;
border-radius:3px;margin:.3em 0;padding:.2em .6em}
.llmsec summary{cursor:pointer}
.llmsec .critical,.llmsec .high{border-left-color:var(--jp-error-color1,#d33)}
.llmsec .medium{border-left-color:var(--jp-warn-color1,#e80)}
.llmsec .low,.llmsec .info{border-left-color:var(--jp-info-color1,#08a)}
.llmsec pre{margin:.3em 0;padding:.4em .6em;overflow-x:auto;white-space:pre;border-radius:3px;
color:inherit;background:var(--jp-layout-color2,rgba(128,128,128,.15));
font-family:var(--jp-code-font-family,monospace);font-size:12px}
.llmsec mark{color:inherit;background:none;text-decoration:underline wavy var(--jp-error-color1,#d33)}
.llmsec code{font-family:var(--jp-code-font-family,monospace);background:none;color:inherit}
.llmsec .p{opacity:.75}
.llmsec .f{border-left:4px solid var(--jp-warn-color1,#e80);padding-left:.6em;margin:.3em 0}
"""


def render_html(outcome: Outcome) -> str:
    """A block that can stand in any notebook output."""
    report = outcome.report
    groups = grouped(f for f in beside_data(report) if f.suppression is None)
    rows = [_row(g, outcome.excerpts.get(g.lead.fingerprint, ())) for g in groups[:_MOST]]
    if len(groups) > _MOST:
        rows.append(f"<div class=p>… and {len(groups) - _MOST} more; see `llmsec check`.</div>")
    notes = [f"<div class=f>Failed: {escape(failure_line(f))}</div>" for f in report.failures]
    notes += [f"<div class=p>Skipped: {escape(line)}</div>" for line in skipped(report)]
    body = "".join([*rows, *map(table_html, report.tables), *map(data_html, report.data), *notes])
    return (
        f'<style>{_STYLE}</style><div class="llmsec" role="region" aria-label="llmsec report">'
        f'<div class="v">{escape(verdict(report))}</div>{body}</div>'
    )


def _row(group: Group, lines: tuple[Line, ...]) -> str:
    lead, others = group.lead, group.others
    rule = all_rules().get(lead.rule)
    level = lead.severity.value
    place = lead.location
    where = part_name(place) or place_name(place)
    more = f" and {len(others)} more" if others else ""
    line = "" if isinstance(place, InColumn) else f", line {place.line + 1}"
    masked = escape(visible(lead.evidence.masked))
    masked = f": <code>{masked}</code>" if masked else ""
    head = (
        f"<b>{level}</b> <code>{lead.rule}</code> {escape(visible(lead.message))}{masked} "
        f'<span class="p">{escape(where)}{line}{more}</span>'
    )
    shown = "".join(map(_line, lines))
    also = "".join(
        f'<div class="p">also {escape(place_name(other.location))}</div>'
        for other in others[:_MOST_PLACES]
    )
    if len(others) > _MOST_PLACES:
        also += f'<div class="p">also {len(others) - _MOST_PLACES} more places</div>'
    why = f"<div>{escape(rule.why)}</div>" if rule else ""
    told = "".join(
        f"<div><b>{escape(word.capitalize())}:</b> {escape(visible(text))}</div>"
        for word, text in advice(group)
    )
    return f'<details class="{level}"><summary>{head}</summary>{shown}{also}{why}{told}</details>'


def _line(line: Line) -> str:
    before, marked, after = (
        escape(visible(text))
        for text in (
            line.text[: line.start],
            line.text[line.start : line.end],
            line.text[line.end :],
        )
    )
    return f"<pre>{before}<mark>{marked}</mark>{after}</pre>"
