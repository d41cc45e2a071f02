"""Texts that must not be trained on, as hashes: an evaluation set, or another split.

An item is known by the hash of its words, by its signature, and by its runs of eight words, with
which it is found inside of longer texts, too. Six of these runs in a row are thirteen words, the
overlap that is usual for contamination (Brown et al., 2020, appendix C). No text is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from .. import packing
from ..roles import Roles
from ..rows import Rows
from .signature import BINS, signatures
from .wording import identities, mixed, windows, worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from ..detector import Plan
    from .wording import Hashes, Places, Wording

ITEMS: Final = 1 << 17
"""So many items are kept of a set, those of the lowest hashes."""
GRAM: Final = 8
GRAMS: Final = 32
"""So many runs of words are kept of an item, those of the lowest hashes."""
NAME: Final = "likeness reference"
VERSION: Final = 1
_ALL: Final = (1 << 64) - 1


class Items(Struct, kw_only=True):
    """n items in the order of their hashes (uint64), with signatures (uint16, n x BINS).

    `comparable` (bool): long enough for a signature. `grams` and `owners` (uint64, one length):
    runs of words, and the hash of the item that each is of, in the order of both.
    """

    hashes: Any
    comparable: Any
    signature: Any
    grams: Any
    owners: Any


class Reference(Struct, kw_only=True):
    """A mergeable set of items. `check` tells the seed apart; `rows` counts all that were offered.

    `loose` is empty in a packed one.
    """

    check: int
    items: Items
    rows: int = 0
    limit: int = _ALL
    loose: list[Items] = field(default_factory=list)


def reference(table_batches: Iterable[pa.RecordBatch], columns: Sequence[str], plan: Plan) -> bytes:
    """The packed reference of an evaluation set: each text of its `columns` is an item.

    It serves scans under the same `plan.seed`, and may be stored with the scan's states. Raises
    ValueError where no batch has any text in these columns.
    """
    made = no_items(plan.seed)
    for batch in table_batches:
        rows = Rows(batch, Roles())
        for column in columns:
            add(made, worded(rows.texts(column), plan.seed), plan.seed)
    settle(made)
    if not len(made.items.hashes):
        raise ValueError(f"no text in the columns {', '.join(columns)}: nothing to compare with")
    return packing.pack(NAME, VERSION, made)


def opened(data: bytes, plan: Plan) -> Reference:
    """What `reference` gave. Raises ValueError if it is damaged, or of another seed."""
    made = packing.unpack(NAME, VERSION, data, Reference)
    if made.check != check(plan.seed):
        raise ValueError("this reference was made for another scan: make it again, with its plan")
    return made


def no_items(seed: int) -> Reference:
    """An empty set."""
    return Reference(check=check(seed), items=_joined([]))


def check(seed: int) -> int:
    """What tells seeds apart without telling them."""
    import numpy as np

    return int(mixed(np.array([seed & _ALL], np.uint64), VERSION + 0x5EED)[0])


def add(made: Reference, wording: Wording, seed: int) -> None:
    """Take in texts; those without words are nothing."""
    import numpy as np

    hashes = identities(wording, seed)
    signature, enough = signatures(wording, seed)
    kept = np.flatnonzero((wording.sizes > 0) & (hashes <= np.uint64(made.limit)))
    made.rows += int((wording.sizes > 0).sum())
    grams, offsets = windows(wording, GRAM, seed)
    places = _lowest(grams, offsets, kept)
    owners = np.repeat(hashes, np.diff(offsets))[places]
    part = Items(
        hashes=hashes[kept],
        comparable=enough[kept],
        signature=signature[kept],
        grams=grams[places],
        owners=owners,
    )
    made.loose.append(part)
    if sum(len(part.hashes) for part in made.loose) > ITEMS:
        settle(made)


def absorb(made: Reference, other: Reference) -> None:
    """Take in another part of the same set."""
    settle(made)
    settle(other)
    made.rows += other.rows
    made.limit = min(made.limit, other.limit)
    made.loose.append(other.items)
    settle(made)


def settle(made: Reference) -> None:
    """Bring it into the form that depends on the items alone."""
    import numpy as np

    if not made.loose:
        return
    items = _joined([made.items, *made.loose])
    made.loose = []
    kept = min(
        len(items.hashes), int(np.searchsorted(items.hashes, np.uint64(made.limit), "right"))
    )
    if kept > ITEMS:
        kept = ITEMS
        made.limit = int(items.hashes[kept - 1])
    if kept < len(items.hashes):
        owned = items.owners <= np.uint64(made.limit)
        items = Items(
            hashes=items.hashes[:kept],
            comparable=items.comparable[:kept],
            signature=items.signature[:kept],
            grams=items.grams[owned],
            owners=items.owners[owned],
        )
    made.items = items


def _lowest(grams: Hashes, offsets: Places, kept: Places) -> Places:
    """Places of the lowest grams of each text in `kept`: at most GRAMS of one."""
    import numpy as np

    sizes = np.diff(offsets)
    wanted = np.zeros(len(sizes), np.bool_)
    wanted[kept] = True
    text = np.repeat(np.arange(len(sizes)), sizes)
    places = np.flatnonzero(wanted[text])
    if not places.size or int(sizes[kept].max()) <= GRAMS:
        return places
    order = places[np.lexsort((grams[places], text[places]))]
    starts = np.concatenate([[0], np.cumsum(np.where(wanted, sizes, 0))])[:-1]
    rank = np.arange(len(order)) - starts[text[order]]
    lowest: Places = order[rank < GRAMS]
    return lowest


def _joined(parts: list[Items]) -> Items:
    """Each item once, in the order of the hashes; each pair of gram and item once."""
    import numpy as np

    if not parts:
        empty = np.zeros(0, np.uint64)
        return Items(
            hashes=empty,
            comparable=np.zeros(0, np.bool_),
            signature=np.zeros((0, BINS), np.uint16),
            grams=empty,
            owners=empty,
        )
    hashes, first = np.unique(np.concatenate([part.hashes for part in parts]), return_index=True)
    grams = np.concatenate([part.grams for part in parts])
    owners = np.concatenate([part.owners for part in parts])
    order = np.lexsort((owners, grams))
    grams, owners = grams[order], owners[order]
    fresh = np.ones(len(grams), np.bool_)
    fresh[1:] = (grams[1:] != grams[:-1]) | (owners[1:] != owners[:-1])
    return Items(
        hashes=hashes,
        comparable=np.concatenate([part.comparable for part in parts])[first],
        signature=np.concatenate([part.signature for part in parts])[first],
        grams=grams[fresh],
        owners=owners[fresh],
    )
