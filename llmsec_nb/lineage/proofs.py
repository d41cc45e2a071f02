"""That one row is part of a version, shown without the other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .digests import folded
from .merkle import SIZE, proof, proves
from .problems import LineageError

if TYPE_CHECKING:
    from ..sources.dataset import Table


class RowProof(Struct, frozen=True, kw_only=True):
    """What leads from the digest of row `row` of `rows` to the root: digests, hex, leaf first."""

    row: int
    rows: int
    digest: str
    path: tuple[str, ...]

    def holds(self, root: str) -> bool:
        """Whether it leads to this root."""
        try:
            path = [bytes.fromhex(step) for step in self.path]
            leaf, expected = bytes.fromhex(self.digest), bytes.fromhex(root)
        except ValueError:
            return False
        return proves(leaf, self.row, self.rows, path, expected)


def prove(table: Table, row: int, key: bytes = b"") -> RowProof:
    """The proof for a row under the root that `digest_table` gives with the same key.

    The digest of the row is part of it: unkeyed, whoever has it can try what the row may be. Held
    are 100 bytes a row. Raises LineageError when there is no such row, DatasetError.
    """
    leaves: list[bytes] = []

    def keep(digests: bytes) -> None:
        leaves.extend(digests[at : at + SIZE] for at in range(0, len(digests), SIZE))

    folded(table.batches(), key, keep)
    if not 0 <= row < len(leaves):
        raise LineageError(f"{table.name}: has no row {row:,}, it has {len(leaves):,}")
    path = tuple(step.hex() for step in proof(leaves, row))
    return RowProof(row=row, rows=len(leaves), digest=leaves[row].hex(), path=path)
