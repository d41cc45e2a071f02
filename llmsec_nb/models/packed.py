"""Compressed streams: gzip, zlib, bzip2, xz and lzma, piece by piece and in bounded memory."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from . import rules
from .context import Over
from .source import CHUNK, Source, chunks_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .context import Context

_BOMB_RATIO: Final = 400
_BOMB_SIZE: Final = 50_000_000
_MEMORY: Final = 1 << 26
_RAW: Final = -15
_AUTO: Final = 47


class Unpacked(Exception):
    """The compressed data are damaged."""


class _Unpacker(Protocol):
    def feed(self, data: bytes, most: int) -> bytes:
        """At most `most` bytes that come out; `data` may be empty while `pending`."""

    pending: bool
    ended: bool


class _Zlib:
    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._object = zlib.decompressobj(bits)
        self._rest = b""
        self.pending = self.ended = False

    def feed(self, data: bytes, most: int) -> bytes:
        rest = self._rest + data
        out = self._object.decompress(rest, most)
        self._rest = self._object.unconsumed_tail
        if self._object.eof:
            after = self._object.unused_data
            self.ended = self._bits == _RAW or after[:2] != b"\x1f\x8b"
            self._rest = b"" if self.ended else after
            self._object = zlib.decompressobj(self._bits)
        self.pending = bool(self._rest) or len(out) == most
        return out


class _Library:
    def __init__(self, make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor]) -> None:
        self._make = make
        self._object = make()
        self.pending = self.ended = False

    def feed(self, data: bytes, most: int) -> bytes:
        out = self._object.decompress(data, most)
        if self._object.eof:
            after = self._object.unused_data
            self.ended = not after.strip(b"\0")
            if not self.ended:
                self._object = self._make()
                out += self._object.decompress(after, most)
        self.pending = not self.ended and not self._object.needs_input
        return out


def _lzma(properties: bytes, size: int) -> _Unpacker:
    """LZMA as 7z has it: its header stands elsewhere, and is put before the first bytes."""
    unpacker = _Library(lambda: lzma.LZMADecompressor(format=lzma.FORMAT_ALONE, memlimit=_MEMORY))
    unpacker.feed(properties[:5] + size.to_bytes(8, "little"), 0)
    return unpacker


def _lzma2_of_programs(properties: bytes, size: int) -> _Unpacker:
    """LZMA2 behind the filter for machine code, which writers of 7z put before it by default."""
    return _lzma2(properties, size, ({"id": lzma.FILTER_X86},))


def _lzma2(properties: bytes, size: int, before: tuple[dict[str, int], ...] = ()) -> _Unpacker:
    level = properties[0] if properties else 0
    wanted = (2 | level & 1) << (level // 2 + 11)
    if wanted > _MEMORY:
        raise Unpacked("unpacking takes too much memory: not read")
    filters = [*before, {"id": lzma.FILTER_LZMA2, "dict_size": wanted}]
    return _Library(lambda: lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=filters))


_MAKERS: Final[dict[str, Callable[[], _Unpacker]]] = {
    "deflate": lambda: _Zlib(_RAW),
    "gzip": lambda: _Zlib(_AUTO),
    "zlib": lambda: _Zlib(_AUTO),
    "bzip2": lambda: _Library(bz2.BZ2Decompressor),
    "xz": lambda: _Library(lambda: lzma.LZMADecompressor(memlimit=_MEMORY)),
}
FORMATS: Final = frozenset(_MAKERS)
_WITH_PROPERTIES: Final = {"lzma": _lzma, "lzma2": _lzma2, "lzma2 x86": _lzma2_of_programs}


def sniff(head: bytes) -> str:
    """The name of the compression that a file starts with, or nothing."""
    if head[:3] == b"\x1f\x8b\x08":
        return "gzip"
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return "bzip2"
    if head[:6] == b"\xfd7zXZ\0" or (head[:2] == b"\x5d\0" and _plausible(head[5:13])):
        return "xz"
    if (
        len(head) > 2
        and head[0] == 0x78
        and (head[0] << 8 | head[1]) % 31 == 0
        and head[1] & 32 == 0
    ):
        return "zlib"
    return ""


def _plausible(size: bytes) -> bool:
    """Whether the size in the header of an .lzma file is one that its library takes."""
    return size == b"\xff" * 8 or (len(size) == 8 and int.from_bytes(size, "little") < 1 << 38)


def unpacking(
    kind: str, source: Source, context: Context, properties: bytes = b"", size: int = 0
) -> Callable[[], Callable[[], bytes]]:
    """A function that starts the unpacking, from the start each time that it is called.

    `lzma` and `lzma2` need their `properties` and the size of what comes out, in bytes.
    """

    def opened() -> Callable[[], bytes]:
        make = _WITH_PROPERTIES.get(kind)
        unpacker = _MAKERS[kind]() if make is None else make(properties, size)
        return _pieces(unpacker, chunks_of(source), context)

    return opened


def _pieces(
    unpacker: _Unpacker, more: Callable[[], bytes], context: Context
) -> Callable[[], bytes]:
    taken = given = 0

    def piece() -> bytes:
        nonlocal taken, given
        while not unpacker.ended:
            data = b""
            if not unpacker.pending:
                data = more()
                if not data:
                    context.note("the compressed data end too early")
                    return b""
            taken += len(data)
            out = _feed(unpacker, data)
            given += len(out)
            context.grow(len(out))
            if given > _BOMB_SIZE and given > taken * _BOMB_RATIO:
                context.issue(rules.BOMB, f"Unpacks to more than {_BOMB_RATIO} times its size")
                raise Over("a bomb: not unpacked further")
            if out:
                return out
        return b""

    return piece


def _feed(unpacker: _Unpacker, data: bytes) -> bytes:
    try:
        return unpacker.feed(data, CHUNK)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError) as error:
        raise Unpacked("the compressed data are damaged") from error
