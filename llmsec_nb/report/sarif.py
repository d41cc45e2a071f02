"""SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.

Regions point into the file itself, so into the JSON of a notebook; the cell is the logical place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from msgspec import to_builtins

from ..core.rule import Severity
from ..rules import all_rules
from .json import encodable
from .show import failure_line, part_name, visible, worded

if TYPE_CHECKING:
    from ..core.finding import Failure, Finding, Report
    from ..core.location import Location
    from ..core.rule import Rule

_LEVELS: Final = {
    Severity.CRITICAL: ("error", "9.5"),
    Severity.HIGH: ("error", "8.0"),
    Severity.MEDIUM: ("warning", "5.5"),
    Severity.LOW: ("note", "3.0"),
    Severity.INFO: ("none", "0.0"),
}


def render(report: Report) -> str:
    """One run of one tool."""
    used = sorted({finding.rule for finding in report.findings})
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(report, used)},
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not report.failures,
                        "toolExecutionNotifications": [
                            *map(_failed, report.failures),
                            *(_note(f"{s.path}: {s.message}", "note") for s in report.skips),
                        ],
                    }
                ],
                "results": [_result(finding, used) for finding in report.findings],
            }
        ],
    }
    return json.dumps(encodable(log), indent=2, ensure_ascii=False) + "\n"


def _driver(report: Report, used: list[str]) -> dict[str, Any]:
    rules = all_rules()
    return {
        "name": report.tool.name,
        "version": report.tool.version,
        "semanticVersion": f"{report.tool.version}.0"
        if report.tool.version.count(".") == 1
        else report.tool.version,
        "rules": [_rule(rules[rule]) for rule in used],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    level, score = _LEVELS[rule.severity]
    shown: dict[str, Any] = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.remediation},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": [
                "security",
                rule.family.value,
                *(f"CWE-{number}" for number in rule.cwe),
                *rule.owasp,
            ],
            "security-severity": score,
            "precision": "very-high" if rule.confidence == "high" else rule.confidence.value,
        },
    }
    if rule.reference.startswith("https://"):
        shown["helpUri"] = rule.reference
    return shown


def _result(finding: Finding, used: list[str]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": used.index(finding.rule),
        "level": _LEVELS[finding.severity][0],
        "message": {"text": worded(finding)},
        "locations": [_location(finding.location)],
        "partialFingerprints": {"llmsecPlace/v1": finding.fingerprint},
        "properties": {
            "confidence": finding.confidence.value,
            "severity": finding.severity.value,
            "digest": finding.evidence.digest,
        },
    }
    for name in ("verification", "history"):
        told = getattr(finding, name)
        if told is not None:
            shown["properties"][name] = to_builtins(told)
    if finding.suppression is not None:
        kind = "external" if finding.suppression.kind == "config" else "inSource"
        shown["suppressions"] = [{"kind": kind, "justification": finding.suppression.reason}]
    return shown


def _location(place: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.path or "notebook")}}
    region = _region(place)
    if region:
        physical["region"] = region
    shown: dict[str, Any] = {"physicalLocation": physical}
    part = part_name(place)
    if part:
        shown["logicalLocations"] = [
            {"name": part, "fullyQualifiedName": f"{place.path or ''}:{part}", "kind": "module"}
        ]
    return shown


def _region(place: Location) -> dict[str, int]:
    if place.file_line is None or place.file_column is None:
        return {}
    return {
        "startLine": place.file_line + 1,
        "startColumn": place.file_column + 1,
        "endLine": (place.file_end_line or place.file_line) + 1,
        "endColumn": (place.file_end_column or 0) + 1,
    }


def _uri(path: str) -> str:
    safe = path.encode("utf-8", "replace").decode().replace("\\", "/")
    return "file://" + quote(safe) if safe.startswith("/") else quote(safe)


def _failed(failure: Failure) -> dict[str, Any]:
    return _note(failure_line(failure), "error")


def _note(text: str, level: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": visible(text)}}
