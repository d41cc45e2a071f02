"""Files inside of values: as they are, in base64, or in hexadecimal."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST: Final = 5
_RAW: Final = re.compile(
    rb"\x80[\x02-\x05][\x80-\x98(-~]|PK\x03\x04|c[A-Za-z_][\w.]{1,60}\n[A-Za-z_][\w.]{0,60}\n"
    rb"|\(?S'[^\n]{0,200}'\n[^\n]{0,40}[\ni]|\x1f\x8b\x08|\x93NUMPY|\([ld(]p0\n"
    rb"|\x78[\x01\x9c\xda]|BZh[1-9]1AY&SY|\xfd7zXZ\0"
)
_AS_TEXT: Final = re.compile(rb"\xc2\x80[\x02-\x05]|\x1f\xc2\x8b\x08|\xc2\x93NUMPY|PK\x03\x04")
"""The same in bytes as protocols 0 to 2 keep them: each byte is a character of a text in UTF-8."""
_BASE64: Final = re.compile(
    rb"[\s\"']{0,4}(?:gA[I-X]|Y[0-9M-Z]|KF|KG|gASV|gAWV|H4sI|UEsDB|eJ[wyz])"
)
_HEX: Final = re.compile(rb"\s{0,4}(?:0x)?(?:80(?:0[2-5])|63[67][0-9a-f]|28)", re.IGNORECASE)
_ESCAPED: Final = re.compile(rb"\\x80\\x0[2-5]")
_ALPHABET: Final = re.compile(rb"[A-Za-z0-9+/_\-=\s]{16,}")
_DIGITS: Final = re.compile(rb"(?:0x)?[0-9A-Fa-f\s]{16,}")


def likely(head: bytes) -> bool:
    """Whether a value that starts so may hold a file."""
    first = head[:1]
    if first in _FIRST:
        start = head[:256]
        return any(pattern.match(start) for pattern in _PATTERNS)
    return False


_PATTERNS: Final = (_RAW, _AS_TEXT, _BASE64, _HEX, _ESCAPED)
_FIRST: Final = frozenset(bytes([byte]) for byte in b"\x80\xc2Pc(\x1f\x93gYKHUe0628\\ \n\"'SxB\xfd")


def decoded(value: bytes) -> Iterator[bytes]:
    """The value, and what it decodes to, as far as that may be a file."""
    plain = of_text(value) if _AS_TEXT.match(value) else value
    if _RAW.match(plain):
        yield plain
    body = value.strip(b" \t\r\n\"'")
    if _BASE64.match(body) and _ALPHABET.fullmatch(body[:64].ljust(16, b"A")):
        yield from _from_base64(body)
    if _HEX.match(body) and _DIGITS.fullmatch(body[:64]):
        yield from _from_hex(body)
    if _ESCAPED.match(body):
        yield (
            body.decode("latin-1")
            .encode("ascii", "replace")
            .decode("unicode_escape")
            .encode("latin-1", "replace")
        )


def of_text(value: bytes) -> bytes:
    """The bytes that a text stands for, cut or not; the value itself if it is no such text."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(value).encode("latin-1")
    except UnicodeError:
        return value


def _from_base64(body: bytes) -> Iterator[bytes]:
    clean = re.sub(rb"[^A-Za-z0-9+/\-_]", b"", body).translate(bytes.maketrans(b"-_", b"+/"))
    try:
        raw = base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except (binascii.Error, ValueError):
        return
    if _RAW.match(raw) or raw[:2] == b"\x78\x9c":
        yield raw


def _from_hex(body: bytes) -> Iterator[bytes]:
    digits = re.sub(rb"\s", b"", body.removeprefix(b"0x"))
    try:
        raw = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    except ValueError:
        return
    if _RAW.match(raw):
        yield raw
