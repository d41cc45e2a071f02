"""Words and characters that all formats for people share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.location import InAttachment, InColumn, InMetadata, InOutput
from ..core.rule import Family

if TYPE_CHECKING:
    from ..core.finding import Failure, Finding, Report
    from ..core.location import Location

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_LONGEST_RUN: Final = 3
_CODES: Final = {
    "application/vnd.jupyter.stdout": "stdout",
    "application/vnd.jupyter.stderr": "stderr",
    "application/vnd.jupyter.error": "traceback",
}


def visible(text: str) -> str:
    """Control and invisible characters spelled out, so that a report cannot deceive either."""
    return _INVISIBLE.sub(_spelled, text.replace("\t", " "))


def _spelled(match: re.Match[str]) -> str:
    run = match[0]
    if len(run) > _LONGEST_RUN:
        return f"<U+{ord(run[0]):04X}…U+{ord(run[-1]):04X}: {len(run)} characters>"
    return "".join(f"<U+{ord(char):04X}>" for char in run)


def skipped(report: Report) -> list[str]:
    """What was not looked at, and why; what is said of many files is one line."""
    by_message: dict[str, list[str]] = {}
    for skip in report.skips:
        by_message.setdefault(skip.message, []).append(skip.path)
    return [
        visible(f"{paths[0]}{f' and {len(paths) - 1} more' if paths[1:] else ''}: {message}")
        for message, paths in by_message.items()
    ]


def worded(finding: Finding) -> str:
    """What is wrong, and the mask of the value where there is one."""
    masked = finding.evidence.masked
    return visible(f"{finding.message}: {masked}" if masked else finding.message)


def part_name(place: Location) -> str:
    """The part of the document in a few words: `cell[3] output[0] text/html`."""
    words: list[str] = []
    if isinstance(place, InColumn):
        words.append(f"column {place.column_name}")
    cell = getattr(place, "cell", None)
    execution = getattr(place, "execution", None)
    if cell is not None:
        words.append(f"cell[{cell}]")
    elif execution is not None:
        words.append(f"In[{execution}]")
    if isinstance(place, InOutput | InMetadata) and place.output is not None:
        words.append(f"output[{place.output}]")
    if isinstance(place, InOutput):
        words.append(_CODES.get(place.mime, place.mime))
    elif isinstance(place, InAttachment):
        words.append("attachment")
    elif isinstance(place, InMetadata):
        words.append(f"metadata {place.pointer or ''}".strip())
    return visible(" ".join(words))


def place_name(place: Location) -> str:
    """The whole place, lines and columns counted from 1 as editors do."""
    part = part_name(place)
    where = "" if isinstance(place, InColumn) else f"{place.line + 1}:{place.column + 1}"
    head = visible(place.path or "")
    return ":".join(filter(None, [head, part, where]))


def failure_line(failure: Failure) -> str:
    """A failure in one line."""
    cell = "" if failure.cell is None else f":cell[{failure.cell}]"
    remedy = f" ({failure.remedy})" if failure.remedy else ""
    return visible(f"{failure.path}{cell}: {failure.message}{remedy}")


def beside_data(report: Report) -> list[Finding]:
    """The findings that no report of a data set shows already, as alerts with samples."""
    told = {alert.fingerprint for data in report.data for alert in data.alerts}
    return [finding for finding in report.findings if finding.fingerprint not in told]


def verdict(report: Report) -> str:
    """The summary in one line."""
    counts = report.summary
    if counts.findings:
        levels = ", ".join(f"{number} {level}" for level, number in counts.by_severity.items())
        words = [f"{_count(counts.findings, 'finding')} ({levels})"]
    else:
        words = ["No findings"]
    words[0] += f" in {_count(counts.files, 'file')}"
    places = [f.evidence.digest for f in report.active if f.family is Family.SECRET]
    if len(places) > len(set(places)):
        words.append(f"{_count(len(set(places)), 'secret')} at {len(places)} places")
    if counts.suppressed:
        words.append(f"{counts.suppressed} suppressed")
    if counts.low_confidence:
        words.append(f"{counts.low_confidence} of low confidence not shown")
    if counts.failures:
        words.append(f"{_count(counts.failures, 'failure')}: NOT everything was scanned")
    return ", ".join(words) + "."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
