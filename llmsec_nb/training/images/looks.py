"""What is wrong with the file of a picture, by its bytes alone."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from ...core.artifact import Text
from ...core.detector import Context
from ...core.rule import Kind
from ...rules.unicode.hidden import HiddenCharacters
from .containers import Built, built

if TYPE_CHECKING:
    from collections.abc import Iterator

PIXELS: Final = 50_000_000
"""A picture with more is never decoded."""
CORRUPT, TRAILING, POLYGLOT, TEXT, BOMB, MISNAMED = range(6)
KINDS: Final = 6

_SUFFIXES: Final = {
    ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".bmp": "bmp", ".webp": "webp",
    ".tif": "tiff", ".tiff": "tiff",
}  # fmt: skip
_OTHERS: Final = re.compile(
    rb"PK\x03\x04|%PDF-|\x7fELF[\x01\x02]|Rar!\x1a|7z\xbc\xaf\x27|<script|<html|<\?php"
    rb"|\A(?:MZ|#!/)",
    re.IGNORECASE,
)
"""Beginnings of programs, archives and documents; only what follows a picture is looked at."""
_INSIDE: Final = re.compile(rb"<script[\s>]|<\?php\s|<html[\s>]|<!doctype html", re.IGNORECASE)
_DIRECTORY: Final = 22
_COMMENT: Final = 65_535
_RUNS: Final = re.compile(rb"[\x09\x0a\x0d\x20-\x7e\x80-\xff]{8,65536}")
_WIDE: Final = re.compile(rb"(?:[\x20-\x7e]\x00){8,32768}")
_ORDERS: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.;\n]{0,30}"
    r"\b(?:previous|prior|above|earlier|all|any|your|system)\b[^.;\n]{0,30}"
    r"\b(?:instructions?|prompts?|rules|guidelines|messages?)\b"
    r"|\bsystem prompt\b|<\|(?:im_start|system|user|assistant)\|>|\[INST\]|<<SYS>>",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"<script\b|javascript:|<\?php|\bos\.system\(|\bsubprocess\.|\beval\(|\bexec\(|__import__\("
    r"|\b(?:curl|wget) +(?:-\w+ +){0,4}https?://|\bpowershell\b|/bin/(?:ba)?sh\b|\bbase64 -d\b",
    re.IGNORECASE,
)
_PADDING: Final = b"\0\r\n\t \xff"
_LONGEST: Final = 1 << 20


def wrong_with(data: bytes, name: str = "") -> frozenset[int]:
    """What is wrong, decoding apart. `name` is that of the file, if it has one."""
    found = built(data)
    if found is None:
        return frozenset({CORRUPT})
    return frozenset(_wrong(data, name, found))


def _wrong(data: bytes, name: str, found: Built) -> Iterator[int]:
    if found.end is None or 0 in found.size:
        yield CORRUPT
    if found.size[0] * found.size[1] > PIXELS:
        yield BOMB
    rest = data[found.end :] if found.end is not None and found.end >= 0 else b""
    if rest.strip(_PADDING) and not (found.pages and rest.lstrip(_PADDING[:1])[:2] == b"\xff\xd8"):
        yield TRAILING
    if _is_other(data, rest):
        yield POLYGLOT
    if any(map(_is_odd, texts_of(found))):
        yield TEXT
    expected = _SUFFIXES.get(PurePosixPath(name.lower()).suffix, "")
    if expected and expected != found.kind:
        yield MISNAMED


def _is_other(data: bytes, rest: bytes) -> bool:
    if _OTHERS.search(rest[:_LONGEST]) or b"%PDF-" in data[:1024] or _INSIDE.search(data):
        return True
    place = data.rfind(b"PK\x05\x06", max(0, len(data) - _COMMENT - _DIRECTORY))
    if place < 0 or place + _DIRECTORY > len(data):
        return False
    size = int.from_bytes(data[place + 12 : place + 16], "little")
    return data[max(0, place - size) :].startswith(b"PK\x01\x02")


def texts_of(found: Built) -> Iterator[str]:
    """The readable runs in the metadata."""
    for block in found.texts:
        for run in _RUNS.findall(block):
            try:
                yield run.decode()
            except UnicodeDecodeError:  # numbers, thumbnails; or a text of another encoding
                yield run.decode("ascii", "replace")
        for run in _WIDE.findall(block):
            yield run.decode("utf-16-le", "replace")


def _is_odd(text: str) -> bool:
    """Whether it holds orders, code or hidden characters; the mark that begins XMP is none."""
    if _ORDERS.search(text) or _CODE.search(text):
        return True
    plain = text.replace("\ufeff", "")
    hidden = HiddenCharacters()
    hint = hidden.screen(plain)
    if not hint:
        return False
    artifact = Text(plain, Kind.MARKDOWN, ())
    return any(True for _ in hidden.detect(artifact, hint, Context()))
