"""Tar archives, read from the start to the end, compressed or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import rules
from .item import Item
from .source import CHUNK, Memory, Slice, Stream, Truncated
from .values import escaped
from .zips import leads_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .context import Context
    from .source import Source

_BLOCK: Final = 512
_FILES: Final = frozenset(b"\x000 7S")
_LINKS: Final = frozenset(b"12")
_DEVICES: Final = frozenset(b"346")
_LONG_NAME: Final = 1 << 16


def is_header(block: bytes) -> bool:
    """Whether a block is the header of a member: by its checksum."""
    if len(block) < _BLOCK or not block[0]:
        return False
    try:
        given = int(block[148:156].strip(b"\0 ") or b"0", 8)
    except ValueError:
        return False
    rest = block[:148] + b" " * 8 + block[156:_BLOCK]
    return given in {sum(rest), sum(rest) - 2 * 128 * sum(byte > 127 for byte in rest)}


def _number(field: bytes) -> int:
    if field[:1] and field[0] & 0x80:
        return int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
    return int(field.strip(b"\0 ") or b"0", 8)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")


def members(stream: Stream, context: Context, source: Source | None) -> Iterator[Item]:
    """All files of the archive, each to be read before the next is asked for."""
    longer = ""
    while True:
        context.tick()
        block = stream.peek(_BLOCK)[:_BLOCK]
        if len(block) < _BLOCK or not block.strip(b"\0"):
            return
        if not is_header(block):
            context.note(f"no header of a member at byte {stream.tell()}: not read from there on")
            return
        stream.skip(_BLOCK)
        try:
            size = _number(block[124:136])
        except ValueError:
            context.note("a member of no size: not read from there on")
            return
        kind = block[156]
        prefix = _text(block[345:500]) if block[257:262] == b"ustar" else ""
        name = longer or "/".join(filter(None, (prefix, _text(block[:100]))))
        start = stream.tell()
        longer = ""
        if kind in b"Lxg":
            longer = _extended(stream, size, kind)
        else:
            _path(name, kind, _text(block[157:257]), context)
            if kind in _FILES:
                yield part(name, stream, size, source)
        pass_to(stream, start + size + (-size % _BLOCK), context)


def _extended(stream: Stream, size: int, kind: int) -> str:
    body = stream.peek(min(size, _LONG_NAME))[:size]
    if kind == ord("L"):
        return _text(body)
    at = body.find(b" path=")
    return "" if at < 0 else body[at + 6 :].split(b"\n", 1)[0].decode("utf-8", "replace")


def part(name: str, stream: Stream, size: int, source: Source | None) -> Item:
    """The next `size` bytes of a stream as an item, to be read before the stream goes on."""
    if source is not None:
        return Item(name, Slice(source, stream.tell(), size))
    if size <= CHUNK:
        return Item(name, Memory(stream.peek(size)[:size]))
    end = stream.tell() + size
    return Item(name, opened=lambda: _rest(stream, end))


def _rest(stream: Stream, end: int) -> Callable[[], bytes]:
    """The bytes of one member; those of the first piece stay, so that it can be opened twice."""
    first = True

    def more() -> bytes:
        nonlocal first
        left = end - stream.tell()
        if first:
            first = False
            return stream.peek(min(left, CHUNK))[:left]
        stream.skip(min(left, CHUNK))
        return stream.peek(min(left - CHUNK, CHUNK))[: max(left - CHUNK, 0)]

    return more


def pass_to(stream: Stream, end: int, context: Context) -> None:
    """Go on to a place of the stream, from wherever the reader of a member left it."""
    try:
        stream.skip(max(0, end - stream.tell()))
    except Truncated:
        context.note("the archive ends before its last member does")


def _path(name: str, kind: int, target: str, context: Context) -> None:
    shown = escaped(name)
    if leads_out(name):
        context.issue(rules.TRAVERSAL, f"The member {shown} leads out of the folder")
    elif kind in _LINKS and leads_out(target):
        context.issue(rules.TRAVERSAL, f"The member {shown} is a link to {escaped(target)}")
    elif kind in _DEVICES:
        context.issue(rules.TRAVERSAL, f"The member {shown} is a device")
