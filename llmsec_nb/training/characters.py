"""What each byte of UTF-8 text is to the tokeniser, by vectors and Unicode's own tables."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

STARTS: Final = 1
ENDS: Final = 2
SINGLE: Final = 4
"""Part of a character that is a token of its own; STARTS and ENDS are its first and last byte."""
HIDDEN: Final = 8
"""Part of one that shows nothing."""
LETTER: Final = 16
"""Part of one that is a letter or digit, in a script that puts no spaces between words."""
WORD: Final = 32
"""Part of a run of letters and digits. 0 is a blank."""
_UPPER: Final = 64
_BLANKS: Final = " \t\n\r\v\f\u00a0\u3000"
_FILLERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SELECTORS: Final = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
_UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x312F),
    (0x31A0, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1B000, 0x1B2FF),
    (0x20000, 0x3FFFF),
)  # fmt: skip
"""Thai, Lao, Tibetan, Burmese, Khmer, Han, kana, bopomofo."""


@dataclass(frozen=True, slots=True)
class _Tables:
    """By code point, filled as they occur: what it is (0: not known yet), its small letter."""

    kinds: NDArray[np.uint8]
    small: NDArray[np.uint32]


def classes(raw: Bytes) -> tuple[Bytes, NDArray[np.bool_], Bytes]:
    """What each byte is, whether it is part of a capital letter, and the bytes with small letters.

    A capital whose small letter takes another number of bytes is kept.
    """
    import numpy as np

    kinds = _ascii()[raw]
    upper = (raw - 65) < 26  # unsigned: what is below 65 wraps around
    small = raw | upper * np.uint8(32)
    if len(raw) and int(raw.max()) >= 0x80:
        _wide(raw, kinds, upper, small)
    return kinds, upper, small


def _wide(raw: Bytes, kinds: Bytes, upper: NDArray[np.bool_], small: Bytes) -> None:
    """The same for characters of more than one byte."""
    import numpy as np

    tables = _tables()
    padded = np.concatenate([raw, np.zeros(3, np.uint8)])
    leads = np.flatnonzero(raw >= 0xC0)
    heads = raw[leads]
    for size, low, high in ((2, 0xC0, 0xE0), (3, 0xE0, 0xF0), (4, 0xF0, 0x100)):
        places = leads[(heads >= low) & (heads < high)]
        places = places[places + size <= len(raw)]
        if not len(places):
            continue
        codes = padded[places].astype(np.uint32) & np.uint32(0x7F >> size)
        for step in range(1, size):
            codes = (codes << np.uint32(6)) | (padded[places + step] & np.uint8(0x3F))
        _know(tables, codes)
        found = tables.kinds[codes]
        capital = (found & _UPPER) != 0
        found &= ~np.uint8(_UPPER)
        blank = found == STARTS
        middle = np.where(blank, 0, found & ~np.uint8(STARTS | ENDS))
        single = (found & SINGLE) != 0
        for step in range(size):
            kinds[places + step] = middle
            upper[places[capital] + step] = True
        kinds[places[single]] |= STARTS
        kinds[places[single] + size - 1] |= ENDS
        changed, codes = places[capital], tables.small[codes[capital]]
        for step in range(size - 1, 0, -1):
            small[changed + step] = 0x80 | (codes & 0x3F)
            codes >>= 6
        small[changed] = codes | (0xF00 >> size & 0xFF)


def _know(tables: _Tables, codes: NDArray[np.uint32]) -> None:
    """Fill in what is met for the first time. Two threads may do the same: to the same effect."""
    import numpy as np

    np.minimum(codes, 0x10FFFF, out=codes)
    unknown = codes[tables.kinds[codes] == 0]
    if not len(unknown):
        return
    for code in np.unique(unknown).tolist():
        sign = chr(code)
        kind = _kind(sign)
        tables.small[code] = code
        if kind == WORD:
            lower = sign.lower()
            if lower != sign and len(_utf8(lower)) == len(_utf8(sign)) and len(lower) == 1:
                tables.small[code] = ord(lower)
                kind |= _UPPER
        tables.kinds[code] = kind or STARTS


def _kind(sign: str) -> int:
    """What a character is."""
    if sign in _BLANKS:
        return 0
    code, category = ord(sign), unicodedata.category(sign)
    ranged = any(low <= code <= high for low, high in _SELECTORS)
    if ranged or sign in _FILLERS or category in {"Cc", "Cf", "Zs", "Zl", "Zp"}:
        return STARTS | ENDS | SINGLE | HIDDEN
    if category[0] not in "LNM":
        return STARTS | ENDS | SINGLE
    if any(low <= code <= high for low, high in _UNSPACED):
        return STARTS | ENDS | SINGLE | LETTER
    return WORD


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@cache
def _tables() -> _Tables:
    import numpy as np

    return _Tables(np.zeros(0x110000, np.uint8), np.zeros(0x110000, np.uint32))


@cache
def _ascii() -> Any:
    import numpy as np

    return np.array([_kind(chr(byte)) if byte < 128 else 0 for byte in range(256)], np.uint8)
