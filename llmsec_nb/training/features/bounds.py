"""How surprising counts are: bounds in closed form, for numbers and arrays alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_Z: Final = 1.96
_LEAST: Final = 1e-6
_EXPECTED: Final = 4.0


def lower(hits: Any, number: Any) -> Any:
    """The lower end of the 95 % interval of a share (Wilson 1927)."""
    import numpy as np

    number = np.maximum(number, 1)
    share = hits / number
    spread = _Z * np.sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    return np.maximum(0, (share + _Z**2 / (2 * number) - spread) / (1 + _Z**2 / number))


def weight(hits: Any, number: Any, expected: Any) -> Any:
    """Minus log10 of how likely so many hits or more are, at most (Chernoff 1952); 0 for fewer.

    `expected` is the expected share.
    """
    import numpy as np

    number = np.maximum(number, 1)
    share = np.clip(hits / number, _LEAST, 1 - _LEAST)
    rate = np.clip(expected, _LEAST, 1 - _LEAST)
    far = share * np.log(share / rate) + (1 - share) * np.log((1 - share) / (1 - rate))
    return np.where(share > rate, number * far / np.log(10), 0.0)


def misfit(
    seen: NDArray[np.int64], model: NDArray[np.float64], starts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Chi-square of counts against shares by column, less its degrees of freedom, and these.

    `seen` (codes) holds the counts of all columns, `model` (codes) the shares in each column, which
    begin at `starts`. Both results go by column. Neighbouring codes of which few are expected count
    as one.
    """
    import numpy as np

    sizes = np.diff(np.append(starts, len(seen)))
    column = np.repeat(np.arange(len(starts)), sizes)
    expected = model * np.add.reduceat(seen, starts)[column]
    sums = np.cumsum(expected)
    inside = sums - (sums[starts] - expected[starts])[column] - expected / 2
    groups = np.floor(inside / _EXPECTED)
    change = (groups[1:] != groups[:-1]) | (column[1:] != column[:-1])
    begin = np.concatenate([[0], np.flatnonzero(change) + 1])
    hits = np.add.reduceat(seen, begin)
    model_hits = np.maximum(np.add.reduceat(expected, begin), 0.5)
    terms = (hits - model_hits) ** 2 / model_hits
    number = np.bincount(column[begin], minlength=len(starts))
    chi = np.bincount(column[begin], terms, len(starts))
    free = np.maximum(1, number - 1).astype(np.float64)
    return np.where(number > 1, chi - free, 0.0), np.where(number > 1, free, 0.0)
