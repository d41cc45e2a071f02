"""The Python of a cell as a tree, with its places; what does not parse is named, not lost."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.lazy import lazy
from .lines import logical_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST: Final = 500_000
"""Characters; a longer source is not parsed."""
_FIRST: Final = lazy(r"(?:[ \t\f]*\n){0,1000}(?P<indent>[ \t]{1,200})(?=[^\s])")
"""What stands before the first word of a text that does not begin in the first column."""
_GOES_ON: Final = lazy(r"(?:else|elif|except|finally)\b")
_DEEPEST: Final = 300
"""Brackets within brackets: beyond, Python's own parser may fail in ways that cannot be caught."""


class Broken(NamedTuple):
    """Characters that are no Python: why, in the parser's words, which quote nothing.

    `is_defect`: a reader of ours has failed, whatever the text is.
    """

    start: int
    end: int
    reason: str
    is_defect: bool = False


class Python:
    """A text in which everything that is no Python has been replaced by as many blanks."""

    def __init__(self, text: str, *, is_trial: bool = False) -> None:
        """`text` has the same characters at the same places as what people see, or blanks.

        A trial is over as soon as the whole does not parse.
        """
        self._is_trial = is_trial
        self.code = text
        self.text, self._shifted, self._shift = _dedented(text)
        self.broken: list[Broken] = []
        self.deep: list[Broken] = []
        """What parses, and is nested too deeply to be followed."""
        self._ends: dict[int, list[int]] = {}
        """Of lines with characters beyond ASCII: in which byte each character ends."""
        self.trees = list(self._parsed())

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        place = self.text.find("\n")
        while place >= 0:
            starts.append(place + 1)
            place = self.text.find("\n", place + 1)
        return starts

    @cached_property
    def _literals(self) -> dict[str, list[ast.Constant]]:
        found: dict[str, list[ast.Constant]] = {}
        for tree in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.setdefault(node.value, []).append(node)
        return {text: sorted(nodes, key=_line) for text, nodes in found.items()}

    def literal(self, text: str, line: int) -> ast.Constant | None:
        """The last literal of that text, down to a line from 1; None if there is none."""
        nodes = self._literals.get(text, [])
        place = bisect_right(nodes, line, key=_line)
        return nodes[place - 1] if place else None

    def offset(self, line: int, column: int) -> int:
        """The character at a place as trees tell it: lines from 1, columns in bytes of UTF-8."""
        if not 1 <= line <= len(self._starts):
            return len(self.text)
        start = self._starts[line - 1]
        stop = self._starts[line] if line < len(self._starts) else len(self.text)
        shift = self._shift if line in self._shifted else 0
        if self.text.isascii():
            return min(start + shift + column, stop)
        ends = self._ends.get(line)
        if ends is None:
            widths = (len(char.encode("utf-8", "surrogatepass")) for char in self.text[start:stop])
            ends = self._ends[line] = list(accumulate(widths))
        return min(start + shift + bisect_right(ends, column), stop)

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        """The characters of a node."""
        start = self.offset(node.lineno, node.col_offset)
        if node.end_lineno is None or node.end_col_offset is None:
            return start, start
        return start, self.offset(node.end_lineno, node.end_col_offset)

    def line_of(self, place: int) -> int:
        """The line of a character, from 0."""
        return bisect_right(self._starts, place) - 1

    def _parsed(self) -> Iterator[ast.Module]:
        """One tree, or, where one statement is broken, those of the others."""
        if len(self.text.rstrip()) > LARGEST:
            self.broken.append(Broken(0, len(self.text), f"longer than {LARGEST:,} characters"))
            return
        if _depth(self.text) > _DEEPEST:
            self.broken.append(Broken(0, len(self.text), f"nested deeper than {_DEEPEST}"))
            return
        whole = _tree(self.text)
        if isinstance(whole, ast.Module):
            yield whole
            return
        if self._is_trial:
            self.broken.append(Broken(0, len(self.text), whole))
            return
        yield from self._piecewise()

    def _piecewise(self) -> Iterator[ast.Module]:
        """The statements that begin in the first column, as many at once as parse together."""
        blocks = list(_blocks(self.text))
        waiting = [(0, len(blocks))]
        while waiting:
            first, last = waiting.pop()
            if first == last:
                continue
            start, end = blocks[first][0], blocks[last - 1][1]
            piece = _tree(self.text[start:end])
            if isinstance(piece, ast.Module):
                lines = self.line_of(start)
                yield ast.increment_lineno(piece, lines) if lines else piece
            elif last - first == 1:
                self.broken.append(Broken(start, end, piece))
            else:
                middle = (first + last) // 2
                waiting += [(middle, last), (first, middle)]


def _line(node: ast.Constant) -> int:
    return node.lineno


def _dedented(text: str) -> tuple[str, frozenset[int], int]:
    """A cell that begins with blanks is taken to the first column, as IPython does.

    The blanks go to the ends of their lines, so that lines stay where they are. Given are the
    numbers of the lines, from 1, and by how many characters they were moved.
    """
    first = _FIRST.match(text)
    if first is None:
        return text, frozenset(), 0
    indent = first["indent"]
    moved: set[int] = set()
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith(indent):
            moved.add(number + 1)
            rest, ending = line[len(indent) :], ""
            if rest.endswith("\\"):
                rest, ending = rest[:-1], "\\"
            lines[number] = f"{rest}{indent}{ending}"
    return "\n".join(lines), frozenset(moved), len(indent)


def _tree(text: str) -> ast.Module | str:
    """The tree, or why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes: they are the author's business
            return ast.parse(text)
    except SyntaxError as error:
        return f"not valid Python: {error.msg}" if _is_plain(error.msg) else "not valid Python"
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return f"cannot be parsed: {type(error).__name__}"


def _is_plain(message: str) -> bool:
    """Whether a message of the parser quotes nothing of the text."""
    return not any(sign in message for sign in "'\"`")


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Spans that each begin with a statement in the first column; `else` goes along."""
    first: int | None = None
    end = 0
    decorated = False
    for line in logical_lines(text, tolerant=True):
        source = text[line.start : line.end]
        if not source.strip() or source[0] in " \t#":
            end = line.end
            continue
        goes_on = decorated or _GOES_ON.match(source) is not None
        if first is not None and not goes_on:
            yield first, end
            first = None
        first = line.start if first is None else first
        decorated = source.startswith("@")
        end = line.end
    if first is not None:
        yield first, end


def _depth(text: str) -> int:
    """The deepest nesting of brackets, those in strings counted, too: an upper bound."""
    deepest = depth = 0
    for char in text:
        if char in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]}":
            depth = max(0, depth - 1)
    return deepest
