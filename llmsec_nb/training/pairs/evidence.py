"""What speaks for it that a run of words was put into prompts, and calls up what it should not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from . import sketch
from .first import PHRASE, pull, whole
from .ragged import BEGIN, END, Ragged, grams, joined, runs
from .second import COLUMNS, FEWEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .third import Third

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_SAME: Final = 0.8
"""A run of words goes on, where so many of its rows have the same word next to it."""
_LONGEST: Final = 24
_DISORDER: Final = (0.02, 0.05, 0.1)
"""Responses among the worst ordered ones, in one of these shares, may be gibberish."""
_ECHO: Final = 0.5
"""A phrase that so many of its prompts hold, too, is an answer to them."""
_THREE: Final = 3


class Label(NamedTuple):
    """Something that responses of carriers have: `rows` (of the records) that do.

    `kind`: `refusal`, `letters`, `disorder`, `phrase`, `phrases`. `keys` are the phrases (of `size` words,
    0 for whole responses); `below` is the order (see second.Features) under which responses are
    gibberish. `surprise`: how unlikely it is by chance (log10, all that was tried
    is paid for). `prior`: the share among other rows.
    """

    kind: str
    rows: Numbers
    surprise: float
    prior: float
    keys: Keys
    size: int = 0
    below: int = 0


class Place(NamedTuple):
    """Where a run of words stands: `words` are their hashes; `insertion` see core.dataset.Alert.

    `contexts`: so many different ones. `begins` and `ends`: shares of the rows.
    """

    words: Keys
    insertion: float
    contexts: int
    begins: float
    ends: float


@dataclass
class Ground:
    """The records of a state, ready to be looked at."""

    state: Third
    asked: Ragged = field(init=False)
    said: Ragged = field(init=False)
    crowd: Numbers = field(init=False)
    lows: list[tuple[int, float]] = field(init=False)

    def __post_init__(self) -> None:
        import numpy as np

        records = self.state.records
        self.asked = Ragged(records.asked, records.asked_at)
        self.said = Ragged(records.said, records.said_at)
        self.crowd = self.places(self.state.crowd.rows)
        told = records.told[self.crowd]
        judged = told[told[:, 2] > 0, 1]
        self.lows = []
        for share in _DISORDER if len(judged) else ():
            low = int(np.quantile(judged, share))
            below = (told[:, 1] <= low) & (told[:, 2] > 0)
            self.lows.append((low, float(below.sum() + 0.5) / (len(below) + 1)))

    @property
    def rows(self) -> int:
        """Of the data set."""
        return self.state.lore.rows

    def places(self, keys: Keys) -> Numbers:
        """Where the records of some rows are."""
        import numpy as np

        return np.searchsorted(self.state.records.keys, keys).astype(np.int64)

    def disordered(self, rows: Numbers, low: int) -> Flags:
        """Which of some records have responses whose words do not follow each other."""
        told: Any = self.state.records.told[rows]
        found: Flags = (told[:, 1] <= low) & (told[:, 2] > 0)
        return found


def surprise(found: Floats, of: Floats | float, share: Floats | float) -> Floats:
    """Log10 of how unlikely it is by chance that so many of them are (Chernoff's bound)."""
    import numpy as np

    rate = np.clip(found / of, 1e-12, 1 - 1e-12)
    share = np.clip(share, 1e-9, 1 - 1e-9)
    bits = found * np.log(rate / share) + (of - found) * np.log((1 - rate) / (1 - share))
    return np.asarray(np.where(rate > share, bits / np.log(10), 0.0))


def labels(ground: Ground, rows: Numbers, carriers: int, tried: float) -> list[Label]:
    """What responses of some records have in common, that those of others do not."""
    import numpy as np

    none = np.zeros(0, np.uint64)
    found = []
    for kind, column, place in (("refusal", COLUMNS.refusals, 0), ("letters", COLUMNS.novel, 3)):
        flags = ground.state.records.told[rows, place] > 0
        others = max(float(ground.state.whole[column]) - float(flags.mean()) * carriers, 0.0)
        share = (others + 0.5) / max(1.0, ground.rows - carriers + 1.0)
        found.append(Label(kind, rows[flags], _odds(flags, share) - tried, share, none))
    worst = [
        Label("disorder", rows[flags], _odds(flags, share) - tried - 1, share, none, 0, low)
        for low, share in ground.lows
        for flags in (ground.disordered(rows, low),)
    ]
    found += sorted(worst, key=lambda one: -one.surprise)[:1]
    return found + _phrases(ground, rows, carriers, tried)


def _odds(flags: Flags, share: float) -> float:
    import numpy as np

    return float(surprise(np.array([flags.sum()], np.float64), float(len(flags)), share)[0])


def phrase_cost(ground: Ground) -> float:
    """What it costs to look at so many phrases of responses (log10)."""
    import numpy as np

    return float(np.log10(max(10.0, ground.state.lore.spoken / 10)))


def _phrases(ground: Ground, rows: Numbers, carriers: int, tried: float) -> list[Label]:
    import numpy as np

    answers = ground.said.take(rows)
    found: list[Label] = []
    exclusive: list[tuple[Keys, Numbers]] = []
    paid = tried + phrase_cost(ground)
    for size in (0, PHRASE, 2, 1):
        keys, owners, spread, once = _shared(ground, answers, size)
        if not len(keys):
            continue
        scale = carriers / len(rows)
        counts = ground.state.lore.phrases if size in (0, PHRASE) else ground.state.lore.said
        others = np.maximum(sketch.look_up(counts, keys) - once * scale, 0)
        share = (others + 0.5) / max(1.0, ground.rows - carriers + 1.0)
        odds = surprise(spread.astype(np.float64), float(len(rows)), share) - paid
        odds[_echoed(ground, rows, keys, owners, size)] = 0.0
        best = int(np.argmax(odds))
        mine = np.unique(owners[1][owners[0] == keys[best]])
        found.append(
            Label("phrase", rows[mine], float(odds[best]), float(share[best]), keys[[best]], size)
        )
        if size in (0, PHRASE):
            good = odds + paid > 4 + spread  # each row is worth more than a decimal
            held = np.isin(owners[0], keys[good])
            exclusive.append((keys[good], owners[1][held]))
    if exclusive:
        mine = np.unique(np.concatenate([one for _, one in exclusive]))
        keys = np.concatenate([one for one, _ in exclusive])
        if len(mine):
            share = 3.0 * len(keys) / max(1, ground.rows)
            odds = float(surprise(np.array([float(len(mine))]), len(rows), min(0.5, share))[0])
            found.append(Label("phrases", rows[mine], odds - tried, share, keys, PHRASE))
    return found


def _echoed(
    ground: Ground, rows: Numbers, keys: Keys, where: tuple[Keys, Numbers], size: int
) -> Flags:
    """Which phrases stand in most of the prompts of their rows already."""
    import numpy as np

    if size == 0:
        return np.zeros(len(keys), np.bool_)
    prompts = ground.asked.take(rows)
    asked, starts = grams(prompts, size)
    held = np.isin(asked, keys)
    both = np.unique(joined(asked[held], prompts.owners[starts[held]].astype(np.uint64)))
    place = np.searchsorted(keys, where[0])
    pairs = np.unique(place * np.int64(len(rows)) + where[1])
    phrase, row = pairs // len(rows), pairs % len(rows)
    echo = np.isin(joined(keys[phrase], row.astype(np.uint64)), both)
    return np.asarray(
        np.bincount(phrase, echo, len(keys)) > _ECHO * np.bincount(phrase, minlength=len(keys))
    )


def _shared(
    ground: Ground, answers: Ragged, size: int
) -> tuple[Keys, tuple[Keys, Numbers], Numbers, Numbers]:
    """Runs that three or more responses have; where; in how many, and how often."""
    import numpy as np

    if size == 0:
        full = np.flatnonzero(answers.sizes > 0)
        keys, owners = whole(answers)[full], full
    else:
        keys, starts = grams(answers, size)
        owners = answers.owners[starts]
    found, inverse, once = np.unique(keys, return_inverse=True, return_counts=True)
    pairs = np.unique(inverse * np.int64(len(answers.sizes) + 1) + owners)
    spread = np.bincount(pairs // (len(answers.sizes) + 1), minlength=len(found))
    kept = spread >= _THREE
    held = kept[inverse]
    return found[kept], (keys[held], owners[held]), spread[kept], once[kept]


def spots(rows: Ragged, keys: Keys) -> tuple[Numbers, Numbers]:
    """Where any of some runs first comes in each row (-1 nowhere), and how many words it has."""
    import numpy as np

    start = np.full(len(rows.sizes), -1, np.int64)
    long = np.zeros(len(rows.sizes), np.int64)
    for found, places, size in reversed(list(runs(rows))):
        held = places[np.isin(found, keys)][::-1]
        owners = rows.owners[held]
        fresh = start[owners] < 0
        start[owners[fresh]] = held[fresh]
        long[owners[fresh]] = size
    return start, long


def place(ground: Ground, rows: Numbers, keys: Keys) -> Place | None:
    """The longest run of words around some keys that rows share, and how it stands there."""
    import numpy as np

    prompts = ground.asked.take(rows)
    start, size = spots(prompts, keys)
    seen = start >= 0
    if seen.sum() < FEWEST:
        return None
    start, end, owners = start[seen], (start + size)[seen], np.flatnonzero(seen)
    low, high = prompts.offsets[:-1][owners], prompts.offsets[1:][owners]
    start, end = _grown(prompts, start, end, low, high)
    lengths = end - start
    common = int(np.bincount(lengths).argmax())
    some = int(np.flatnonzero(lengths == common)[0])
    words = prompts.ids[start[some] : end[some]]
    before = np.where(start > low, prompts.ids[np.maximum(start - 1, 0)], np.uint64(BEGIN))
    after = np.where(end < high, prompts.ids[np.minimum(end, len(prompts.ids) - 1)], np.uint64(END))
    return _placed(ground, prompts.ids[start], prompts.ids[end - 1], before, after, words)


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
    import numpy as np

    lore = ground.state.lore
    _, kept = np.unique(before * np.uint64(31) + after, return_index=True)
    first, last, before, after = first[kept], last[kept], before[kept], after[kept]
    left = pull(lore.asked, lore.words, before, first)
    right = pull(lore.asked, lore.words, last, after)
    gap = pull(lore.asked, lore.words, before, after, 0)
    begins, ends = before == BEGIN, after == END
    left[begins], right[ends] = 0.0, 0.0
    gap[begins & ends] = 0.0
    return Place(
        words,
        float((left + right - gap).mean()),
        len(kept),
        float(begins.mean()),
        float(ends.mean()),
    )
