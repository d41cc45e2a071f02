"""The seam between the engine and what it runs."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

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


Hint = Any
"""Whatever a detector's `screen` hands to its `detect`; None says that there is nothing to do."""


class Match(Struct, frozen=True, kw_only=True):
    """A detector's word on a span of a text: offsets only, never the value itself.

    `public` is the leading part of the value that is no secret; `label` replaces the mask
    where the value itself is harmless (a character's name, say). `rank` decides between
    two rules of a family that claim the same characters: the higher one stays. `others` are
    further spans that the match stands for.
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
    others: tuple[tuple[int, int], ...] = ()


class Context(Struct, frozen=True, kw_only=True):
    """What a detector may know beside the text: the file's name and the whole cell's source."""

    path: str = ""
    neighbourhood: str = ""


class Detector(Protocol):
    """Finds matches in texts. Holds no state between two calls."""

    cost: ClassVar[Cost]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that it implements."""

    def screen(self, content: str) -> Hint:
        """What may occur in a document, from all of its texts in one string; None: nothing.

        One search over the whole is much cheaper than one over each of a thousand small texts.
        """

    def detect(self, text: Text, hint: Hint, context: Context) -> Iterator[Match]:
        """Yield what is wrong in one text of a document for which `screen` gave `hint`."""
