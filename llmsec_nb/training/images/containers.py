"""How files of pictures are built: where they end, how large the picture is, what texts they hold.

Own bounded readers, so that nothing is decoded before its size is known. Sources: PNG (W3C), JPEG
(ITU-T T.81), GIF89a, the RIFF container of WebP (RFC 9649), BMP and TIFF 6.0.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final, NamedTuple

_TEXT: Final = 1 << 16
"""Bytes of one text that are read."""
_TEXTS: Final = 64
_BLOCKS: Final = 200_000
"""Parts of a file that are read; one with more is not followed to its end."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_RESTARTS: Final = frozenset(range(0xD0, 0xD8))
_FRAMES: Final = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC),
                            *range(0xCD, 0xD0)})  # fmt: skip


class Built(NamedTuple):
    """`end`: where the picture ends, None if it does not, -1 where that is not known.

    `size` is its width and height, (0, 0) if unknown. `texts` are blocks of metadata as bytes.
    `pages` says that more pictures follow on purpose.
    """

    kind: str
    end: int | None
    size: tuple[int, int] = (0, 0)
    texts: tuple[bytes, ...] = ()
    pages: bool = False


def built(data: bytes) -> Built | None:
    """What a file is by its content; None for no picture of a known type."""
    for start, reader in _READERS:
        if data.startswith(start):
            try:
                return reader(data)
            except (struct.error, IndexError):
                return Built(reader.__name__.removeprefix("_"), None)
    return None


def _png(data: bytes) -> Built:
    texts: list[bytes] = []
    place, size = len(_PNG), (0, 0)
    for _ in range(_BLOCKS):
        if place + 12 > len(data):
            return Built("png", None, size, tuple(texts))
        length, kind = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + min(length, _TEXT)]
        place += 12 + length
        if kind == b"IHDR":
            size = struct.unpack_from(">II", body)
        elif kind in {b"tEXt", b"zTXt", b"iTXt", b"eXIf"} and len(texts) < _TEXTS:
            texts.append(_png_text(kind, body))
        elif kind == b"IEND":
            return Built("png", place if place <= len(data) else None, size, tuple(texts))
    return Built("png", -1, size, tuple(texts))


def _png_text(kind: bytes, body: bytes) -> bytes:
    name, _, rest = body.partition(b"\0")
    if kind == b"zTXt" and rest:
        return name + b" " + _inflated(rest[1:])
    if kind == b"iTXt" and len(rest) > 2:
        packed = rest[0] == 1
        text = rest[2:].split(b"\0", 2)[-1]
        return name + b" " + (_inflated(text) if packed else text)
    return name + b" " + rest if kind == b"tEXt" else body


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _TEXT)
    except zlib.error:
        return b""


def _jpeg(data: bytes) -> Built:
    texts: list[bytes] = []
    place, size, pages = 2, (0, 0), False
    for _ in range(_BLOCKS):
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            return Built("jpeg", None, size, tuple(texts), pages)
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker == 0xD9:
            return Built("jpeg", place + 2, size, tuple(texts), pages)
        elif marker in {0, 1} or marker in _RESTARTS:
            place += 2
        else:
            (length,) = struct.unpack_from(">H", data, place + 2)
            body = data[place + 4 : place + 2 + length]
            if marker in _FRAMES and not size[0]:
                height, width = struct.unpack_from(">HH", body, 1)
                size = width, height
            elif marker == 0xE2:
                pages |= body.startswith(b"MPF\0")
            elif (0xE1 <= marker <= 0xEF or marker == 0xFE) and len(texts) < _TEXTS:
                texts.append(body)
            place += 2 + max(2, length)
    return Built("jpeg", -1, size, tuple(texts), pages)


def _gif(data: bytes) -> Built:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    texts: list[bytes] = []
    place, size = 13 + _colours(flags), (width, height)
    for _ in range(_BLOCKS):
        kind = data[place]
        if kind == 0x3B:
            return Built("gif", place + 1, size, tuple(texts))
        if kind == 0x2C:
            place += 11 + _colours(data[place + 9])
        elif kind == 0x21:
            is_text = data[place + 1] in {0xFE, 0x01, 0xFF}
            place += 2
            if is_text and len(texts) < _TEXTS:
                texts.append(_gif_text(data, place))
        else:
            return Built("gif", None, size, tuple(texts))
        while length := data[place]:
            place += 1 + length
        place += 1
    return Built("gif", -1, size, tuple(texts))


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_text(data: bytes, place: int) -> bytes:
    parts: list[bytes] = []
    total = 0
    while total < _TEXT and (length := data[place]):
        parts.append(data[place + 1 : place + 1 + length])
        total += length
        place += 1 + length
    return b"".join(parts)


def _webp(data: bytes) -> Built | None:
    (length,) = struct.unpack_from("<I", data, 4)
    if data[8:12] != b"WEBP":
        return None
    end = 8 + length + (length & 1)
    texts: list[bytes] = []
    place, size = 12, (0, 0)
    while place + 8 <= min(end, len(data)) and len(texts) < _TEXTS:
        kind, part = struct.unpack_from("<4sI", data, place)
        body = data[place + 8 : place + 8 + min(part, _TEXT)]
        if kind in {b"VP8X", b"VP8L", b"VP8 "} and not size[0]:
            size = _webp_size(kind, body)
        elif kind in {b"EXIF", b"XMP "}:
            texts.append(body)
        place += 8 + part + (part & 1)
    return Built("webp", end if 8 + length <= len(data) else None, size, tuple(texts))


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return (
            1 + int.from_bytes(body[4:7], "little"),
            1 + int.from_bytes(body[7:10], "little"),
        )
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _bmp(data: bytes) -> Built | None:
    length, _, _, header = struct.unpack_from("<IHHI", data, 2)
    if len(data) < 30 or header < 26:
        return None
    width, height = struct.unpack_from("<ii", data, 18)
    end = length or -1
    return Built("bmp", end if end <= len(data) else None, (abs(width), abs(height)))


def _tiff(data: bytes) -> Built:
    order = "<" if data.startswith(b"II") else ">"
    (place,) = struct.unpack_from(order + "I", data, 4)
    (number,) = struct.unpack_from(order + "H", data, place)
    found = {0x100: 0, 0x101: 0}
    for at in range(min(number, 64)):
        tag, kind = struct.unpack_from(order + "HH", data, place + 2 + 12 * at)
        if tag in found:
            form = order + ("H" if kind == 3 else "I")
            (found[tag],) = struct.unpack_from(form, data, place + 10 + 12 * at)
    return Built("tiff", -1, (found[0x100], found[0x101]))


_READERS: Final = (
    (_PNG, _png), (b"\xff\xd8\xff", _jpeg), (b"GIF87a", _gif), (b"GIF89a", _gif),
    (b"RIFF", _webp), (b"BM", _bmp), (b"II*\0", _tiff), (b"MM\0*", _tiff),
)  # fmt: skip
