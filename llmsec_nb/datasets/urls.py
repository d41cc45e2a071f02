"""Lists of addresses: what they lead to, and, when asked, whether it is still what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.dataset import Coverage
from ..training.detector import Conclusion

if TYPE_CHECKING:
    from ..sources.dataset import Table
    from ..training.detector import Plan
    from ..training.run import Ran

_NAME: Final = "urls"


def add_urls(ran: Ran, table: Table, plan: Plan, *, fetch: bool) -> None:
    """Put what is wrong with the addresses of a table to what its scan found.

    Nothing is opened unless `fetch`. Raises DatasetError.
    """
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
