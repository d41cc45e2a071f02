"""How runs of words stand here, and what their responses share, where nobody put anything in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .second import COLUMNS, FEWEST, ONE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .evidence import Label
    from .ground import Ground
    from .stance import Place

    Floats = NDArray[np.float64]

_NOISE: Final = 4.5
"""How far the mean insertion of a run is taken to err, times the root of its contexts."""
_TAIL: Final = 0.01
_TOP: Final = 10
_FARTHEST: Final = 0.005
_ALIKE: Final = 40
_NEAR: Final = 0.9
_EDGE: Final = 0.5


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
