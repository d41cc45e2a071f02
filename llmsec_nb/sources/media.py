"""Text inside images and other binary payloads, read without any image library.

PNG: https://www.w3.org/TR/png-3/#11textinfo. JPEG: ITU-T T.81, Annex B.
"""

from __future__ import annotations

import binascii
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_INFLATE_LIMIT: Final = 1 << 20
_STANDALONE: Final = frozenset(range(0xD0, 0xD8)) | {0x01}


class Embedded(NamedTuple):
    """Text found in bytes [start, start + length); `verbatim` if byte by byte the same."""

    text: str
    start: int
    length: int
    verbatim: bool


def embedded_texts(data: bytes) -> Iterator[Embedded]:
    """The text parts of a binary payload: image comments and EXIF, or all of an unknown format.

    Raises ValueError when a compressed text chunk is too large to look at.
    """
    if data.startswith(_PNG):
        yield from _png(data)
    elif data.startswith(_JPEG):
        yield from _jpeg(data)
    else:
        yield _latin(data, 0, len(data))


_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ENCODED_PNG: Final = "iVBORw0KGgo"
_TEXT_CHUNKS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})
_MOST_CHUNKS: Final = 2000


def glance(encoded: str) -> list[str] | None:
    """The text parts of a base64 PNG, without decoding its pixels; None: read all of it.

    Anything out of the ordinary gives None: another format, other characters, trailing data.
    """
    if not encoded.startswith(_ENCODED_PNG):
        return None
    left = encoded.encode("ascii", "replace").translate(None, _ALPHABET).replace(b"\n", b"")
    if left.strip(b"="):
        return None
    plain = encoded.replace("\n", "") if "\n" in encoded else encoded
    try:
        return _glance_chunks(plain, len(plain.rstrip("=")) * 3 // 4)
    except ValueError:
        return None


def _glance_chunks(plain: str, size: int) -> list[str] | None:
    found: list[str] = []
    position = len(_PNG)
    for _ in range(_MOST_CHUNKS):
        header = _slice(plain, position, 8)
        length, name = int.from_bytes(header[:4]), header[4:]
        if len(header) < 8 or position + 12 + length > size:
            return None
        if name in _TEXT_CHUNKS:
            body = _slice(plain, position + 8, length)
            found += (part.text for part in _png_chunk(name, body, 0, length))
        position += 12 + length
        if name == b"IEND":
            return found if position == size else None
    return None


def _slice(plain: str, start: int, length: int) -> bytes:
    """Bytes [start, start + length) of what `plain` encodes."""
    lead = start % 3
    data = binascii.a2b_base64(plain[start // 3 * 4 : -(-(start + length) // 3) * 4])
    return data[lead : lead + length]


def _latin(data: bytes, start: int, length: int) -> Embedded:
    return Embedded(data[start : start + length].decode("latin-1"), start, length, verbatim=True)


def _png(data: bytes) -> Iterator[Embedded]:
    position = len(_PNG)
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        name = data[position + 4 : position + 8]
        yield from _png_chunk(name, data, position + 8, min(length, len(data) - position - 8))
        position += 12 + length
        if name == b"IEND":
            break
    if position < len(data):
        yield _latin(data, position, len(data) - position)


def _png_chunk(name: bytes, data: bytes, start: int, length: int) -> Iterator[Embedded]:
    body = data[start : start + length]
    if name == b"tEXt":
        yield _latin(data, start, length)
    elif name == b"eXIf":
        yield from _exif(data, start, length)
    elif name == b"zTXt":
        yield Embedded(_inflated(body, body.find(b"\0") + 2), start, length, verbatim=False)
    elif name == b"iTXt":
        yield Embedded(_international(body), start, length, verbatim=False)


def _international(body: bytes) -> str:
    keyword, _, rest = body.partition(b"\0")
    compressed, rest = rest[:1] == b"\1", rest[2:]
    text = rest.split(b"\0", 2)[-1]
    content = _inflated(text, 0) if compressed else text.decode("utf-8", "replace")
    return f"{keyword.decode('latin-1')}\n{content}"


def _inflated(body: bytes, start: int) -> str:
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(body[start:], _INFLATE_LIMIT)
    except zlib.error:
        return body.decode("latin-1")
    if not inflater.eof and not inflater.unconsumed_tail:
        raise ValueError("a compressed text chunk of an image is cut off")
    if inflater.unconsumed_tail:
        raise ValueError("a compressed text chunk of an image unpacks to more than 1 MB")
    return plain.decode("utf-8", "replace")


def _jpeg(data: bytes) -> Iterator[Embedded]:
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker in _STANDALONE or marker == 0xFF:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in {0xDA, 0xD9}:
            break
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == 0xFE or 0xE0 <= marker <= 0xEF:
            yield from _exif(data, position + 4, max(0, length - 2))
        position += 2 + max(2, length)
    end = data.rfind(b"\xff\xd9")
    if 0 < end < len(data) - 2:
        yield _latin(data, end + 2, len(data) - end - 2)


def _exif(data: bytes, start: int, length: int) -> Iterator[Embedded]:
    """ASCII tags stand in the block as they are; Windows' XP tags are UTF-16."""
    yield _latin(data, start, length)
    body = data[start : start + length]
    if body.count(0) * 4 > len(body):
        yield Embedded(body.replace(b"\0", b"").decode("latin-1"), start, length, verbatim=False)
