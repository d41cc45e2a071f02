"""A sample of distinct values that no order and no partition of the rows changes.

Kept are the values of the smallest keyed hashes, each with how often it comes. A value that is
kept in the end was so from its first row on, in every part: so its count is exact, and merging
two samples gives the sample of the whole. How far the kept hashes reach tells how many distinct
values there are (k minimum values: Bar-Yossef et al., RANDOM 2002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from .hashing import Hashes

    Texts = Callable[[NDArray[np.int64]], list[str]]

_ALL: Final = 1 << 64
LONGEST: Final = 2000
"""Characters of a value that are kept."""


class Sample(Struct, kw_only=True):
    """Up to `size` values. `rows` counts all that were offered. Holds raw values: memory only."""

    size: int
    rows: int = 0
    limit: int = _ALL - 1
    full: bool = False
    loose: bool = False
    counts: dict[int, int] = field(default_factory=dict)
    values: dict[int, str] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether it holds every distinct value."""
        return not self.full and len(self.counts) <= self.size

    @property
    def distinct(self) -> int:
        """How many distinct values there are, at most `rows`."""
        if self.exact:
            return len(self.counts)
        self.settle()
        return min(self.rows, round((self.size - 1) * _ALL / max(1, self.limit)))

    def offer(self, hashes: Hashes, weights: NDArray[np.int64] | None, texts: Texts) -> None:
        """Rows by their hashes. `texts` gives the values at some of their positions."""
        import numpy as np

        self.rows += len(hashes) if weights is None else int(weights.sum())
        chosen, found, codes = self._lowest(hashes)
        if not chosen.size:
            return
        own = None if weights is None else weights[chosen]
        counts = np.bincount(codes, own, len(found)).astype(np.int64)
        first = np.empty(len(found), np.int64)
        first[codes[::-1]] = chosen[::-1]
        if len(found) > self.size:
            low = np.argpartition(found, self.size)[: self.size + 1]
            found, counts, first = found[low], counts[low], first[low]
        self._take(found.tolist(), counts.tolist(), first, texts)

    def _lowest(self, hashes: Hashes) -> tuple[NDArray[np.int64], Hashes, NDArray[np.int64]]:
        """Positions that may count, their distinct hashes, and which of them each has."""
        import numpy as np
        import pyarrow as pa

        limits = [self.limit]
        if self.limit == _ALL - 1 and len(hashes) > 8 * self.size:
            # enough distinct ones are below this already, unless values repeat
            limits = [_ALL * 4 * self.size // len(hashes), self.limit]
        for limit in limits:
            chosen = np.flatnonzero(hashes <= np.uint64(limit))
            coded = pa.array(hashes[chosen]).dictionary_encode()
            if len(coded.dictionary) > self.size:
                break
        return chosen, coded.dictionary.to_numpy(), coded.indices.to_numpy()

    def _take(
        self, found: list[int], counts: list[int], first: NDArray[np.int64], texts: Texts
    ) -> None:
        known = self.counts
        self.loose = True
        new = [at for at, key in enumerate(found) if key not in known]
        for key, count in zip(found, counts, strict=True):
            known[key] = known.get(key, 0) + count
        if new:
            for at, text in zip(new, texts(first[new]), strict=True):
                self.values[found[at]] = text[:LONGEST]
        if len(known) > 2 * self.size or (self.limit == _ALL - 1 and len(known) > self.size):
            self.settle()

    def absorb(self, other: Sample) -> None:
        """Take in what another part of the rows gave."""
        self.rows += other.rows
        self.full |= other.full
        self.limit = min(self.limit, other.limit)
        for key, count in other.counts.items():
            self.counts[key] = self.counts.get(key, 0) + count
            self.values.setdefault(key, other.values[key])
        self.loose = True
        self.settle()

    def settle(self) -> None:
        """Let go of what is beyond the size; the same rows then give the same state."""
        if not self.loose:
            return
        self.loose = False
        keys = sorted(key for key in self.counts if key <= self.limit)
        if len(keys) > self.size:
            self.full = True
            keys = keys[: self.size]
            self.limit = keys[-1]
        self.counts = {key: self.counts[key] for key in keys}
        self.values = {key: self.values[key] for key in keys}

    def items(self) -> list[tuple[str, int]]:
        """Values and how often each comes, in the order of their hashes, that is in none."""
        self.settle()
        return [(self.values[key], count) for key, count in self.counts.items()]
