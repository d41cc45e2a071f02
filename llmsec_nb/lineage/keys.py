"""What is derived from the user's key. The key itself is never kept, stored or shown.

Each purpose has a key of its own (HMAC-SHA-256 of the purpose), so that what one of them gives
away says nothing of another.
"""

from __future__ import annotations

import hmac
from typing import Any, Final

import msgspec

from .problems import LineageError

_PREFIX: Final = b"llmsec-nb lineage 1 "
_SHORTEST: Final = 16


def derived(key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose; b"" where there is no key. Raises LineageError on a short one."""
    if not key:
        return b""
    if len(key) < _SHORTEST:
        raise LineageError(f"a key of {len(key)} bytes: {_SHORTEST} or more are needed")
    return hmac.digest(key, _PREFIX + purpose.encode(), "sha256")


def key_id(key: bytes) -> str:
    """Which key it is, as 16 hex digits that say nothing more of it; empty where there is none."""
    return derived(key, "id")[:8].hex()


def seed_of(key: bytes) -> int:
    """The seed (63 bits) of scans whose states are kept: the next scan with the key has it, too."""
    return int.from_bytes(derived(key, "seed")[:8], "big") >> 1


def sign(key: bytes, purpose: str, tree: Any) -> str:
    """The signature (HMAC-SHA-256, hex) of what is fit for JSON; empty where there is no key."""
    secret = derived(key, f"sign {purpose}")
    if not secret:
        return ""
    return hmac.digest(secret, msgspec.json.encode(tree, order="sorted"), "sha256").hex()


def is_signed(key: bytes, purpose: str, tree: Any, signature: str) -> bool:
    """Whether it is the signature of `tree` by this key."""
    expected = sign(key, purpose, tree)
    return bool(expected) and hmac.compare_digest(expected.encode(), signature.encode())
