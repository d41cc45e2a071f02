"""HYG001, HYG002: suppressions that do nothing. The engine raises them; nothing is matched here."""

from __future__ import annotations

from typing import Final

from ...core.rule import Confidence, Family, Rule, Severity

UNUSED: Final = Rule(
    id="HYG001",
    name="unused-suppression",
    family=Family.HYGIENE,
    summary="Suppression that suppresses nothing",
    why="It would hide the next secret that somebody puts in this place.",
    remediation="Delete it.",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
)
INVALID: Final = Rule(
    id="HYG002",
    name="invalid-suppression",
    family=Family.HYGIENE,
    summary="Suppression that names no known rule",
    why="It looks as if it silenced something, and does not.",
    remediation="Write `# llmsec: ignore[RULE] reason` with a rule of `llmsec rules`.",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
)
