"""Workflow commands of GitHub Actions: annotations on the changed lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.rule import Severity
from .show import failure_line, part_name, skipped, verdict, visible, worded

if TYPE_CHECKING:
    from ..core.finding import Finding, Report

_COMMANDS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


def render(report: Report) -> str:
    """One command a line; nothing in a finding can end a command and start another."""
    lines = [_annotation(finding) for finding in report.active]
    lines += [f"::error title=llmsec::{_data(failure_line(f))}" for f in report.failures]
    lines += [_data(line) for line in skipped(report)]
    return "\n".join([*lines, verdict(report)]) + "\n"


def _annotation(finding: Finding) -> str:
    place = finding.location
    properties = {"file": place.path or "", "title": f"{finding.rule} {finding.name}"}
    if place.file_line is not None and place.file_column is not None:
        properties["line"] = str(place.file_line + 1)
        properties["endLine"] = str((place.file_end_line or place.file_line) + 1)
        properties["col"] = str(place.file_column + 1)
        properties["endColumn"] = str((place.file_end_column or 0) + 1)
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    part = part_name(place)
    words = f"{part + ': ' if part else ''}{worded(finding)}"
    return f"::{_COMMANDS[finding.severity]} {told}::{_data(words)}"


def _data(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
