"""HTML for notebooks: no script, every text escaped, colours from the theme of the front end."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from ..rules import all_rules
from .show import failure_line, part_name, place_name, verdict, visible

if TYPE_CHECKING:
    from ..api import Outcome
    from ..core.finding import Finding, Line

_MOST: Final = 200
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
    active = report.active
    rows = [_finding(f, outcome.excerpts.get(f.fingerprint, ())) for f in active[:_MOST]]
    if len(active) > _MOST:
        rows.append(f"<div class=p>… and {len(active) - _MOST} more; see `llmsec check`.</div>")
    notes = [f"<div class=f>Failed: {escape(failure_line(f))}</div>" for f in report.failures]
    notes += [
        f"<div class=p>Skipped: {escape(visible(f'{s.path}: {s.message}'))}</div>"
        for s in report.skips
    ]
    body = "".join([*rows, *notes])
    return (
        f'<style>{_STYLE}</style><div class="llmsec" role="region" aria-label="llmsec report">'
        f'<div class="v">{escape(verdict(report))}</div>{body}</div>'
    )


def _finding(finding: Finding, lines: tuple[Line, ...]) -> str:
    rule = all_rules().get(finding.rule)
    level = finding.severity.value
    place = finding.location
    where = part_name(place) or place_name(place)
    head = (
        f"<b>{level}</b> <code>{finding.rule}</code> {escape(finding.message)}: "
        f"<code>{escape(visible(finding.evidence.masked))}</code> "
        f'<span class="p">{escape(where)}, line {place.line + 1}</span>'
    )
    shown = "".join(map(_line, lines))
    why = (
        f"<div>{escape(rule.why)}</div><div><b>Help:</b> {escape(rule.remediation)}</div>"
        if rule
        else ""
    )
    return f'<details class="{level}"><summary>{head}</summary>{shown}{why}</details>'


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
