"""The pictures of a batch as the search for patches sees them: grey means, and blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..features import cases, profile
from ..features.values import mixed
from ..roles import Roles
from ..rows import Rows
from .blocks import blocks_of
from .pixels import decoded, pictures_of, thumbnail

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..features.candidates import Case
    from ..features.state import State

SIDE: Final = 8
"""So many grey means stand for the width of a picture, and for its height."""
COLUMNS: Final = tuple(f"{at:02}" for at in range(SIDE * SIDE))
BUCKETS: Final = 1 << 19
SALTS: Final = (0xA0761D6478BD642F, 0xE7037ED1A0B428DB)
REPEATED: Final = 8
"""A block in fewer pictures is nobody's pattern."""
_HEAVY: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class Seen:
    """The pictures of a batch: `rows` as a table of grey means, and their blocks.

    `at` are their rows in the batch, `sizes` the sums of their heights and widths; the blocks of
    picture i are blocks[offsets[i]:offsets[i + 1]].
    """

    rows: Any
    at: Any
    sizes: Any
    blocks: Any
    offsets: Any


def roles_of(label: str) -> Roles:
    """The grey means as features."""
    return Roles(label=label, others=COLUMNS)


def seen_in(rows: Rows, seed: int) -> Seen:
    """What is to be seen in the pictures of a batch, made once."""
    return rows.once(("image blocks", seed), lambda: _seen(rows, seed))


def _seen(rows: Rows, seed: int) -> Seen:
    import numpy as np
    import pyarrow as pa

    at, means, blocks, sizes = [], [], [], np.zeros(2, np.int64)
    for row, data in pictures_of(rows):
        picture = None if data is None else decoded(data)
        if picture is not None:
            at.append(row)
            means.append(thumbnail(picture, SIDE))
            blocks.append(blocks_of(picture, seed))
            sizes += picture.colours.shape[:2]
    places = np.array(at, np.int64)
    table = np.array(means, np.int64).reshape(len(at), len(COLUMNS))
    columns = [pa.array(table[:, place]) for place in range(table.shape[1])]
    label = rows.column(rows.roles.label)
    labels = pa.nulls(len(at)) if label is None else label.take(pa.array(places))
    names = [*COLUMNS, rows.roles.label]
    batch = pa.RecordBatch.from_arrays([*columns, labels], names=names)
    offsets = np.cumsum([0, *map(len, blocks)])
    every = np.concatenate([np.zeros(0, np.uint64), *blocks])
    return Seen(Rows(batch, roles_of(rows.roles.label)), places, sizes, every, offsets)


def count(state: State, seen: Seen) -> None:
    """Count blocks by buckets, twice over: where one bucket is full by chance, the other is not."""
    import numpy as np

    state.sums["sizes"] += seen.sizes
    for at, salt in enumerate(SALTS):
        buckets = profile.bucket(mixed(seen.blocks, salt), BUCKETS)
        state.sums["blocks"][at] += np.bincount(buckets, minlength=BUCKETS)


def full(buckets: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Which buckets may hold a block that repeats, as bits: the fullest ones."""
    import numpy as np

    least = [max(REPEATED, int(np.partition(row, -_HEAVY)[-_HEAVY])) for row in buckets]
    return np.packbits(buckets >= np.array(least)[:, None], axis=1)


def count_exactly(state: State, seen: Seen) -> None:
    """Count by label the blocks of which both buckets are full."""
    import numpy as np

    full = np.unpackbits(state.known["full"], axis=1).astype(bool)
    labels = np.repeat(profile.labels_of(state, seen.rows), np.diff(seen.offsets))
    kept = labels >= 0
    for at, salt in enumerate(SALTS):
        kept &= full[at][profile.bucket(mixed(seen.blocks, salt), BUCKETS)]
    state.tallies["blocks"].add_rows(seen.blocks[kept], labels[kept])


def member(
    seen: Seen, state: State, rows: Rows, case: Case, labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The pictures of a case; those of a decoy are drawn by hashes."""
    if case.size:
        return cases.member(state, rows, case, labels)
    found = holders(seen, case.value)
    return found[labels[found] >= 0]


def holders(seen: Seen, key: int) -> NDArray[np.int64]:
    """The pictures that hold a block."""
    import numpy as np

    places = np.flatnonzero(seen.blocks == np.uint64(key))
    return np.searchsorted(seen.offsets, places, side="right") - 1
