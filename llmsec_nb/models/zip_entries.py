"""The two lists of members that a zip archive holds: its directory, and the local headers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .source import Source

END: Final = b"PK\x05\x06"
LOCAL: Final = b"PK\x03\x04"
_CENTRAL: Final = b"PK\x01\x02"
_END_SIZE: Final = 22
_COMMENT: Final = 0xFFFF
_WIDE: Final = 0xFFFFFFFF
_GAP: Final = 1 << 20
_GAPS: Final = 64


class Entry(NamedTuple):
    """A member as one header says it. `data` is where its bytes begin, in bytes from the start."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int = 0
    data: int = 0


class Directory(NamedTuple):
    """All entries of the directory; `shift` is what stands before the archive in the file."""

    entries: list[Entry]
    shift: int
    start: int
    whole: bool


def _wide(extra: bytes, values: list[int]) -> list[int]:
    """The sizes and the offset, of which those that do not fit stand in an extra field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if kind != 1:
            continue
        place = 0
        for index, value in enumerate(values):
            if value == _WIDE and place + 8 <= len(body):
                values[index] = int.from_bytes(body[place : place + 8], "little")
                place += 8
    return values


def _name(raw: bytes, flags: int) -> str:
    return raw.decode("utf-8" if flags & 0x800 else "cp437", "replace")


def directory(source: Source, most: int) -> Directory | None:
    """The directory, of at most `most` entries; None if the file has none."""
    tail_at = max(0, source.size - _END_SIZE - _COMMENT)
    tail = source.read_at(tail_at, _END_SIZE + _COMMENT)
    found = tail.rfind(END)
    if found < 0 or len(tail) - found < _END_SIZE:
        return None
    count, size, start = struct.unpack_from("<HII", tail, found + 10)
    end_at = tail_at + found
    wide = _wide_end(source, end_at)
    if wide is not None:
        count, size, start, end_at = wide
    shift = end_at - size - start
    if shift < 0 or (size and source.read_at(start + shift, 4) != _CENTRAL):
        return None
    entries = list(_central(source, start + shift, size, min(count, most)))
    return Directory(entries, shift, start + shift, len(entries) == count)


def _wide_end(source: Source, end_at: int) -> tuple[int, int, int, int] | None:
    locator = source.read_at(end_at - 20, 20)
    if locator[:4] != b"PK\x06\x07":
        return None
    for at in (struct.unpack_from("<Q", locator, 8)[0], end_at - 20 - 56):
        record = source.read_at(max(at, 0), 56)
        if record[:4] == b"PK\x06\x06" and len(record) == 56:
            count, size, start = struct.unpack_from("<QQQ", record, 32)
            return count, size, start, at
    return None


def _central(source: Source, at: int, size: int, count: int) -> Iterator[Entry]:
    end = at + size
    for _ in range(count):
        head = source.read_at(at, 46)
        if len(head) < 46 or head[:4] != _CENTRAL or at >= end:
            return
        flags, method = struct.unpack_from("<HH", head, 8)
        crc, packed, whole, names, extras, notes = struct.unpack_from("<IIIHHH", head, 16)
        mode, offset = struct.unpack_from("<II", head, 38)
        rest = source.read_at(at + 46, names + extras)
        whole, packed, offset = _wide(rest[names:], [whole, packed, offset])
        yield Entry(
            _name(rest[:names], flags), flags, method, crc, packed, whole, offset, mode >> 16
        )
        at += 46 + names + extras + notes


def local(source: Source, at: int) -> Entry | None:
    """The local header at a place, if there is one."""
    head = source.read_at(at, 30)
    if len(head) < 30 or head[:4] != LOCAL:
        return None
    flags, method = struct.unpack_from("<HH", head, 6)
    crc, packed, size, names, extras = struct.unpack_from("<IIIHH", head, 14)
    rest = source.read_at(at + 30, names + extras)
    size, packed = _wide(rest[names:], [size, packed])
    data = at + 30 + names + extras
    return Entry(_name(rest[:names], flags), flags, method, crc, packed, size, at, 0, data)


def unlisted(source: Source, known: list[tuple[int, int]], end: int) -> Iterator[Entry]:
    """Members between those that the directory lists: `known` are their extents, in bytes."""
    at = 0
    gaps = 0
    for first, last in [*sorted(known), (end, end)]:
        while first - at >= 30 and gaps < _GAPS:
            gaps += 1
            window = source.read_at(at, min(first - at, _GAP))
            found = window.find(LOCAL)
            entry = local(source, at + found) if found >= 0 else None
            if entry is None:
                break
            yield entry
            at = max(entry.data + entry.packed, entry.data + 1)
        at = max(at, last)
