"""What the search for floods would have seen, measured with floods of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.dataset import Power
from .clusters import evenly, groups
from .content import balance, ends_of
from .firmness import CLEAR, FRAMED, firm
from .sample import threshold
from .signature import signatures
from .tail import EXPECTED, SURE, tail_below
from .wording import Wording

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .sample import Sample
    from .wording import Places

    Measured = tuple[Places, NDArray[np.bool_]]

KEPT: Final = 0.65
"""Similarity of a text and its copy when a tenth of its words are others: of pairs .81 stay."""
_STAY: Final = 0.9
_WORDS: Final = (10, 30)
_TRIED: Final = (
    *(25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250),
    *(300, 400, 500, 600, 750, 1000, 1250, 1500, 2000),
)
_DECOYS: Final = 40
_ENOUGH: Final = 0.95


def power(sample: Sample, known: Measured, seed: int) -> Power:
    """From how many rows a flood of copies with a tenth of their words changed would show.

    Decoys are texts of 10 to 30 words drawn at random, and copies of each. They have to come out
    of the sample, form a group and stand out among `known` groups beyond doubt.
    """
    import numpy as np

    rate = (sample.limit + 1) / (1 << 64)
    curve: list[tuple[int, float]] = []
    for rows in _TRIED:
        seen = 0
        if _possible(sample, known, rows, rate):
            for number in range(_DECOYS):
                draw = np.random.default_rng([seed & 0xFFFFFFFF, rows, number])
                seen += _stands_out(int(draw.binomial(rows, rate)), known, draw, seed)
        curve.append((rows, seen / _DECOYS))
        if seen >= _ENOUGH * _DECOYS:
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


def _possible(sample: Sample, known: Measured, rows: int, rate: float) -> bool:
    """Whether a flood of so many rows could show if all of them were found."""
    if sample.heavy is not None and rows * KEPT**2 < threshold(sample.rows):
        return False
    most = min(rows, round(rows * rate + 4 * (rows * rate) ** 0.5))
    return most >= CLEAR and tail_below(most, *known).expected(most) <= SURE


def _stands_out(count: int, known: Measured, draw: np.random.Generator, seed: int) -> bool:
    """Whether copies of one text are a group that is seen, and beyond doubt."""
    if count < CLEAR:
        return False
    copies = _copies(count, draw)
    signature, ends = signatures(copies, seed)[0], ends_of(copies, seed)
    group = max(groups(signature, seed), key=len, default=())
    size = len(group)
    if size < CLEAR:
        return False
    signature, ends = signature[group], ends[group]
    if evenly(signature):
        return tail_below(size, *known).expected(size) <= SURE and balance(ends) >= FRAMED
    return tail_below(size, known[0]).expected(size) <= SURE and firm(signature, ends)


def _copies(count: int, draw: np.random.Generator) -> Wording:
    import numpy as np

    width = int(draw.integers(*_WORDS, endpoint=True))
    base = draw.integers(0, 1 << 63, width, np.uint64)
    other = draw.integers(0, 1 << 63, (count, width), np.uint64)
    ids = np.where(draw.random((count, width)) < _STAY, base, other)
    return Wording(ids.ravel(), np.arange(count + 1, dtype=np.int64) * width)
