"""Columns that tell the label, numbers out of range, rows that repeat: from counts alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ...core.rule import Confidence
from ...rules.poisoning import tables as rules
from ..detector import Suspect
from .model import COPIES
from .profile import number_keys, number_of, row_hashes
from .telling import COPY, EACH
from .values import values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows
    from .state import State

_FAR: Final = 8.0
_FINE: Final = 0.05
_FEW: Final = 0.001
_LEAST: Final = 100
_KEYS: Final = 8
_KINDS: Final = ("label", "class", "target", "outcome", "truth")


class Beyond(Struct, frozen=True, kw_only=True):
    """Numbers of columns below `low` or above `high`, as coarse keys."""

    seed: int
    limits: tuple[tuple[str, int, int], ...]


class Copies(Struct, frozen=True, kw_only=True):
    """Rows by the hashes of all their features."""

    seed: int
    hashes: tuple[int, ...]


def leaks(state: State, columns: Sequence[str]) -> list[Suspect]:
    """One suspect for all columns of which each alone tells the label."""
    known = state.known
    if known["binned"]:
        return []
    tells = [(name, known["tells"][at]) for at, name in enumerate(columns) if known["tells"][at]]
    if not tells:
        return []
    plain = all(told == COPY and _is_labelled(name) for name, told in tells)
    exact = any(told in {COPY, EACH} for _, told in tells) and not plain
    names = ", ".join(name for name, _ in tells[:5]) + (", …" if len(tells) > 5 else "")
    return [
        Suspect(
            rule=rules.LEAK,
            message=f"each of these columns alone tells the label: {names}",
            columns=tuple(name for name, _ in tells),
            identity=names,
            trigger=names,
            confidence=Confidence.MEDIUM if exact else Confidence.LOW,
        )
    ]


def _is_labelled(name: str) -> bool:
    return any(kind in name.lower() for kind in _KINDS)


def outliers(state: State, columns: Sequence[str]) -> list[Suspect]:
    """One suspect for all numbers far beyond those of their columns, on both scales."""
    limits: list[tuple[str, int, int]] = []
    total = rows = 0
    for at, name in enumerate(columns):
        if not state.known["numeric"][at]:
            continue
        found = _limits(state.known[f"numbers {at}"], state.known[f"numbers of {at}"])
        if found is not None:
            limits.append((name, found[0], found[1]))
            rows += found[2]
            total += 1
    if not limits:
        return []
    names = ", ".join(name for name, _, _ in limits[:5]) + (", …" if total > 5 else "")
    return [
        Suspect(
            rule=rules.OUTLIER,
            message=f"numbers far beyond all others of their column: {names}",
            columns=tuple(name for name, _, _ in limits),
            key=Beyond(seed=state.known["seed"], limits=tuple(limits)),
            identity=names,
            trigger=names,
            rows=rows,
        )
    ]


def _limits(keys: NDArray[np.uint64], counts: NDArray[np.int64]) -> tuple[int, int, int] | None:
    """The lowest and the highest usual key, and how many numbers lie beyond; None for none.

    The most frequent number, such as the 0 of who has none, does not say what is usual.
    """
    import numpy as np

    numbers = np.array([number_of(key) for key in keys.tolist()])
    usual = counts.copy()
    if len(counts) > 2 and 2 * counts.max() > counts.sum():
        usual[np.argmax(counts)] = 0
    if usual.sum() < _LEAST or np.count_nonzero(usual) < _KEYS:
        return None
    low, middle, high = (_quantile(numbers, usual, share) for share in (0.25, 0.5, 0.75))
    scale = _quantile(*_sorted(np.abs(numbers), usual), 0.5) or 1.0
    far = _is_far(numbers, low, middle, high)
    far &= _is_far(*(np.arcsinh(part / scale) for part in (numbers, low, middle, high)))
    far &= usual > 0
    rows = int(counts[far].sum())
    if not rows or rows > max(5, _FEW * int(counts.sum())) or not np.isfinite(numbers).all():
        return None
    inside = keys[~far]
    return int(inside[0]), int(inside[-1]), rows


def _is_far(numbers: Any, low: Any, middle: Any, high: Any) -> Any:
    """Which numbers lie many times the spread of the middle half beyond it."""
    spread = max(float(high - low), _FINE * float(abs(middle)), 1e-12)
    return (numbers > high + _FAR * spread) | (numbers < low - _FAR * spread)


def _sorted(numbers: Any, counts: Any) -> tuple[Any, Any]:
    import numpy as np

    order = np.argsort(numbers, kind="stable")
    return numbers[order], counts[order]


def _quantile(numbers: Any, counts: Any, share: float) -> float:
    import numpy as np

    sums = np.cumsum(counts)
    return float(numbers[int(np.searchsorted(sums, math.ceil(share * int(sums[-1]))))])


def copies(state: State, columns: Sequence[str]) -> list[Suspect]:
    """One suspect for all rows that repeat, in a table in which rows can hardly do so."""
    known = state.known
    chosen = known["copies"]
    if not len(chosen):
        return []
    rows = int(known["copies of"].sum())
    hashes = tuple(chosen.tolist())
    return [
        Suspect(
            rule=rules.REPEATED,
            message=f"the same features in {COPIES} rows or more: {len(hashes):,} times",
            columns=tuple(columns[:5]),
            key=Copies(seed=known["seed"], hashes=hashes),
            identity="repeated rows",
            rows=rows,
            carriers=rows,
        )
    ]


def rows_of(suspect: Suspect, rows: Rows) -> NDArray[np.int64]:
    """The rows of a batch that a suspect of this module is about."""
    import numpy as np

    key = suspect.key
    if isinstance(key, Copies):
        wanted = np.array(key.hashes, np.uint64)
        return np.flatnonzero(np.isin(row_hashes(rows, key.seed), wanted))
    found = np.zeros(len(rows), bool)
    if isinstance(key, Beyond):
        for column, low, high in key.limits:
            numbers = values_of(rows, column, key.seed).numbers
            keys = number_keys(numbers)
            found |= ((keys < np.uint64(low)) | (keys > np.uint64(high))) & ~np.isnan(numbers)
    return np.flatnonzero(found)
