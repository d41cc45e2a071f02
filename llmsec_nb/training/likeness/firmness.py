"""Which groups of near-copies are so beyond doubt, and which are boilerplate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .content import balance
from .signature import alike, centre

if TYPE_CHECKING:
    from .signature import Signatures

CLEAR: Final = 24
"""Of so many texts one or two may be overlooked, and it still is a flood."""
FRAMED: Final = 0.4
"""Groups of less balance than this are texts of their own within one frame."""
_BALANCED: Final = 0.6
_SHARED: Final = 0.6
"""What is filled in may not be most of a text."""


def firm(signature: Signatures, ends: Signatures) -> bool:
    """Whether texts that keep most of their words, at certain places, are copies of one text."""
    shared = float(alike(signature, centre(signature)).mean())
    return shared >= _SHARED and balance(ends) >= _BALANCED
