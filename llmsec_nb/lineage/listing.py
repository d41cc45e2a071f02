"""One pass over a list of addresses: counts, and the rows that are to be asked."""

from __future__ import annotations

import hashlib
import heapq
from typing import TYPE_CHECKING, Final, NamedTuple

from .network import is_inward
from .polite import host_of

if TYPE_CHECKING:
    import pyarrow as pa

_DIGEST: Final = (
    r"(?i)^\s{0,9}(?:[a-z0-9-]{2,10}:)?"
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})\s{0,9}$"
)
_MAYBE_INWARD: Final = (
    r"(?i)^\s{0,9}(?:file|gopher|dict|ldap|netdoc|jar):"
    r"|^\s{0,9}https?://(?:[^/?#]{0,200}@)?(?:[0-9\[]|localhost)"
    r"|^\s{0,9}https?://[^/?#]{0,300}\.(?:local|localhost|internal)\.?(?:[:/?#]|$)"
)
"""What has to be looked at closely, for RE2."""
_LONGEST: Final = 8192
_KEPT: Final = 100_000
_HOSTS: Final = 1000


class Claim(NamedTuple):
    """A row of the list: its number, its address and the digest (hex) that it promises."""

    row: int
    url: str
    digest: str


class Listing:
    """One pass over the list: counts, and the rows of the sample."""

    def __init__(self, sample: int | None, seed: int) -> None:
        """A `sample` of 0 is none; None is all."""
        self.rows = self.unreadable = self.inward = 0
        self.inward_rows: list[int] = []
        self.first = ""
        self.hosts: set[str] = set()
        self._sample = sample
        self._seed = seed.to_bytes(8, "little", signed=seed < 0)
        self._chosen: list[tuple[int, int, Claim]] = []

    def see(self, urls: pa.Array, digests: pa.Array, start: int) -> None:
        """Take in rows from number `start` on: addresses and digests as `large_string`."""
        import numpy as np
        import pyarrow.compute as pc

        named = pc.greater(pc.binary_length(urls).fill_null(0), 0)
        readable = pc.match_substring_regex(digests, _DIGEST).fill_null(False)  # noqa: FBT003 (Arrow's)
        readable = pc.and_(named, readable)
        odd = pc.match_substring_regex(urls, _MAYBE_INWARD).fill_null(False)  # noqa: FBT003 (as above)
        rows, known = (pc.sum(mask).as_py() or 0 for mask in (named, readable))
        self.rows += rows
        self.unreadable += rows - known
        for at in np.flatnonzero(odd.to_numpy(zero_copy_only=False)).tolist():
            url = urls[at].as_py()[:_LONGEST]
            if is_inward(url):
                self.inward += 1
                self.first = self.first or url
                if len(self.hosts) < _HOSTS:
                    self.hosts.add(host_of(url))
                if len(self.inward_rows) < _KEPT:
                    self.inward_rows.append(start + at)
        if self._sample == 0:
            return
        places = np.flatnonzero(readable.to_numpy(zero_copy_only=False)) + start
        both = zip(
            urls.filter(readable).to_pylist(), digests.filter(readable).to_pylist(), strict=True
        )
        for row, (url, digest) in zip(places.tolist(), both, strict=True):
            promised = digest.strip().lower().rpartition(":")[2]
            self._draw(Claim(row, url[:_LONGEST], promised))

    def _draw(self, claim: Claim) -> None:
        """Keep the rows whose addresses have the lowest hashes."""
        place = hashlib.blake2b(claim.url.encode(), digest_size=8, key=self._seed).digest()
        one = (-int.from_bytes(place, "big"), -claim.row, claim)
        if self._sample is None or len(self._chosen) < self._sample:
            heapq.heappush(self._chosen, one)
        else:
            heapq.heappushpop(self._chosen, one)

    def chosen(self) -> list[Claim]:
        """The rows to ask, in their order."""
        return sorted(claim for _, _, claim in self._chosen)
