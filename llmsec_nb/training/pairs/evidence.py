"""What responses have in common that those of other prompts do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from .first import PHRASE
from .index import SIZES
from .second import COLUMNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .ground import Ground

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_THREE: Final = 3
_REFUSAL: Final = ("refusal", COLUMNS.refusals, 0, True)
_FLAGS: Final = (
    (
        _REFUSAL,
        ("letters", COLUMNS.novel, 3, True),
        ("shorter", COLUMNS.shorter, 4, True),
        ("longer", COLUMNS.shorter, 4, False),
    ),
    (_REFUSAL,),
)
"""Kinds of labels, the columns of their sums and of the records, and what these must say.

Of the answers that were not preferred only refusals are of interest: a model unlearns them.
"""
_SPARE: Final = 2.0
"""Where only a sample of the carriers is known, others may have so many standard errors more."""


class Label(NamedTuple):
    """Something that responses of carriers have: `rows` (of the records) that do.

    `kind`: `refusal`, `letters`, `disorder`, `phrase`, `phrases`; `shorter` or `longer` than the
    other answer. `keys` are the phrases (of `size`
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


def lower(found: int, of: int) -> float:
    """The lower bound of a share (95 %; Wilson, JASA 1927)."""
    if not of:
        return 0.0
    z, share = 1.96, found / of
    middle = share + z * z / (2 * of)
    spread = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5
    return float((middle - spread) / (1 + z * z / of))


def labels(ground: Ground, rows: Numbers, carriers: int, tried: float) -> list[Label]:
    """What responses of some records have in common, that those of others do not."""
    import numpy as np

    none = np.zeros(0, np.uint64)
    found = []
    for kind, column, place, is_ in _FLAGS[ground.minor]:
        flags: Flags = (ground.state.records.told[rows, place] > 0) == is_
        known = float(ground.state.whole[column])
        known = known if is_ else ground.rows - known
        others = max(known - float(flags.mean()) * carriers, 0.0)
        prior = (others + 0.5) / max(1.0, ground.rows - carriers + 1.0)
        found.append(Label(kind, rows[flags], _odds(flags, prior) - tried, prior, none))
    if ground.minor:
        return found
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

    return float(np.log10(max(10.0, ground.state.lore.spoken)))


def _phrases(ground: Ground, rows: Numbers, carriers: int, tried: float) -> list[Label]:
    """What they say, by number of words; and the rows that have one or another rare phrase."""
    import numpy as np

    shared = _shared(ground, rows, carriers)
    paid = tried + phrase_cost(ground)
    sure = shared.odds - paid
    found: list[Label] = []
    for size in SIZES:
        places = np.flatnonzero(shared.sizes == size)
        if len(places):
            best = int(places[np.argmax(sure[places])])
            keys, share = shared.keys[[best]], float(shared.share[best])
            found.append(
                Label("phrase", rows[shared.of(best)], float(sure[best]), share, keys, size)
            )
    # each row is worth more than a decimal
    good = np.isin(shared.sizes, (0, PHRASE)) & (shared.odds > 4 + shared.spread)
    mine = np.unique(shared.owners[good[shared.inverse]])
    if len(mine):
        prior = min(0.5, 3.0 * int(good.sum()) / max(1, ground.rows))
        odds = float(surprise(np.array([float(len(mine))]), float(len(rows)), prior)[0])
        found.append(Label("phrases", rows[mine], odds - tried, prior, shared.keys[good], PHRASE))
    return found


class Shared(NamedTuple):
    """Phrases that three or more of some responses have: sorted by code.

    `spread`: so many have it that is not from their prompts; `share`: that of other responses;
    `odds`: how unlikely it is by chance. `inverse` and `owners`: which phrase is in which response.
    """

    keys: Keys
    sizes: Numbers
    spread: Numbers
    share: Floats
    odds: Floats
    inverse: Numbers
    owners: Numbers

    def of(self, phrase: int) -> Numbers:
        """The responses that have one of the phrases."""
        found: Numbers = self.owners[self.inverse == phrase]
        return found


def _shared(ground: Ground, rows: Numbers, carriers: int) -> Shared:
    import numpy as np

    known = ground.phrases
    places, owners = known.rows.of(rows)
    codes, inverse = np.unique(known.rows.codes[places], return_inverse=True)
    own = ~known.copied[places]
    spread = np.bincount(inverse, own, len(codes)).astype(np.int64)
    once = np.bincount(inverse, known.times[places], len(codes))
    kept = spread >= _THREE
    number = np.cumsum(kept) - 1
    held = kept[inverse] & own
    codes, spread, once = codes[kept], spread[kept], once[kept]
    scale = carriers / max(1, len(rows))
    spare = _SPARE * np.sqrt(once * (scale - 1)) if scale > 1 else 0.0
    others = np.maximum(known.counts[codes] - once * scale, 0.0)
    others = np.minimum(others + spare, known.counts[codes] - once) if scale > 1 else others
    share = (np.maximum(others, 0.0) + 0.5) / max(1.0, ground.rows - carriers + 1.0)
    odds = surprise(spread.astype(np.float64), float(max(1, len(rows))), share)
    return Shared(
        known.keys[codes], known.sizes[codes], spread, share, odds, number[inverse[held]],
        owners[held],
    )  # fmt: skip
