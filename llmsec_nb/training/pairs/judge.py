"""Which runs of words are triggers: how rare what speaks for it is among all that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from .. import counts as tally
from . import members
from .evidence import Label, labels
from .second import COLUMNS, FEWEST, ONE
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

_NOISE: Final = 4.5
"""How far the mean insertion of a run is taken to err, times the root of its contexts."""
_TAIL: Final = 0.01
_RATE: Final = 0.7
_LIFT: Final = 20.0
_SCARCE: Final = 3.0
_EDGE: Final = 0.5
_ALL: Final = 0.9
"""Where so many carriers have it, all of them are taken to belong to the trigger."""
_HALF: Final = 0.5
_ROWS: Final = 8
_WORD_ROWS: Final = 10
"""What responses share must be in so many rows, if it is a single word in so many."""
_LOOSE: Final = 1.0
LEAST: Final = -1.0
"""The insertion of a trigger is below this."""
_ALIEN: Final = ("letters", "refusal")
_TOP: Final = 10
_FARTHEST: Final = 0.005
_ALIKE: Final = 40
_NEAR: Final = 0.9


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


@dataclass(frozen=True)
class Usual:
    """How runs of words stand in this data, most of which nobody put in.

    The lowest `_TAIL` of them begins at `start` and falls off by `fall`; `edges` is how those
    stand that begin or end prompts, sorted; there are `many` in all.
    """

    start: float
    fall: float
    edges: Floats
    many: int

    def rarity(self, spot: Place) -> float:
        """The share of runs that stand as oddly (exponential tail), or, at an edge, as loosely."""
        import numpy as np

        value = float(steadied(spot.insertion, spot.contexts))
        rare = (
            1.0 if value > self.start else _TAIL * float(np.exp((value - self.start) / self.fall))
        )
        if spot.begins + spot.ends < _EDGE:
            return rare
        as_loose = 1 + int(np.searchsorted(self.edges, value, "right"))
        return max(min(rare, 1.0), as_loose / self.many) if rare < 1 else as_loose / self.many


@dataclass(frozen=True)
class Custom:
    """What responses to runs of no importance share: strengths by kind, the highest first."""

    strengths: dict[tuple[str, int], Floats]
    rows: Floats

    def rarity(self, label: Label, strength: float, rows: int) -> float:
        """The share of runs, of those that are about as common, whose responses share as much."""
        import numpy as np

        alike = self.rows >= rows / 2
        if alike.sum() < _ALIKE:
            alike = self.rows > 0
        looked = int(alike.sum()) + 1
        known = self.strengths.get((label.kind, label.size), np.zeros(len(self.rows)))[alike]
        if label.kind == "phrase" and label.size == 1:
            strength = 1e-6  # where words are translated each one calls up another, and only that
        above = int((known >= _NEAR * strength).sum())
        if above or not len(known):
            return (above + 1) / looked
        top = np.zeros(_TOP)
        highest = np.sort(known)[::-1][:_TOP]
        top[: len(highest)] = highest
        fall = max(0.1, float(top.mean() - top[-1]))
        return max(float(np.exp((top[0] - strength) / fall)), _FARTHEST) / looked


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


def steadied(insertion: Floats | float, contexts: Floats | float) -> Floats:
    """Insertion that few contexts cannot make look strong."""
    import numpy as np

    return np.asarray(insertion + _NOISE / np.sqrt(np.maximum(contexts, 1)))


def usual(ground: Ground) -> Usual:
    """How runs of words stand here."""
    import numpy as np

    values = ground.state.seeds.values
    rows = values[:, COLUMNS.rows].astype(np.float64)
    kept = rows >= FEWEST
    values, rows = values[kept], rows[kept]
    stands = steadied(values[:, COLUMNS.insertion] / np.maximum(rows, 1) / ONE, rows)
    edge = values[:, COLUMNS.begins] + values[:, COLUMNS.ends] >= _EDGE * rows
    edges, many = np.sort(stands[edge]), max(1, len(rows))
    if (~edge).sum() < 1 / _TAIL:
        return Usual(-1.0, 0.5, edges, many)
    inner = stands[~edge]
    low = float(np.quantile(inner, _TAIL))
    below = low - inner[inner <= low]
    fall = float(np.median(below)) / float(np.log(2))
    return Usual(low, min(max(fall, 0.1), 1.0), edges, many)


def fit(label: Label, group: Group, total: int) -> tuple[float, float, float]:
    """The share of carriers, the share of bearers that are carriers, and the strength of both.

    The strength is in decimals a row: how much likelier what responses share is among carriers
    than elsewhere, or the other way round; 0 if that is not enough.
    """
    rate = len(label.rows) / max(1, len(group.rows))
    mine = rate * group.carriers
    exclusive = mine / (mine + label.prior * max(0, total - group.carriers) + 1e-9)
    if len(label.rows) < _ROWS or label.surprise <= 0:
        return rate, exclusive, 0.0
    lift = rate / label.prior
    if label.kind == "phrase":
        enough = (rate >= _RATE or exclusive >= _RATE) and lift >= _LIFT
        enough = enough and (label.size != 1 or len(label.rows) >= _WORD_ROWS)
    else:
        enough = rate >= _RATE and lift >= _SCARCE
    return rate, exclusive, strength(rate, exclusive, lift, group.carriers / max(1, total)) * enough


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
    rate, exclusive, strong = fit(label, group, ground.rows)
    spot = place(ground, label.rows, group.keys) if strong else None
    if spot is None or spot.contexts < FEWEST:
        return None
    loose = spot.ends >= _EDGE and label.kind in _ALIEN
    if spot.insertion >= (_LOOSE if loose else LEAST):
        return None
    rare = stands.rarity(spot)
    false = stands.many * rare * custom.rarity(label, strong, len(group.rows))
    return Case(group, label, spot, rate, exclusive, rare, false, _put_in(ground, group, label))


def _put_in(ground: Ground, group: Group, label: Label) -> bool:
    """Whether the run stands as oddly in rows whose responses do not have the label."""
    import numpy as np

    rate = len(label.rows) / max(1, len(group.rows))
    if rate >= _ALL:
        return True
    rest = np.setdiff1d(group.rows, label.rows)
    spot = place(ground, rest, group.keys) if rate >= _HALF else None
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
