"""What a scan did not see."""

from __future__ import annotations

from msgspec import Struct


class Failure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that could not be scanned, so its silence proves nothing."""

    path: str
    message: str
    remedy: str = ""
    cell: int | None = None


class Skip(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was left out on purpose, and why."""

    path: str
    message: str
