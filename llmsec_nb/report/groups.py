"""Findings of one value as one: the report has one for each place, people mend a value once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.finding import Finding, FixKind, Validity
from ..core.rule import OF_CODE, Family
from ..rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..core.finding import History, Verification

_LINKED: Final = frozenset({Family.SECRET, Family.PII})
_ABBREVIATED: Final = 7


class Group(NamedTuple):
    """The findings of one value, in the report's order; of anything else, one finding."""

    findings: tuple[Finding, ...]

    @property
    def lead(self) -> Finding:
        """The one that says most: the worst, and of those the surest."""
        return min(self.findings, key=lambda f: (f.severity.rank, f.confidence.rank))

    @property
    def others(self) -> tuple[Finding, ...]:
        """All but the lead."""
        lead = self.lead
        return tuple(finding for finding in self.findings if finding is not lead)


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Groups in the order of their first findings; what is suppressed stands alone."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        linked = finding.family in _LINKED and finding.suppression is None
        key = (finding.family, finding.evidence.digest) if linked else (id(finding),)
        groups.setdefault(key, []).append(finding)
    return [Group(tuple(found)) for found in groups.values()]


def advice(group: Group) -> Iterator[tuple[str, str]]:
    """What is known of the value and what to do about it: a word, and a line of text."""
    lead = group.lead
    if lead.verification is not None:
        yield _verified(lead.verification)
    histories = [f.history for f in group.findings if f.history is not None]
    if histories:
        yield "git", _history(max(histories, key=lambda history: history.held))
    rule = all_rules().get(lead.rule)
    if rule is None:
        return
    yield "help", rule.remediation
    if lead.family in _LINKED:
        if rule.reference and rule.reference not in rule.remediation:
            yield "see", rule.reference
        fix = _fix(group, rule.variable)
        if fix:
            yield "fix", fix
    elif lead.rule.startswith(OF_CODE):
        for mended in lead.fixes:
            if mended.kind is FixKind.REPLACE:
                yield "fix", mended.description


def _verified(verification: Verification) -> tuple[str, str]:
    if verification.validity is Validity.UNKNOWN:
        return "not verified", verification.reason
    return "verified", f"{verification.validity.value}, {verification.reason}"


def _history(history: History) -> str:
    if not history.held:
        if history.cut:
            return f"not in the part of its history that could be read ({history.cut})"
        return "not committed: take it out before you do"
    since = f"{history.since}{' or earlier' if history.cut else ''}"
    versions = f"{history.versions} version{'' if history.versions == 1 else 's'}"
    told = [history.commit[:_ABBREVIATED], versions, *filter(None, [history.cut])]
    return (
        f"committed since {since} ({', '.join(told)}): "
        "revoke it first; rewriting history recalls no copy"
    )


def _fix(group: Group, variable: str) -> str:
    """How the value gets out of the files: by fixes that move it, and those that change nothing."""
    found: dict[str, None] = {}
    for kinds in ({FixKind.REPLACE}, {FixKind.MASK, FixKind.DELETE}):
        for finding in group.findings:
            for fix in finding.fixes:
                if fix.kind in kinds and (fix.safe or fix.kind is FixKind.REPLACE):
                    found[fix.description] = None
    if not found:
        return f"Read it from the environment variable {variable}" if variable else ""
    first, *rest = found
    return ", ".join([first, *(text[:1].lower() + text[1:] for text in rest)])
