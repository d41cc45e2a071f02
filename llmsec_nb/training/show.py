"""The report of a data set for people, as text: alerts, what would have been seen, what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.rule import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..core.dataset import Alert, Coverage, DataReport, Power, Sample

_MOST: Final = 100
_SAMPLES: Final = 3
_OPEN, _CLOSE = "»", "«"


def as_text(report: DataReport) -> str:
    """Everything, the strongest alert first; what is hardly believed is only counted."""
    listed = [alert for alert in report.alerts if is_listed(alert)]
    lines = [caption(report), roles_line(report)]
    for alert in listed[:_MOST]:
        lines += _alert(alert)
    if len(listed) > _MOST:
        lines.append(f"… and {len(listed) - _MOST} more alerts")
    if unlisted := len(report.alerts) - len(listed):
        lines.append(f"{unlisted} of low confidence or accepted, not shown")
    lines += [f"power: {line}" for line in power_lines(report.power)]
    lines += [f"NOT everything was looked at: {coverage_line(one)}" for one in open_points(report)]
    lines += [coverage_line(one) for one in report.coverage if one.state == "done" and one.note]
    if report.not_covered:
        lines.append(f"not covered by any scan of this kind: {'; '.join(report.not_covered)}")
    return "\n".join(line.rstrip() for line in lines if line) + "\n"


def is_listed(alert: Alert) -> bool:
    """Whether an alert is worth a line: neither unsure nor accepted."""
    return alert.confidence.at_least(Confidence.MEDIUM) and not alert.accepted


def caption(report: DataReport) -> str:
    """What was scanned and what came of it, in one line."""
    listed = sum(map(is_listed, report.alerts))
    rows = f"{report.rows:,} rows"
    if not report.complete:
        rows = f"INCOMPLETE: {rows}"
    told = "no alerts" if not listed else f"{listed} alert{'' if listed == 1 else 's'}"
    flagged = f", {report.flagged:,} rows to look at" if report.flagged else ""
    return f"{report.name or 'data'}: {told} in {rows}{flagged}"


def roles_line(report: DataReport) -> str:
    """Which column was read as what, and what of it was a guess."""
    if not report.roles:
        return "no column has a role: say --text, --label, --prompt, --response, ..."
    told = ", ".join(
        f"{role} = {column}{' (guessed)' if role in report.guessed else ''}"
        for role, column in report.roles.items()
    )
    return f"read as {told}"


def power_lines(powers: Iterable[Power]) -> list[str]:
    """One for each measured kind of attack; those that show from their first row in one line."""
    lines: dict[str, list[str]] = {}
    at_once: dict[str, list[str]] = {}
    for power in powers:
        if power.rows == 1 and power.share == 1 and power.false_alerts is None:
            at_once.setdefault(power.detector, []).append(power.what)
            lines.setdefault(power.detector, [])
        else:
            lines.setdefault(power.detector, []).append(power_line(power))
    for detector, kinds in at_once.items():
        lines[detector].insert(0, f"each would show from 1 row: {', '.join(kinds)}")
    return [line for own in lines.values() for line in own]


def power_line(power: Power) -> str:
    """Such as "an inserted word would show from about 24 rows (95 of 100 decoys)"."""
    if power.rows is None:
        tried = max((rows for rows, _ in power.curve), default=0)
        told = f"{power.what} would not show for sure, even in {tried:,} rows"
    else:
        rows = "1 row" if power.rows == 1 else f"about {power.rows:,} rows"
        told = f"{power.what} would show from {rows}"
    if power.decoys:
        told += f" ({round(power.share * power.decoys)} of {power.decoys} decoys)"
    if power.false_alerts is not None:
        told += f"; {power.false_alerts:.2g} false alerts expected on clean data"
    return told


def open_points(report: DataReport) -> list[Coverage]:
    """The detectors that did not do all of their work."""
    return [one for one in report.coverage if one.state in {"incomplete", "missing"}]


def coverage_line(one: Coverage) -> str:
    """Which detector, and why."""
    return f"{one.detector}: {one.note}" if one.note else one.detector


def figures(alert: Alert) -> Iterator[tuple[str, str]]:
    """The figures of an alert with their names, as people read them."""
    if alert.purity is not None:
        prior = "" if alert.prior is None else f", {_percent(alert.prior)} of all rows"
        from_ = "" if alert.purity_from is None else f" (at least {_percent(alert.purity_from)})"
        yield "purity", f"{_percent(alert.purity)}{from_}{prior}"
    if alert.support is not None:
        yield "support of the rest of the rows", f"{alert.support:.2f}"
    if alert.insertion is not None:
        yield "insertion", f"{alert.insertion:+.1f}"
    if alert.q_value is not None:
        yield "q-value", f"{alert.q_value:.2g}"


def marked(sample: Sample, opening: str = _OPEN, closing: str = _CLOSE) -> str:
    """The text of a sample with its marks between two signs."""
    parts: list[str] = []
    kept = 0
    for mark in sample.marks:
        parts += (sample.text[kept : mark.start], opening, sample.text[mark.start : mark.end])
        parts.append(closing)
        kept = mark.end
    return "".join([*parts, sample.text[kept:]])


def _alert(alert: Alert) -> Iterator[str]:
    sure = "" if alert.confidence is Confidence.HIGH else f", {alert.confidence.value} confidence"
    yield f"{alert.id} {alert.rule} {alert.detector} [{alert.severity.value}{sure}]"
    yield f"  = {alert.message}"
    if told := "; ".join(f"{name} {value}" for name, value in figures(alert)):
        yield f"  = {told}"
    if alert.also:
        yield f"  = also {', '.join(alert.also[:5])}{', …' if len(alert.also) > 5 else ''}"
    for sample in alert.samples[:_SAMPLES]:
        label = f" -> {sample.label}" if sample.label else ""
        yield f"  | row {sample.row}: {marked(sample)}{label}"
    yield f"  = help: {alert.remedy}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
