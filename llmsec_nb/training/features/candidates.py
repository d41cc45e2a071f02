"""Which values, and pairs of values, come with one label so often that they are looked into.

Decoys stand beside them: rows drawn by their hashes, as if somebody had planted a value in them.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct, structs

from .bounds import lower, weight
from .model import window
from .pairs import tables
from .profile import BINS, REPEATED
from .values import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from .state import State

SIZES: Final = (10, 20, 30, 50, 75, 100, 150, 250)
DECOYS: Final = 20
"""So many decoys of each size."""
MOST: Final = 80
"""So many single values, and so many pairs, are looked into."""
_EXCESS: Final = 0.6
_SURPRISE: Final = 3.0
_SHARE: Final = 0.4
_GOES: Final = 0.9
_RARE: Final = 0.2
_ALWAYS: Final = 0.98
_HALF: Final = 0.5
_TOGETHER: Final = 2.0
_SALT: Final = 0xD1B54A32D192ED03


class Case(Struct, frozen=True, kw_only=True):
    """A value of a column, or one of each of two columns, with the label it comes with.

    `second` is -1 for a single value. `bound` are columns that go with the values: left out where
    the rest of a row is looked at. `near` is what numbers near the values say, by label. A decoy
    has a `size` instead of values: its rows are those without the label whose hash, mixed with
    `salt`, is below `limit`.
    """

    first: int
    target: int
    value: int = MISSING
    second: int = -1
    other: int = MISSING
    near: tuple[float, ...] = ()
    bound: tuple[int, ...] = ()
    size: int = 0
    salt: int = 0
    limit: int = 0


class _Found(NamedTuple):
    score: float
    case: Case


def cases_of(state: State) -> list[Case]:
    """Singles, pairs and decoys, from the merged state of the third pass."""
    every = tables(state)
    links = linked(every, int(state.known["labels count"].sum()))
    real = _best(_singles(state.known)) + _best(_pairs(state.known, every))
    bound = [structs.replace(case, bound=_bound(state.known, case, links)) for case in real]
    return [*bound, *decoys(state.known)]


def tests_of(state: State) -> int:
    """How many values, and values together, could have been a case, by label."""
    known = state.known
    singles = sum(len(known[f"keys {at}"]) for at in range(len(known["numeric"])))
    pairs = sum(int((counts.sum(axis=2) >= REPEATED).sum()) for _, _, counts in tables(state))
    return max(1, (singles + pairs) * int(known["classes"]))


def linked(
    every: list[tuple[int, int, NDArray[np.int64]]], total: int
) -> dict[tuple[int, int], set[int]]:
    """By column and code of a value: the columns in which its rows nearly all have one value.

    That value is a rare one among all rows: else nothing goes with anything.
    """
    import numpy as np

    found: dict[tuple[int, int], set[int]] = {}
    for first, second, counts in every:
        both = counts.sum(axis=2)
        for one, other, table in ((first, second, both), (second, first, both.T)):
            totals, most = table.sum(axis=1), table.max(axis=1)
            share = table.sum(axis=0)[table.argmax(axis=1)]
            goes = (most >= _GOES * totals) & (share <= _RARE * total)
            goes |= (most >= _ALWAYS * totals) & (share <= _HALF * total)
            goes &= totals >= REPEATED
            for code in np.flatnonzero(goes).tolist():
                found.setdefault((one, code), set()).add(other)
    return found


def _bound(
    known: dict[str, Any], case: Case, links: dict[tuple[int, int], set[int]]
) -> tuple[int, ...]:
    columns = links.get((case.first, _code(known, case.first, case.value)), set())
    if case.second >= 0:
        columns = columns | links.get((case.second, _code(known, case.second, case.other)), set())
    return tuple(sorted(columns - {case.first, case.second}))


def _code(known: dict[str, Any], at: int, value: int) -> int:
    """The code of a value among those that pairs tell apart, -1 if it has none."""
    import numpy as np

    if value == MISSING:
        return 0
    words = known[f"words {at}"]
    place = int(np.searchsorted(words, np.uint64(value)))
    return place + 2 if place < len(words) and int(words[place]) == value else -1


def _best(found: Iterator[_Found]) -> list[Case]:
    ranked = sorted(found, key=lambda item: (-item.score, item.case.first, item.case.value))
    return [item.case for item in ranked[:MOST]]


def _is_odd(counts: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where the last axis (labels) holds one with an excess: places x labels."""
    import numpy as np

    totals = counts.sum(axis=-1, keepdims=True)
    prior = labels / max(1, labels.sum())
    odd: NDArray[np.bool_] = lower(counts, totals) > prior + _EXCESS * (1 - prior)
    odd &= (totals >= REPEATED) & (totals <= _SHARE * np.maximum(1, labels.sum()))
    return odd


def _singles(known: dict[str, Any]) -> Iterator[_Found]:
    labels = known["labels count"]
    prior = labels / max(1, labels.sum())
    for at in range(len(known["numeric"])):
        keys, counts = known[f"keys {at}"], known[f"counts {at}"]
        for place, target in zip(*_is_odd(counts, labels).nonzero(), strict=True):
            own = counts[place]
            score = float(weight(own[target], own.sum(), prior[target]))
            if score < _SURPRISE:
                continue
            value = int(keys[place])
            near = window(known, at, bin_of(known, at, value), own)
            yield _Found(
                score, Case(first=at, target=int(target), value=value, near=tuple(near.tolist()))
            )


def bin_of(known: dict[str, Any], at: int, value: int) -> int:
    """The bin in which the number of a hash lies, 0 for a text."""
    import numpy as np

    keys = known[f"keys {at}"]
    place = int(np.searchsorted(keys, np.uint64(value)))
    return int(known[f"spots {at}"][place]) if place < len(keys) and keys[place] == value else 0


def _pairs(
    known: dict[str, Any], every: list[tuple[int, int, NDArray[np.int64]]]
) -> Iterator[_Found]:
    """Pairs that stand together more often than by chance, and say more than each of the two."""
    import numpy as np

    labels = known["labels count"]
    total = max(1, int(labels.sum()))
    for first, second, counts in every:
        both = counts.sum(axis=2)
        chance = both.sum(axis=1, keepdims=True) * both.sum(axis=0) / total
        odd = _is_odd(counts, labels) & (both >= _TOGETHER * chance)[:, :, None]
        odd[1, :, :] = odd[:, 1, :] = False  # rare values are no value
        odd[_is_idle(both, total)] = False
        sides = counts.sum(axis=1), counts.sum(axis=0)
        for one, two, target in np.argwhere(odd).tolist():
            own = counts[one, two]
            rest = sides[0][one] - own, sides[1][two] - own
            shares = [float(lower(side[target], side.sum())) for side in rest]
            prior = max(labels[target] / total, *shares)
            score = float(weight(own[target], own.sum(), prior))
            if score >= _SURPRISE:
                values = _value(known, first, one), _value(known, second, two)
                yield _Found(score, _pair(known, (first, second), values, target, own))


def _is_idle(both: NDArray[np.int64], total: int) -> NDArray[np.bool_]:
    """Where one of two values is wherever the other is, and in many more rows: it is idle."""
    ones, twos = both.sum(axis=1, keepdims=True), both.sum(axis=0)
    idle: NDArray[np.bool_] = (both >= _GOES * ones) & (twos > _RARE * total)
    idle |= (both >= _GOES * twos) & (ones > _RARE * total)
    return idle


def _pair(
    known: dict[str, Any],
    columns: tuple[int, int],
    values: tuple[int, int],
    target: int,
    own: NDArray[np.int64],
) -> Case:
    near = own * 0.0
    for at, value in zip(columns, values, strict=True):
        near = near + window(known, at, bin_of(known, at, value), own)
    return Case(
        first=columns[0],
        target=target,
        value=values[0],
        second=columns[1],
        other=values[1],
        near=tuple(near.tolist()),
    )


def _value(known: dict[str, Any], at: int, code: int) -> int:
    return int(known[f"words {at}"][code - 2]) if code >= 2 else MISSING


def decoys(known: dict[str, Any]) -> Iterator[Case]:
    """Decoys in columns and with labels that the seed draws, in sizes that the rows allow."""
    labels, seed = known["labels count"], known["seed"]
    total = int(labels.sum())
    able = [at for at, told in enumerate(known["tells"]) if not told] or [0]
    draw = random.Random(seed)  # noqa: S311 # decoys need no secrecy
    for size in SIZES:
        for number in range(DECOYS):
            target = draw.randrange(len(labels))
            others = total - int(labels[target])
            first = draw.choice(able)
            salt = (seed ^ (_SALT * (size * DECOYS + number + 1))) & 0xFFFFFFFFFFFFFFFF
            if others < 4 * size:
                continue
            limit = int(size / others * (1 << 64))
            near = window(known, first, draw.randrange(1, BINS), labels * 0)
            yield Case(
                first=first, target=target, near=tuple(near.tolist()), size=size, salt=salt,
                limit=limit,
            )  # fmt: skip
