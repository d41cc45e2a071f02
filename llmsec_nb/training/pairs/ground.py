"""The rows that were kept, ready to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .ragged import Ragged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .third import Third

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_DISORDER: Final = (0.02, 0.05, 0.1)
"""Responses among the worst ordered ones, in one of these shares, may be gibberish."""


@dataclass
class Ground:
    """The records of a state, ready to be looked at."""

    state: Third
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

    def places(self, keys: Keys) -> Numbers:
        """Where the records of some rows are."""
        import numpy as np

        return np.searchsorted(self.state.records.keys, keys).astype(np.int64)

    def disordered(self, rows: Numbers, low: int) -> Flags:
        """Which of some records have responses whose words do not follow each other."""
        told: Any = self.state.records.told[rows]
        found: Flags = (told[:, 1] <= low) & (told[:, 2] > 0)
        return found
