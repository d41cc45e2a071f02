"""What the search for floods would have seen, measured with floods of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.dataset import Power
from .clusters import groups
from .sample import threshold
from .signature import BINS
from .tail import EXPECTED, tail_below

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .sample import Sample
    from .signature import Signatures
    from .tail import Tail
    from .wording import Places

    Measured = tuple[Places, NDArray[np.bool_]]

KEPT: Final = 0.65
"""Similarity of a text and its copy when a tenth of its words are others: of pairs .81 stay."""
_TRIED: Final = (20, 30, 50, 75, 100, 150, 250, 500, 1000, 2000)
_DECOYS: Final = 10
_ENOUGH: Final = 0.95


def power(sample: Sample, known: Measured, seed: int, fewest: int) -> Power:
    """From how many rows a flood of copies with a tenth of their words changed would show.

    Decoys are made of signatures, each bin of which stays with a probability of `KEPT`. They have
    to come out of the sample, form a group and stand out among `known` groups.
    """
    import numpy as np

    rate = (sample.limit + 1) / (1 << 64)
    curve: list[tuple[int, float]] = []
    for rows in _TRIED:
        tails: dict[int, Tail] = {}
        seen = 0
        for number in range(_DECOYS):
            draw = np.random.default_rng([seed & 0xFFFFFFFF, rows, number])
            size = _size(sample, rows, rate, draw, seed)
            if size >= fewest:
                tail = tails.setdefault(size, tail_below(size, *known))
                seen += tail.expected(size) <= EXPECTED
        curve.append((rows, seen / _DECOYS))
        if seen == _DECOYS:
            break
    enough = next((rows for rows, share in curve if share >= _ENOUGH), None)
    return Power(
        detector="near-copies",
        what="a flood of near-copies of one text of ten words or more",
        rows=enough,
        share=_ENOUGH,
        decoys=_DECOYS * len(curve),
        curve=tuple(curve),
        false_alerts=EXPECTED,
    )


def _size(sample: Sample, rows: int, rate: float, draw: np.random.Generator, seed: int) -> int:
    """How large a group a flood of so many rows would be in the sample."""
    if sample.heavy is not None and rows * KEPT**2 < threshold(sample.rows):
        return 0
    kept = int(draw.binomial(rows, rate))
    if kept == 0:
        return 0
    found = groups(_copies(kept, draw), seed)
    return max((len(group) for group in found), default=0)


def _copies(count: int, draw: np.random.Generator) -> Signatures:
    import numpy as np

    base = draw.integers(0, 1 << 16, BINS, np.uint16)
    other = draw.integers(0, 1 << 16, (count, BINS), np.uint16)
    kept: NDArray[np.bool_] = draw.random((count, BINS)) < KEPT
    return np.where(kept, base, other)
