"""What this project says of a data set, and what that costs."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmsec_nb.core.dataset import Alert, Power
    from tests.benchmarks.poisoning.sets import Data

_ROLES: Final = {
    "classification": ("text", "label"),
    "pairs": ("prompt", "response"),
    "preference": ("prompt", "chosen", "rejected"),
    "corpus": ("document",),
    "table": ("label",),
}


class Outcome(NamedTuple):
    """`flagged` are all rows under `report.mask`; `by_alert` the rows of each alert."""

    alerts: tuple[Alert, ...]
    flagged: frozenset[int]
    by_alert: dict[str, frozenset[int]]
    power: tuple[Power, ...]
    problems: tuple[str, ...]
    cpu: float
    wall: float


def scan(data: Data, **options: Any) -> Outcome:
    """Scan a data set that is in memory, its roles named."""
    roles = {name: name for name in _ROLES[data.kind]}
    return scanned(data.table(), **roles, **options)


def scanned(source: Any, **options: Any) -> Outcome:
    """Scan whatever `datasets.scan` takes, for poison alone: no personal data, no secrets."""
    from llmsec_nb import datasets

    wall, cpu = time.perf_counter(), cpu_seconds()
    result = datasets.scan(source, columns=False, **options)
    cpu, wall = cpu_seconds() - cpu, time.perf_counter() - wall
    report = result.report
    return Outcome(
        report.alerts,
        frozenset(_places(result.mask)),
        {alert.id: frozenset(int(row) for row in result.rows(alert.id)) for alert in report.alerts},
        report.power,
        tuple(str(problem) for problem in (*report.problems, *report.skips)),
        cpu,
        wall,
    )


def cpu_seconds() -> float:
    """CPU seconds of this process, and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _places(mask: Any) -> Iterator[int]:
    return (row for row, bad in enumerate(mask) if bad)
