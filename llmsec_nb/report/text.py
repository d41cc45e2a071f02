"""Text for people: place, rule, evidence, the line with a marker, how to mend it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ..core.rule import Severity
from ..rules import all_rules
from .show import failure_line, place_name, verdict, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..api import Outcome
    from ..core.finding import Finding, Line, Report

_STYLES: Final = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "34",
}
_WIDEST_MARK: Final = 60


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
        "\n".join(_finding(finding, outcome.excerpts.get(finding.fingerprint, ()), paint))
        for finding in report.findings
        if finding.suppression is None or show_suppressed
    ]
    notes = [f"{paint('failed', '1;33')} {failure_line(failure)}" for failure in report.failures]
    notes += [f"{paint('skipped', '2')} {visible(f'{s.path}: {s.message}')}" for s in report.skips]
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


def _finding(finding: Finding, lines: tuple[Line, ...], paint: Paint) -> Iterator[str]:
    style = _STYLES[finding.severity]
    title = f"{finding.rule} {finding.name}"
    unsure = "" if finding.confidence == "high" else f", {finding.confidence.value} confidence"
    yield (
        f"{paint(place_name(finding.location), '1')} {paint(title, style)} "
        f"[{paint(finding.severity.value, style)}{unsure}]"
    )
    for line in lines:
        yield from _marked(line, style, paint)
    yield f"  {paint('=', '36')} {visible(finding.message)}: {visible(finding.evidence.masked)}"
    if finding.suppression is not None:
        told = finding.suppression.reason or "no reason given"
        yield f"  {paint('=', '36')} suppressed by {finding.suppression.kind}: {visible(told)}"
    rule = all_rules().get(finding.rule)
    if rule is not None:
        yield f"  {paint('=', '36')} help: {rule.remediation}"


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
