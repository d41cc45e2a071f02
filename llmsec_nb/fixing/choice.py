"""Which fixes are made at once, and what shows that they did what they say."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.finding import Finding, Fix, FixKind
from ..core.rule import Severity
from ..rules.code.fixes import UNKNOWN_COMMIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ..core.finding import Edit, Report

_HARMFUL: Final = Severity.MEDIUM


class Chosen(NamedTuple):
    """A finding, and the fix of it that is made."""

    finding: Finding
    fix: Fix

    @property
    def pointer(self) -> str | None:
        """The part that is edited."""
        return self.fix.pointer if self.fix.pointer is not None else self.finding.location.pointer


def fix_of(finding: Finding, *, unsafe: bool) -> Fix | None:
    """The fix that is made of a finding: no suppression, and nothing that people must fill in."""
    if finding.suppression is not None:
        return None
    for fix in finding.fixes:
        if fix.kind is not FixKind.IGNORE and (fix.safe or unsafe) and not to_fill_in(fix):
            return fix
    return None


def to_fill_in(fix: Fix) -> bool:
    """Whether it waits for something that only people know."""
    return any(UNKNOWN_COMMIT in edit.replacement for edit in fix.edits)


def choose(
    findings: Iterable[Finding], *, unsafe: bool, stuck: Collection[str] = ()
) -> list[Chosen]:
    """Fixes that keep clear of each other, safe ones first; each is made whole or not at all.

    `stuck` are fingerprints of findings that are left alone.
    """
    open_ = [
        Chosen(finding, fix)
        for finding in findings
        if finding.fingerprint not in stuck and (fix := fix_of(finding, unsafe=unsafe)) is not None
    ]
    taken: dict[str | None, list[tuple[int, int]]] = {}
    chosen: list[Chosen] = []
    for one in sorted(open_, key=lambda one: not one.fix.safe):
        own = taken.setdefault(one.pointer, [])
        if any(_touches(own, edit) for edit in one.fix.edits):
            continue
        for edit in one.fix.edits:
            insort(own, (edit.start, edit.end))
        chosen.append(one)
    return chosen


def _touches(spans: Sequence[tuple[int, int]], edit: Edit) -> bool:
    """Whether an edit overlaps or touches one of the spans, which are sorted and apart."""
    after = bisect_left(spans, (edit.start, -1))
    if after < len(spans) and spans[after][0] <= edit.end:
        return True
    return after > 0 and spans[after - 1][1] >= edit.start


def changes_of(chosen: Sequence[Chosen]) -> dict[str | None, list[Edit]]:
    """The edits of each part, in order."""
    parts: dict[str | None, list[Edit]] = {}
    for one in chosen:
        parts.setdefault(one.pointer, []).extend(one.fix.edits)
    return {pointer: sorted(edits, key=lambda edit: edit.start) for pointer, edits in parts.items()}


def is_proven(chosen: Sequence[Chosen], before: Report, after: Report) -> bool:
    """Whether what was mended is gone, and nothing that does harm is new."""
    known, left = _counted(before), _counted(after)
    for rule, count in Counter(one.finding.rule for one in chosen).items():
        if left[rule] > known[rule] - count:
            return False
    harm = _counted(after, _HARMFUL) - _counted(before, _HARMFUL)
    return not harm and len(after.failures) <= len(before.failures)


def _counted(report: Report, at_least: Severity = Severity.INFO) -> Counter[str]:
    return Counter(f.rule for f in report.active if f.severity.rank <= at_least.rank)
