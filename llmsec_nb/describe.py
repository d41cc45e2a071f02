"""Rules in words, for `llmsec rules` and `llmsec explain`; the examples are the tested ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .policy import resolve
from .report.show import visible
from .rules import all_rules

if TYPE_CHECKING:
    from .core.rule import Example, Rule


def rules_text() -> str:
    """A line a rule."""
    rows = [
        f"{rule.id}  {rule.name:28}  {rule.severity.value:8}  {rule.family.value:8}  "
        f"{'' if rule.default else '(off) '}{rule.summary}"
        for rule in all_rules().values()
    ]
    return "\n".join(rows) + "\n"


def rules_json() -> str:
    """All that is known of each rule."""
    plain = msgspec.json.encode(list(all_rules().values()))
    return msgspec.json.format(plain, indent=2).decode() + "\n"


def explain(selector: str) -> str:
    """What the rules are that a selector names. Raises ConfigError."""
    chosen = sorted(resolve(selector))
    return "\n".join(_explained(all_rules()[rule_id]) for rule_id in chosen)


def _explained(rule: Rule) -> str:
    off = "" if rule.default else ", off by default"
    lines = [
        f"{rule.id} {rule.name} ({rule.family.value})",
        f"{rule.summary}. Severity {rule.severity.value}, confidence {rule.confidence.value}{off}.",
        "",
        f"Why   {rule.why}",
        f"Help  {rule.remediation}",
    ]
    references = [f"CWE-{number}" for number in rule.cwe]
    references += [f"OWASP {name}" for name in rule.owasp] + [
        f"ATLAS {name}" for name in rule.atlas
    ]
    if references or rule.reference:
        lines.append(f"See   {', '.join([*references, *filter(None, [rule.reference])])}")
    lines += _examples("Found", [e for e in rule.examples if e.flagged])
    lines += _examples("Not found", [e for e in rule.examples if not e.flagged])
    return "\n".join(lines) + "\n"


def _examples(title: str, examples: list[Example]) -> list[str]:
    shown = [f"    {visible(line)}" for example in examples for line in example.source.splitlines()]
    return ["", title, *shown] if shown else []
