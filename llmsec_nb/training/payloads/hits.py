"""What all finders of payloads give."""

from __future__ import annotations

from typing import NamedTuple


class Hit(NamedTuple):
    """Characters `start` to `end` of a text, what they are, and what they say, if that is hidden.

    `decoded` is raw. `quoted` says that the hit stands in a block of code, where it shows what is
    talked about.
    """

    kind: str
    start: int
    end: int
    decoded: str = ""
    quoted: bool = False
