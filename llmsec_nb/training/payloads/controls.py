"""Control characters in a text: nothing that anybody writes, often a wrong encoding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .hits import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTROL: Final = "control"

CONTROLS: Final = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f"
"""All but tab, line ends and U+0085; the inside of a character class of Python."""
GATE: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{7f}-\x{84}\x{86}-\x{9f}]"
"""Without a match of it there is nothing to find. Syntax of RE2."""
_RUN: Final = re.compile(f"[{CONTROLS}]+")


def find(text: str) -> Iterator[Hit]:
    """Each run of them."""
    yield from (Hit(CONTROL, *found.span()) for found in _RUN.finditer(text))
