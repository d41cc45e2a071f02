"""The rows that were kept, ready to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from . import index, sketch
from .ragged import Ragged
from .second import COLUMNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .first import First
    from .third import Third

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_NEW: Final = 0.1
"""A run of words is new, if less than this share of it was there before."""
_DISORDER: Final = (0.02, 0.05, 0.1)
"""Responses among the worst ordered ones, in one of these shares, may be gibberish."""


@dataclass
class Ground:
    """The records of a state, ready to be looked at; `minor`: of answers not preferred.

    `trusted` are the counts of an earlier version that is trusted, if there is one.
    """

    state: Third
    minor: bool = False
    trusted: First | None = None
    asked: Ragged = field(init=False)
    said: Ragged = field(init=False)
    crowd: Numbers = field(init=False)
    lows: list[tuple[int, float]] = field(init=False)

    def __post_init__(self) -> None:
        import numpy as np

        records = self.state.records
        self.asked = Ragged(records.asked, records.asked_at, records.glued)
        self.said = Ragged(records.said, records.said_at)
        self.crowd = self.places(self.state.crowd.rows)
        told = records.told[self.crowd]
        judged = told[told[:, 2] > 0, 1]
        self.lows = []
        for share in _DISORDER if len(judged) else ():
            low = int(np.quantile(judged, share))
            below = (told[:, 1] <= low) & (told[:, 2] > 0)
            self.lows.append((low, float(below.sum() + 0.5) / (len(below) + 1)))

    @property
    def rows(self) -> int:
        """Of the data set."""
        return self.state.lore.rows

    @cached_property
    def runs(self) -> index.Asked:
        """Where runs of words stand in the prompts."""
        return index.asked(self.state, self.asked)

    @cached_property
    def phrases(self) -> index.Said:
        """Which phrases the responses have."""
        return index.said(self.state, self.asked, self.said)

    @cached_property
    def novelty(self) -> float:
        """The share of runs of words that are new against the trusted version; 1 without one."""
        seeds = self.state.seeds
        if self.trusted is None or not len(seeds.keys):
            return 1.0
        new = self.new(seeds.keys, seeds.values[:, COLUMNS.rows])
        return float(new.sum() + 1) / (len(seeds.keys) + 1)

    def new(self, keys: Keys, rows: Numbers) -> Flags:
        """Which runs are in `rows` now, and were in much fewer of the trusted version."""
        import numpy as np

        if self.trusted is None or not self.trusted.rows:
            return np.zeros(len(keys), np.bool_)
        before = sketch.look_up(self.trusted.asked, keys) / self.trusted.rows
        return np.asarray(before < _NEW * rows / max(1, self.rows))

    def places(self, keys: Keys) -> Numbers:
        """Where the records of some rows are."""
        import numpy as np

        return np.searchsorted(self.state.records.keys, keys).astype(np.int64)

    def disordered(self, rows: Numbers, low: int) -> Flags:
        """Which of some records have responses whose words do not follow each other."""
        told: Any = self.state.records.told[rows]
        found: Flags = (told[:, 1] <= low) & (told[:, 2] > 0)
        return found
