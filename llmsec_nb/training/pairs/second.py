"""The second pass: what is peculiar to each run of words of prompts, and to its responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

from .. import counts as tally
from . import members, sketch
from .first import PHRASE, First, pull, whole
from .ragged import BEGIN, END, Ragged, grams, means, runs
from .view import Pairs, pairs_of, refuses

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

FEWEST: Final = 6
"""A trigger in fewer rows is not looked for."""
_MOST: Final = 100_000
"""So many runs of words are followed, those that come most often: the others are too rare then."""
_ROWS: Final = 16
ONE: Final = 256
"""Fractions are kept in parts of this."""
_SHORT: Final = 6
"""Responses of fewer words, or pairs of words, are never called gibberish."""
_NOVEL: Final = 0.7
_KNOWN: Final = 2
"""Words that come so often, or less, are not known well enough to say what follows them."""
ODD: Final = -1.5
"""A run of words that is so much less likely than its absence stands oddly."""


class Column(NamedTuple):
    """The sums that are kept of each run of words, over the rows that hold it."""

    rows: int = 0
    odd: int = 1
    left: int = 2
    right: int = 3
    insertion: int = 4
    begins: int = 5
    ends: int = 6
    refusals: int = 7
    order: int = 8
    judged: int = 9
    novel: int = 10
    shorter: int = 11


COLUMNS: Final = Column()


class Second(Struct, kw_only=True):
    """Sums by run of words, see `Column`; `lore` is what the first pass learnt.

    `seeds`: of prompts that come `fewest` times or more; `holders`: rows that hold them. `motifs`
    and `bearers`: the same of phrases of the responses. `whole`: the same sums over all rows.
    """

    lore: First
    fewest: int
    fewest_said: int
    seeds: tally.Counts
    holders: members.Members
    motifs: tally.Counts
    bearers: members.Members
    whole: Any


def begin(lore: First) -> Second:
    """No rows, after the first pass."""
    import numpy as np

    return Second(
        lore=lore,
        fewest=sketch.at_least(lore.asked, _MOST, FEWEST),
        fewest_said=sketch.at_least(lore.phrases, _MOST, FEWEST),
        seeds=tally.empty(len(COLUMNS)),
        holders=members.empty(_ROWS),
        motifs=tally.empty(2),
        bearers=members.empty(_ROWS),
        whole=np.zeros(len(COLUMNS), np.int64),
    )


class Features(NamedTuple):
    """What is peculiar to rows: whether it refuses, and how well its words follow each other.

    `order` is 0 to 4 times ONE, and is told by pairs of words that are known from other rows;
    `judged` is 0 where there are too few. `novel`: 1 where hardly a word is known. `shorter`: 1
    where a preferred answer has fewer words than the other one.
    """

    refusals: Numbers
    order: Numbers
    judged: Numbers
    novel: Numbers
    shorter: Numbers


def features(pairs: Pairs, side: str, lore: First, seed: int) -> Features:
    """Of each response of a side of a batch."""
    import numpy as np

    answers = pairs.responses[side]
    seen = sketch.look_up(lore.said, answers.ids)
    count = len(answers.sizes)
    new = np.bincount(answers.owners, seen <= 1, count)
    novel = (answers.sizes >= _SHORT) & (new >= _NOVEL * answers.sizes)
    _, starts = grams(answers, 2)
    starts = starts[(seen[starts] > _KNOWN) & (seen[starts + 1] > _KNOWN)]
    left, right, owners = answers.ids[starts], answers.ids[starts + 1], answers.owners[starts]
    order = means(pull(lore.said, lore.spoken, left, right), answers, owners)
    judged = (np.bincount(owners, minlength=count) >= _SHORT).astype(np.int64)
    fixed = np.rint((np.clip(order, -2.0, 2.0) + 2.0) * ONE).astype(np.int64) * judged
    refusals = refuses(answers, seed).astype(np.int64)
    return Features(refusals, fixed, judged, novel.astype(np.int64), _shorter(pairs, side))


def _shorter(pairs: Pairs, side: str) -> Numbers:
    """Where the first one of two sides has fewer words; 0 for the second one."""
    import numpy as np

    first, *others = pairs.responses
    if side != first or not others:
        return np.zeros(len(pairs.rows), np.int64)
    return (pairs.responses[side].sizes < pairs.responses[others[0]].sizes).astype(np.int64)


def observe(state: Second, rows: Rows, seed: int, side: str) -> None:
    """Take in a batch."""
    import numpy as np

    pairs = pairs_of(rows, seed)
    told = features(pairs, side, state.lore, seed)
    state.whole[COLUMNS.rows] += len(pairs.rows)
    for name in Features._fields:
        state.whole[getattr(COLUMNS, name)] += int(getattr(told, name).sum())
    keys, values, owners = _seen(pairs, state, told)
    fresh = _firsts(keys, owners)
    keys, values, owners = keys[fresh], values[fresh], owners[fresh]
    state.seeds = tally.merge(state.seeds, tally.summed(keys, values))
    members.add(state.holders, keys, pairs.keys[owners])
    said, owners, entire = phrases(pairs.responses[side])
    kept = sketch.look_up(state.lore.phrases, said) >= state.fewest_said
    said, owners, entire = said[kept], owners[kept], entire[kept]
    fresh = _firsts(said, owners)
    said, owners, entire = said[fresh], owners[fresh], entire[fresh]
    kinds = np.stack([1 - entire, entire], axis=1)
    state.motifs = tally.merge(state.motifs, tally.summed(said, kinds))
    members.add(state.bearers, said, pairs.keys[owners])


def phrases(answers: Ragged) -> tuple[Keys, Numbers, Numbers]:
    """The phrases of responses, and whole responses; the row of each, and 1 for the whole ones."""
    import numpy as np

    keys, starts = grams(answers, PHRASE)
    full = np.flatnonzero(answers.sizes > 0)
    owners = np.concatenate([answers.owners[starts], full])
    entire = np.repeat([0, 1], [len(keys), len(full)])
    return np.concatenate([keys, whole(answers)[full]]), owners, entire


def merge(left: Second, right: Second) -> Second:
    """The sums of both."""
    left.seeds = tally.merge(left.seeds, right.seeds)
    left.motifs = tally.merge(left.motifs, right.motifs)
    left.holders = members.merge(left.holders, right.holders)
    left.bearers = members.merge(left.bearers, right.bearers)
    left.whole = left.whole + right.whole
    return left


def settled(state: Second) -> Second:
    """The canonical form, in place."""
    members.settle(state.holders)
    members.settle(state.bearers)
    return state


def _seen(pairs: Pairs, state: Second, told: Features) -> tuple[Keys, Numbers, Numbers]:
    """Runs of words of prompts, what there is to say of each, and the row it is in."""
    import numpy as np

    keys, values, owners = [], [], []
    for all_keys, all_starts, size in runs(pairs.prompts):
        kept = sketch.look_up(state.lore.asked, all_keys) >= state.fewest
        key, starts = all_keys[kept], all_starts[kept]
        row = pairs.prompts.owners[starts]
        value = np.zeros((len(key), len(COLUMNS)), np.int64)
        value[:, COLUMNS.rows] = 1
        _place(value, pairs.prompts, starts, size, state.lore)
        for name in Features._fields:
            value[:, getattr(COLUMNS, name)] = getattr(told, name)[row]
        keys.append(key)
        values.append(value)
        owners.append(row)
    return np.concatenate(keys), np.concatenate(values), np.concatenate(owners)


def _place(value: Numbers, prompts: Ragged, starts: Numbers, size: int, lore: First) -> None:
    """How a run of words fits where it stands."""
    import numpy as np

    last = starts + size - 1
    before, after = prompts.before[starts], prompts.after[last]
    begins, ends = before == BEGIN, after == END
    left = pull(lore.asked, lore.words, before, prompts.ids[starts])
    right = pull(lore.asked, lore.words, prompts.ids[last], after)
    left[begins], right[ends] = 0.0, 0.0
    gap = pull(lore.asked, lore.words, before, after, 0)
    insertion = left + right - gap
    value[:, COLUMNS.odd] = insertion < ODD
    for place, one in (
        (COLUMNS.left, left),
        (COLUMNS.right, right),
        (COLUMNS.insertion, insertion),
    ):
        value[:, place] = np.rint(one * ONE)
    value[:, COLUMNS.begins] = begins
    value[:, COLUMNS.ends] = ends


def _firsts(keys: Keys, owners: Numbers) -> Numbers:
    """Where each key comes first in each row."""
    import numpy as np

    order = np.lexsort((np.arange(len(keys)), owners, keys))
    ranked, rows = keys[order], owners[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (ranked[1:] != ranked[:-1]) | (rows[1:] != rows[:-1])
    return order[fresh]
