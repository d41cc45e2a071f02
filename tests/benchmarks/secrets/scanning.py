"""What the measurements share: one scan in this process, and its secrets as spans of a part."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import Finding
from llmsec_nb.core.rule import Confidence, Family
from llmsec_nb.engine import scan_read, suspects
from llmsec_nb.policy import Policy
from llmsec_nb.sources.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONCEALER: Final = Concealer(b"benchmark")


class Hit(NamedTuple):
    """One finding of the family of secrets."""

    rule: str
    confidence: Confidence
    pointer: str
    start: tuple[int, int]
    end: tuple[int, int]

    @property
    def is_sure(self) -> bool:
        """Whether it is reported by default."""
        return self.confidence.at_least(Confidence.MEDIUM)


@cache
def _policy() -> Policy:
    return Policy(Config(min_confidence=Confidence.LOW))


def findings(data: bytes, name: str) -> Iterator[Finding]:
    """Every secret in a file of that name, the unsure ones too, as `llmsec check` reads it.

    Raises RuntimeError where the scan stopped with an error of ours.
    """
    policy = _policy()
    scanned = scan_read(
        name, lambda: read_bytes(data, name, suspects(policy, name)), policy, _CONCEALER
    )
    for event in scanned.events:
        if isinstance(event, Finding):
            if event.family is Family.SECRET:
                yield event
        elif "please report it" in getattr(event, "remedy", ""):
            raise RuntimeError(event.message)


def hits(data: bytes, name: str) -> list[Hit]:
    """Every secret in a file, as a span of the part that holds it."""
    return [
        Hit(
            rule=f"{finding.rule} {finding.name}",
            confidence=finding.confidence,
            pointer=finding.location.pointer or "",
            start=(finding.location.line, finding.location.column),
            end=(finding.location.end_line, finding.location.end_column),
        )
        for finding in findings(data, name)
    ]


def occurrences(text: str, value: str) -> list[tuple[int, int]]:
    """Where a value stands in a text."""
    found: list[tuple[int, int]] = []
    start = text.find(value) if value else -1
    while start >= 0:
        found.append((start, start + len(value)))
        start = text.find(value, start + 1)
    return found


def offset(text: str, position: tuple[int, int]) -> int:
    """The offset of a 0-based line and column."""
    line, column = position
    start = 0
    for _ in range(line):
        start = text.find("\n", start) + 1
    return start + column
