"""What all rules of personal data have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...core.rule import Confidence, Family, Rule, Severity

if TYPE_CHECKING:
    from ...core.rule import Example

_WHY: Final = "Whoever gets this file, its history or its outputs learns whose it is."
_REMEDIATION: Final = "Mask it or clear the output; work on pseudonyms (`%llmsec redact`)."


def personal(
    id_: str,
    name: str,
    what: str,
    severity: Severity,
    examples: tuple[Example, ...],
    *,
    why: str = _WHY,
    remediation: str = _REMEDIATION,
    reference: str = "",
    **more: Any,
) -> Rule:
    """A rule of the family; `what` completes "... in clear text".

    Its confidence is medium; each finding says its own.
    """
    return Rule(
        id=id_,
        name=name,
        family=Family.PII,
        summary=f"{what} in clear text",
        why=why,
        remediation=remediation,
        severity=severity,
        confidence=Confidence.MEDIUM,
        cwe=(359,),
        owasp=("LLM02:2025",),
        atlas=("AML.T0057",),
        reference=reference,
        examples=examples,
        **more,
    )
