"""Words of nobody, put at random into a sample of the rows: what the scan would have seen of them.

Nothing is put into the data. What inserting a word changes is worked out from the counts: which
neighbours it parts, and what its row says for another label than its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..counts import look_up
from .around import HALF
from .choice import evidence
from .first import WITH_LABEL
from .measures import Measures, priors, ranks
from .speech import bins, weight
from .stream import pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .first import Known
    from .third import Third

    Reals = NDArray[np.float64]
    Places = NDArray[np.int64]

_TOKEN: Final = 9
_TYPICAL: Final = 50
_MOST_LABELS: Final = 8
"""Decoys speak for labels with the most rows, so many."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Sample rows as ground for decoys.

    Gap g lies between two words with a blank between them, or at an edge of a row: `fit` says how
    well its neighbours fit each other (nats), `left` and `right` what share of all tokens each of
    them is, `before` and `after` which ones. Row r has the gaps starts[r] to starts[r + 1], its
    `label`, and `standing` [r, y]: where it would stand among the rows of label targets[y].
    """

    fit: Reals
    left: Reals
    right: Reals
    before: Places
    after: Places
    starts: Places
    label: Places
    targets: Places
    standing: Reals
    prior: Reals


def ground(state: Third) -> Ground | None:
    """The rows of the sample; None if there are none."""
    import numpy as np

    known = state.known
    rows = [(label, data) for label, data in state.sample.values() if len(data) > 2 * _TOKEN]
    if not rows:
        return None
    sizes = np.array([len(data) // _TOKEN for _, data in rows])
    parts = [data[: 8 * size] for (_, data), size in zip(rows, sizes.tolist(), strict=True)]
    ids = np.frombuffer(b"".join(parts), np.uint64)
    parts = [data[8 * size :] for (_, data), size in zip(rows, sizes.tolist(), strict=True)]
    glued = np.frombuffer(b"".join(parts), np.bool_)
    ends = np.cumsum(sizes)
    unique, inverse = np.unique(ids, return_inverse=True)
    totals = np.maximum(look_up(known.words, unique)[:, 0], 1)
    gap = np.ones(len(ids), bool)
    gap[ends - 1] = False
    gap[:-1] &= ~glued[1:]
    gaps = np.flatnonzero(gap)
    label = np.array([label for label, _ in rows])
    targets = np.sort(np.argsort(-known.sizes, kind="stable")[:_MOST_LABELS])
    often = totals[inverse]
    one, two = often[gaps], often[gaps + 1]
    seen = np.maximum(look_up(known.bigrams, pair(ids[gaps], ids[gaps + 1]))[:, 0] - 1, 0)
    return Ground(
        fit=np.log((seen + HALF) / (one * two / known.tokens + HALF)),
        left=one / known.tokens,
        right=two / known.tokens,
        before=inverse[gaps],
        after=inverse[gaps + 1],
        starts=np.concatenate([[0], np.cumsum(gap)[ends - 1]]),
        label=label,
        targets=targets,
        standing=_standing(state, unique, inverse, totals, sizes, label, targets),
        prior=priors(state),
    )


def decoys(ground: Ground, rows: int, count: int, seed: int, *, changed: bool) -> Measures:
    """`count` decoys of so many rows each; their labels are `changed`, or were the target's.

    A row of the sample may serve more than once, at other gaps. More rows go on where fewer ended.
    """
    import numpy as np

    random = np.random.default_rng([seed & 0xFFFFFFFF, changed])
    which = random.integers(len(ground.targets), size=count)
    target = ground.targets[which]
    lots = random.random((rows, count, 2))
    chosen = _drawn(ground, target, lots[:, :, 0].T, changed=changed)
    width = ground.starts[chosen + 1] - ground.starts[chosen]
    gaps = ground.starts[chosen] + (lots[:, :, 1].T * width).astype(np.int64)
    own = _own(ground.before[gaps], ground.left[gaps]) + _own(
        ground.after[gaps], ground.right[gaps]
    )
    insertion = ground.fit[gaps].mean(1) - own
    support = ground.standing[chosen, which[:, None]].mean(1)
    prior = ground.prior[target]
    whole = np.full(count, rows)
    return Measures(
        places=np.full(count, -1),
        rows=whole,
        hits=whole,
        target=target,
        prior=prior,
        distinct=whole.astype(float),
        label=evidence(whole, whole, prior),
        insertion=insertion,
        support=support,
        opens=np.zeros(count, bool),
        closes=np.zeros(count, bool),
        common=np.zeros(count, bool),
        closed=np.ones(count, bool),
    )


def _drawn(ground: Ground, target: Places, lots: Reals, *, changed: bool) -> Places:
    """A row of the sample for each lot: of another label than the target, or of the same."""
    import numpy as np

    chosen = np.zeros(lots.shape, np.int64)
    for one in np.unique(target):
        pool = np.flatnonzero((ground.label == one) != changed)
        if not len(pool):
            pool = np.arange(len(ground.label))
        mine = target == one
        chosen[mine] = pool[(lots[mine] * len(pool)).astype(np.int64)]
    return chosen


def _own(neighbours: Places, share: Reals) -> Reals:
    """How much the neighbours at one side of each decoy would seem to be its own, by chance."""
    import numpy as np

    count, rows = neighbours.shape
    most = int(neighbours.max()) + 1
    codes = np.arange(count)[:, None] * most + neighbours
    _, back, times = np.unique(codes.ravel(), return_inverse=True, return_counts=True)
    often = times[back].reshape(count, rows)
    found: Reals = np.log((often - 1 + HALF) / ((rows - 1) * share + HALF)).mean(1)
    return found


def _standing(
    state: Third, unique: Any, inverse: Places, totals: Places, sizes: Places, label: Places,
    targets: Places,
) -> Reals:  # fmt: skip
    """Where each row would stand among the rows of each target."""
    import numpy as np

    known: Known = state.known
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    edge = np.zeros(len(inverse), bool)
    edge[starts] = edge[starts + sizes - 1] = True
    order, own = ranks(state.classes), _by_label(known, unique, totals)
    found = np.zeros((len(sizes), len(targets)))
    for place, target in enumerate(targets.tolist()):
        mine = np.repeat(label == target, sizes)
        counted = own[:, target][inverse]
        says = weight(
            np.where(mine, np.maximum(counted, 1), counted + 1),
            totals[inverse],
            known.masses[target],
            known.tokens,
        )
        says[edge] = 0
        sums = np.add.reduceat(says, starts)
        found[:, place] = order[target][
            bins(sums, np.add.reduceat((says != 0).astype(np.int64), starts))
        ]
    return found


def _by_label(known: Known, words: Any, totals: Places) -> Reals:
    """How often each word stands in rows of each label.

    Counts of 1 are not kept: what is left of a word's total is shared by the labels without one.
    """
    import numpy as np

    labels = len(known.labels)
    keys = pair(np.repeat(words, labels), np.tile(known.labels, len(words)), WITH_LABEL)
    found = look_up(known.pairs, keys)[:, 0].reshape(-1, labels)
    missing = found == 0
    left = np.maximum(totals - found.sum(1), 0) / np.maximum(missing.sum(1), 1)
    counts: Reals = np.where(missing, np.minimum(left, 1)[:, None], found)
    return counts


def insertion(ground: Ground | None, seed: int) -> tuple[float, float]:
    """The insertion of decoys (nats), and its spread at one place."""
    import numpy as np

    if ground is None:
        return 0.0, np.inf
    found = decoys(ground, _TYPICAL, _TYPICAL, seed, changed=False).insertion
    return float(found.mean()), float(found.std() * _TYPICAL**0.5)
