"""Where do these few hundred literals occur? One pass over a text, by the fastest means at hand.

Every backend gives the same answer: all occurrences, overlapping ones too, in order. Texts are
searched as bytes, one for each character and in lower case; see `haystack`.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

VARIABLE: Final = "LLMSEC_PREFILTER"
"""Names the backend to use; by default the fastest that is installed."""

BACKENDS: Final = {"hyperscan": "hyperscan", "ahocorasick": "ahocorasick_rs", "python": ""}
"""Names of the backends, fastest first, and the package that each needs."""


class Hit(NamedTuple):
    """An occurrence: the offset of its first character, and the number of the literal."""

    start: int
    literal: int


class Prefilter(Protocol):
    """Finds literals."""

    def find(self, data: bytes) -> list[Hit]:
        """All occurrences in a haystack, by offset and then by number."""


def haystack(text: str) -> bytes:
    """The text as a prefilter reads it: a byte for each character, in lower case."""
    return text.encode("ascii", "replace").lower()


def available() -> tuple[str, ...]:
    """The backends that can be used here, fastest first."""
    return tuple(name for name, package in BACKENDS.items() if not package or find_spec(package))


def prefilter(literals: Sequence[str], backend: str = "") -> Prefilter:
    """A prefilter for lower-case ASCII literals, none of them empty, none of them twice.

    An unknown or missing backend gives the next best one.
    """
    wanted = backend or os.environ.get(VARIABLE, "")
    usable = available()
    name = wanted if wanted in usable else usable[0]
    encoded = [literal.encode("ascii") for literal in literals]
    if name == "hyperscan":
        from .vectorscan import HyperscanFilter

        return HyperscanFilter(encoded)
    if name == "ahocorasick":
        from .corasick import AhoCorasickFilter

        return AhoCorasickFilter(encoded)
    from .trie import TrieFilter

    return TrieFilter(encoded)
