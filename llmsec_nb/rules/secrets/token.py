"""Tokens of a known format: a record each, found by a literal and confirmed at that place."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Context, Cost, Match
from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity
from .values import is_plausible_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...core.artifact import Text

    Check = Callable[[str], Confidence | None]

BEFORE: Final = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtu])|(?<=\\x[0-9a-f]{2})|(?<=%[0-9A-F]{2}))"
"""No letter or digit before, unless it belongs to an escape: a literal `\\n`, `\\x27`, `%20`."""
AFTER: Final = r"(?![A-Za-z0-9_-])"
RANK: Final = 30


class TokenFormat:
    """A provider's token: rule, pattern and the literals of which one starts each match.

    `pattern` must begin with one of `anchors`, be bounded, and name the secret with the group
    `secret` if it is not the whole match. `check` looks at the value: None refuses it, a
    confidence replaces the rule's.
    """

    def __init__(
        self,
        rule: Rule,
        pattern: str,
        anchors: Sequence[str],
        *,
        check: Check | None = None,
        binary: bool = True,
    ) -> None:
        """Compile nothing yet."""
        self.rule = rule
        self.pattern = pattern
        self.anchors = tuple(anchors)
        self.check = check
        self.binary = binary

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled at its first candidate."""
        return re.compile(self.pattern)

    def match_at(self, text: str, position: int, anchor: str) -> Match | None:
        """The match that starts with `anchor` at `position`, if the value holds up."""
        found = self.compiled.match(text, position)
        if found is None:
            return None
        group = "secret" if "secret" in self.compiled.groupindex else 0
        value = found[group]
        public = anchor if group == 0 else ""
        if not is_plausible_token(value[len(public) :]):
            return None
        confidence = self.check(value) if self.check else self.rule.confidence
        if confidence is None:
            return None
        start, end = found.span(group)
        return Match(
            rule=self.rule, start=start, end=end, public=public, confidence=confidence, rank=RANK
        )


def token(
    rule_id: str,
    name: str,
    provider: str,
    *patterns: str,
    rotate: str,
    variable: str = "",
    severity: Severity = Severity.CRITICAL,
    confidence: Confidence = Confidence.HIGH,
    anchors: Sequence[str] = (),
    check: Check | None = None,
) -> list[TokenFormat]:
    """The formats of one provider's tokens under one rule.

    Unless `anchors` are given, the leading literal of each pattern is its anchor. `variable` is
    where the provider's client looks for the token.
    """
    rule = Rule(
        id=rule_id,
        name=name,
        family=Family.SECRET,
        summary=f"{provider} in clear text",
        why=(
            f"Whoever sees this file or its history can use the {provider}. "
            "Notebooks are copied, mailed and published together with their outputs."
        ),
        remediation=f"Revoke it at {rotate}, then read the new one from the environment.",
        severity=severity,
        confidence=confidence,
        cwe=(798, 312),
        owasp=("LLM02:2025",),
        atlas=("AML.T0055",),
        reference=rotate,
        variable=variable,
        examples=(
            Example(source='client = Client("{token}")', flagged=("{token}",)),
            Example(source="{token}", flagged=("{token}",), kind=Kind.STREAM),
            Example(source='key = "{placeholder}"'),
            Example(source='blob = "Zm9v{token}YmFy"'),
        ),
    )
    return [
        TokenFormat(rule, BEFORE + pattern + AFTER, anchors or (_literal(pattern),), check=check)
        for pattern in patterns
    ]


def _literal(pattern: str) -> str:
    found = re.match(r"(?:[A-Za-z0-9_:/-]|\\\.)+", pattern)
    literal = found[0] if found else ""
    if pattern[len(literal) : len(literal) + 1] in {"?", "*", "{"}:
        literal = literal[:-1]
    return literal.replace("\\", "")


class TokenDetector:
    """Finds every format of a table in one pass of literal searches."""

    cost: ClassVar[Cost] = Cost.TYPING

    def __init__(self, formats: Sequence[TokenFormat]) -> None:
        """Index the table by anchor."""
        self.formats: dict[str, list[TokenFormat]] = {}
        for entry in formats:
            for anchor in entry.anchors:
                self.formats.setdefault(anchor, []).append(entry)
        self.rules = tuple(dict.fromkeys(entry.rule for entry in formats))

    def screen(self, content: str) -> list[str] | None:
        """The literals that occur."""
        return [anchor for anchor in self.formats if anchor in content] or None

    def detect(self, text: Text, hint: list[str], context: Context) -> Iterator[Match]:
        """Confirm each place where a literal occurs."""
        content = text.text
        for anchor in hint:
            formats = self.formats[anchor]
            position = content.find(anchor)
            while position >= 0:
                for entry in formats:
                    match = entry.match_at(content, position, anchor)
                    if match is not None:
                        yield match
                position = content.find(anchor, position + 1)
