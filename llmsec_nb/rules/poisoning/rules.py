"""What all rules of training data have in common."""

from __future__ import annotations

from typing import Any, Final

from ...core.rule import Confidence, Family, Rule, Severity

_REMEDIATION: Final = (
    "Look at the rows, take out those that nobody can answer for (`report.quarantine(path)`), and "
    "ask where they came from; `report.accept(id, reason)` keeps what is meant to be there."
)


def poison(
    id_: str,
    name: str,
    summary: str,
    severity: Severity,
    why: str,
    *,
    confidence: Confidence = Confidence.MEDIUM,
    remediation: str = _REMEDIATION,
    reference: str = "",
    **more: Any,
) -> Rule:
    """A rule of the family; it says of samples what OWASP calls data and model poisoning."""
    return Rule(
        id=id_,
        name=name,
        family=Family.POISON,
        summary=summary,
        why=why,
        remediation=remediation,
        severity=severity,
        confidence=confidence,
        reference=reference,
        **({"cwe": (1039,), "owasp": ("LLM04:2025",), "atlas": ("AML.T0020",)} | more),
    )
