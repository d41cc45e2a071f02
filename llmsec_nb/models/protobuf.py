"""The wire format of protocol buffers, field by field; long fields are passed, not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .context import Context
    from .source import Source

_LONGEST_NUMBER: Final = 10
_HEAD: Final = 24
_TICK: Final = 0xFFF


class Malformed(Exception):
    """The bytes are no message."""


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    for index in range(at, min(at + _LONGEST_NUMBER, len(data))):
        byte = data[index]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, index + 1
        shift += 7
    raise Malformed


def fields(
    source: Source, start: int, end: int, context: Context
) -> Iterator[tuple[int, int, int, int]]:
    """Number, wire type, place and length of each field of the message between two places.

    Of a number (wire type 0) the length is the value itself.
    """
    at = start
    seen = 0
    window, base = b"", 0
    while at < end:
        if not base <= at <= base + len(window) - _HEAD:
            window, base = source.read_at(at, 1 << 14), at
        seen += 1
        if not seen & _TICK:
            context.tick()
        key, next_at = _varint(window, at - base)
        number, kind = key >> 3, key & 7
        if not number:
            raise Malformed
        if kind == 0:
            value, next_at = _varint(window, next_at)
            at = base + next_at
            yield number, 0, at, value
            continue
        if kind == 2:
            length, next_at = _varint(window, next_at)
        elif kind in {1, 5}:
            length = 8 if kind == 1 else 4
        else:
            raise Malformed
        place = base + next_at
        if place + length > end:
            raise Malformed
        yield number, kind, place, length
        at = place + length


def text(source: Source, place: int, length: int, most: int = 4096) -> str:
    """A text field, at most its first `most` bytes."""
    return source.read_at(place, min(length, most)).decode("utf-8", "replace")


Span = tuple[int, int]
"""Where a message begins and ends."""


def inner(source: Source, span: Span, number: int, context: Context) -> Iterator[Span]:
    """The messages, or texts, of one field."""
    for found, kind, place, length in fields(source, *span, context):
        if found == number and kind == 2:
            yield place, place + length


def through(source: Source, span: Span, context: Context, *path: int) -> Iterator[Span]:
    """All messages that a path of field numbers leads to."""
    if not path:
        yield span
        return
    for part in inner(source, span, path[0], context):
        yield from through(source, part, context, *path[1:])
