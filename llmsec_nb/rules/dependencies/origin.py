"""Who it is that installs, and how places are told."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

Place = Callable[[int, int], tuple[int, int]]
"""From characters of a text to those of the unit in which it stands."""


class Origin(Enum):
    """Who runs a command, or reads a requirement."""

    LINE = "!"
    MAGIC = "%"
    SCRIPT = "script"
    CALL = "call"
    FILE = "file"
