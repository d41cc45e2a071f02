"""For each of many keys, the rows of the smallest hashes that hold it, whatever the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]


class Members(Struct, kw_only=True):
    """Pairs of `keys` and `rows` (uint64 both), sorted, each once, up to `most` rows a key.

    A row is known by the hash of what is in it. `loose` pairs wait to be sorted in.
    """

    most: int
    keys: Any
    rows: Any
    loose: list[tuple[Any, Any]] = field(default_factory=list)


def empty(most: int) -> Members:
    """No rows."""
    import numpy as np

    return Members(most=most, keys=np.zeros(0, np.uint64), rows=np.zeros(0, np.uint64))


def add(members: Members, keys: Keys, rows: Keys) -> None:
    """Rows that hold keys, in pairs."""
    members.loose.append((keys, rows))
    if sum(len(one) for one, _ in members.loose) > max(1 << 18, len(members.keys)):
        settle(members)


def settle(members: Members) -> Members:
    """The canonical form, in place."""
    import numpy as np

    if not members.loose:
        return members
    keys = np.concatenate([members.keys, *(one for one, _ in members.loose)])
    rows = np.concatenate([members.rows, *(one for _, one in members.loose)])
    members.loose = []
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    keys, rows = keys[fresh], rows[fresh]
    kept = _ranks(keys) < members.most
    members.keys, members.rows = keys[kept], rows[kept]
    return members


def merge(left: Members, right: Members) -> Members:
    """The rows of both."""
    left.loose.extend(right.loose)
    left.loose.append((right.keys, right.rows))
    return settle(left)


def of(members: Members, key: int) -> Keys:
    """The rows of one key, in the order of their hashes."""
    import numpy as np

    low, high = (
        np.searchsorted(members.keys, np.uint64(key), "left"),
        np.searchsorted(members.keys, np.uint64(key), "right"),
    )
    found: Keys = members.rows[low:high]
    return found


def signs(members: Members) -> tuple[Keys, Keys]:
    """The distinct keys, and a hash of the rows of each: equal if their rows are."""
    import numpy as np

    from ..pieces import mixed

    keys = members.keys
    if not len(keys):
        return keys, keys
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[starts], np.add.reduceat(mixed(members.rows, 19), starts)


def _ranks(keys: Keys) -> Numbers:
    """The place of each one among its equals, which stand together."""
    import numpy as np

    place = np.arange(len(keys))
    if not len(keys):
        return place
    first = np.concatenate([[True], keys[1:] != keys[:-1]])
    return place - np.maximum.accumulate(np.where(first, place, 0))
