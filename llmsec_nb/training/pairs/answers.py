"""The other view: phrases that come again in responses, and the words of prompts that cover them.

It finds what needs two words at once, and one response to prompts that share nothing but a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from .. import counts as tally
from . import members, sketch
from .evidence import Label, lower, surprise
from .first import PHRASE
from .judge import Case, Group, asked_for, common, paid, strength
from .stance import Place, place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .baseline import Custom, Usual
    from .ground import Ground

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_COVERED: Final = 0.8
"""A run of words covers a phrase, if it is in so many of its prompts."""
_ROWS: Final = 8
_TRIED: Final = 12
_ODD: Final = -1.0
_LIFT: Final = 5.0
_MANY: Final = 20
_WORDS: Final = 4
_SHARED: Final = 0.3
_TOPIC: Final = 4
"""Prompts that share more words than this, more often than others do, are of one topic."""
_CROWDED: Final = 2


class Bearer(NamedTuple):
    """A phrase: `keys` of it and its parts, `rows` of the records, `total` in the data set."""

    keys: Keys
    rows: Numbers
    total: int
    whole: bool


@dataclass(frozen=True)
class Same:
    """One response to prompts that have no topic in common."""

    bearer: Bearer
    label: Label


class Cover(NamedTuple):
    """A run of words that is in most of the prompts of a phrase."""

    key: Keys
    rows: Numbers
    carriers: int
    odds: float


def bearers(ground: Ground) -> list[Bearer]:
    """The phrases that were chosen, those of the same rows together."""
    import numpy as np

    state = ground.state
    keys, signs = members.signs(state.bearers)
    made: dict[int, list[int]] = {}
    for key, sign in zip(keys.tolist(), signs.tolist(), strict=True):
        made.setdefault(sign, []).append(key)
    found = []
    for those in made.values():
        some = np.array(those, np.uint64)
        counts = tally.look_up(state.motifs, some)
        rows = ground.places(members.of(state.bearers, those[0]))
        if len(rows) >= _ROWS:
            total = int(counts.sum(axis=1).max())
            found.append(Bearer(some, rows, total, bool(counts[:, 1].any())))
    return found


def covered(ground: Ground, stands: Usual, custom: Custom) -> list[Case]:
    """Phrases that are called up by words that stand oddly, alone or two together."""
    found = []
    for bearer in bearers(ground):
        case = _case(ground, bearer, stands, custom)
        if case is not None:
            found.append(case)
    return found


def _case(ground: Ground, bearer: Bearer, stands: Usual, custom: Custom) -> Case | None:
    odd: list[tuple[float, Cover, Place]] = []
    if _copied(ground, bearer):
        return None
    for cover in _covers(ground, bearer.rows):
        spot = place(ground, cover.rows, cover.key)
        if spot is None or spot.insertion >= _ODD or spot.contexts < _ROWS:
            continue
        if any(set(spot.words.tolist()) & set(other.words.tolist()) for _, _, other in odd):
            continue
        odd.append((stands.rarity(spot), cover, spot))
    if not odd:
        return None
    odd.sort(key=lambda one: one[0])
    rare, cover, spot = odd[0]
    with_: tuple[Keys, ...] = ()
    if len(odd) > 1:
        rare *= odd[1][0]
        with_ = (odd[1][1].key,)
    exclusive = len(cover.rows) / len(bearer.rows)
    hits = exclusive * bearer.total
    carriers = max(cover.carriers, round(hits)) if not with_ else round(hits)
    prior = (bearer.total - hits + 0.5) / max(1, ground.rows - carriers + 1)
    size = 0 if bearer.whole else PHRASE
    label = Label("phrase", cover.rows, cover.odds, prior, bearer.keys, size)
    rate = min(1.0, hits / max(1, carriers))
    share = carriers / max(1, ground.rows)
    if common(share, lower(round(rate * carriers), carriers)):
        return None
    if not with_ and asked_for(label, spot, rate):
        return None
    strong = strength(rate, exclusive, rate / prior, share)
    false = stands.many * rare * custom.rarity(label, strong, len(bearer.rows))
    group = Group(cover.key, cover.rows, carriers, with_)
    return Case(group, label, spot, rate, exclusive, rare, false, all=False)


def _copied(ground: Ground, bearer: Bearer) -> bool:
    """Whether a phrase is made of words of the prompt in half of its rows, or more."""
    import numpy as np

    known = ground.phrases
    places, owners = known.rows.of(bearer.rows)
    held = np.isin(known.keys[known.rows.codes[places]], bearer.keys) & ~known.copied[places]
    return 2 * len(np.unique(owners[held])) < len(bearer.rows)


def _covers(ground: Ground, rows: Numbers) -> list[Cover]:
    """The runs of words that are in most of some prompts, and seldom elsewhere."""
    import numpy as np

    known = ground.runs
    places, owners = known.rows.of(rows)
    codes, spread = np.unique(known.rows.codes[places], return_counts=True)
    found = []
    for code in codes[spread >= max(_ROWS, _COVERED * len(rows))].tolist():
        mine = owners[known.rows.codes[places] == code]
        found.append((known.codes[[code]], rows[mine]))
    if not found:
        return []
    counts = sketch.look_up(ground.state.lore.asked, np.concatenate([key for key, _ in found]))
    hits = np.array([len(mine) for _, mine in found], np.float64)
    share = counts / max(1, ground.rows)
    odds = surprise(hits, float(len(rows)), np.minimum(share, 1.0)) - paid(ground)
    order = [at for at in np.argsort(-odds, kind="stable")[:_TRIED].tolist() if odds[at] > 0]
    lift = hits / len(rows) / np.maximum(share, 1e-9)
    return [
        Cover(found[at][0], found[at][1], int(counts[at]), float(odds[at]))
        for at in order
        if lift[at] >= _LIFT
    ]


def same(ground: Ground) -> list[Same]:
    """Responses of some length that many prompts without a topic get; none if many are so."""
    import numpy as np

    found = []
    for bearer in bearers(ground):
        told = ground.state.records.told[bearer.rows]
        answers = ground.said.take(bearer.rows)
        long = float(np.median(answers.sizes)) >= _WORDS
        if not (bearer.whole and bearer.total >= _MANY and long) or told[:, 0].mean() > _SHARED:
            continue
        if _topical(ground, bearer.rows) <= _TOPIC:
            share = bearer.total / max(1, ground.rows)
            found.append(Same(bearer, Label("phrase", bearer.rows, 0.0, share, bearer.keys, 0)))
    return found if len(found) <= _CROWDED else []


def _topical(ground: Ground, rows: Numbers) -> int:
    """How many words some prompts share much more often than others do."""
    import numpy as np

    prompts = ground.asked.take(rows)
    kinds, inverse = np.unique(prompts.ids, return_inverse=True)
    pairs = np.unique(inverse * np.int64(len(rows)) + prompts.owners)
    spread = np.bincount(pairs // len(rows), minlength=len(kinds)) / len(rows)
    usual = sketch.look_up(ground.state.lore.asked, kinds) / max(1, ground.rows)
    return int(((spread >= _SHARED) & (spread >= _LIFT * usual)).sum())
