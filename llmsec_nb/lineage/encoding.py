"""Rows as bytes, in one canonical form: version 1 of the row format.

The same row has the same bytes whatever file format, encoding of columns, order of columns, batch
or slice it comes in. A row is an object of its columns:

    object  its members, ascending by the UTF-8 bytes of their names: each is the length of the
            name (u32), the name, the value. Members that hold nothing are left out
    nothing null, NaN, the empty text or bytes, an object without members: readers differ in
            which of these they give for the same file

Values, all integers little endian:

    b  truth: 1 byte                              i  integer: i64
    u  integer beyond i64: u64                    f  other number: the bits of an IEEE double
    d  other decimal: text                        s  text: u64 length, UTF-8
    y  bytes: u64 length, bytes                   D  date: i64, days since 1970-01-01
    T  time stamp: i64 seconds since 1970, u32 nanoseconds    Z  the same, of a known time zone
    P  duration: as T                             t  time of day: i64 nanoseconds
    l  list: u64 number of values, the values     n  nothing, in a list
    o  object (structs, maps with texts as keys): u64 length, its members
    m  other map: u64 number of entries, keys and values in turn

A number is `i` when it is whole (floats up to 2^53): columns with missing values are floats in
some libraries. `"1"` is not `1`: what a format without types gives (csv) is text. Intervals are
text, and values of a union what each of them is.
No value is the beginning of another, so that different rows have different bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .pieces import Member, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

ROW_FORMAT: Final = 1
_CELLS: Final = 1 << 19
"""About so many values are encoded at once: about 30 MB."""


def encoded_rows(batch: pa.RecordBatch, kinds: dict[str, set[str]]) -> Iterator[pa.Array]:
    """The rows of a batch as `large_binary` arrays, in order; `kinds` learns the tags by column."""
    size = max(1, _CELLS // max(1, batch.num_columns))
    for start in range(0, batch.num_rows, size):
        yield _encoded(batch.slice(start, size), kinds)


def _encoded(batch: pa.RecordBatch, kinds: dict[str, set[str]]) -> pa.Array:
    from .values import pieces

    names = batch.schema.names
    parts: list[Any] = []
    for at in sorted(range(len(names)), key=lambda at: names[at].encode()):
        seen = kinds.setdefault(names[at], set())
        parts += pieces(batch.column(at), Member.named(names[at]), seen)
    return joined(parts, batch.num_rows)
