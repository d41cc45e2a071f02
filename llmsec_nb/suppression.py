"""Suppressions written in a document: comments in the source, tags on a cell.

key = load()  # llmsec: ignore[SEC302] reason              this line, or the next if alone
# llmsec: ignore-cell[SEC302] reason                       the cell with its outputs
<!-- llmsec: ignore[SEC302] reason -->                     the same in Markdown
cell tag "llmsec: ignore[SEC302]" or "llmsec-ignore-SEC302"   the cell with its outputs

Those of detect-secrets count for secrets, in all of its comment styles:

key = load()  # pragma: allowlist secret                   this line
# pragma: allowlist nextline secret                        the next line
"""

from __future__ import annotations

import re
import tokenize
from functools import cache
from typing import TYPE_CHECKING, Final

from .cells.tokens import tokens_of
from .config import ConfigError
from .core.finding import Suppression
from .core.location import InCell, InFile
from .core.rule import Family, Kind
from .policy import resolve
from .rules import all_rules
from .rules.secrets.detect_secrets.pragma import PRAGMA, allows_line, allows_next_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .core.artifact import Part
    from .core.location import Location
    from .sources.document import Document

_MARK: Final = "llmsec:"
_COMMENT: Final = re.compile(
    r"(?:\#|<!--|//|--|;)[ \t]{0,8}llmsec:[ \t]{0,8}(?P<scope>ignore(?:-cell)?)"
    r"(?:\[(?P<rules>[^\]\r\n]{0,200})\])?(?P<reason>[^\r\n]{0,400})"
)
_PRAGMA_OF: Final = "detect-secrets pragma"
_TAG: Final = re.compile(
    r"llmsec(?::[ ]?ignore\[(?P<rules>[^\]]{0,200})\]|-ignore-(?P<rule>[\w-]{1,64}))"
    r"(?P<reason>.{0,200})"
)


class Directive:
    """One suppression in a document, and whether it has been of use."""

    __slots__ = (
        "cell",
        "column",
        "end",
        "foreign",
        "line",
        "lines",
        "part",
        "reason",
        "rules",
        "used",
        "valid",
    )

    def __init__(self, part: Part | None, cell: int | None, rules: str, reason: str) -> None:
        """`lines` stay None for a whole cell; `foreign` names the program that it speaks to."""
        self.foreign = ""
        self.part = part
        self.cell = cell
        self.reason = reason.strip().removesuffix("-->").strip(" -:\t")
        self.lines: frozenset[int] | None = None
        self.line = self.column = self.end = 0
        self.used = False
        self.rules, self.valid = _rules(rules)

    def covers(self, rule_id: str, place: Location) -> bool:
        """Whether it suppresses a finding of the rule at the place."""
        if rule_id not in self.rules:
            return False
        if _cell_of(place) != self.cell:
            return False
        if self.lines is None:
            return True
        if not isinstance(place, InCell | InFile):
            return False
        return not self.lines.isdisjoint(range(place.line, place.end_line + 1))


def directives(document: Document) -> list[Directive]:
    """All suppressions of a document, those of a line before those of a whole cell."""
    found = [*_in_tags(document), *_in_comments(document)]
    return sorted(found, key=lambda directive: directive.lines is None)


def apply(found: list[Directive], rule_id: str, place: Location) -> Suppression | None:
    """The first suppression that covers a finding; it is marked as used."""
    for directive in found:
        if directive.covers(rule_id, place):
            directive.used = True
            kind = "tag" if directive.part is None else "comment"
            return Suppression(kind=kind, reason=directive.reason, where=directive.foreign)
    return None


def _cell_of(place: Location) -> int | None:
    """The cell's number in the notebook; in a session, that of its run."""
    cell: int | None = getattr(place, "cell", None)
    return getattr(place, "execution", None) if cell is None else cell


def _rules(text: str) -> tuple[frozenset[str], bool]:
    known: set[str] = set()
    names = [name.strip() for name in text.split(",") if name.strip()]
    valid = bool(names)
    for name in names:
        try:
            known |= resolve(name)
        except ConfigError:
            valid = False
    return frozenset(known), valid


def _in_tags(document: Document) -> Iterator[Directive]:
    for cell, tags in document.tags.items():
        for tag in tags:
            if not tag.startswith("llmsec"):
                continue
            found = _TAG.match(tag)
            if found:
                rules = found["rules"] or found["rule"] or ""
                yield Directive(None, cell, rules, found["reason"])
            elif "ignore" in tag:
                yield Directive(None, cell, "", "")


def _in_comments(document: Document) -> Iterator[Directive]:
    sources: list[tuple[int | None, Part]] = list(document.sources.items())
    if not sources:
        whole = [text.pieces[0].part for text in document.texts if not document.json]
        sources = [(None, part) for part in whole[:1]]
    for cell, part in sources:
        if _MARK in part.text:
            yield from _in_part(cell, part)
        if PRAGMA in part.text:
            yield from _pragmas(part, "" if document.sources else document.path)


def _pragmas(part: Part, filename: str) -> Iterator[Directive]:
    """As detect-secrets sees them: by the line alone, whatever the language is."""
    for number, line in enumerate(part.text.split("\n")):
        if PRAGMA not in line:
            continue
        line = line.rstrip("\r")  # noqa: PLW2901 (what a line is, is for Python to say)
        here = allows_line(line, filename)
        found = here or allows_next_line(line, filename)
        if found is None:
            continue
        directive = Directive(part, _cell_of(part.place), "", "")
        directive.rules, directive.valid = _secrets(), True
        directive.foreign, directive.used = _PRAGMA_OF, True  # it is not ours to find it unused
        directive.line, directive.column, directive.end = number, *found
        directive.lines = frozenset([number if here else number + 1])
        yield directive


@cache
def _secrets() -> frozenset[str]:
    return frozenset(rule.id for rule in all_rules().values() if rule.family is Family.SECRET)


def _in_part(cell: int | None, part: Part) -> Iterator[Directive]:
    lines = part.text.split("\n")
    comments = _comment_starts(part.text) if part.kind is Kind.CODE else None
    for number, line in enumerate(lines):
        found = _COMMENT.search(line) if _MARK in line else None
        if found is None or not _is_comment(number, line, found.start(), comments):
            continue
        directive = Directive(part, _cell_of(part.place), found["rules"] or "", found["reason"])
        directive.line, directive.column, directive.end = number, found.start(), found.end()
        if found["scope"] == "ignore" or cell is None:
            alone = not line[: found.start()].strip()
            directive.lines = frozenset([number, number + 1] if alone else [number])
        yield directive


def _comment_starts(source: str) -> dict[int, int] | None:
    """In which column a Python comment starts, by line; None if the source is no plain Python."""
    try:
        return {
            token.start[0] - 1: token.start[1]
            for token in tokens_of(source)
            if token.type == tokenize.COMMENT
        }
    except (tokenize.TokenError, SyntaxError, UnicodeError):  # 3.12 may cut a character in two
        return None


def _is_comment(number: int, line: str, column: int, starts: dict[int, int] | None) -> bool:
    """A comment inside a string literal is text that anybody may have written."""
    if starts is not None:
        return number in starts and starts[number] <= column
    before = line[:column]
    return all(before.count(quote) % 2 == 0 for quote in "\"'")
