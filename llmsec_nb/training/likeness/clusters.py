"""Texts that are near-copies of each other, from their signatures alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .signature import BANDS, BORROWED, alike, bands, centre

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from .signature import Signatures
    from .wording import Hashes, Places

NEAR: Final = 0.35
"""Two texts of at least this estimated similarity are near-copies."""
OF_CENTRE: Final = 0.25
"""Copies are closer to what they were made from than to each other: this is enough, then."""

LOOSE: Final = 6
"""A cluster of at least so many texts may be a chain."""
_TRIED: Final = 200


def clusters(signature: Signatures, seed: int) -> Places:
    """For each text the number of its cluster, shape (n,): that of its first member.

    Near-copies are looked for among texts that share a band, and hang together by chains.
    """
    import numpy as np

    edges = list(_edges(signature, bands(signature, seed)))
    left = np.concatenate([pair[0] for pair in edges])
    right = np.concatenate([pair[1] for pair in edges])
    return components(left, right, len(signature))


def components(left: Places, right: Places, count: int) -> Places:
    """The lowest number that each of `count` things is connected to by pairs."""
    import numpy as np

    found = np.arange(count, dtype=np.int64)
    while left.size:
        low = np.minimum(found[left], found[right])
        np.minimum.at(found, found[left], low)
        np.minimum.at(found, found[right], low)
        found = _rooted(found)
        apart = found[left] != found[right]
        left, right = left[apart], right[apart]
    return found


def groups(signature: Signatures, seed: int) -> list[Places]:
    """Near-copies that have a centre, as places of texts; each text is in one group at most.

    Chains tie what has little in common: of a large cluster only those are a group that are close
    to what the holders of one band have in common.
    """
    import numpy as np

    cluster = clusters(signature, seed)
    order = np.argsort(cluster, kind="stable")
    edges = np.flatnonzero(np.diff(cluster[order])) + 1
    found: list[Places] = []
    for members in np.split(order, edges):
        if len(members) < LOOSE:
            found += [members] if len(members) > 1 else []
        else:
            found += _peeled(signature, members, seed)
    return found


def evenly(signature: Signatures) -> bool:
    """Whether near-copies differ from their centre at any place rather than at certain ones.

    Forms that are filled in keep all of their words but some places; texts that were changed by
    chance lose each of their words now and then, about as often.
    """
    import numpy as np

    kept = kept_by(signature)
    if not kept.size:
        return False
    chance = (kept * (1 - kept)).mean() / len(signature)
    spread = max(0.0, float(kept.var() - chance)) ** 0.5
    return bool(spread <= 0.14 and np.quantile(kept, 0.1) >= 0.3 and np.median(kept) <= 0.97)


def kept_by(signature: Signatures) -> NDArray[np.float64]:
    """Of each shingle of the centre, the share of the texts that have it, as far as can be told.

    One that a lower shingle keeps out of its bin may be there still; one that a higher shingle
    took the place of is not, nor one whose bin had to borrow.
    """
    middle = centre(signature)
    own = (middle & BORROWED) == 0
    there = (signature[:, own] <= middle[own]) & ((signature[:, own] & BORROWED) == 0)
    shares: NDArray[np.float64] = there.mean(axis=0)
    return shares


def _peeled(signature: Signatures, members: Places, seed: int) -> list[Places]:
    import numpy as np

    own = signature[members]
    keys = bands(own, seed)
    _, codes, counts = np.unique(keys, return_inverse=True, return_counts=True)
    codes = codes.reshape(keys.shape)
    free = np.ones(len(members), np.bool_)
    found: list[Places] = []
    for key in np.argsort(-counts, kind="stable")[:_TRIED]:
        holders = free & (codes == key).any(axis=1)
        if counts[key] < LOOSE or holders.sum() < LOOSE:
            continue
        near = free & (alike(own, centre(own[holders])) >= OF_CENTRE)
        near = free & (alike(own, centre(own[near | holders])) >= OF_CENTRE)
        if near.sum() > 1:
            found.append(members[near])
            free &= ~near
    return found


def _edges(signature: Signatures, keys: Hashes) -> Iterator[tuple[Places, Places]]:
    """Pairs of near-copies: each text with the first, and the one before it, of a shared band."""
    import numpy as np

    for band in range(BANDS):
        order = np.argsort(keys[:, band], kind="stable")
        same = np.flatnonzero(keys[order[1:], band] == keys[order[:-1], band])
        fresh = np.ones(len(order), np.bool_)
        fresh[same + 1] = False
        first = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
        for other in (order[same], order[first[same + 1]]):
            member = order[same + 1]
            near = _near(signature, member, other)
            yield member[near], other[near]


def _near(signature: Signatures, left: Places, right: Places) -> NDArray[np.bool_]:
    import numpy as np

    found = np.empty(len(left), np.bool_)
    for start in range(0, len(left), 1 << 16):
        part = slice(start, start + (1 << 16))
        found[part] = alike(signature[left[part]], signature[right[part]]) >= NEAR
    return found


def _rooted(found: Places) -> Places:
    import numpy as np

    while not np.array_equal(found, deeper := found[found]):
        found = deeper
    return found
