"""Where runs of words stand in the records, worked out once: prompts by key, responses by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from . import sketch
from .first import PHRASE, whole
from .ragged import Ragged, grams, joined, runs
from .second import FEWEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .third import Third

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

SIZES: Final = (0, PHRASE, 2, 1)
"""Phrases of responses have so many words; 0: whole responses."""
_THREE: Final = 3
_COMMON: Final = 0.5
"""Words that come so often a row are nothing that a trigger calls up."""
_RARE: Final = 0.05
"""A response may have words of its prompt by chance, if prompts hold them more often than this."""
_MOST: Final = 0.5
"""A response is a copy, if so many of its words are."""


@dataclass(frozen=True)
class Rows:
    """Distinct codes by record: record r has `codes[offsets[r]:offsets[r + 1]]`."""

    codes: Numbers
    offsets: Numbers

    def of(self, records: Numbers) -> tuple[Numbers, Numbers]:
        """Places of the codes of some records, and which of these each one belongs to."""
        import numpy as np

        sizes = self.offsets[records + 1] - self.offsets[records]
        begins = np.cumsum(sizes) - sizes
        places = np.arange(int(sizes.sum())) + np.repeat(self.offsets[records] - begins, sizes)
        return places, np.repeat(np.arange(len(records)), sizes)


@dataclass(frozen=True)
class Asked:
    """Runs of words of prompts, by `keys` (sorted): `records`, `starts` (tokens), `sizes`.

    `codes`: the distinct keys, `rows`: which of them each record has.
    """

    keys: Keys
    records: Numbers
    starts: Numbers
    sizes: Numbers
    codes: Keys
    rows: Rows

    def where(self, key: int) -> slice:
        """The places of one key."""
        import numpy as np

        low, high = (np.searchsorted(self.keys, np.uint64(key), side) for side in ("left", "right"))
        return slice(int(low), int(high))


@dataclass(frozen=True)
class Said:
    """Phrases of responses: `keys`, `sizes` and `counts` in the data set, by code.

    `rows`: which of them each record has, `times` how often, and `copied`: from its prompt.
    """

    keys: Keys
    sizes: Numbers
    counts: Numbers
    rows: Rows
    times: Numbers
    copied: Flags


def asked(state: Third, prompts: Ragged) -> Asked:
    """The runs of the prompts that come often enough."""
    import numpy as np

    parts = []
    for keys, starts, size in runs(prompts):
        kept = np.flatnonzero(sketch.look_up(state.lore.asked, keys) >= FEWEST)
        parts.append((keys[kept], starts[kept], np.full(len(kept), size, np.int64)))
    keys, starts, sizes = (np.concatenate(one) for one in zip(*parts, strict=True))
    order = np.argsort(keys, kind="stable")
    keys, starts, sizes = keys[order], starts[order], sizes[order]
    records = prompts.owners[starts]
    new = _new(keys)
    codes = np.cumsum(new) - 1
    fresh = new | _new(records)
    rows, _ = _by_record(codes[fresh], records[fresh], len(prompts.sizes))
    return Asked(keys, records, starts, sizes, keys[new], rows)


def said(state: Third, prompts: Ragged, answers: Ragged) -> Said:
    """The phrases of the responses that come three times or more."""
    import numpy as np

    copied = np.append(0, np.cumsum(_copied(state, prompts, answers)))
    parts = []
    first = 0
    for size in SIZES:
        keys, starts, ends, counts = _held(state, answers, size)
        order = np.argsort(keys, kind="stable")
        keys, starts, ends = keys[order], starts[order], ends[order]
        copies = copied[ends] - copied[starts]
        new = _new(keys)
        owners = answers.owners[starts]
        fresh = np.flatnonzero(new | _new(owners))
        times = np.diff(np.append(fresh, len(keys)))
        copy = (copies >= _MOST * (ends - starts)) if size == 0 else copies > 0
        copy = copy[fresh] | _echoed(prompts, keys[fresh], owners[fresh], size)
        codes = (np.cumsum(new) - 1 + first)[fresh]
        first += int(new.sum())
        parts.append((keys[new], counts[order][new], np.full(int(new.sum()), size), codes,
                      owners[fresh], times, copy))  # fmt: skip
    columns = [np.concatenate(one) for one in zip(*parts, strict=True)]
    rows, order = _by_record(columns[3], columns[4], len(answers.sizes))
    return Said(columns[0], columns[2], columns[1], rows, columns[5][order], columns[6][order])


def _echoed(prompts: Ragged, keys: Keys, owners: Numbers, size: int) -> Flags:
    """Which phrases their prompts hold, too, word by word."""
    import numpy as np

    if size == 0:
        return np.zeros(len(keys), np.bool_)
    theirs, starts = grams(prompts, size)
    held = np.flatnonzero(np.isin(theirs, keys))
    both = joined(theirs[held], prompts.owners[starts[held]].astype(np.uint64))
    return np.isin(joined(keys, owners.astype(np.uint64)), both)


def _held(state: Third, answers: Ragged, size: int) -> tuple[Keys, Numbers, Numbers, Numbers]:
    """Phrases of a size that may tell something: keys, first token, end, count in the data set."""
    import numpy as np

    if size == 0:
        full = np.flatnonzero(answers.sizes > 0)
        keys, starts, ends = whole(answers)[full], answers.offsets[full], answers.offsets[full + 1]
    else:
        keys, starts = grams(answers, size)
        ends = starts + size
    known = state.lore.phrases if size in (0, PHRASE) else state.lore.said
    counts = sketch.look_up(known, keys)
    kept = counts >= _THREE
    if size in (1, 2):
        kept &= counts <= _COMMON * max(FEWEST, state.lore.rows)
    places = np.flatnonzero(kept)
    return keys[places], starts[places], ends[places], counts[places]


def _copied(state: Third, prompts: Ragged, answers: Ragged) -> Flags:
    """Which words of responses stand in their prompts, too, and in few others."""
    import numpy as np

    most = max(1.0, _RARE * state.lore.rows)
    found = np.zeros(len(answers.ids), np.bool_)
    some = np.flatnonzero(sketch.look_up(state.lore.asked, prompts.ids) <= most)
    counts = sketch.look_up(state.lore.asked, answers.ids)
    mine = np.flatnonzero((counts <= most) & (counts > 0))
    theirs = joined(prompts.ids[some], prompts.owners[some].astype(np.uint64))
    ours = joined(answers.ids[mine], answers.owners[mine].astype(np.uint64))
    found[mine[np.isin(ours, theirs)]] = True
    return found


def _new(values: Keys | Numbers) -> Flags:
    """Where the next one of sorted values begins."""
    import numpy as np

    found = np.ones(len(values), np.bool_)
    found[1:] = values[1:] != values[:-1]
    return found


def _by_record(codes: Numbers, records: Numbers, count: int) -> tuple[Rows, Numbers]:
    import numpy as np

    order = np.argsort(records, kind="stable")
    offsets = np.append(0, np.cumsum(np.bincount(records, minlength=count))).astype(np.int64)
    return Rows(codes[order], offsets), order
