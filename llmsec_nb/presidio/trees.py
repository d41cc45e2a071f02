"""Regular expressions as small trees of what must stand in a text for them to match.

A tree is at least as wide as its pattern: look-arounds and anchors are dropped, classes widened
(charsets.py), a back reference is its group again. What this does not know raises `Underivable`.

The patterns are written for the module `regex`; the parser is that of `re`, whose syntax is the
same but for the additions that `_ADDED` and the parser itself refuse.
"""

from __future__ import annotations

import re
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .charsets import (
    ANY,
    DIGIT,
    NOT_DIGIT,
    NOT_NEWLINE,
    NOT_SPACE,
    NOT_WORD,
    SPACE,
    WORD,
    CharSet,
    span,
    sure,
    sure_of,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Underivable(Exception):
    """A pattern holds something for which no necessary condition is known."""


class One(NamedTuple):
    """One character of a set."""

    characters: CharSet


class All(NamedTuple):
    """One part after the other; none is the empty string."""

    parts: tuple[Node, ...]


class Either(NamedTuple):
    """One of several."""

    choices: tuple[Node, ...]


class Times(NamedTuple):
    """Something `low` to `high` times, None: without end."""

    inside: Node
    low: int
    high: int | None


Node = One | All | Either | Times
EMPTY: Final = All(())

_ADDED: Final = re.compile(r"\[:[^\]:]{0,40}:\]|\(\?[|&R0-9]")
"""Syntax of `regex` that `re` would read as something else: classes of POSIX, calls of groups."""
_FUZZY: Final = re.compile(r"(?<!\\)\{(?!\d{0,9},?\d{0,9}\})")
"""The start of a tolerance like `{e<=1}`, which `re` reads as plain characters."""
_KNOWN_FLAGS: Final = 0x2 | 0x8 | 0x10 | 0x20 | 0x40 | 0x80 | 0x2000
"""Of `regex`: IGNORECASE, MULTILINE, DOTALL, UNICODE, VERBOSE, ASCII, VERSION0."""
_SHARED_FLAGS: Final = 0x2 | 0x8 | 0x10 | 0x20 | 0x40
_CATEGORIES: Final[dict[Any, CharSet]] = {
    op.CATEGORY_DIGIT: DIGIT,
    op.CATEGORY_NOT_DIGIT: NOT_DIGIT,
    op.CATEGORY_SPACE: SPACE,
    op.CATEGORY_NOT_SPACE: NOT_SPACE,
    op.CATEGORY_WORD: WORD,
    op.CATEGORY_NOT_WORD: NOT_WORD,
}
_REPEATS: Final = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def parsed(pattern: str, flags: int) -> Any:
    """The parse tree; `flags` are those of `regex`. Raises Underivable."""
    if flags & ~_KNOWN_FLAGS or _ADDED.search(pattern):
        raise Underivable
    shared = flags & _SHARED_FLAGS | (re.ASCII if flags & 0x80 else 0)
    try:
        parse = parser.parse(pattern, shared)
    except re.error as error:
        # `regex` takes flags in the middle for the whole; one that holds anyway may be left out.
        at = error.pos
        if at is None or pattern[at : at + 4] != "(?i)" or not shared & re.IGNORECASE:
            raise Underivable from None
        return parsed(pattern[:at] + pattern[at + 4 :], flags)
    except (ValueError, OverflowError, RecursionError):
        raise Underivable from None
    if _FUZZY.search(pattern) and (op.LITERAL, ord("{")) in _outside_classes(parse):
        raise Underivable
    return parse


def _outside_classes(items: Any) -> Iterator[tuple[Any, Any]]:
    """All items of a parse tree that stand in no class."""
    for item in items:
        yield item
        for inside in _inside(*item):
            yield from _outside_classes(inside)


def _inside(code: Any, what: Any) -> tuple[Any, ...]:
    if code is op.BRANCH:
        return tuple(what[1])
    if code is op.ATOMIC_GROUP:
        return (what,)
    if code in (op.SUBPATTERN, op.ASSERT, op.ASSERT_NOT, *_REPEATS):
        return (what[-1],)
    return ()


def tree_of(parse: Any) -> Node:
    """What a match consumes. Raises Underivable."""
    return _Reader(parse.state.flags).sequence(parse)


class _Reader:
    """Walks a parse tree with the flags that hold there, and remembers groups."""

    def __init__(self, flags: int) -> None:
        self._flags = flags
        self._groups: dict[int, Node] = {}

    def sequence(self, items: Any) -> Node:
        parts = [part for part in map(self._node, items) if part != EMPTY]
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _node(self, item: Any) -> Node:  # noqa: PLR0911 (one return for each kind)
        code, what = item
        if code in (op.AT, op.ASSERT, op.ASSERT_NOT):
            return EMPTY
        if code is op.BRANCH:
            return Either(tuple(map(self.sequence, what[1])))
        if code is op.SUBPATTERN:
            return self._group(*what)
        if code is op.ATOMIC_GROUP:
            return self.sequence(what)
        if code in _REPEATS:
            low, high, inside = what
            top = None if high == op.MAXREPEAT else int(high)
            return Times(self.sequence(inside), int(low), top)
        if code is op.GROUPREF:
            if what not in self._groups:
                raise Underivable
            return self._groups[what]
        return One(self._set(code, what))

    def _group(self, number: int | None, added: int, removed: int, inside: Any) -> Node:
        before = self._flags
        self._flags = before & ~removed | added
        node = self.sequence(inside)
        self._flags = before
        if number is not None:
            self._groups[number] = node
        return node

    def _set(self, code: Any, what: Any) -> CharSet:
        folded = bool(self._flags & re.IGNORECASE)
        if code is op.LITERAL:
            if 0xD800 <= what <= 0xDFFF:  # No valid UTF-8 holds it.
                raise Underivable
            return span(what, what, folded=folded)
        if code is op.NOT_LITERAL:
            return without(sure(what, what))
        if code is op.ANY:
            return ANY if self._flags & re.DOTALL else NOT_NEWLINE
        if code is op.IN:
            return _class(what, folded=folded)
        raise Underivable


def _class(items: Any, *, folded: bool) -> CharSet:
    """A class in brackets. What a negated one excludes is what all engines exclude."""
    joined, agreed, negated = CharSet(0), 0, False
    for code, what in items:
        if code is op.NEGATE:
            negated = True
        elif code is op.CATEGORY and what in _CATEGORIES:
            joined = joined.joined(_CATEGORIES[what])
            agreed |= sure_of(_CATEGORIES[what])
        elif code in (op.LITERAL, op.RANGE):
            low, high = (what, what) if code is op.LITERAL else what
            joined = joined.joined(span(low, high, folded=folded))
            agreed |= sure(low, high)
        else:
            raise Underivable
    return without(agreed) if negated else joined


def stays_between(parse: Any, separators: str, *, lines: bool) -> bool:
    """Whether a search that is shown one piece of a text finds what the whole text has there.

    A piece reaches from after a separator to the next one, that included. True if no match holds
    a separator, look-arounds see a character at most beyond what cannot hold one either, and
    anchors are word boundaries, or those of lines where lines are the pieces.
    """
    lines = lines and bool(parse.state.flags & re.MULTILINE)
    codes = tuple(map(ord, separators))
    return parse.getwidth()[0] > 0 and _Pieces(parse.state.flags, codes, lines=lines).holds(parse)


class _Pieces:
    def __init__(self, flags: int, separators: tuple[int, ...], *, lines: bool) -> None:
        self._reader = _Reader(flags)
        self._separators = separators
        self._lines = lines

    def holds(self, items: Any) -> bool:
        return all(self._one(code, what) for code, what in items)

    def _one(self, code: Any, what: Any) -> bool:
        if code is op.AT:
            edges = {op.AT_BOUNDARY, op.AT_NON_BOUNDARY}
            return what in edges or (self._lines and what in {op.AT_BEGINNING, op.AT_END})
        if code in (op.ASSERT, op.ASSERT_NOT) and what[1].getwidth()[1] <= 1:
            return True
        if code is op.GROUPREF:
            return True  # What the group cannot hold, its repetition cannot.
        if code is op.SUBPATTERN and (what[2] or what[1] & re.DOTALL):
            return False
        inside = _inside(code, what)
        return all(map(self.holds, inside)) if inside else self._clear(code, what)

    def _clear(self, code: Any, what: Any) -> bool:
        """Whether a single character cannot be a separator."""
        try:
            node = self._reader.sequence([(code, what)])
        except Underivable:
            return False
        return isinstance(node, One) and not any(map(node.characters.has, self._separators))
