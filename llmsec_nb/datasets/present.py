"""What the detectors found, as a report that holds nothing raw."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from ..core.dataset import Alert, DataReport, Sample
from ..core.evidence import Evidence
from ..core.finding import Finding, Skip, Suppression
from ..core.location import InColumn
from ..core.rule import Confidence, Severity
from ..lineage.urls import NOT_COVERED
from ..rules import all_rules
from ..tables.names import apart
from .conceal import piece, shown, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..core.evidence import Concealer
    from ..policy import Policy
    from ..training.detector import Suspect
    from ..training.run import Ran

_LETTERS: Final = {"1": "T", "2": "T", "3": "P", "4": "D", "5": "F", "6": "I", "7": "L"}
"""By the first digit of a rule: trigger, payload, duplicate, feature, image, lineage."""
_FIRST_DIGIT: Final = 3
_NOT_COVERED: Final = (
    "paraphrase and style triggers",
    "steering without a trigger",
    "statements that are plainly false",
)


_MORE: Final = {
    "text": ("very common words as triggers", "openings that come with the label they speak for"),
    "prompt": ("natural topics with varied answers", "triggers of syntax"),
    "chosen": ("swapped preferences without a trait of their own",),
    "image": ("patches at random places", "blended and noise triggers"),
    "url": (NOT_COVERED,),
}
"""What nobody finds, by the role of a column."""


class Presented(Struct):
    """A report, and for each of its alerts the numbers of its rows (int64, sorted)."""

    report: DataReport
    rows: dict[str, Any]


def presented(
    ran: Ran,
    name: str,
    roles: dict[str, str],
    guessed: Sequence[str],
    policy: Policy,
    accepted: Mapping[str, tuple[str, int]],
    engine: str,
) -> Presented:
    """The alerts of rules that are selected, numbered, the strongest first."""
    alerts: list[Alert] = []
    rows: dict[str, Any] = {}
    names: dict[int, str] = {}
    counts: dict[str, int] = {}
    for place in _ordered(ran):
        suspect, numbers = ran.located[place]
        if suspect.rule.id not in policy.selected:
            continue
        letter = _LETTERS.get(suspect.rule.id[_FIRST_DIGIT : _FIRST_DIGIT + 1], "T")
        counts[letter] = counts.get(letter, 0) + 1
        id_ = f"{letter}{counts[letter]}"
        names[id(suspect)] = id_
        rows[id_] = numbers
        ignored = policy.suppression(suspect.rule.id, name)
        reason = "" if ignored is None else ignored.reason or "ignored by the configuration"
        alerts.append(_alert(ran, place, id_, accepted, reason))
    report = DataReport(
        name=name,
        rows=ran.rows,
        complete=ran.complete,
        roles={role: apart(column) for role, column in roles.items()},
        guessed=tuple(guessed),
        alerts=tuple(alerts),
        flagged=len(flagged(alerts, rows)),
        power=tuple(
            replace(power, what=told(power.what))
            for one in ran.conclusions.values()
            for power in one.power
        ),
        coverage=tuple(replace(one, note=told(one.note)) for one in ran.coverage),
        not_covered=(*_NOT_COVERED, *(what for role in roles for what in _MORE.get(role, ()))),
        points=tuple(_points(ran, names)),
        charts=tuple(
            replace(chart, names=tuple(map(shown, chart.names)))
            for one in ran.conclusions.values()
            for chart in one.charts
        ),
        engine=engine,
        problems=tuple(replace(one, message=told(one.message)) for one in ran.failures),
        skips=tuple(
            replace(one, message=told(one.message)) for one in (*ran.skips, *_unfinished(ran, name))
        ),
    )
    return Presented(report, rows)


def counts(alert: Alert) -> bool:
    """Whether the rows of an alert are to be held back: it is sure enough, and not accepted."""
    return (
        alert.confidence.at_least(Confidence.MEDIUM)
        and alert.severity.at_least(Severity.LOW)
        and not alert.accepted
    )


def flagged(alerts: Sequence[Alert], rows: Mapping[str, Any]) -> Any:
    """The numbers of all rows of the alerts that count, each once (int64, sorted)."""
    import numpy as np

    own = [rows[alert.id] for alert in alerts if counts(alert)]
    return np.unique(np.concatenate(own)) if own else np.zeros(0, np.int64)


def findings(report: DataReport, concealer: Concealer) -> Iterator[Finding]:
    """One for each alert; what somebody accepted is suppressed."""
    rules = all_rules()
    for alert in report.alerts:
        why = Suppression(kind="baseline", reason=alert.accepted) if alert.accepted else None
        rule = rules[alert.rule]
        place = InColumn(
            line=0,
            column=0,
            end_line=0,
            end_column=0,
            path=report.name or None,
            column_name=" + ".join(alert.columns),
        )
        key = f"{alert.rule}|{report.name}|{alert.fingerprint}"
        yield Finding(
            rule=rule.id,
            name=rule.name,
            family=rule.family,
            severity=alert.severity,
            confidence=alert.confidence,
            message=f"{alert.id}: {alert.message}",
            location=place,
            evidence=Evidence(
                masked=alert.trigger or f"{alert.rows:,} rows", digest=concealer.digest(key)
            ),
            fingerprint=alert.fingerprint,
            suppression=why,
        )


def _unfinished(ran: Ran, name: str) -> Iterator[Skip]:
    """What detectors did not look at, as the report of a scan says it."""
    for one in ran.coverage:
        if one.state in {"incomplete", "missing"}:
            yield Skip(path=name, message=f"{one.detector}: {one.note}")


def _ordered(ran: Ran) -> list[int]:
    """Places in `located`: by severity, then confidence, then rows."""

    def weight(place: int) -> tuple[int, int, int, int]:
        suspect, numbers = ran.located[place]
        severity = suspect.severity or suspect.rule.severity
        confidence = suspect.confidence or suspect.rule.confidence
        return severity.rank, confidence.rank, -len(numbers), place

    return sorted(range(len(ran.located)), key=weight)


def _alert(
    ran: Ran, place: int, id_: str, accepted: Mapping[str, tuple[str, int]], ignored: str
) -> Alert:
    suspect, numbers = ran.located[place]
    trigger, target = shown(suspect.trigger), shown(suspect.target)
    key = suspect.identity or f"{suspect.trigger}|{suspect.target}"
    columns = tuple(map(apart, suspect.columns))
    fingerprint = _fingerprint(suspect.rule.id, *columns, shown(key))
    return Alert(
        id=id_,
        rule=suspect.rule.id,
        detector=suspect.rule.name,
        severity=suspect.severity or suspect.rule.severity,
        confidence=suspect.confidence or suspect.rule.confidence,
        message=shown(suspect.message),
        columns=columns,
        fingerprint=fingerprint,
        rows=len(numbers) or suspect.rows,
        trigger=trigger,
        target=target,
        carriers=suspect.carriers,
        purity=suspect.purity,
        purity_from=suspect.purity_from,
        prior=suspect.prior,
        lift=suspect.lift,
        support=suspect.support,
        insertion=suspect.insertion,
        score=suspect.score,
        q_value=suspect.q_value,
        also=tuple(shown(one) for one in suspect.also),
        samples=tuple(_samples(ran, place, suspect)),
        remedy=suspect.remedy or suspect.rule.remediation,
        accepted=ignored or _reason(accepted.get(fingerprint), len(numbers)),
    )


def _reason(accepted: tuple[str, int] | None, rows: int) -> str:
    """Why an alert was accepted; it counts again when it has more rows than it had then."""
    if accepted is None:
        return ""
    reason, then = accepted
    return reason if not then or rows <= then else ""


def _samples(ran: Ran, place: int, suspect: Suspect) -> Iterator[Sample]:
    marked = ran.marks.get(place, [])
    for at, (row, texts) in enumerate(ran.samples.get(place, [])):
        spans = marked[at] if at < len(marked) else []
        column = next((span.column for span in spans), "") or next(
            (name for name in suspect.columns if name in texts), ""
        )
        own = [(span.start, span.end) for span in spans if span.column == column]
        text, marks = piece(texts.get(column, ""), own)
        yield Sample(
            row=row, column=apart(column), text=text, marks=marks, label=_label(texts, column)
        )


def _label(texts: Mapping[str, str], column: str) -> str:
    """What stands beside the sample: the label, the response."""
    other = next((text for name, text in texts.items() if name != column), "")
    return shown(other)[:120]


def _points(ran: Ran, names: Mapping[int, str]) -> Iterator[Any]:
    for one in ran.conclusions.values():
        for point in one.points:
            alert, text, target = "", point.text, point.target
            if point.alert:  # its words are known only since its rows were seen
                suspect = one.suspects[int(point.alert)]
                alert = names.get(id(suspect), "")
                text, target = suspect.trigger or text, suspect.target or target
            yield replace(point, text=shown(text), target=shown(target), alert=alert)


def _fingerprint(*parts: str) -> str:
    data = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:24]
