"""Text for people: place, rule, evidence, the line with a marker, how to mend it.

Findings of one value share a block: the line of the worst, and the places of the others.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ..core.rule import Severity
from ..tables.show import as_text as table_text
from ..training.show import as_text as data_text
from .groups import advice, grouped
from .show import beside_data, failure_line, place_name, skipped, verdict, visible, worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..api import Outcome
    from ..core.finding import Finding, Line, Report
    from .groups import Group

_STYLES: Final = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "34",
}
_WIDEST_MARK: Final = 60
_MOST_PLACES: Final = 20


class Paint:
    """Wraps text in terminal styles, or leaves it alone."""

    def __init__(self, *, color: bool) -> None:
        """Paint only if `color`."""
        self.color = color

    def __call__(self, text: str, style: str) -> str:
        """`text` in an SGR style such as `1;31`."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color else text


def render_text(outcome: Outcome, *, color: bool = False, show_suppressed: bool = False) -> str:
    """The whole report."""
    paint = Paint(color=color)
    report = outcome.report
    blocks = [
        "\n".join(_block(group, outcome.excerpts.get(group.lead.fingerprint, ()), paint))
        for group in grouped(
            finding
            for finding in beside_data(report)
            if finding.suppression is None or show_suppressed
        )
    ]
    notes = [f"{paint('failed', '1;33')} {failure_line(failure)}" for failure in report.failures]
    notes += [f"{paint('skipped', '2')} {line}" for line in skipped(report)]
    blocks += [table_text(table).rstrip() for table in report.tables]
    blocks += [data_text(data).rstrip() for data in report.data]
    if notes:
        blocks.append("\n".join(notes))
    blocks.append(paint(verdict(report), _verdict_style(report)))
    return "\n\n".join(blocks) + "\n"


def render_statistics(report: Report) -> str:
    """How often each rule was found, most often first."""
    counts = Counter((f.rule, f.name, f.severity.value) for f in report.active)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = [f"{count:6}  {rule}  {name}  {level}" for (rule, name, level), count in ordered]
    return "\n".join([*rows, verdict(report)]) + "\n"


def _verdict_style(report: Report) -> str:
    if report.failures:
        return "1;33"
    return "1" if report.summary.findings else "1;32"


def _block(group: Group, lines: tuple[Line, ...], paint: Paint) -> Iterator[str]:
    lead = group.lead
    style = _STYLES[lead.severity]
    more = "" if lead.confidence == "high" else f", {lead.confidence.value} confidence"
    if lead.verification is not None and lead.verification.validity != "unknown":
        more += f", {lead.verification.validity.value}"
    yield (
        f"{paint(place_name(lead.location), '1')} {paint(_title(lead), style)} "
        f"[{paint(lead.severity.value, style)}{more}]"
    )
    for line in lines:
        yield from _marked(line, style, paint)
    mark = f"  {paint('=', '36')} "
    yield f"{mark}{worded(lead)}"
    for other in group.others[:_MOST_PLACES]:
        title = "" if other.rule == lead.rule else f" {_title(other)}"
        yield f"{mark}also {place_name(other.location)}{title}"
    if len(group.others) > _MOST_PLACES:
        yield f"{mark}also {len(group.others) - _MOST_PLACES} more places"
    if lead.suppression is not None:
        told = lead.suppression.reason or "no reason given"
        yield f"{mark}suppressed by {lead.suppression.kind}: {visible(told)}"
    for word, text in advice(group):
        yield f"{mark}{word}: {visible(text)}"


def _title(finding: Finding) -> str:
    return f"{finding.rule} {finding.name}"


def _marked(line: Line, style: str, paint: Paint) -> Iterator[str]:
    number = f"{line.number + 1:>4}"
    head = visible(line.text[: line.start])
    marked = visible(line.text[line.start : line.end])
    lead = len(head) - len(head.lstrip())
    head, tail = head[lead:], visible(line.text[line.end :])
    bar = paint("|", "36")
    yield f"{paint(number, '36')} {bar} {head}{paint(marked, style)}{tail.rstrip()}"
    mark = "^" * max(1, min(len(marked), _WIDEST_MARK))
    yield f"     {bar} {' ' * len(head)}{paint(mark, style)}"
