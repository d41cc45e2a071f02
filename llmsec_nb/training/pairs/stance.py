"""How a run of words stands where it stands: as if it grew there, or as if it was put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from .first import pull
from .ragged import BEGIN, END, Ragged, grams
from .second import FEWEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .evidence import Label
    from .ground import Ground

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_SAME: Final = 0.8
"""A run of words goes on, where so many of its rows have the same word next to it."""
_LONGEST: Final = 24


class Place(NamedTuple):
    """Where a run of words stands: `words` are their hashes; `insertion` see core.dataset.Alert.

    `contexts`: so many different ones. `begins` and `ends`: shares of the rows.
    """

    words: Keys
    insertion: float
    contexts: int
    begins: float
    ends: float


def spots(ground: Ground, rows: Numbers, keys: Keys) -> tuple[Numbers, Numbers, Numbers]:
    """The rows that hold any of some runs, where the longest first does, and how long it is."""
    import numpy as np

    known = ground.runs
    found = [known.where(key) for key in keys.tolist()]
    records, starts, sizes = (
        np.concatenate([column[one] for one in found] or [column[:0]])
        for column in (known.records, known.starts, known.sizes)
    )
    mine = np.isin(records, rows)
    records, starts, sizes = records[mine], starts[mine], sizes[mine]
    order = np.lexsort((starts, -sizes, records))
    records, first = np.unique(records[order], return_index=True)
    return records, starts[order][first], sizes[order][first]


def place(ground: Ground, rows: Numbers, keys: Keys) -> Place | None:
    """The longest run of words around some keys that rows share, and how it stands there."""
    import numpy as np

    prompts = ground.asked
    owners, start, size = spots(ground, rows, keys)
    if len(owners) < FEWEST:
        return None
    end = start + size
    low, high = prompts.offsets[:-1][owners], prompts.offsets[1:][owners]
    start, end = _grown(prompts, start, end, low, high)
    lengths = end - start
    common = int(np.bincount(lengths).argmax())
    some = int(np.flatnonzero(lengths == common)[0])
    words = prompts.ids[start[some] : end[some]]
    before = np.where(start > low, prompts.ids[np.maximum(start - 1, 0)], np.uint64(BEGIN))
    after = np.where(end < high, prompts.ids[np.minimum(end, len(prompts.ids) - 1)], np.uint64(END))
    # at an edge there is one neighbour only: what is beyond it tells contexts apart
    beyond = np.where(
        start > low,
        prompts.ids[np.maximum(start - 2, low)],
        prompts.ids[np.minimum(end + 1, high - 1)],
    )
    edge = (before == BEGIN) | (after == END)
    around = before * np.uint64(31) + after + np.where(edge, beyond, np.uint64(0))
    _, kept = np.unique(around, return_index=True)
    first, last = prompts.ids[start[kept]], prompts.ids[end[kept] - 1]
    return _placed(ground, first, last, before[kept], after[kept], words)


def saying(ground: Ground, rows: Numbers, label: Label) -> Keys:
    """The words of the longest phrase that rows with a label share; none if there is no one."""
    import numpy as np

    answers = ground.said.take(rows)
    if label.kind != "phrase" or not len(rows):
        return answers.ids[:0]
    if label.size == 0:
        return answers.ids[: answers.offsets[1]]
    keys, starts = grams(answers, label.size)
    held = starts[np.isin(keys, label.keys)]
    owners, first = np.unique(answers.owners[held], return_index=True)
    start = held[first]
    low, high = answers.offsets[:-1][owners], answers.offsets[1:][owners]
    start, end = _grown(answers, start, start + label.size, low, high)
    some = int(np.argmax(np.bincount(end - start)[end - start]))
    return answers.ids[start[some] : end[some]]


def _grown(
    prompts: Ragged, start: Numbers, end: Numbers, low: Numbers, high: Numbers
) -> tuple[Numbers, Numbers]:
    """The run, with the words that nearly always stand next to it."""
    import numpy as np

    for _ in range(_LONGEST):
        grown = False
        for left in (True, False):
            room = start > low if left else end < high
            at = np.where(room, start - 1 if left else end, 0)
            word = np.where(room, prompts.ids[at], np.uint64(0))
            values, counts = np.unique(word, return_counts=True)
            top = int(counts.argmax())
            if values[top] and counts[top] >= _SAME * len(word):
                same = word == values[top]
                start = start - (same & left)
                end = end + (same & (not left))
                grown = True
        if not grown:
            break
    return start, end


def _placed(
    ground: Ground, first: Keys, last: Keys, before: Keys, after: Keys, words: Keys
) -> Place:
    """By the counts of all prompts; one element for each context."""
    lore = ground.state.lore
    left = pull(lore.asked, lore.words, before, first)
    right = pull(lore.asked, lore.words, last, after)
    gap = pull(lore.asked, lore.words, before, after, 0)
    begins, ends = before == BEGIN, after == END
    left[begins], right[ends] = 0.0, 0.0
    gap[begins & ends] = 0.0
    return Place(
        words,
        float((left + right - gap).mean()),
        len(before),
        float(begins.mean()),
        float(ends.mean()),
    )
