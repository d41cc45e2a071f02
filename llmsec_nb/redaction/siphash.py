"""SipHash-2-4 of one 64-bit word: a keyed function that is as quick over whole arrays.

Definition: Aumasson and Bernstein, https://www.aumasson.jp/siphash/siphash.pdf. The message is
the word, little endian.
"""

from __future__ import annotations

from typing import Any, Final

_MASK: Final = 0xFFFF_FFFF_FFFF_FFFF
_START: Final = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
_LENGTH: Final = 8 << 56
_FINAL: Final = 0xFF

State = tuple[int, int, int, int]


def state_of(key: bytes) -> State:
    """The state that a key of 16 bytes begins with."""
    low, high = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:16], "little")
    first, second, third, fourth = _START
    return low ^ first, high ^ second, low ^ third, high ^ fourth


def siphash(state: State, word: Any) -> Any:
    """The hash of a word, or of each word of a numpy array of unsigned 64-bit integers."""
    a, b, c, d = state
    inner: Any = (a, b, c, word ^ d)
    inner = _mixed(_mixed(inner))
    inner = (inner[0] ^ word, *inner[1:3], inner[3] ^ _LENGTH)
    inner = _mixed(_mixed(inner))
    inner = (inner[0] ^ _LENGTH, inner[1], inner[2] ^ _FINAL, inner[3])
    a, b, c, d = _mixed(_mixed(_mixed(_mixed(inner))))
    return a ^ b ^ c ^ d


def _mixed(state: Any) -> Any:
    a, b, c, d = state
    a = (a + b) & _MASK
    b = ((b << 13) & _MASK | (b >> 51)) ^ a
    a = (a << 32) & _MASK | (a >> 32)
    c = (c + d) & _MASK
    d = ((d << 16) & _MASK | (d >> 48)) ^ c
    a = (a + d) & _MASK
    d = ((d << 21) & _MASK | (d >> 43)) ^ a
    c = (c + b) & _MASK
    b = ((b << 17) & _MASK | (b >> 47)) ^ c
    c = (c << 32) & _MASK | (c >> 32)
    return a, b, c, d
