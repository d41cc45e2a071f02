"""What is wrong with the lineage of data, and what could not be done."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from ..core.rule import Rule, Severity

SHOWN: Final = 1000
"""So many row numbers a problem names; `count` counts all."""


class LineageError(Exception):
    """Something cannot be read, written or believed. One line: what, and the remedy."""

    def __init__(self, message: str) -> None:
        """Names in the message may come from others: nothing in it moves a cursor."""
        super().__init__(printable(message))


def printable(text: str) -> str:
    """The text with its invisible characters and line ends spelt out."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is not as the manifest or the audit trail says. Holds no raw value.

    `path` is what the problem is in, `data` the data set. `rows` are row numbers from 0 in the
    data as they are now (at most 1,000; `count` counts all), `shards` numbers of shards from 0.
    """

    rule: Rule
    message: str
    path: str
    data: str = ""
    severity: Severity | None = None
    rows: tuple[int, ...] = ()
    shards: tuple[int, ...] = ()
    count: int = 0

    @property
    def harm(self) -> Severity:
        """Its own severity, or that of its rule."""
        return self.severity or self.rule.severity
