"""Model files in a scan: what they would do to whoever loads them, as findings."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from .core.evidence import Evidence
from .core.finding import Event, Failure, Finding
from .core.location import InFile
from .engine import Scanned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .core.evidence import Concealer
    from .models import ModelIssue, ModelScan
    from .policy import Policy

_TEXTS: Final = frozenset(
    {".ipynb", ".py", ".md", ".csv", ".tsv", ".jsonl", ".ndjson", ".toml", ".cfg", ".ini", ".env"}
)
"""Never looked into for a model: to load them runs nothing, whatever stands in them."""
_ALSO_TEXT: Final = frozenset({".json", ".jinja", ".jinja2", ".j2", ".yaml", ".yml", ".pbtxt"})


def is_model(path: Path) -> bool:
    """Whether a file is one that a library loads as a model, by its name or its first bytes."""
    if path.suffix.lower() in _TEXTS:
        return False
    from .models import is_model_file

    try:
        return is_model_file(path)
    except OSError:
        return False  # whoever reads it as a text says so


def is_text_too(path: Path) -> bool:
    """Whether it is also to be read as a text: a configuration of a model may hold secrets."""
    return path.suffix.lower() in _ALSO_TEXT


def is_model_name(name: str) -> bool:
    """Whether a file, by its name alone, is one that a library loads as a model."""
    from .models.suffixes import NAMES, SUFFIXES, suffix

    return suffix(name) in SUFFIXES or NAMES.fullmatch(name) is not None


def scan_model_file(path: Path, name: str, policy: Policy, concealer: Concealer) -> Scanned:
    """Read a model file, inertly. What was not looked at is a Failure, never silence."""
    from .models import scan_model

    try:
        scan = scan_model(path)
    except OSError as error:
        message = f"cannot be read: {error.strerror or type(error).__name__}"
        return Scanned(events=[Failure(path=name, message=message)])
    result = Scanned(events=list(_unread(scan, name)))
    for issue in scan.issues:
        if issue.rule.id not in policy.selected:
            continue
        if issue.confidence.at_least(policy.config.min_confidence):
            result.events.append(_finding(issue, scan, name, policy, concealer))
        else:
            result.low_confidence += 1
    return result


def _unread(scan: ModelScan, name: str) -> Iterator[Event]:
    if scan.complete:
        return
    for note in scan.notes or ("not all of it was looked at",):
        yield Failure(path=name, message=f"INCOMPLETE: {note}")


def _finding(
    issue: ModelIssue, scan: ModelScan, name: str, policy: Policy, concealer: Concealer
) -> Finding:
    rule = issue.rule
    where = f"{issue.member}: " if issue.member else ""
    key = f"{rule.id}|{name}|{issue.member}|{issue.message}"
    return Finding(
        rule=rule.id,
        name=rule.name,
        family=rule.family,
        severity=issue.severity,
        confidence=issue.confidence,
        message=f"{where}{issue.message}",
        location=InFile(line=0, column=0, end_line=0, end_column=0, path=name),
        evidence=Evidence(masked=f"sha256 {scan.digest[:16]}", digest=concealer.digest(key)),
        fingerprint=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24],
        suppression=policy.suppression(rule.id, name),
    )
