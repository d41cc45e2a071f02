"""Third pass: which values stand together in a row, by label; how true the model's scores are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .model import STEPS, scores_of, steps_of, words_of
from .profile import labels_of
from .state import State

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows

_CELLS: Final = 4_000_000
_PAIRS: Final = 1_000
"""So many pairs of columns are counted, in so many cells together."""


def empty(known: dict[str, Any], *, alone: bool = False) -> State:
    """The state of no rows; `known` gets the pairs of columns that are counted, none if `alone`."""
    import numpy as np

    classes = known["classes"]
    known["pairs"], known["cells"] = chosen(known)
    if alone:
        known["pairs"], known["cells"] = known["pairs"][:0], known["cells"][:1]
    width = len(known["numeric"])
    known["untold"] = width * (width - 1) // 2 - len(known["pairs"])
    return State(
        phase=3,
        known=known,
        sums={
            "pairs": np.zeros(int(known["cells"][-1]), np.int64),
            "scores": np.zeros((classes, STEPS, 2), np.int64),
        },
    ).settle()


def chosen(known: dict[str, Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of columns (pairs x 2), smallest tables first, and where each table begins."""
    import numpy as np

    sizes = sizes_of(known)
    classes = known["classes"]
    every = [(sizes[a] * sizes[b], a, b) for a in range(len(sizes)) for b in range(a)]
    pairs, cells = [], [0]
    for size, first, second in sorted(every)[:_PAIRS]:
        if cells[-1] + size * classes > _CELLS:
            break
        pairs.append((first, second))
        cells.append(cells[-1] + size * classes)
    return np.array(pairs, np.int64).reshape(-1, 2), np.array(cells, np.int64)


def sizes_of(known: dict[str, Any]) -> list[int]:
    """How many codes the exact values of each column have."""
    return [len(known[f"words {at}"]) + 2 for at in range(len(known["numeric"]))]


def observe(state: State, rows: Rows) -> None:
    """Count pairs of values by label, and scores."""
    import numpy as np

    known, classes = state.known, state.known["classes"]
    labels = labels_of(state, rows)
    judged = np.flatnonzero(labels >= 0)
    mine = labels[judged]
    words = words_of(state, rows)[:, judged]
    sizes = sizes_of(known)
    cells, counts = known["cells"], state.sums["pairs"]
    for at, (first, second) in enumerate(known["pairs"].tolist()):
        places = (words[first] * sizes[second] + words[second]) * classes + mine
        start, end = int(cells[at]), int(cells[at + 1])
        counts[start:end] += np.bincount(places, minlength=end - start)
    scores = scores_of(state, rows)[judged]
    for target in range(classes):
        steps = steps_of(scores, np.full(len(mine), target))
        places = steps * 2 + (mine == target)
        found = np.bincount(places, minlength=STEPS * 2)
        state.sums["scores"][target] += found.reshape(STEPS, 2)


def tables(state: State) -> list[tuple[int, int, NDArray[np.int64]]]:
    """The counted pairs: two columns, and their counts by code, code and label."""
    sizes = sizes_of(state.known)
    found = []
    for at, (first, second) in enumerate(state.known["pairs"].tolist()):
        start, end = int(state.known["cells"][at]), int(state.known["cells"][at + 1])
        shape = sizes[first], sizes[second], state.known["classes"]
        found.append((first, second, state.sums["pairs"][start:end].reshape(shape)))
    return found
