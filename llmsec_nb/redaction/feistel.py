"""Keyed permutations of numbers: a Feistel network over two halves of different size.

https://en.wikipedia.org/wiki/Feistel_cipher; each half is changed in turn by a keyed hash of the
other: SipHash-2-4, or for halves beyond 56 bits BLAKE2b (RFC 7693). Being a permutation, it never
makes one value of two.

No value stands for itself: the network says in which secret order all values stand in one ring, and
what stands for a value is the next in the ring. This also holds where the next is taken again and
again until it is one of a subset of at least two values.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final

from .siphash import siphash, state_of

_ROUNDS: Final = 8
_WIDEST: Final = 1 << 56
"""Below it sums fit 64 bits, and the remainder of a hash is as good as even."""


class Domain:
    """Pairs of numbers below `left` and `right`, permuted under a key that belongs to `name`."""

    __slots__ = ("__keys", "__states", "_width", "left", "right", "small")

    def __init__(self, key: bytes, name: str, left: int, right: int) -> None:
        self.left = left
        self.right = right
        self.small = max(left, right) < _WIDEST
        self._width = (max(left, right).bit_length() + 7) // 8
        self.__keys = [
            hmac.digest(key, f"{name}|{number}".encode(), "sha256") for number in range(_ROUNDS)
        ]
        self.__states = [state_of(round_key) for round_key in self.__keys]

    def pairs(self, left: Any, right: Any) -> tuple[Any, Any]:
        """The pair that stands for a pair; if `small`, also numpy arrays of uint64."""
        for number in range(0, _ROUNDS, 2):
            left = (left + self._hash(number, right) % self.left) % self.left
            right = (right + self._hash(number + 1, left) % self.right) % self.right
        right = right + 1
        left = (left + right // self.right) % self.left
        right = right % self.right
        for number in range(_ROUNDS - 2, -1, -2):
            right = (right + self.right - self._hash(number + 1, left) % self.right) % self.right
            left = (left + self.left - self._hash(number, right) % self.left) % self.left
        return left, right

    def walk(self, value: int) -> int:
        """The number that stands for `value`, both below `left * right`."""
        left, right = self.pairs(*divmod(value, self.right))
        return int(left * self.right + right)

    def _hash(self, number: int, half: Any) -> Any:
        if self.small:
            return siphash(self.__states[number], half)
        data = half.to_bytes(self._width, "little")
        return int.from_bytes(hashlib.blake2b(data, key=self.__keys[number]).digest(), "little")
