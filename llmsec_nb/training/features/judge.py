"""What a case is worth: how surprising its labels are, and how random the rest of its rows looks.

Who plants a value takes rows at random, or at random among those of some labels; so, but for the
label, the rest of these rows looks like any. Where a value grew, the rest of the row knows of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from .bounds import lower, misfit, weight
from .candidates import Case
from .cases import UNIT, decoded, left_out
from .telling import COPY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .state import State

_LEAST_SUPPORT: Final = 0.02
_SURE: Final = 5.0
"""Powers of ten by which a case must be rarer than one among all that could have been one."""
_RANDOM: Final = 3.0
_ALIKE: Final = 0.04
_AGAINST: Final = 0.2
_PURE: Final = 0.87
_NEARLY: Final = 0.95
_ALL: Final = 0.98
_MANY: Final = 30.0
_EXCESS: Final = 0.6
_DECISIVE: Final = 0.3


class Verdict(Struct, frozen=True, kw_only=True):
    """The figures of a case.

    `weight`: minus log10 of how likely so many rows with the label are, given the rest of each.
    `strange`: how far the rest of the rows is from that of rows drawn at random, in standard
    deviations; `worst` the same as a share, of the column in which it is most. `planted`: whether
    it is an alert, `sure`: and no doubtful one.
    """

    case: Case
    carriers: int
    hits: int
    support: float
    weight: float
    purity_from: float
    strange: float = math.inf
    worst: float = math.inf
    planted: bool = False
    sure: bool = False


def verdicts(state: State) -> list[Verdict]:
    """All cases, decoys included, in their order."""
    decisive = [_decisive(state.known, at) for at in range(len(state.known["numeric"]))]
    sources = _sources(state.known)
    return [
        _verdict(
            state,
            at,
            case,
            max(decisive[column] for column in left_out(case)),
            sources,
        )
        for at, case in enumerate(decoded(state.known))
    ]


def threshold(known: dict[str, Any]) -> float:
    """The weight from which a case is looked at."""
    return _SURE + math.log10(known["tests"])


def _verdict(
    state: State, at: int, case: Case, decisive: float, sources: NDArray[np.float64]
) -> Verdict:
    carriers, hits, shares, again = state.sums["cases"][at].tolist()
    support = max(_LEAST_SUPPORT, shares / UNIT / max(1, carriers))
    heavy = float(weight(hits, carriers, support))
    pure = float(lower(hits, carriers))
    found = Verdict(
        case=case, carriers=carriers, hits=hits, support=support, weight=heavy, purity_from=pure
    )
    tells = [state.known["tells"][at] for at in (case.first, case.second) if at >= 0]
    if (
        heavy < threshold(state.known)
        or any(tells)
        or decisive > _DECISIVE
        or again > carriers // 2
    ):
        return found  # of copies of a row only one says something: they are told as what they are
    strange, worst = _strangeness(state, case, state.sums["profile"][at], sources)
    drawn = strange <= _RANDOM or worst <= _ALIKE
    clear = heavy >= threshold(state.known) + _SURE and (
        pure >= _PURE or hits >= _NEARLY * carriers
    )
    against = heavy >= _MANY and support <= _AGAINST and hits >= _ALL * carriers
    against &= strange < math.inf
    return structs.replace(
        found,
        strange=strange,
        worst=worst,
        planted=(drawn and clear) or against,
        sure=drawn and clear,
    )


def _decisive(known: dict[str, Any], at: int) -> float:
    """The share of the rows in which a value of a column all by itself settles the label.

    Where that is so, one more such value is nothing special: the column is a rule, or it tells the
    people, sessions or places to which rows belong. Its largest such value does not count: it may
    be what was planted. A copy of the label is none of these.
    """
    import numpy as np

    if known["tells"][at] == COPY:
        return 0.0
    labels = known["labels count"]
    prior = labels / max(1, labels.sum())
    table = known[f"counts {at}"]
    totals = table.sum(axis=1, keepdims=True)
    sure = (lower(table, totals) > prior + _EXCESS * (1 - prior)).any(axis=1)
    own = np.where(sure, totals[:, 0], 0)
    most = int(own.max(initial=0))
    return float((own.sum() - most) / max(1, int(labels.sum()) - most))


def _sources(known: dict[str, Any]) -> NDArray[np.float64]:
    """Shares of codes in their columns: of all rows, of those with each label, of all others."""
    import numpy as np

    table, starts = known["table"], known["starts"]
    every = table.sum(axis=1, keepdims=True)
    counts = np.concatenate([every, table, every - table], axis=1).T.astype(np.float64)
    totals = np.maximum(1, np.add.reduceat(counts, starts[:-1], axis=1))
    shares: NDArray[np.float64] = counts / np.repeat(totals, np.diff(starts), axis=1)
    return shares


def _strangeness(
    state: State, case: Case, seen: NDArray[np.int64], sources: NDArray[np.float64]
) -> tuple[float, float]:
    """The least misfit to rows drawn from all, from those of one label, or from all others."""
    import numpy as np

    known = state.known
    classes = int(known["classes"])
    chosen = [*range(classes + 1), classes + 1 + case.target]
    found = [misfit(seen, sources[one], known["starts"][:-1]) for one in chosen]
    far, free = (np.stack(parts) for parts in zip(*found, strict=True))
    looked = np.setdiff1d(known["profiled"], left_out(case))
    if looked.size < len(set(case.bound).intersection(known["profiled"].tolist())):
        return math.inf, math.inf  # all of the row goes with the value: it is a row that repeats
    if not looked.size:
        return 0.0, 0.0
    total = far[:, looked].sum(axis=1) / np.sqrt(np.maximum(1, 2 * free[:, looked].sum(axis=1)))
    hits = max(1, int(np.add.reduceat(seen, known["starts"][:-1])[looked[0]]))
    best = int(np.argmin(total))
    return float(total[best]), float(far[best, looked].max() / hits)
