"""Where a suppression can be written, and how: `{reason}` is left for the face to fill in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.artifact import json_pointer
from ..core.finding import Edit
from ..core.location import InCell, InFile
from ..core.rule import Kind

if TYPE_CHECKING:
    from ..core.artifact import Part
    from ..core.location import Location
    from ..sources.document import Document
    from ..sources.position import Lines
    from ..suppression import Directive
    from .source import Source

_LONGEST_RULES: Final = 180
_LONGEST_LINE: Final = 2000
_HASH_MAGICS: Final = frozenset(
    {"bash", "sh", "script", "perl", "ruby", "pypy", "python2", "R", "julia"}
)
_SETTING: Final = re.compile(
    r"[ \t]{0,16}(?:-[ ]|export[ ]|ENV[ ]|ARG[ ])?[ \t]{0,4}[\"']?[\w.-]{1,80}[\"']?[ \t]{0,16}[:=]"
)
Where = tuple[str | None, tuple[Edit, ...]]
"""The pointer of the part, None for the finding's own, and the edits."""


class Directives:
    """The suppressions that a document has, by the line on which they stand."""

    def __init__(self, found: list[Directive]) -> None:
        """Only those in comments of ours can be extended."""
        self._known = {
            (id(d.part), d.line): d for d in found if d.part is not None and not d.foreign
        }

    def on(self, part: Part, line: int) -> Directive | None:
        """The suppression on a line."""
        return self._known.get((id(part), line))

    def covering(self, part: Part, first: int, last: int) -> Directive | None:
        """The one on the finding's last line, or alone on the line above its first."""
        found = self.on(part, last)
        if found is None:
            found = self.on(part, first - 1)
            if found is None or found.lines is None or first not in found.lines:
                return None
        return found


def in_source(
    rule: str, part: Part, place: Location, directives: Directives, source: Source | None,
    lines: Lines, start: int, end: int,
) -> tuple[Edit, ...] | None:  # fmt: skip
    """A suppression beside the finding, in the part in which it stands."""
    first, last = lines.position(start)[0], lines.position(end)[0]
    known = directives.covering(part, first, last)
    if known is not None:
        return _extended(known, rule, lines)
    if source is not None:
        found = _in_code(rule, source, first, last)
        if found is None and isinstance(place, InCell):
            found = whole_cell(rule, part, source)
        return found
    if part.kind is Kind.MARKDOWN:
        return _in_markdown(rule, part.text, lines, first, last)
    if isinstance(place, InFile):
        return _in_file(rule, part, lines, first, last)
    return None


def elsewhere(rule: str, document: Document, part: Part, source: Source | None) -> Where | None:
    """A suppression for the whole cell, in its source `part`; `source` is that of a code cell."""
    if not part.text or not document.json:
        return None
    edits = whole_cell(rule, part, source)
    return (json_pointer(part.pointer), edits) if edits else None


def whole_cell(rule: str, part: Part, source: Source | None) -> tuple[Edit, ...] | None:
    """A line of its own at the top of the cell, below a cell magic."""
    if part.kind is Kind.MARKDOWN:
        return _insert(0, f"<!-- llmsec: ignore-cell[{rule}] {{reason}} -->\n")
    if source is None or part.kind is not Kind.CODE:
        return None
    text = f"# llmsec: ignore-cell[{rule}] {{reason}}"
    if source.magic_line is None:
        return _insert(0, f"{text}\n")
    if source.magic and source.magic not in _HASH_MAGICS:
        return None
    end = source.lines.span(source.magic_line)[1]
    if not _even(part.text[:end]):
        return None
    return _insert(end, f"\n{text}")


def _in_code(rule: str, source: Source, first: int, last: int) -> tuple[Edit, ...] | None:
    if source.magic or source.tokens is None:
        return None
    text = source.text
    end = source.lines.span(last)[1]
    end -= text.endswith("\r", 0, end)
    comment = f"# llmsec: ignore[{rule}] {{reason}}"
    start = source.lines.span(first)[0]
    beside = last not in source.marked and not source.is_magic(start, end)
    if beside and _takes(source, end):
        return _insert(end, f"  {comment}")
    if source.magic_line is not None and first <= source.magic_line:
        return None
    return _insert(start, f"{comment}\n") if _takes(source, start) else None


def _takes(source: Source, offset: int) -> bool:
    """Whether Python and the reader of suppressions both take what is put there as a comment."""
    text = source.text
    before = text[max(0, offset - 3) : offset].rstrip("\r\n")
    if before.endswith("\\") or source.tokens is None or source.tokens.in_literal(offset):
        return False
    if source.raw_tokens is not None:
        return not source.raw_tokens.in_literal(offset)
    start = source.lines.span(source.lines.position(offset)[0])[0]
    return offset - start <= _LONGEST_LINE and _even(text[start:offset])


def _in_markdown(
    rule: str, text: str, lines: Lines, first: int, last: int
) -> tuple[Edit, ...] | None:
    comment = f"<!-- llmsec: ignore[{rule}] {{reason}} -->"
    start, end = lines.span(last)
    end -= text.endswith("\r", 0, end)
    short = end - start <= _LONGEST_LINE and "llmsec:" not in text[start:end]
    if short and _even(text[start:end]):
        return _insert(end, f" {comment}")
    return _insert(lines.span(first)[0], f"{comment}\n")


def _in_file(rule: str, part: Part, lines: Lines, first: int, last: int) -> tuple[Edit, ...] | None:
    """In a file of settings, where the line sets one: elsewhere it may be inside of a text."""
    start = lines.span(first)[0]
    if part.kind is not Kind.CONFIG or first != last or not _SETTING.match(part.text, start):
        return None
    return _insert(start, f"# llmsec: ignore[{rule}] {{reason}}\n")


def _extended(known: Directive, rule: str, lines: Lines) -> tuple[Edit, ...] | None:
    """The rule joins the list of a suppression that is there, and its reason the other."""
    if not known.valid:
        return None
    begin = lines.span(known.line)[0]
    text = lines.text[begin + known.column : begin + known.end]
    rules = text.find("]")
    if rules < 0 or rules > _LONGEST_RULES:
        return None
    cut = text.rfind("-->") if text.startswith("<!--") else -1
    kept = len((text[:cut] if cut > rules else text).rstrip())
    reason = "; {reason}" if known.reason else " {reason}"
    base = begin + known.column
    if kept <= rules + 1:
        both = f", {rule}]{reason}"
        return (Edit(start=base + rules, end=base + rules + 1, replacement=both),)
    return _insert(base + rules, f", {rule}") + _insert(base + kept, reason)


def _insert(at: int, text: str) -> tuple[Edit, ...]:
    return (Edit(start=at, end=at, replacement=text),)


def _even(text: str) -> bool:
    return all(text.count(quote) % 2 == 0 for quote in "\"'")
