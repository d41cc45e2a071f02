"""Digests of rows and of whole data sets.

A row's digest is BLAKE2b-256 over the byte 0 and the row as `encoding.py` writes it, keyed where
there is a key. The root of a set is that of the hash tree over its rows in their order; the
digests of shards are nodes of the same tree; the multiset digest knows no order.

Whoever has an unkeyed digest of one short row can try all rows that it may be. So what concerns
single rows or shards is stored only when it is keyed. A root of a whole set is stored in any case,
like the SHA-256 of its file: it helps only those who know all but a little of the set.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ..core.problem import Failure
from .encoding import ROW_FORMAT, encoded_rows
from .keys import derived, key_id
from .merkle import SIZE
from .pieces import layout
from .state import Digests, multiset_of, root_of, shards_of, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pyarrow as pa

    from ..sources.dataset import Table

SHARDS: Final = 1024
"""At most so many shards: each of 4,096 rows, or of a larger power of two."""
_NAMES: Final = {
    "b": "truth",
    "i": "integer",
    "u": "integer",
    "f": "number",
    "d": "decimal",
    "s": "text",
    "y": "bytes",
    "D": "date",
    "T": "time stamp",
    "Z": "time stamp with zone",
    "P": "duration",
    "t": "time",
    "l": "list",
    "o": "object",
    "m": "map",
}


class Digest(Struct, frozen=True, kw_only=True):
    """What a data set's rows come to. Digests are hex.

    `root` is empty where the order of the rows is unknown, as on a cluster. `columns` are the kinds
    of the values by name, empty for a column without any. `key_id` names the key, empty: unkeyed,
    then there are no shards. `problems` are what could not be read: the digest covers the rest.
    """

    rows: int
    root: str
    multiset: str
    columns: dict[str, str]
    format: int = ROW_FORMAT
    key_id: str = ""
    shard_rows: int = 0
    shards: tuple[str, ...] = ()
    problems: tuple[Failure, ...] = ()


def row_digests(
    batch: pa.RecordBatch, secret: bytes, kinds: dict[str, set[str]] | None = None
) -> bytes:
    """The digests of the rows, 32 bytes each, in order; `secret` is `row_secret(key)`."""
    base = blake2b(b"\x00", digest_size=SIZE, key=secret, person=b"llmsec row 1")
    found: list[bytes] = []
    for rows in encoded_rows(batch, {} if kinds is None else kinds):
        data, offsets = layout(rows)
        bounds = offsets.tolist()
        for start, end in pairwise(bounds):
            made = base.copy()
            made.update(data[start:end])
            found.append(made.digest())
    return b"".join(found)


def row_secret(key: bytes) -> bytes:
    """What row digests are keyed with; b"" without a key."""
    return derived(key, "rows")


def folded(
    batches: Iterable[pa.RecordBatch], key: bytes, each: Callable[[bytes], object] | None = None
) -> Digests:
    """The state of all batches, which follow each other; `each` is given their row digests."""
    secret = row_secret(key)
    state = Digests()
    for batch in batches:
        kinds: dict[str, set[str]] = {}
        digests = row_digests(batch, secret, kinds)
        taken(state, state.rows, digests, kinds)
        if each is not None:
            each(digests)
    return state


def digest_table(table: Table, key: bytes = b"", rows_path: Path | None = None) -> Digest:
    """The digest of all rows of a table, in one pass and constant memory.

    With `rows_path` the digests of the rows are written there (see rowsfile.py), which needs a key.
    Raises LineageError, DatasetError, OSError.
    """
    if rows_path is None:
        state = folded(table.batches(), key)
        return digest_of(state, key, table.problems)
    from .rowsfile import rows_writer

    with rows_writer(rows_path, key) as writer:
        state = folded(table.batches(), key, writer.add)
        writer.close(root_of(state))
    return digest_of(state, key, table.problems)


def digest_of(state: Digests, key: bytes, problems: Iterable[Failure] = ()) -> Digest:
    """What a state comes to."""
    shard_rows, shards = shards_of(state, SHARDS) if key else (0, [])
    return Digest(
        rows=state.rows,
        root=root_of(state),
        multiset=multiset_of(state),
        columns={name: _kinds(tags) for name, tags in sorted(state.kinds.items())},
        key_id=key_id(key),
        shard_rows=shard_rows,
        shards=tuple(digest.hex() for digest in shards),
        problems=tuple(problems),
    )


def _kinds(tags: str) -> str:
    return " or ".join(dict.fromkeys(_NAMES[tag] for tag in tags))
