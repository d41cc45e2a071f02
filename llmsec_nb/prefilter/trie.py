"""Literals by one regular expression in the form of a trie: needs nothing but Python."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from . import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

_Node = dict[int, "_Node"]
_END = -1


class TrieFilter:
    """Common beginnings are shared, so that a place is given up at the first wrong byte."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        """Compile nothing yet."""
        self._numbers = {literal: number for number, literal in enumerate(literals)}
        self._lengths = sorted({len(literal) for literal in literals})

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        root: _Node = {}
        for literal in self._numbers:
            node = root
            for byte in literal:
                node = node.setdefault(byte, {})
            node[_END] = {}
        return re.compile(_expression(root))

    def find(self, data: bytes) -> list[Hit]:
        """All occurrences."""
        found: list[Hit] = []
        search, numbers = self._pattern.search, self._numbers
        match = search(data)
        while match is not None:
            start, end = match.span()
            found.extend(
                Hit(start, numbers[data[start : start + length]])
                for length in self._lengths
                if start + length <= end and data[start : start + length] in numbers
            )
            match = search(data, start + 1)
        return sorted(found)


def _expression(node: _Node) -> bytes:
    """The longest literal at a place; the shorter ones begin with the same bytes."""
    single = [byte for byte, child in node.items() if byte != _END and set(child) == {_END}]
    rest = [
        re.escape(bytes([byte])) + _expression(child)
        for byte, child in sorted(node.items())
        if byte != _END and byte not in single
    ]
    if single:
        rest.append(b"[" + b"".join(re.escape(bytes([byte])) for byte in sorted(single)) + b"]")
    if not rest:
        return b""
    whole = rest[0] if len(rest) == 1 else b"(?:" + b"|".join(rest) + b")"
    return b"(?:" + whole + b")?" if _END in node else whole
