"""Literals by the Aho-Corasick automaton of Rust's `aho-corasick`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from . import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence


class AhoCorasickFilter:
    """A deterministic automaton: one table look-up a byte."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        """Build, which takes some milliseconds."""
        self._automaton = BytesAhoCorasick(
            literals, matchkind=MatchKind.Standard, implementation=Implementation.DFA
        )

    def find(self, data: bytes) -> list[Hit]:
        """All occurrences."""
        matches = self._automaton.find_matches_as_indexes(data, overlapping=True)
        return sorted(Hit(start, literal) for literal, start, _ in matches)
