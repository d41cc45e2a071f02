"""What the body of a PEM block holds: a whole key, part of one, or something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.rule import Confidence
from .checks import decoded, sure

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENSSH: Final = b"openssh-key-v1\0"
_SEQUENCE: Final = 0x30
_SHORTEST: Final = 24
_NOISE: Final = re.compile(r"\\[nrt]|[\"'][ \t]{0,8}\+[ \t]{0,8}(?=\n|\Z)|[\s\"',;()]")
_ARMOUR: Final = re.compile(r"-----[A-Z0-9 ]{4,64}-----")


class Key(NamedTuple):
    """How sure it is that a block is a key, and whether a passphrase protects it."""

    confidence: Confidence
    encrypted: bool = False


def key_in(block: str) -> Key:
    """Look at a PEM block, whole or cut off, as it stands in a text."""
    label = block[: block.find("-----", 5)]
    body, headers = _body_of(block)
    encrypted = "ENCRYPTED" in label or "ENCRYPTED" in headers
    data = decoded(body[: len(body) // 4 * 4])
    if data is None or len(data) < _SHORTEST:
        return Key(Confidence.LOW, encrypted)
    if "PGP" in label:
        return Key(sure(data[0] >= 0x80), encrypted)
    if data.startswith(_OPENSSH):
        return _openssh(data)
    if encrypted and "ENCRYPTED" in headers:
        return Key(sure(len(data) % 8 == 0), encrypted)
    return Key(sure(_is_der(data)), encrypted)


def _body_of(block: str) -> tuple[str, str]:
    """The base64 of a block, and its headers."""
    body: list[str] = []
    headers: list[str] = []
    for line in re.split(r"\\r\\n|\\n|\r?\n", _ARMOUR.sub("\n", block)):
        (headers if ":" in line else body).append(line)
    joined = _NOISE.sub("", "\n".join(body))
    checksum = re.search(r"={1,2}(?==[A-Za-z0-9+/]{4}\Z)|(?==[A-Za-z0-9+/]{4}\Z)", joined)
    return (joined[: checksum.end()] if checksum else joined), "\n".join(headers)


def _is_der(data: bytes) -> bool:
    """Whether `data` is one ASN.1 sequence, as long as it says."""
    if data[0] != _SEQUENCE:
        return False
    if data[1] < 0x80:
        return data[1] + 2 == len(data)
    width = data[1] & 0x7F
    if not 1 <= width <= 4:
        return False
    length = int.from_bytes(data[2 : 2 + width], "big")
    return 2 + width + length == len(data)


def _openssh(data: bytes) -> Key:
    """Cipher, key derivation, its options, the number of keys, the keys: each with its length."""
    fields = list(_strings(data, len(_OPENSSH)))
    if len(fields) < 3:
        return Key(Confidence.MEDIUM)
    encrypted = fields[0] != b"none"
    position = len(_OPENSSH) + sum(4 + len(field) for field in fields[:3]) + 4
    keys = list(_strings(data, position))
    return Key(sure(len(keys) >= 2), encrypted)


def _strings(data: bytes, position: int) -> Iterator[bytes]:
    """The strings from `position` on, until one does not fit."""
    while position + 4 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        if position + 4 + length > len(data):
            return
        yield data[position + 4 : position + 4 + length]
        position += 4 + length
