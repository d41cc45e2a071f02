"""7z archives that are packed by one method of the standard library; others are named as unread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import packed, rules
from .seven_headers import Folder, Malformed, Reader, Streams, names, streams
from .source import Slice, Source, Stream, chunks_of
from .tars import part, pass_to
from .values import escaped
from .zips import leads_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .context import Context
    from .item import Item

_START: Final = 32
_HEADER: Final = 1 << 24
_MEMBERS: Final = 0x01
_PACKED: Final = 0x17
_METHODS: Final = {"030101": "lzma", "21": "lzma2", "040108": "deflate", "040202": "bzip2",
            "21,03030103": "lzma2 x86", "03030103,21": "lzma2 x86"}  # fmt: skip
_ENCRYPTED: Final = "06f10701"


def members(source: Source, context: Context) -> Iterator[Item]:
    """All members that can be read, each to be read before the next is asked for."""
    try:
        found = _header(source, context)
    except (Malformed, IndexError):
        context.note("the header of the 7z archive is damaged: not inspected")
        return
    if found is None:
        return
    listed, called = found
    left = iter(called)
    at = _START + listed.position
    lengths = iter(listed.lengths)
    for folder in listed.folders:
        length = sum(next(lengths, 0) for _ in range(folder.packed))
        piece = Slice(source, at, length)
        at += length
        names_here = [next(left, f"member {n}") for n in range(len(folder.sizes))]
        yield from _folder(folder, piece, names_here, context)


def _header(source: Source, context: Context) -> tuple[Streams, list[str]] | None:
    start = source.read_at(0, _START)
    offset, size = (int.from_bytes(start[n : n + 8], "little") for n in (12, 20))
    if len(start) < _START or (not size and source.size > _START):
        raise Malformed
    if not size:
        return None
    data = source.read_at(_START + offset, min(size, _HEADER))
    for _ in range(4):
        reader = Reader(data)
        kind = reader.byte()
        if kind == _MEMBERS:
            return _listed(reader)
        if kind != _PACKED:
            break
        packed_header = streams(reader)
        folder = packed_header.folders[0]
        piece = Slice(source, _START + packed_header.position, packed_header.lengths[0])
        opened = _unpacking(folder, piece, context)
        if opened is None:
            context.note(f"the header of the 7z archive is {_how(folder)}: not inspected")
            return None
        data = Stream(opened()).peek(min(folder.size, _HEADER))
    raise Malformed


def _listed(reader: Reader) -> tuple[Streams, list[str]]:
    listed, called = Streams(), []
    while (kind := reader.byte()) != 0:
        if kind == 4:
            listed = streams(reader)
        elif kind == 5:
            called = names(reader)
        else:
            raise Malformed
    return listed, called


def _how(folder: Folder) -> str:
    if _ENCRYPTED in folder.method.split(","):
        return "encrypted"
    return f"packed by method {folder.method}"


def _unpacking(
    folder: Folder, piece: Source, context: Context
) -> Callable[[], Callable[[], bytes]] | None:
    """How to unpack a folder; None if it is packed by what is not read here."""
    if folder.method == "00":
        return lambda: chunks_of(piece)
    kind = _METHODS.get(folder.method)
    if kind is None or folder.packed != 1:
        return None
    return packed.unpacking(kind, piece, context, folder.properties, folder.size)


def _folder(folder: Folder, piece: Source, called: list[str], context: Context) -> Iterator[Item]:
    for name in called:
        if leads_out(name):
            context.issue(rules.TRAVERSAL, f"The member {escaped(name)} leads out of the folder")
    opened = _unpacking(folder, piece, context)
    if opened is None:
        context.note(f"{escaped(', '.join(called[:3]))} is {_how(folder)}: not inspected")
        return
    stream = Stream(opened())
    at = 0
    for name, size in zip(called, folder.sizes, strict=True):
        yield part(name, stream, size, None)
        at += size
        pass_to(stream, at, context)
