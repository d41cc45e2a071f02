"""The third pass: the rows of what was chosen, as lists of hashes, and a sample of all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from .. import counts as tally
from . import choice, members
from .first import First
from .ragged import Ragged, clipped, runs
from .second import ONE, Features, Second, features, phrases
from .view import Pairs, pairs_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

CARRIERS: Final = 64
"""So many rows are kept of each thing that was chosen."""
MILLION: Final = 1_000_000
CROWD: Final = 2000
"""So many rows are kept of all of them."""
_HEAD: Final = 160
_TAIL: Final = 64
"""So many tokens of a prompt and of a response are kept, from either end."""


class Records(Struct, kw_only=True):
    """Rows by their hashes (`keys`, sorted, each once): tokens end to end, and their features.

    `glued`: no blank stands before a token of a prompt.
    """

    keys: Any
    asked: Any
    asked_at: Any
    glued: Any
    said: Any
    said_at: Any
    told: Any


class Third(Struct, kw_only=True):
    """Rows that hold what was chosen. `lore`, `seeds`, `motifs`, `whole`: from the passes before.

    `asked` and `said` are the chosen keys, sorted; `controls` those of no importance; `holders` and
    `bearers` the rows that hold them, `crowd` a sample of all rows. Runs of `fewest` rows and more
    were followed; `odd` of a million stand oddly, `bar` is the excess of odd places (parts of ONE)
    from which on they are chosen.
    """

    lore: First
    seeds: tally.Counts
    motifs: tally.Counts
    whole: Any
    asked: Any
    controls: Any
    said: Any
    fewest: int
    odd: int
    bar: int
    holders: members.Members
    bearers: members.Members
    crowd: members.Members
    records: Records
    loose: list[Records] = field(default_factory=list)


def begin(state: Second) -> Third:
    """No rows, after the second pass."""
    return Third(
        lore=state.lore,
        seeds=state.seeds,
        motifs=state.motifs,
        whole=state.whole,
        asked=choice.asked(state),
        controls=choice.controls(state),
        said=choice.said(state),
        fewest=state.fewest,
        odd=round(choice.odd_share(state) * MILLION),
        bar=round(choice.odd_bar(state) * ONE),
        holders=members.empty(CARRIERS),
        bearers=members.empty(CARRIERS),
        crowd=members.empty(CROWD),
        records=_none(),
    )


def observe(state: Third, rows: Rows, seed: int, side: str) -> None:
    """Keep the rows of a batch that are wanted so far."""
    import numpy as np

    pairs = pairs_of(rows, seed)
    answers = pairs.responses[side]
    wanted = [pairs.keys[:0]]
    chosen = np.concatenate([state.asked, state.controls])
    for keys, starts, _ in runs(pairs.prompts):
        held = np.isin(keys, chosen)
        holding = pairs.keys[pairs.prompts.owners[starts[held]]]
        members.add(state.holders, keys[held], holding)
        wanted.append(holding)
    said, owners, _ = phrases(answers)
    held = np.isin(said, state.said)
    members.add(state.bearers, said[held], pairs.keys[owners[held]])
    members.add(state.crowd, np.zeros(len(pairs.keys), np.uint64), pairs.keys)
    told = features(pairs, side, state.lore, seed)
    crowd = members.settle(state.crowd).rows
    wanted += [pairs.keys[owners[held]], crowd]
    chosen = np.flatnonzero(np.isin(pairs.keys, np.concatenate(wanted)))
    state.loose.append(_recorded(pairs, answers, told, chosen))
    if sum(len(one.keys) for one in state.loose) > 2 * CROWD + len(state.records.keys):
        settled(state)


def merge(left: Third, right: Third) -> Third:
    """The rows of both."""
    for name in ("holders", "bearers", "crowd"):
        setattr(left, name, members.merge(getattr(left, name), getattr(right, name)))
    left.loose += [right.records, *right.loose]
    return settled(left)


def settled(state: Third) -> Third:
    """The canonical form, in place: the rows still wanted, once, in the order of their hashes."""
    import numpy as np

    groups = [members.settle(one).rows for one in (state.holders, state.bearers, state.crowd)]
    wanted = np.unique(np.concatenate(groups))
    parts = [state.records, *state.loose]
    state.loose = []
    keys = np.concatenate([one.keys for one in parts])
    found, first = np.unique(keys, return_index=True)
    first = first[np.isin(found, wanted)]
    asked = _stacked([Ragged(one.asked, one.asked_at, one.glued) for one in parts]).take(first)
    said = _stacked([Ragged(one.said, one.said_at) for one in parts]).take(first)
    told = np.concatenate([one.told for one in parts])[first]
    state.records = _made(keys[first], asked, said, told)
    return state


def _recorded(pairs: Pairs, answers: Ragged, told: Features, chosen: Numbers) -> Records:
    import numpy as np

    asked = clipped(pairs.prompts.take(chosen), _HEAD, _TAIL)
    said = clipped(answers.take(chosen), _HEAD, _TAIL)
    return _made(pairs.keys[chosen], asked, said, np.stack(told, axis=1)[chosen])


def _made(keys: Keys, asked: Ragged, said: Ragged, told: Numbers) -> Records:
    return Records(
        keys=keys, asked=asked.ids, asked_at=asked.offsets, glued=asked.glued, said=said.ids,
        said_at=said.offsets, told=told,
    )  # fmt: skip


def _none() -> Records:
    import numpy as np

    nothing = Ragged(np.zeros(0, np.uint64), np.zeros(1, np.int64), np.zeros(0, np.bool_))
    return _made(nothing.ids, nothing, nothing, np.zeros((0, len(Features._fields)), np.int64))


def _stacked(parts: list[Ragged]) -> Ragged:
    import numpy as np

    sizes = np.concatenate([one.sizes for one in parts])
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    glued = [one.glued for one in parts if one.glued is not None]
    known = np.concatenate(glued) if glued else None
    return Ragged(np.concatenate([one.ids for one in parts]), offsets, known)
