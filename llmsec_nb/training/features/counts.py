"""Second pass: exactly how often the values that repeat come with each label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .profile import BINS, bucket, columns_of, labels_of, number_keys, row_hashes
from .state import State, Tally
from .values import MISSING, values_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows


def empty(known: dict[str, Any]) -> State:
    """The state of no rows."""
    import numpy as np

    width, classes = len(known["numeric"]), known["classes"]
    tallies = {f"values {at}": Tally.none(classes) for at in range(width)}
    tallies |= {f"bin of {at}": Tally.none(2) for at in np.flatnonzero(known["numeric"]).tolist()}
    return State(
        phase=2,
        known=known,
        sums={
            "bins": np.zeros((width, BINS, classes), np.int64),
            "missing": np.zeros((width, classes), np.int64),
            "labels": np.zeros(classes, np.int64),
        },
        tallies={**tallies, "repeats": Tally.none(classes)},
    ).settle()


def observe(state: State, rows: Rows) -> None:
    """Count values by label: those of buckets that were full, and numbers by their bins."""
    import numpy as np

    known, classes = state.known, state.known["classes"]
    labels = labels_of(state, rows)
    judged = labels >= 0
    mine = labels[judged]
    state.sums["labels"] += np.bincount(mine, minlength=classes)
    heavy = np.unpackbits(known["heavy"], axis=1).astype(bool)
    for at, column in enumerate(columns_of(rows.roles)):
        values = values_of(rows, column, known["seed"])
        hashes = values.hashes[judged]
        missing = hashes == MISSING
        state.sums["missing"][at] += np.bincount(mine[missing], minlength=classes)
        kept = ~missing & heavy[at][bucket(hashes, known["buckets"])]
        state.tallies[f"values {at}"].add_rows(hashes[kept], mine[kept])
        bins = bins_of(known, at, values.numbers[judged])
        if known["numeric"][at]:
            _note_bins(state.tallies[f"bin of {at}"], hashes[kept], bins[kept])
        cells = bins * classes + mine
        state.sums["bins"][at] += np.bincount(cells, minlength=BINS * classes).reshape(BINS, -1)
    heavy_rows = np.unpackbits(known["heavy rows"]).astype(bool)
    found = row_hashes(rows, known["seed"])[judged]
    kept = heavy_rows[bucket(found, len(heavy_rows))]
    state.tallies["repeats"].add_rows(found[kept], mine[kept])


def _note_bins(tally: Tally, hashes: NDArray[np.uint64], bins: NDArray[np.int64]) -> None:
    """Keep the bin of each value: how many rows have it, and the sum of their bins."""
    import numpy as np

    distinct, first, number = np.unique(hashes, return_index=True, return_counts=True)
    tally.add(distinct, np.stack([number, number * bins[first]], axis=1))


def bins_of(known: dict[str, Any], at: int, numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each number of a column, 0 for what is none."""
    import numpy as np

    found = np.searchsorted(known["edges"][at], number_keys(numbers), side="right") + 1
    found = np.minimum(found, BINS - 1)
    found[np.isnan(numbers)] = 0
    return found.astype(np.int64)
