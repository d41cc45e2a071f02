"""Detectors over a data set: passes, conclusions, rows; on one core, several, or an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .engines import start
from .engines.ran import Ran
from .engines.scan import Scan, Wishes
from .engines.watch import Bar, Watch, patiently

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..sources.dataset import Table
    from .detector import Plan, TableDetector
    from .engines.distributed import Distributed

    Progress = Callable[[int | None], Bar]

__all__ = ["Bar", "Ran", "run"]


def run(
    table: Table | Distributed,
    plan: Plan,
    detectors: Sequence[TableDetector[Any]],
    *,
    engine: str = "local",
    jobs: int = 1,
    progress: Progress | None = None,
    trusted: Mapping[str, bytes] | None = None,
    rows_kept: int = 5,
) -> Ran:
    """Run all detectors over a table, which is closed.

    `jobs` threads share the work; the result is the same for any number. `progress(total)` makes
    a bar for each pass, such as `lambda total: tqdm(total=total, unit="rows")`. `trusted` holds
    packed states of the first pass over a former version, by name of the detector. Of each suspect
    `rows_kept` rows are kept to be shown.

    An interrupt (KeyboardInterrupt) ends the reading: what was seen is concluded by those that
    need one pass only. Raises Unavailable if the engine is not there, ValueError if there is none
    of that name, DatasetError if it cannot read such a source.
    """
    watch = Watch()
    place = start(table, plan.roles, engine, jobs, watch)
    scan = Scan(
        table.name, plan, detectors, place, watch, Wishes(trusted or {}, rows_kept, max(1, jobs))
    )
    try:
        ran = patiently(scan.ran, watch, progress)
    finally:
        place.close()
    ran.failures[:0] = table.problems
    ran.skips[:0] = table.skips
    return ran
