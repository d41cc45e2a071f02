"""Lists of addresses: what they lead to, and, when asked, whether it is still what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.dataset import Coverage
from ..sources.dataset import Table
from ..training.detector import Conclusion

if TYPE_CHECKING:
    from ..training.detector import Plan
    from ..training.engines.distributed import Distributed
    from ..training.run import Ran

_NAME: Final = "urls"


def add_urls(ran: Ran, table: Table | Distributed, plan: Plan, *, fetch: bool) -> None:
    """Put what is wrong with the addresses of a table to what its scan found.

    Nothing is opened unless `fetch`. Where the rows cannot be read here and once more, the coverage
    says so. Raises DatasetError.
    """
    if not isinstance(table, Table) or table.once:
        note = "addresses are looked at in files and frames of this machine only"
        ran.coverage += (Coverage(detector=_NAME, state="incomplete", note=note),)
        return
    import numpy as np

    from ..lineage import Fetcher, check_urls

    roles = plan.roles
    asker = Fetcher() if fetch else None
    check = check_urls(table, roles.url, roles.digest, fetch=asker, seed=plan.seed)
    ran.conclusions[_NAME] = Conclusion(suspects=list(check.suspects))
    for suspect in check.suspects:
        ran.located.append((suspect, np.array(sorted(suspect.key), np.int64)))
    state = "incomplete" if check.notes else "done"
    ran.coverage += (Coverage(detector=_NAME, state=state, note="; ".join(check.notes)),)
