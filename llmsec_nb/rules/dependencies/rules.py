"""What all rules for dependencies have in common."""

from __future__ import annotations

import re
from typing import Any, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity

_PLAIN: Final = lazy(r"[A-Za-z0-9][\w.+!-]{0,60}\Z", re.ASCII)


def dependency(
    id_: str,
    name: str,
    summary: str,
    severity: Severity,
    why: str,
    remediation: str,
    *,
    cwe: tuple[int, ...] = (1357,),
    confidence: Confidence = Confidence.HIGH,
    flagged: tuple[tuple[str, tuple[str, ...]], ...] = (),
    clean: tuple[str, ...] = (),
    **more: Any,
) -> Rule:
    """A rule of the family; what is installed is what OWASP calls the supply chain.

    `flagged` are sources of cells with the pieces that are wrong in them; `clean` have none.
    """
    wrong = tuple(Example(source=source, flagged=pieces) for source, pieces in flagged)
    right = tuple(Example(source=source, kind=Kind.CODE) for source in clean)
    known: dict[str, Any] = {"owasp": ("LLM03:2025",), "atlas": ("AML.T0010.001",)}
    return Rule(
        id=id_,
        name=name,
        family=Family.DEPENDENCY,
        summary=summary,
        why=why,
        remediation=remediation,
        severity=severity,
        confidence=confidence,
        cwe=cwe,
        examples=(*wrong, *right),
        **(known | more),
    )


def plain(text: str, otherwise: str) -> str:
    """A name or version as a message may show it; something else for what is neither."""
    return text if _PLAIN.match(text) else otherwise


def listed(names: list[str], most: int = 5) -> str:
    """A few names, and how many more there are."""
    shown = [plain(name, "a package") for name in names[:most]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def found_at(
    rule: Rule,
    span: tuple[int, int],
    message: str,
    *,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    rank: int = 0,
    label: str = "",
) -> Match:
    """A match on a span; `label` is what may be shown of it."""
    return Match(
        rule=rule,
        start=span[0],
        end=span[1],
        message=message,
        severity=severity,
        confidence=confidence,
        rank=rank,
        label=label,
    )
