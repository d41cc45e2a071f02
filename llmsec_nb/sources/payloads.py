"""Encoded text inside of text: base64 and hexadecimal runs, data URIs, UTF-16."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA_URI: Final = re.compile(
    r"data:(?P<mime>[\w.+-]{1,64}/[\w.+-]{1,100})?(?:;(?!base64)[\w.=+-]{1,64}){0,4}"
    r"(?:;base64,(?P<base64>[A-Za-z0-9+/=_%-]{8,})|,(?P<plain>[^\s\"'<>`)]{8,65536}))"
)
_SHORTEST: Final = 24
_LONGEST: Final = 1 << 16
_LOOKS_BASE64: Final = re.compile(r"[A-Za-z0-9+/\r\n]{16,}={0,2}\s{0,4}\Z")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){16,}\Z")
_URL_SAFE: Final = str.maketrans("-_", "+/", "\r\n")
_RUN: Final = bytes(
    0x61 if (chr(code).isalnum() and code < 128) or code in b"+/-_" else 0x20 for code in range(256)
)
"""Maps the characters of both base64 alphabets to one, so that a run is found at memory speed."""
_PRINTABLE: Final = bytes(range(32, 127)) + b"\t\r\n"
_PROMISING: Final = re.compile(
    r"(?:[ACDI-Za-f][A-Za-z0-9+/_-]{3}){4}|(?:[2-7][0-9a-fA-F]|0[9aAdD]){12}|//[45]|/v[89+/]"
)
"""The first characters of encoded text: each third byte is below 128, or a mark of UTF-16."""
_PADDING: Final = re.compile("={0,2}")
_WORDS: Final = re.compile(r"[A-Za-z]{4,}|[+/_-]")


def decoded(payload: str) -> bytes | None:
    """The bytes of a base64 text, URL-safe and percent-escaped ones too; None if it is none."""
    if "%" in payload:
        payload = unquote_to_bytes(payload).decode("latin-1")
    plain = payload.translate(_URL_SAFE)
    try:
        return binascii.a2b_base64(plain + "=" * (-len(plain.rstrip("=")) % 4))
    except ValueError:
        return None


def looks_base64(text: str) -> bool:
    """Whether the whole text is one base64 payload."""
    return _LOOKS_BASE64.match(text) is not None


def readable(data: bytes) -> str | None:
    """Text in UTF-8, or in UTF-16 as Windows writes it; None if it is no text."""
    wide = _wide(data)
    try:
        text = data.decode(wide or "utf-8")
    except UnicodeDecodeError:
        return None
    controls = sum(text.count(chr(code)) for code in (0, 1, 2, 3, 4, 5, 6, 8))
    return None if controls else text.removeprefix("\ufeff")


def _wide(data: bytes) -> str:
    """The name of the encoding if every second byte is zero, or a mark says so."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    if len(data) >= 8 and len(data) % 2 == 0:
        if not any(data[1:64:2]) and all(data[0:64:2]):
            return "utf-16-le"
        if not any(data[0:64:2]) and all(data[1:64:2]):
            return "utf-16-be"
    return ""


class Run:
    """An encoded run of a text and what it holds; `ratio` characters stand for a byte."""

    __slots__ = ("data", "end", "plain", "start", "wide")

    def __init__(self, start: int, end: int, data: bytes, plain: str) -> None:
        """`wide` says that a character of the text inside is not one byte of it."""
        self.start = start
        self.end = end
        self.data = data
        self.plain = plain
        self.wide = len(plain) != len(data)

    @property
    def is_hex(self) -> bool:
        """Two characters for a byte, not four for three."""
        return (self.end - self.start) == 2 * len(self.data)


def runs(text: str, mask: bytes | None = None) -> Iterator[Run]:
    """The runs of at least 24 characters that decode to text.

    `mask` is `run_mask(text)`, where it is known already.
    """
    for start, end in spans(run_mask(text) if mask is None else mask):
        if _PROMISING.match(text, start):
            yield from _decoded_run(text, start, end)


def run_mask(text: str) -> bytes:
    """The text with one letter for all characters of base64, and blanks for the others."""
    return text.encode("ascii", "replace").translate(_RUN)


def spans(mask: bytes) -> Iterator[tuple[int, int]]:
    """Where runs of at least 24 characters stand, padding left out."""
    needle = b"a" * _SHORTEST
    start = mask.find(needle)
    while start >= 0:
        end = mask.find(b" ", start)
        end = len(mask) if end < 0 else end
        yield start, end
        start = mask.find(needle, end)


def _decoded_run(text: str, start: int, end: int) -> Iterator[Run]:
    """A run, or those parts of one that is cut by a sign which belongs to neither alphabet."""
    run = text[start : min(end, start + _LONGEST)]
    if _HEX.match(run):
        data = bytes.fromhex(run)
        plain = readable(data) if printable(data) else None
        if plain is not None:
            yield Run(start, start + len(run), data, plain)
            return
    head = decoded(run[:16])
    if head is None or not printable(head):
        return
    usable = len(run) if len(run) == end - start else len(run) // 4 * 4
    data_or_none = decoded(run[:usable])
    if data_or_none is not None and printable(data_or_none):
        plain = readable(data_or_none)
        if plain is not None and _differs(run, plain):
            padded = _PADDING.match(text, start + usable)
            yield Run(start, padded.end() if padded else end, data_or_none, plain)


def _differs(run: str, plain: str) -> bool:
    """Words joined by hyphens can decode to printable signs by chance; text has more letters."""
    return sum(map(str.isalnum, plain)) * 2 > len(plain) or not _WORDS.search(run)


def printable(data: bytes) -> bool:
    """Whether it is text but for a twentieth; of UTF-16 every second byte counts."""
    if b"\0" in data and _wide(data[: len(data) // 2 * 2]):
        data = data.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return len(data.translate(None, _PRINTABLE)) * 20 <= len(data)
