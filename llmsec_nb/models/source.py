"""Bytes to be read: of a file, of memory, of a piece of either, at any place or from the start."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK: Final = 1 << 18
LINE: Final = 1 << 20
"""No line of a text pickle that is meant to be read is longer."""


class Truncated(Exception):
    """The bytes end before the value does."""


class Source(Protocol):
    """Random access. `size` is in bytes; a read past the end gives what there is."""

    size: int

    def read_at(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`."""


class Memory:
    """A source that is in memory already."""

    __slots__ = ("_data", "size")

    def __init__(self, data: bytes) -> None:
        """Hold `data`."""
        self._data = data
        self.size = len(data)

    def read_at(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`."""
        return self._data[offset : offset + count]


class File:
    """An open file; its position is nobody's business but ours."""

    __slots__ = ("_file", "size")

    def __init__(self, file: IO[bytes], size: int) -> None:
        """Read from `file`, which holds `size` bytes."""
        self._file = file
        self.size = size

    def read_at(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`."""
        self._file.seek(offset)
        return self._file.read(count)


class Slice:
    """A piece of another source."""

    __slots__ = ("_base", "_source", "size")

    def __init__(self, source: Source, base: int, size: int) -> None:
        """The `size` bytes from `base` on, as far as there are so many."""
        self._source, self._base = source, base
        self.size = max(0, min(size, source.size - base))

    def read_at(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`."""
        return self._source.read_at(self._base + offset, max(0, min(count, self.size - offset)))


def chunks_of(source: Source, start: int = 0) -> Callable[[], bytes]:
    """A function that gives the source piece by piece, and `b""` at its end."""
    at = start

    def more() -> bytes:
        nonlocal at
        piece = source.read_at(at, CHUNK)
        at += len(piece)
        return piece

    return more


class Stream:
    """Bytes from the start on, of which only a window is held."""

    __slots__ = ("_more", "base", "buffer", "ended", "pos")

    def __init__(self, more: Callable[[], bytes], base: int = 0) -> None:
        """Take pieces from `more`; the first byte is counted as the one at `base`."""
        self._more = more
        self.base = base
        self.buffer = b""
        self.pos = 0
        self.ended = False

    def tell(self) -> int:
        """How many bytes were taken."""
        return self.base + self.pos

    def want(self, count: int) -> bool:
        """Hold the next `count` bytes, if there are so many."""
        have = len(self.buffer) - self.pos
        if have >= count:
            return True
        pieces = [self.buffer[self.pos :]]
        self.base += self.pos
        self.pos = 0
        while have < count and not self.ended:
            piece = self._more()
            self.ended = not piece
            pieces.append(piece)
            have += len(piece)
        self.buffer = b"".join(pieces)
        return have >= count

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        pos = self.pos
        end = pos + count
        if end > len(self.buffer):
            if not self.want(count):
                raise Truncated
            pos, end = 0, count
        self.pos = end
        return self.buffer[pos:end]

    def byte(self) -> int:
        """The next byte, as a number."""
        pos = self.pos
        if pos >= len(self.buffer):
            if not self.want(1):
                raise Truncated
            pos = 0
        self.pos = pos + 1
        return self.buffer[pos]

    def peek(self, count: int) -> bytes:
        """The next bytes, at most `count`, left where they are."""
        self.want(count)
        return self.buffer[self.pos : self.pos + count]

    def line(self) -> bytes:
        """The bytes up to the next line feed, which is taken too.

        Of the last line, which has none, all but the last byte: as the unpickler in Python does.
        """
        at = self.buffer.find(b"\n", self.pos)
        wanted = CHUNK
        while at < 0:
            if self.ended:
                return self._last_line()
            if wanted > LINE:
                raise Truncated
            self.want(wanted)
            at = self.buffer.find(b"\n", self.pos)
            wanted *= 2
        found = self.buffer[self.pos : at]
        self.pos = at + 1
        return found

    def _last_line(self) -> bytes:
        found = self.buffer[self.pos :]
        if not found:
            raise Truncated
        self.pos = len(self.buffer)
        return found[:-1]

    def skip(self, count: int) -> None:
        """Pass `count` bytes without holding them."""
        have = len(self.buffer) - self.pos
        while count > have:
            count -= have
            self.base += len(self.buffer)
            self.pos = 0
            self.buffer = self._more()
            have = len(self.buffer)
            if not have:
                self.ended = True
                raise Truncated
        self.pos += count
