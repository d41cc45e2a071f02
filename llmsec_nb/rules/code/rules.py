"""What all rules of code have in common."""

from __future__ import annotations

from typing import Any

from ...core.rule import Confidence, Example, Family, Rule, Severity


def code(
    id_: str,
    name: str,
    summary: str,
    severity: Severity,
    why: str,
    remediation: str,
    *,
    cwe: int,
    confidence: Confidence = Confidence.HIGH,
    examples: tuple[Example, ...] = (),
    reference: str = "",
    **more: Any,
) -> Rule:
    """A rule of the family; unless it says otherwise it is about the supply chain."""
    return Rule(
        id=id_,
        name=name,
        family=Family.CODE,
        summary=summary,
        why=why,
        remediation=remediation,
        severity=severity,
        confidence=confidence,
        cwe=(cwe,),
        reference=reference,
        examples=examples,
        **({"owasp": ("LLM03:2025",), "atlas": ("AML.T0010",)} | more),
    )


def bad(source: str, *flagged: str) -> Example:
    """Code and what is wrong in it: all of it, where nothing else is said."""
    return Example(source=source, flagged=flagged or (source,))


def good(source: str) -> Example:
    """Code that looks like it and is not."""
    return Example(source=source)
