"""Model files in a scan: what they would do to whoever loads them, as findings."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Final

from .core.detector import NotInstalled
from .core.evidence import STARS, Evidence
from .core.finding import Event, Failure, Finding
from .core.location import InFile
from .core.rule import OF_CODE, Family
from .engine import Scanned, scan_read
from .rules import quoted
from .sources.discover import files_below
from .sources.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .core.evidence import Concealer
    from .models import ModelIssue, ModelScan
    from .policy import Policy
    from .sources.discover import Found

_TEXTS: Final = frozenset(
    {".ipynb", ".py", ".md", ".csv", ".tsv", ".jsonl", ".ndjson", ".toml", ".cfg", ".ini", ".env"}
)
"""Never looked into for a model: to load them runs nothing, whatever stands in them."""
_HIDDEN: Final = frozenset({Family.SECRET, Family.PII})
_QUOTED: Final = "messages.txt"
_ALSO_TEXT: Final = frozenset(
    {".json", ".jinja", ".jinja2", ".j2", ".template", ".yaml", ".yml", ".pbtxt"}
)


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
    from .models.suffixes import NAMES, SUFFIXES, packs_model, suffix

    named = suffix(name) in SUFFIXES or NAMES.fullmatch(name) is not None
    return named or packs_model(name)


def models_below(folder: Path, root: Path, exclude: Sequence[str]) -> Found:
    """The models in a folder: by their names, or where a name says nothing, by their content.

    What git ignores is left out; `root` is where the patterns of `exclude` start.
    """
    from .models.suffixes import may_be_model

    found = files_below(folder, root, exclude, may_be_model)
    kept = [file for file in found.targets if is_model_name(file.path.name) or is_model(file.path)]
    return found._replace(targets=kept)


def scan_model_file(
    path: Path, name: str, policy: Policy, concealer: Concealer, *, second_opinion: bool = False
) -> Scanned:
    """Read a model file, inertly. What was not looked at is a Failure, never silence.

    With a `second_opinion`, picklescan reads it as well.
    """
    from .models import scan_model

    unread: list[Event] = []
    try:
        scan = scan_model(path)
        if second_opinion:
            scan = _asked(path, name, scan, unread)
    except OSError as error:
        message = f"cannot be read: {error.strerror or type(error).__name__}"
        return Scanned(events=[Failure(path=name, message=message)])
    unread += _unread(scan, name, policy, concealer)
    issues = [issue for issue in scan.issues if issue.rule.id in policy.selected]
    sure = [issue for issue in issues if issue.confidence.at_least(policy.config.min_confidence)]
    result = Scanned(events=unread, low_confidence=len(issues) - len(sure))
    messages = redacted([_message(issue) for issue in sure], policy, concealer)
    told: Counter[str] = Counter()
    for issue, message in zip(sure, messages, strict=True):
        key = f"{issue.rule.id}|{name}|{message}"
        told[key] += 1
        key += f"|{told[key]}" if told[key] > 1 else ""
        result.events.append(_finding(issue, message, scan, name, key, policy, concealer))
    return result


def redacted(messages: list[str], policy: Policy, concealer: Concealer) -> list[str]:
    """The messages, of one line each, without the secrets and personal data that they quote.

    Those that any rule matches, whatever is selected, and what a selected rule of a user's matches.
    """
    if not messages:
        return []
    messages = quoted.redacted(messages)
    document = read_text("\n".join(messages), _QUOTED)
    found = scan_read(_QUOTED, lambda: document, policy.without(OF_CODE), concealer)
    lines = list(messages)
    spans = {
        (event.location.line, event.location.column, event.location.end_column)
        for event in found.events
        if isinstance(event, Finding)
        and event.family in _HIDDEN
        and isinstance(event.location, InFile)
    }
    for number, start, end in sorted(spans, reverse=True):
        line = lines[number]
        lines[number] = line[:start] + STARS + line[end:]
    return lines


def _asked(path: Path, name: str, scan: ModelScan, unread: list[Event]) -> ModelScan:
    """The scan with the second opinion; that there is none is added to what was not read."""
    from .models.second import NoOpinion, merged, second_opinion

    try:
        return merged(scan, second_opinion(path))
    except (NoOpinion, NotInstalled) as error:
        unread.append(Failure(path=name, message=f"INCOMPLETE: {error}"))
        return scan


def _unread(scan: ModelScan, name: str, policy: Policy, concealer: Concealer) -> Iterator[Event]:
    if scan.complete:
        return
    for note in redacted(list(scan.notes) or ["not all of it was looked at"], policy, concealer):
        yield Failure(path=name, message=f"INCOMPLETE: {note}")


def _message(issue: ModelIssue) -> str:
    return f"{issue.member}: {issue.message}" if issue.member else issue.message


def _finding(
    issue: ModelIssue,
    message: str,
    scan: ModelScan,
    name: str,
    key: str,
    policy: Policy,
    concealer: Concealer,
) -> Finding:
    """`key` tells it from others, and holds no secret: its hash is shown."""
    rule = issue.rule
    return Finding(
        rule=rule.id,
        name=rule.name,
        family=rule.family,
        severity=issue.severity,
        confidence=issue.confidence,
        message=message,
        location=InFile(line=0, column=0, end_line=0, end_column=0, path=name),
        evidence=Evidence(masked=f"sha256 {scan.digest[:16]}", digest=concealer.digest(key)),
        fingerprint=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24],
        suppression=policy.suppression(rule.id, name),
    )
