"""Literals by Hyperscan (https://www.hyperscan.io): many bytes a step, with SIMD."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import hyperscan

from . import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence


class HyperscanFilter:
    """A compiled database; it reports where matches end."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        """Compile, which takes some milliseconds."""
        self._lengths = [len(literal) for literal in literals]
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=[re.escape(literal) for literal in literals],
            ids=list(range(len(literals))),
            elements=len(literals),
            flags=[0] * len(literals),
        )

    def find(self, data: bytes) -> list[Hit]:
        """All occurrences."""
        found: list[Hit] = []
        lengths = self._lengths

        def take(literal: int, _: int, end: int, flags: int, context: Any) -> None:
            found.append(Hit(end - lengths[literal], literal))

        self._database.scan(data, match_event_handler=take)
        found.sort()
        return found
