"""The headers of 7z archives: which bytes are packed how, and what the members are called."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

_MOST: Final = 1 << 20


class Malformed(Exception):
    """The header is none that can be read."""


class Folder(Struct):
    """Bytes that are packed as one: how, where, and the sizes of the members in them."""

    method: str
    """The methods in hexadecimal, with a comma between several."""
    properties: bytes
    packed: int
    """How many packed streams it takes."""
    size: int = 0
    sizes: tuple[int, ...] = ()


class Streams(Struct):
    """All folders, and where their packed bytes are in the file, counted behind its first 32."""

    position: int = 0
    lengths: tuple[int, ...] = ()
    folders: tuple[Folder, ...] = ()


class Reader:
    """Takes one value after another."""

    def __init__(self, data: bytes) -> None:
        """From the start."""
        self.data = data
        self.at = 0

    def byte(self) -> int:
        """The next byte."""
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        """The next bytes."""
        end = self.at + count
        if count < 0 or end > len(self.data):
            raise Malformed
        value = self.data[self.at : end]
        self.at = end
        return value

    def number(self) -> int:
        """A number of one to nine bytes; the first begins with as many ones as others follow."""
        first = self.byte()
        extra = 0
        while extra < 8 and first & (0x80 >> extra):
            extra += 1
        value = int.from_bytes(self.take(extra), "little")
        return value + ((first & (0x7F >> extra)) << (8 * extra))

    def count(self) -> int:
        """A number of things, of which there are not too many."""
        value = self.number()
        if value > _MOST:
            raise Malformed
        return value

    def bits(self, count: int) -> list[bool]:
        """As many bits, the highest of each byte first."""
        raw = self.take((count + 7) // 8)
        return [bool(raw[n // 8] & (0x80 >> n % 8)) for n in range(count)]

    def digests(self, count: int) -> list[bool]:
        """Pass checksums; which of the things have one."""
        known = [True] * count if self.byte() else self.bits(count)
        self.take(4 * sum(known))
        return known


def streams(reader: Reader) -> Streams:
    """All of the streams; the identifier before them is taken already."""
    result = Streams()
    known: list[bool] = []
    kind = reader.byte()
    if kind == 6:
        result.position = reader.number()
        count = reader.count()
        while (kind := reader.byte()) != 0:
            if kind == 9:
                result.lengths = tuple(reader.number() for _ in range(count))
            elif kind == 10:
                reader.digests(count)
            else:
                raise Malformed
        kind = reader.byte()
    if kind == 7:
        result.folders, known = _folders(reader)
        kind = reader.byte()
    for folder in result.folders:
        folder.sizes = (folder.size,)
    if kind == 8:
        _members(reader, result.folders, known)
        kind = reader.byte()
    if kind != 0:
        raise Malformed
    return result


def _folders(reader: Reader) -> tuple[tuple[Folder, ...], list[bool]]:
    if reader.byte() != 11:
        raise Malformed
    count = reader.count()
    if reader.byte():
        raise Malformed
    found = [_folder(reader) for _ in range(count)]
    if reader.byte() != 12:
        raise Malformed
    for folder, outputs in found:
        folder.size = [reader.number() for _ in range(outputs)][-1]
    known = [False] * count
    while (kind := reader.byte()) != 0:
        if kind != 10:
            raise Malformed
        known = reader.digests(count)
    return tuple(folder for folder, _ in found), known


def _folder(reader: Reader) -> tuple[Folder, int]:
    coders = reader.count()
    methods: list[str] = []
    properties = b""
    inputs = outputs = 0
    if not 1 <= coders <= 32:
        raise Malformed
    for _ in range(coders):
        flags = reader.byte()
        methods.append(reader.take(flags & 15).hex())
        several = flags & 16
        inputs += reader.count() if several else 1
        outputs += reader.count() if several else 1
        if flags & 32:
            properties = reader.take(reader.count())
    if outputs < 1:
        raise Malformed
    for _ in range(2 * (outputs - 1)):
        reader.number()
    packed = inputs - outputs + 1
    if packed > 1:
        for _ in range(packed):
            reader.number()
    return Folder(",".join(methods), properties, packed), outputs


def _members(reader: Reader, folders: tuple[Folder, ...], known: list[bool]) -> None:
    counts = [1] * len(folders)
    kind = reader.byte()
    if kind == 13:
        counts = [reader.count() for _ in folders]
        kind = reader.byte()
    for folder, count in zip(folders, counts, strict=True):
        sizes = [reader.number() for _ in range(count - 1)] if kind == 9 else []
        rest = folder.size - sum(sizes)
        if rest < 0:
            raise Malformed
        folder.sizes = (*sizes, rest) if count else ()
    if kind == 9:
        kind = reader.byte()
    while kind != 0:
        if kind != 10:
            raise Malformed
        pairs = zip(counts, known, strict=True)
        reader.digests(sum(count for count, given in pairs if count != 1 or not given))
        kind = reader.byte()


def names(reader: Reader) -> list[str]:
    """The names of the members that have bytes, in order; the identifier is taken already."""
    count = reader.count()
    found: list[str] = []
    empty = [False] * count
    while (kind := reader.byte()) != 0:
        body = Reader(reader.take(reader.number()))
        if kind == 14:
            empty = body.bits(count)
        elif kind == 17 and not body.byte():
            text = body.data[1:].decode("utf-16-le", "replace")
            found = text.split("\0")[:count]
    return [name for name, none in zip(found, empty, strict=False) if not none]
