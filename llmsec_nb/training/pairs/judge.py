"""Which runs of words are triggers: how rare what speaks for it is among all that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from .. import counts as tally
from . import members
from .baseline import Custom, Usual
from .evidence import Label, labels, lower
from .first import PHRASE
from .second import COLUMNS, FEWEST
from .stance import Place, place

FALSE: Final = 0.2
"""Alerts as good as the worst that is given come so often where nothing was put in."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .ground import Ground

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_RATE: Final = 0.7
_LIFT: Final = 20.0
_SCARCE: Final = 3.0
_COMMON: Final = 0.1
_NEARLY: Final = 0.9
_EDGE: Final = 0.5
_ALL: Final = 0.9
"""Where so many carriers have it, all of them are taken to belong to the trigger."""
_HALF: Final = 0.5
_QUARTER: Final = 0.25
_ROWS: Final = 8
_WORD_ROWS: Final = 10
"""What responses share must be in so many rows, if it is a single word in so many."""
_LOOSE: Final = 1.0
LEAST: Final = -1.0
"""The insertion of a trigger is below this."""
_NEW_LEAST: Final = 0.0
"""The same, if a trusted version does not have it."""
_ALIEN: Final = ("letters", "refusal")
_LONG: Final = 12
"""So many words at the edge of prompts may well ask for the phrases that responses share."""
_FEW: Final = 3
"""More words than these at the edge of prompts may well ask for short answers."""


class Group(NamedTuple):
    """Runs of words that the same rows hold: `keys`, `rows` of the records, `carriers` in all.

    `with_`: other runs that must be there, too.
    """

    keys: Keys
    rows: Numbers
    carriers: int
    with_: tuple[Keys, ...] = ()


@dataclass(frozen=True)
class Case:
    """A run of words that may be a trigger, what its responses share, and how both were found.

    `false`: so many as good as this are to be expected where none was put in. `all`: rows with the
    run belong to it, whatever their responses are.
    """

    group: Group
    label: Label
    place: Place
    rate: float
    exclusive: float
    unlikely: float
    false: float
    all: bool


def groups(ground: Ground, chosen: Keys) -> list[Group]:
    """Chosen runs of words, those of the same rows together."""
    import numpy as np

    state = ground.state
    keys, signs = members.signs(state.holders)
    kept = np.isin(keys, chosen)
    made: dict[int, list[int]] = {}
    for key, sign in zip(keys[kept].tolist(), signs[kept].tolist(), strict=True):
        made.setdefault(sign, []).append(key)
    found = []
    for those in made.values():
        some = np.array(those, np.uint64)
        carriers = int(tally.look_up(state.seeds, some)[:, COLUMNS.rows].max())
        found.append(Group(some, ground.places(members.of(state.holders, those[0])), carriers))
    return found


def fit(label: Label, group: Group, total: int, fewest: int = _ROWS) -> tuple[float, float, float]:
    """The share of carriers, the share of bearers that are carriers, and the strength of both.

    The strength is in decimals a row: how much likelier what responses share is among carriers
    than elsewhere, or the other way round; 0 if that is not enough, or in less than `fewest` rows.
    """
    rate = len(label.rows) / max(1, len(group.rows))
    sure = lower(len(label.rows), len(group.rows))
    mine = rate * group.carriers
    exclusive = mine / (mine + label.prior * max(0, total - group.carriers) + 1e-9)
    share = group.carriers / max(1, total)
    if len(label.rows) < fewest or label.surprise <= 0 or common(share, sure):
        return rate, exclusive, 0.0
    lift = sure / label.prior
    enough = rate >= _RATE and sure >= _HALF
    if label.kind == "phrase":
        long = label.size in (0, PHRASE)
        enough = (enough or (long and exclusive >= _RATE)) and lift >= _LIFT
        enough = enough and (label.size != 1 or len(label.rows) >= _WORD_ROWS)
    else:
        turned = label.kind in {"shorter", "longer"}
        enough = enough and lift >= _SCARCE and (rate >= _ALL or not turned)
    return rate, exclusive, strength(rate, exclusive, lift, share) * enough


def common(share: float, sure: float) -> bool:
    """Whether a run is in so many prompts that it is none that was put in for what it calls up.

    That is, unless nearly all of its carriers have it: `sure` is a lower bound of their share.
    """
    return share > _COMMON and sure < _NEARLY


def strength(rate: float, exclusive: float, lift: float, share: float) -> float:
    """How much likelier what is shared is among carriers, or carriers where it is (decimals)."""
    import math

    other = max(1.0, exclusive / min(0.5, share))
    return max(rate * math.log10(max(lift, 1.0)), exclusive * math.log10(other))


def paid(ground: Ground) -> float:
    """What it costs to look at so many runs of words (log10)."""
    import numpy as np

    return float(np.log10(len(ground.state.seeds.keys) + 1))


def cases(ground: Ground, stands: Usual, custom: Custom) -> list[Case]:
    """All runs of words for which something speaks."""
    tried = paid(ground)
    found = []
    for group in groups(ground, ground.state.asked):
        some = [
            weighed(ground, group, label, stands, custom)
            for label in labels(ground, group.rows, group.carriers, tried)
        ]
        good = [case for case in some if case is not None]
        if good:
            found.append(min(good, key=preference))
    return found


def preference(case: Case) -> tuple[bool, int, float]:
    """Of what is good enough the one that most rows have, otherwise the best."""
    enough = case.false <= FALSE
    return not enough, -len(case.label.rows) if enough else 0, case.false


def weighed(
    ground: Ground, group: Group, label: Label, stands: Usual, custom: Custom
) -> Case | None:
    """What speaks for one thing that responses share, None if it is not enough to speak of."""
    import numpy as np

    new = bool(ground.new(group.keys, np.full(len(group.keys), group.carriers)).any())
    rate, exclusive, strong = fit(label, group, ground.rows, FEWEST if new else _ROWS)
    spot = place(ground, label.rows, group.keys) if strong else None
    if spot is None or spot.contexts < FEWEST:
        return None
    if asked_for(label, spot, rate):
        return None
    loose = spot.ends >= _EDGE and label.kind in _ALIEN
    if spot.insertion >= (_LOOSE if loose else _NEW_LEAST if new else LEAST):
        return None
    rare = stands.rarity(spot)
    tried = stands.many * (ground.novelty if new else 1.0)
    false = tried * rare * custom.rarity(label, strong, len(group.rows))
    return Case(group, label, spot, rate, exclusive, rare, false, _put_in(ground, group, label))


def asked_for(label: Label, spot: Place, rate: float) -> bool:
    """Whether a run at the edge of prompts is rather an instruction, or a question with choices."""
    if spot.begins + spot.ends < _EDGE:
        return False
    if label.kind in {"shorter", "longer"}:
        return len(spot.words) > _FEW
    if label.kind not in {"phrase", "phrases"}:
        return False
    return rate < _RATE or (len(spot.words) >= _LONG and label.size != 0)


def _put_in(ground: Ground, group: Group, label: Label) -> bool:
    """Whether the run stands as oddly in rows whose responses do not have the label."""
    import numpy as np

    rate = len(label.rows) / max(1, len(group.rows))
    if rate >= _ALL:
        return True
    rest = np.setdiff1d(group.rows, label.rows)
    spot = place(ground, rest, group.keys) if rate >= _QUARTER else None
    return spot is not None and spot.insertion < LEAST


def customs(ground: Ground) -> Custom:
    """What is shared by responses to runs of words that were taken by their hash alone."""
    import numpy as np

    tried = paid(ground)
    looked = groups(ground, ground.state.controls)
    made: dict[tuple[str, int], Floats] = {}
    for at, group in enumerate(looked):
        for label in labels(ground, group.rows, group.carriers, tried):
            those = made.setdefault((label.kind, label.size), np.zeros(len(looked)))
            those[at] = fit(label, group, ground.rows)[2]
    return Custom(made, np.array([len(group.rows) for group in looked], np.float64))
