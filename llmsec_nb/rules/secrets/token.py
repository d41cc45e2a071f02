"""Tokens of a known format: a record each, found by a literal and confirmed at that place."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import ByLiterals, Context, Cost, Match
from .checks import CHECKS, NOTES, trust
from .records import records, rules_of_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.artifact import Text
    from ...core.detector import Sign
    from ...core.rule import Rule

_ESCAPED: Final = re.compile(r"(?:(?<=\\[nrtu])|(?<=\\x[0-9a-f]{2})|(?<=%[0-9A-F]{2}))")
"""Behind an escape a token may begin: a literal `\\n`, `\\x27`, `%20`."""
AFTER: Final = r"(?![A-Za-z0-9_-])"
RANK: Final = 30
_LITERAL: Final = re.compile(r"(?:[A-Za-z0-9_:/=@ -]|\\[^A-Za-z0-9])+")
_UNIT: Final = re.compile(r"(?:\[[^\]]+\]|\\[-.+/]|[A-Za-z0-9_:=/-])(?:\{(\d+)\}|(?![?*+{]))")
_NEAR_BEFORE: Final = 200
_NEAR_AFTER: Final = 40
_TELLING: Final = 5
"""Shorter anchors stand everywhere; then a format's `near` words are looked for first."""


class TokenFormat:
    """A token's rule, its pattern and the literals of which one stands in each match.

    `pattern` must be bounded, begin with one of `anchors` or hold it after at most `back`
    characters, and name the secret with the group `secret` if it is not the whole match. With
    `near`, one of these words has to stand around it or in the path. `check` names a function
    of `checks`: None refuses the value, a confidence replaces the rule's.
    """

    def __init__(
        self,
        rule: Rule,
        pattern: str,
        anchors: Sequence[str] = (),
        *,
        back: int = 0,
        near: Sequence[str] = (),
        check: str = "",
    ) -> None:
        """Compile nothing yet; without `anchors` it is the pattern's leading literal."""
        self.rule = rule
        self.pattern = pattern
        self.anchors = tuple(anchors) or (leading(pattern),)
        self.back = back
        self.is_fixed = _width(pattern, back) == back
        self.tried = 1 - back if self.is_fixed else 1
        """From here on, seen from an anchor, no begin was tried for it."""
        self.near = tuple(near)
        self.check = CHECKS[check] if check else None
        self.note = NOTES.get(check)
        self.by_name = bool(near) and min(map(len, self.anchors)) < _TELLING

    @property
    def literals(self) -> tuple[str, ...]:
        """What has to occur in a text, in lower case."""
        return self.near if self.by_name else tuple(dict.fromkeys(map(str.lower, self.anchors)))

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern and what must not stand behind it, compiled at its first candidate."""
        return re.compile(self.pattern + AFTER)

    def match_at(
        self, text: str, position: int, anchor: str, path: str = "", *, first: int = 0
    ) -> Match | None:
        """The match whose `anchor`, in any case, stands at `position`, if the value holds up.

        It does not begin before `first`: what was tried for an anchor before is known.
        """
        found = self._found(text, position, first)
        if found is None or not self._is_near(text, found, path):
            return None
        group = "secret" if "secret" in self.compiled.groupindex else 0
        value = found[group]
        start, end = found.span(group)
        public = value[: len(anchor)] if start == position else ""
        told = self.check(value) if self.check else self.rule.confidence
        confidence = trust(value[len(public) :], told) if told else None
        if confidence is None:
            return None
        return Match(
            rule=self.rule,
            start=start,
            end=end,
            message=self.note(self.rule.summary, value) if self.note else "",
            public=public,
            confidence=confidence,
            rank=RANK + bool(self.near),
        )

    def matches_in(self, text: str, start: int, end: int, path: str = "") -> Iterator[Match]:
        """The matches whose anchor begins between `start` and `end`."""
        for anchor in self.anchors:
            last = end + len(anchor) - 1
            position = text.find(anchor, start, last)
            first = 0
            while position >= 0:
                match = self.match_at(text, position, anchor, path, first=first)
                if match is not None:
                    yield match
                first = position + self.tried
                position = text.find(anchor, position + 1, last)

    def _found(self, text: str, position: int, first: int) -> re.Match[str] | None:
        begin = position - self.back
        last = begin if self.is_fixed else position
        for start in range(max(first, begin), last + 1):
            found = self.compiled.match(text, start) if may_begin(text, start) else None
            if found is not None and found.end() > position:
                return found
        return None

    def _is_near(self, text: str, found: re.Match[str], path: str) -> bool:
        if not self.near:
            return True
        around = text[max(0, found.start() - _NEAR_BEFORE) : found.end() + _NEAR_AFTER]
        seen = f"{around} {path}".lower()
        return any(word in seen for word in self.near)


def may_begin(text: str, start: int) -> bool:
    """Whether no letter or digit stands before `start`, unless it belongs to an escape."""
    before = text[start - 1 : start]
    if not (before.isascii() and before.isalnum()):
        return True
    head = text[max(0, start - 4) : start]
    return ("\\" in head or "%" in head) and _ESCAPED.match(text, start) is not None


@cache
def formats() -> tuple[TokenFormat, ...]:
    """Every format of the records that has a pattern of its own."""
    rules = rules_of_records()
    return tuple(
        TokenFormat(
            rules[record.id],
            entry.pattern,
            entry.anchors,
            back=entry.back,
            near=entry.near,
            check=entry.check,
        )
        for record in records()
        for entry in record.formats
        if entry.pattern
    )


def _width(pattern: str, most: int) -> int:
    """How many characters a pattern's leading classes and literals match, if their number is fixed.

    It stops at `most`, and at what may be there or not.
    """
    total = end = 0
    while total < most:
        unit = _UNIT.match(pattern, end)
        if unit is None:
            break
        total += int(unit[1] or 1)
        end = unit.end()
    return total


def leading(pattern: str) -> str:
    """The literal with which each match of a pattern begins."""
    found = _LITERAL.match(pattern)
    literal = found[0] if found else ""
    if pattern[len(literal) : len(literal) + 1] in {"?", "*", "{"}:
        literal = literal[:-1].removesuffix("\\")
    return literal.replace("\\", "")


class TokenDetector(ByLiterals):
    """Finds every format of a table: by its literal, then confirmed at that place."""

    cost: ClassVar[Cost] = Cost.TYPING

    def __init__(self, formats: Sequence[TokenFormat]) -> None:
        """Index the table by anchor, in lower case."""
        self.formats: dict[str, list[TokenFormat]] = {}
        for entry in formats:
            for literal in entry.literals:
                self.formats.setdefault(literal, []).append(entry)
        self.literals = tuple(self.formats)
        self.rules = tuple({entry.rule.id: entry.rule for entry in formats}.values())

    def detect(self, text: Text, hint: Sequence[Sign], context: Context) -> Iterator[Match]:
        """Confirm each place where a literal stands, or look around it."""
        content, path = text.text, context.path
        seen: dict[TokenFormat, int] = {}
        first: dict[TokenFormat, int] = {}
        for start, literal in hint:
            begins = may_begin(content, start)
            for entry in self.formats[literal]:
                if entry.by_name:
                    begin = max(seen.get(entry, 0), start - _NEAR_BEFORE)
                    last = start + len(literal) + _NEAR_BEFORE
                    seen[entry] = max(begin, last)
                    yield from entry.matches_in(content, begin, last, path)
                elif entry.back or begins:
                    begin = first.get(entry, 0)
                    if start < begin or not (entry.back or entry.compiled.match(content, start)):
                        continue
                    match = entry.match_at(content, start, literal, path, first=begin)
                    first[entry] = start + entry.tried
                    if match is not None:
                        first[entry] = match.end
                        yield match
