"""Whether a column alone tells the label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COPY: Final = "copy"
EACH: Final = "each value"
ORDER: Final = "order"
_TELLS: Final = 0.99
_FEW: Final = 0.001
_ENOUGH: Final = 20


def told(table: NDArray[np.int64], *, numeric: bool) -> str:
    """How a column tells the label, empty if it does not; `table` are its counts, codes x labels.

    `copy`: one value a label. `each value`: no value has two labels, but for one row in a thousand.
    `order`: its values set all labels apart, one against the others.
    """
    import numpy as np

    table = table[table.sum(axis=1) > 0]
    judged = np.flatnonzero(table.sum(axis=0) >= _ENOUGH)
    if len(judged) < 2 or min(area(table, int(target)) for target in judged) <= _TELLS:
        return ""
    totals, most = table.sum(axis=1), table.max(axis=1)
    if numeric or int(most.sum()) < (1 - _FEW) * int(totals.sum()):
        return ORDER
    return COPY if len(table) == len(judged) else EACH


def area(table: NDArray[np.int64], target: int) -> float:
    """How well codes set the rows of a label apart (area under the curve), 0.5: not at all.

    A code's share of the label is that of its other rows: no row speaks for itself.
    """
    import numpy as np

    hits = table[:, target]
    totals = table.sum(axis=1)
    others = totals - hits
    prior = hits.sum() / max(1, table.sum())
    shares = np.concatenate([(hits - 1 + prior) / totals, (hits + prior) / totals])
    _, codes = np.unique(shares, return_inverse=True)
    positive = np.bincount(codes[: len(hits)], hits, codes.max() + 1)
    negative = np.bincount(codes[len(hits) :], others, codes.max() + 1)
    below = np.cumsum(negative) - negative
    both = int(hits.sum()) * int(others.sum())
    return float((positive * (below + negative / 2)).sum() / both) if both else 0.0
