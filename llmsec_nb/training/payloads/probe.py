"""Decoys: a payload of each kind put into a copy of a row, to see whether it would be found."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from ..pieces import hashes, layout, mixed
from .glance import is_at_home, look
from .kinds import FAMILIES, KINDS
from .state import PROBES, probe

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from .kinds import Family
    from .state import State

DECOYS: Final = tuple((kind, one.decoy) for kind, one in KINDS.items() if one.decoy)
_COLUMNS: Final = 6
"""So many columns make up the row that gets a decoy: all the roles of text there are."""
_PIECE: Final = 24
"""Bytes of each of three pieces of a text by which a row is drawn."""
_LONGEST: Final = 20_000
"""Characters of a text that are copied."""


def probe_rows(state: State, texts: dict[int, pa.Array], seed: int) -> None:
    """Put decoys into the rows of the smallest hashes, and note which ones are seen.

    Of rows with equal hashes the one with the smallest digest is taken, whatever the order.
    """
    import pyarrow as pa

    chosen = dict(list(texts.items())[:_COLUMNS])
    if not chosen or not len(next(iter(chosen.values()))):
        return
    drawn = _drawn(chosen.values(), seed)
    places = _lowest(drawn, max(state.probes) if len(state.probes) >= PROBES else None)
    names = [str(number) for number in chosen]
    table = pa.table([values.take(places) for values in chosen.values()], names)
    table = table.append_column("key", pa.array(drawn[places]))
    for row in table.group_by(table.column_names).aggregate([]).to_pylist():
        key = row.pop("key")
        own = {int(name): text or "" for name, text in row.items()}
        digest = _digest(own, seed)
        if key not in state.probes or digest < state.probes[key][0]:
            probe(state, key, digest, _probed(own, next(iter(chosen))))


def _drawn(texts: Iterable[pa.Array], seed: int) -> NDArray[np.uint64]:
    """A hash of the heads, middles and tails of the texts of each row."""
    import numpy as np

    found: Any = np.uint64(0)
    for values in texts:
        raw, offsets = layout(values)
        starts, ends = offsets[:-1], offsets[1:]
        middles = (starts + ends) // 2
        for first in (starts, middles, np.maximum(starts, ends - _PIECE)):
            own = hashes(raw, first, np.minimum(first + _PIECE, ends), seed)
            found = mixed(found ^ own, seed)
    drawn: NDArray[np.uint64] = found
    return drawn


def _lowest(drawn: NDArray[np.uint64], limit: int | None) -> NDArray[np.int64]:
    """Where the smallest hashes stand, those up to `limit` if there is one."""
    import numpy as np

    smallest = np.unique(drawn)[:PROBES]
    highest = smallest[-1] if limit is None else min(int(smallest[-1]), limit)
    return np.flatnonzero(drawn <= np.uint64(highest))


def _digest(row: dict[int, str], seed: int) -> int:
    key = (seed & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little")
    found = blake2b(digest_size=8, key=key)
    for text in row.values():
        data = text.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "little") + data)
    return int.from_bytes(found.digest(), "little")


def _probed(row: dict[int, str], column: int) -> int:
    """Bit n says that the decoy n was seen in the text of a column, behind its middle word."""
    own = row[column][:_LONGEST]
    place = own.find(" ", len(own) // 2)
    place = len(own) if place < 0 else place
    bits = 0
    for number, (kind, decoy) in enumerate(DECOYS):
        text = f"{own[:place]} {decoy}{own[place:]}"
        hits = [hit for hit in look(text, _FINDERS[kind]) if hit.kind == kind]
        if hits and not is_at_home(_FINDERS[kind], hits, row | {column: text}, column):
            bits |= 1 << number
    return bits


def _finders() -> dict[str, Family]:
    """By kind the family that finds its decoy."""
    return {
        kind: next(
            family for family in FAMILIES if any(hit.kind == kind for hit in family.find(decoy))
        )
        for kind, decoy in DECOYS
    }


_FINDERS: Final = _finders()
