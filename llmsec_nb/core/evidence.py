"""The only door from a matched value to anything that is shown or stored."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY_VARIABLE: Final = "LLMSEC_KEY"
"""Set this variable to get the same digests in every run; otherwise each run draws a key."""

STARS: Final = "***"
_PREFIX: Final = 4


class Evidence(Struct, frozen=True):
    """What may be shown of a match: a mask, and a keyed digest that links equal values."""

    masked: str
    digest: str


class Concealer:
    """Masks values and computes their digests under one key."""

    __slots__ = ("key",)

    def __init__(self, key: bytes | None = None) -> None:
        """Take `key`, or the one from the environment, or a fresh random one."""
        named = os.environ.get(KEY_VARIABLE, "").encode("utf-8", "surrogateescape")
        self.key = key or named or secrets.token_bytes(32)

    def conceal(self, value: str, public: str = "") -> Evidence:
        """Evidence for `value`, of which only the prefix `public` may be seen.

        `public` is the part of the format that every such value shares, such as `ghp_`.
        """
        shown = public if value.startswith(public) and len(public) < len(value) else ""
        return Evidence(masked=shown + STARS, digest=self.digest(value))

    def digest(self, value: str) -> str:
        """HMAC-SHA-256 of the value, 16 hexadecimal digits."""
        data = value.encode("utf-8", "surrogatepass")
        return hmac.new(self.key, data, hashlib.sha256).hexdigest()[:16]


class Redactor:
    """Replaces every occurrence of given values by stars, in time that does not grow with them."""

    __slots__ = ("_lengths", "_values")

    def __init__(self, values: Iterable[str]) -> None:
        """Values shorter than four characters are left alone: they occur everywhere."""
        self._values = {value for value in values if len(value) >= _PREFIX}
        lengths: dict[str, set[int]] = {}
        for value in self._values:
            lengths.setdefault(value[:_PREFIX], set()).add(len(value))
        self._lengths = {start: sorted(known, reverse=True) for start, known in lengths.items()}

    def __call__(self, text: str) -> str:
        """`text` without any of the values, overlapping ones included."""
        if not self._values:
            return text
        chunks: list[str] = []
        kept = hidden_to = 0
        for position in range(len(text) - _PREFIX + 1):
            end = self._match(text, position)
            if end is None or end <= hidden_to:
                continue
            if position >= hidden_to:
                chunks += [text[kept:position], STARS]
            kept = hidden_to = end
        chunks.append(text[kept:])
        return "".join(chunks)

    def _match(self, text: str, position: int) -> int | None:
        for length in self._lengths.get(text[position : position + _PREFIX], ()):
            if text[position : position + length] in self._values:
                return position + length
        return None
