"""The seam between the engine and what it runs."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, Protocol

from msgspec import Struct

from .rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .artifact import Text


class Cost(IntEnum):
    """What a face is willing to pay, cheapest first."""

    TYPING = 0
    CELL = 1
    SCAN = 2
    NETWORK = 3


class Unavailable(Exception):
    """A detector cannot run here; the message names the remedy."""


class Match(Struct, frozen=True, kw_only=True):
    """A detector's word on a span of a text: offsets only, never the value itself.

    `public` is the leading part of the value that is no secret; `label` replaces the mask
    where the value itself is harmless (a character's name, say). `rank` decides between
    two rules of a family that claim the same characters: the higher one stays.
    """

    rule: Rule
    start: int
    end: int
    message: str = ""
    public: str = ""
    label: str = ""
    confidence: Confidence | None = None
    severity: Severity | None = None
    rank: int = 0


class Context(Struct, frozen=True, kw_only=True):
    """What a detector may know beside the text: the file's name and the whole cell's source."""

    path: str = ""
    neighbourhood: str = ""


class Detector(Protocol):
    """Finds matches in one text. Holds no state between two calls."""

    rules: ClassVar[tuple[Rule, ...]]
    cost: ClassVar[Cost]

    def prepare(self) -> None:
        """Import what is heavy. Raises Unavailable with a remedy."""

    def detect(self, text: Text, context: Context) -> Iterator[Match]:
        """Yield what is wrong in the text."""
