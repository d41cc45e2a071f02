"""Word lists as they are written."""

from __future__ import annotations


def lexicon(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
