"""The packages of the running interpreter against the advisories on this machine."""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING, Final

from .core.detector import Unavailable
from .core.evidence import Evidence
from .core.finding import Failure, Finding
from .core.location import InFile
from .engine import Scanned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .core.evidence import Concealer
    from .core.rule import Rule, Severity
    from .policy import Policy

PLACE: Final = "environment"
"""What stands for a path in findings, in baselines and in the configuration."""


def check_environment(
    policy: Policy, concealer: Concealer, paths: Iterable[str] | None = None
) -> Scanned:
    """One finding for each package with advisories, and one for a Python that has had its end.

    `paths` are those of `sys.path`, this interpreter's if None. What could not be audited is a
    Failure: its silence proves nothing.
    """
    from .rules.dependencies.kernel import environment

    result = Scanned()
    for rule, severity, subject, message in _python():
        _add(result, rule, severity, subject, message, policy, concealer)
    here = environment(paths)
    try:
        reason = _audit(here, result, policy, concealer)
    except Unavailable as missing:
        reason = str(missing)
    if reason:
        result.events.append(Failure(path=PLACE, message=f"NOT AUDITED: {reason}"))
    return result


def _audit(here: Mapping[str, str], result: Scanned, policy: Policy, concealer: Concealer) -> str:
    """Add what is known to be bad; why silence proves nothing, empty if it does."""
    from .advisories import opened
    from .rules.dependencies.verdicts import audited

    found = audited(here, opened())
    for one in found.verdicts:
        subject = f"{one.name} {one.version}"
        _add(result, one.rule, one.severity, subject, one.message, policy, concealer)
    return found.unsure


def _python() -> Iterator[tuple[Rule, Severity, str, str]]:
    """What there is to say of this Python itself."""
    from .rules.dependencies.lifetime import ENDED_PYTHON, ended, today

    major, minor = sys.version_info[:2]
    last = ended((major, minor), today())
    if last is not None:
        name = f"Python {major}.{minor}"
        message = f"{name} runs here, and had its last fix in {last:%B %Y}"
        yield ENDED_PYTHON, ENDED_PYTHON.severity, name, message


def _add(
    result: Scanned,
    rule: Rule,
    severity: Severity,
    subject: str,
    message: str,
    policy: Policy,
    concealer: Concealer,
) -> None:
    if rule.id not in policy.selected:
        return
    if not rule.confidence.at_least(policy.config.min_confidence):
        result.low_confidence += 1
        return
    key = f"{rule.id}|{PLACE}|{subject}|{message}"
    finding = Finding(
        rule=rule.id,
        name=rule.name,
        family=rule.family,
        severity=severity,
        confidence=rule.confidence,
        message=message,
        location=InFile(line=0, column=0, end_line=0, end_column=0, path=PLACE),
        evidence=Evidence(masked="", digest=concealer.digest(key)),  # the message names it
        fingerprint=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24],
        suppression=policy.suppression(rule.id, PLACE),
    )
    result.events.append(finding)
