"""What all readers of one scan share: the budget that is left, and what was found so far."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from .issue import Budget, ModelIssue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.rule import Confidence, Rule, Severity

_HELD_PART: Final = 4
"""One value that is held in memory may take this part of the budget."""


class Over(Exception):
    """The budget is spent; the text says which."""


class Context:
    """Collects issues and notes of one scan and counts what it costs."""

    __slots__ = ("_deadline", "_seen", "budget", "depth", "is_cut", "issues", "member", "members",
                 "notes", "objects", "opcodes", "quiet", "unpacked")  # fmt: skip

    def __init__(self, budget: Budget) -> None:
        """Start the clock."""
        self.budget = budget
        self.issues: list[ModelIssue] = []
        self.notes: dict[str, None] = {}
        self.member = ""
        self.is_cut = False
        self.members = self.depth = self.opcodes = self.objects = self.unpacked = 0
        self._deadline = time.monotonic() + budget.seconds
        self._seen: set[tuple[str, str, str]] = set()

    @property
    def held(self) -> int:
        """How many bytes one value may take."""
        return self.budget.memory // _HELD_PART

    def issue(
        self,
        rule: Rule,
        message: str,
        *,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        offset: int = 0,
    ) -> None:
        """Note an issue of the current member, each once."""
        key = (rule.id, message, self.member)
        if key in self._seen:
            return
        if len(self.issues) >= self.budget.issues:
            self.note(f"more than {self.budget.issues} issues: the rest are not listed")
            return
        self._seen.add(key)
        self.issues.append(
            ModelIssue(
                rule=rule,
                message=message,
                severity=severity or rule.severity,
                confidence=confidence or rule.confidence,
                member=self.member,
                offset=offset,
            )
        )

    def spent(self, what: str) -> None:
        """Say that the budget is spent, and what was not done for it."""
        self.is_cut = True
        self.note(what)

    def note(self, text: str) -> None:
        """Say what was not looked at: the scan is incomplete from here on."""
        self.notes[f"{self.member}: {text}" if self.member else text] = None

    @contextmanager
    def guessing(self, least: Severity) -> Iterator[None]:
        """Read what may be something else: without an issue as bad as `least`, nothing is kept."""
        issues, notes, seen = len(self.issues), dict(self.notes), set(self._seen)
        try:
            yield
        finally:
            if not any(issue.severity.at_least(least) for issue in self.issues[issues:]):
                del self.issues[issues:]
                self.notes, self._seen = notes, seen

    def tick(self) -> None:
        """Stop when the time is over."""
        if time.monotonic() > self._deadline:
            raise Over(f"not read to its end within {self.budget.seconds:g} seconds")

    def decodable(self, raw: bytes) -> bool:
        """Whether a JSON text holds few enough values to be decoded; if not, that is noted."""
        most = self.budget.objects // 2
        few = raw.count(b",") + raw.count(b"[") + raw.count(b"{") <= most
        if not few:
            self.note(f"JSON of more than {most} values: not read")
        return few

    def grow(self, count: int) -> None:
        """Count bytes that came out of a compressed member."""
        self.unpacked += count
        if self.unpacked > self.budget.unpacked:
            raise Over(f"unpacks to more than {self.budget.unpacked // 1_000_000} MB")
        self.tick()

    @contextmanager
    def inside(self, name: str) -> Iterator[bool]:
        """Look at a member: whether there is budget for it. What happens in it is noted as its."""
        self.tick()
        outer = self.member
        self.member = f"{outer}/{name}" if outer else name
        self.depth += 1
        self.members += 1
        try:
            if self.depth > self.budget.depth:
                self.note(f"nested deeper than {self.budget.depth}: not read")
                yield False
            elif self.members > self.budget.members:
                raise Over(f"more than {self.budget.members} members")
            else:
                yield True
        finally:
            self.member = outer
            self.depth -= 1
