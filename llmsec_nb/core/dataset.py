"""What is said of training data: alerts, the power of the scan, and what it does not cover.

Plain data, fit for JSON. Texts in it are fit to be shown: hidden characters are spelt out, secrets
and personal data are masked.
"""

from __future__ import annotations

from msgspec import Struct

from .problem import Failure, Skip
from .rule import Confidence, Severity


class Mark(Struct, frozen=True):
    """Characters `start` to `end` of a shown text."""

    start: int
    end: int


class Sample(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row that shows an alert: its number from 0, and a piece of one of its columns."""

    row: int
    column: str
    text: str
    marks: tuple[Mark, ...] = ()
    label: str = ""


class Alert(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong with a data set, however many rows show it.

    `id` names it within its report. `trigger` is what marks the rows, `target` the label, or what
    the responses share. `rows` counts the rows that are part of it, `carriers` those that hold the
    trigger at all. `purity` is the share of carriers with the target, `purity_from` its lower
    bound (95 %), `prior` the share among all rows. `support`: how far the rest of the rows speaks
    for the target, 0 to 1. `insertion`: log-likelihood that the trigger grew where it stands;
    far below 0: it was put there. `q_value`: expected share of false ones among alerts as
    strong as this. `also` are the nested forms of the same trigger. `accepted` is why somebody
    wants these rows as they are.
    """

    id: str
    rule: str
    detector: str
    severity: Severity
    confidence: Confidence
    message: str
    columns: tuple[str, ...]
    fingerprint: str
    rows: int
    trigger: str = ""
    target: str = ""
    carriers: int | None = None
    purity: float | None = None
    purity_from: float | None = None
    prior: float | None = None
    lift: float | None = None
    support: float | None = None
    insertion: float | None = None
    score: float | None = None
    q_value: float | None = None
    also: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()
    remedy: str = ""
    accepted: str = ""


class Power(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a detector would have seen, measured with decoys of its own in a copy of this data.

    `what` completes "... would show from about N rows". `rows` is N, None when no tried number was
    enough; `curve` holds (rows, share of `decoys` decoys that were seen). `false_alerts` is the
    number of alerts that clean data like this is expected to give.
    """

    detector: str
    what: str
    rows: int | None
    share: float
    decoys: int
    curve: tuple[tuple[int, float], ...] = ()
    false_alerts: float | None = None


class Point(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One word or phrase in the plot of purity against count. `alert` is the id of its alert."""

    text: str
    count: int
    purity: float
    target: str
    insertion: float | None = None
    alert: str = ""


class Chart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A histogram: `kind` is `classes` or `lengths`; `edges` has one more than `counts`."""

    kind: str
    title: str
    counts: tuple[int, ...]
    names: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()


class Coverage(Struct, frozen=True, kw_only=True):
    """Whether a detector looked: `state` is `done`, `not-applicable`, `incomplete` or `missing`."""

    detector: str
    state: str
    note: str = ""


class DataReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that one scan has to say of one data set.

    `roles` says which column was read as what; `guessed` are the roles that nobody named.
    `not_covered` says what no detector here can find. `complete`: all rows were read.
    """

    name: str
    rows: int
    complete: bool
    roles: dict[str, str]
    guessed: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    flagged: int = 0
    power: tuple[Power, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    not_covered: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    charts: tuple[Chart, ...] = ()
    digest: str = ""
    engine: str = "local"
    problems: tuple[Failure, ...] = ()
    skips: tuple[Skip, ...] = ()
