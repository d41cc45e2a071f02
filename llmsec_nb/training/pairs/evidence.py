"""What responses have in common that those of other prompts do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from . import sketch
from .first import PHRASE, whole
from .ragged import Ragged, grams, joined
from .second import COLUMNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .ground import Ground

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_ECHO: Final = 0.5
"""A phrase that so many of its prompts hold, too, is an answer to them."""
_THREE: Final = 3


class Label(NamedTuple):
    """Something that responses of carriers have: `rows` (of the records) that do.

    `kind`: `refusal`, `letters`, `disorder`, `phrase`, `phrases`. `keys` are the phrases (of `size`
    words, 0 for whole responses); `below` is the order (see second.Features) under which responses
    are in disorder. `surprise`: how unlikely it is by chance (log10, all that was tried
    is paid for). `prior`: the share among other rows.
    """

    kind: str
    rows: Numbers
    surprise: float
    prior: float
    keys: Keys
    size: int = 0
    below: int = 0


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
        flags: Flags = ground.state.records.told[rows, place] > 0
        others = max(float(ground.state.whole[column]) - float(flags.mean()) * carriers, 0.0)
        prior = (others + 0.5) / max(1.0, ground.rows - carriers + 1.0)
        found.append(Label(kind, rows[flags], _odds(flags, prior) - tried, prior, none))
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
            prior = min(0.5, 3.0 * len(keys) / max(1, ground.rows))
            sure = float(surprise(np.array([float(len(mine))]), float(len(rows)), prior)[0])
            found.append(Label("phrases", rows[mine], sure - tried, prior, keys, PHRASE))
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
