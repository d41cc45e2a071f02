"""What would change, as people may see it: no secret and no personal value is in it."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, Final, NamedTuple

from ..config import Config
from ..core.artifact import json_pointer
from ..core.evidence import Concealer, Redactor
from ..core.finding import Finding
from ..core.rule import Confidence, Family
from ..engine import scan_read
from ..policy import Policy
from ..report.show import part_name, visible
from ..sources.files import read_bytes
from ..sources.position import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..core.artifact import Part
    from .apply import Change

_HIDDEN: Final = "<hidden>"
_HIDING: Final = frozenset({Family.SECRET, Family.PII})
_CREDENTIALS: Final = frozenset({"DEP013"})


class _Shown(NamedTuple):
    """A part as it may be shown: its name, and its text with all that is secret masked."""

    name: str
    text: str


def diff_of(change: Change, plugins: Sequence[str] = ()) -> Iterator[str]:
    """The lines of a unified diff, part by part.

    Whatever the scan was asked for, all that any rule takes for a secret is masked, and what the
    plugins of detect-secrets in those files find.
    """
    policy = Policy(Config(min_confidence=Confidence.LOW), plugins=plugins)
    before = _shown(change.before, change.path, policy)
    after = _shown(change.after, change.path, policy)
    for pointer, new in after.items():
        old = before.get(pointer)
        if old is None or old == new:
            continue
        name = visible(change.path) + (f":{new.name}" if new.name else "")
        lines = unified_diff(
            old.text.split("\n"), new.text.split("\n"), name, name, lineterm="", n=2
        )
        yield from map(visible, lines)


def _shown(data: bytes, path: str, policy: Policy) -> Mapping[str, _Shown]:
    document = read_bytes(data, path)
    scanned = scan_read(path, lambda: document, policy, Concealer(), keep=True)
    redact = Redactor(value for values in scanned.values.values() for value in values)
    hidden: dict[str, list[Finding]] = {}
    for event in scanned.events:
        if isinstance(event, Finding) and (event.family in _HIDING or event.rule in _CREDENTIALS):
            hidden.setdefault(event.location.pointer or "", []).append(event)
    parts = {
        json_pointer(piece.part.pointer): piece.part
        for text in document.texts
        for piece in text.pieces
        if not piece.part.is_key
    }
    return {
        pointer: _Shown(part_name(part.place), redact(_masked(part, hidden.get(pointer, []))))
        for pointer, part in parts.items()
    }


def _masked(part: Part, findings: list[Finding]) -> str:
    lines = Lines(part.text)
    spans = sorted(
        (
            lines.span(finding.location.line)[0] + finding.location.column,
            lines.span(finding.location.end_line)[0] + finding.location.end_column,
        )
        for finding in findings
    )
    chunks: list[str] = []
    place = 0
    for start, end in spans:
        if start >= place:
            chunks += [part.text[place:start], _HIDDEN]
        place = max(place, end)
    return "".join([*chunks, part.text[place:]])
