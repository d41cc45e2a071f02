"""The only door from a matched value to anything that is shown or stored."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import Final

from msgspec import Struct

KEY_VARIABLE: Final = "LLMSEC_KEY"
"""Set this variable to get the same digests in every run; otherwise each run draws a key."""

STARS: Final = "***"


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


def redact(text: str, values: frozenset[str]) -> str:
    """`text` with every occurrence of each value replaced by stars, longest first."""
    for value in sorted(values, key=len, reverse=True):
        if value in text:
            text = text.replace(value, STARS)
    return text
