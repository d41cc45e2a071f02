"""Policies of buckets and queues that let everyone in, as dictionaries or as JSON in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.rule import Rule

_Q: Final = r"\\?[\"']"
_EVERYONE: Final = lazy(
    rf"{_Q}Principal{_Q}\s{{0,40}}:\s{{0,40}}"
    rf"(?:{_Q}\*{_Q}|\{{\s{{0,40}}{_Q}AWS{_Q}\s{{0,40}}:\s{{0,40}}(?:\[\s{{0,40}})?{_Q}\*{_Q})"
)
_EFFECT: Final = lazy(rf"{_Q}Effect{_Q}\s{{0,40}}:\s{{0,40}}{_Q}(?P<effect>Allow|Deny){_Q}")
_CONDITION: Final = lazy(rf"{_Q}Condition{_Q}\s{{0,40}}:")
_NARROW: Final = lazy(
    rf"{_Q}aws:(?:PrincipalOrgI[Dd]|PrincipalOrgPaths|PrincipalAccount|PrincipalArn|PrincipalServiceName|ResourceOrgID|Source(?:Account|Arn|Owner|OrgI[Dd]|OrgPaths|Vpce?)"
    rf"|userid|UserId){_Q}\s{{0,40}}:|{_Q}(?:kms:CallerAccount|s3:DataAccessPointAccount){_Q}\s{{0,40}}:",
    re.IGNORECASE,
)
"""Conditions that leave the accounts, the networks or the services of one owner."""
_NEAR: Final = 1_500
"""Characters in which the statement begins and ends."""


def open_policies(rule: Rule, text: str) -> Iterator[Match]:
    """The principals of a text that are everyone, in statements that allow something."""
    for found in _EVERYONE.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        start, end = _statement(text, found.start(), found.end())
        effects = {one["effect"] for one in _EFFECT.finditer(text, start, end)}
        if line.lstrip().startswith("#") or effects != {"Allow"}:
            continue
        condition = _CONDITION.search(text, start, end)
        if condition is not None and _NARROW.search(text, condition.end(), end):
            continue
        yield Match(
            rule=rule,
            start=found.start(),
            end=found.end(),
            message="the policy lets everyone in",
            severity=Severity.MEDIUM if condition else None,
            confidence=Confidence.MEDIUM if condition else None,
        )


def _statement(text: str, first: int, last: int) -> tuple[int, int]:
    """The braces around a principal."""
    start, depth = first, 0
    while start > max(0, first - _NEAR):
        start -= 1
        depth += (text[start] == "}") - (text[start] == "{")
        if depth < 0:
            break
    end, depth = last, -text.count("{", first, last)
    while end < min(len(text), last + _NEAR):
        depth += (text[end] == "}") - (text[end] == "{")
        end += 1
        if depth > 0:
            break
    return start, end
