"""A code part as Python reads it: literals, comments and magics, found once for all of it."""

from __future__ import annotations

import ast
import re
import tokenize
import warnings
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from ..cells.tokens import tokens_of
from ..sources.position import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.finding import Edit

LARGEST: Final = 200_000
"""Characters; a longer source is not parsed."""
_PROOFS: Final = 50
_PROOF_CHARS: Final = 1_000_000

_CELL_MAGIC: Final = re.compile(r"\s{0,80}%%(?P<name>[\w.]{0,40})")
_PYTHON_MAGICS: Final = frozenset(
    {"capture", "memit", "prun", "px", "python", "python3", "time", "timeit"}
)
_MAGIC: Final = re.compile(
    r"[ \t]*(?:[%!?]|[\w., \t]{1,80}=[ \t]*(?:!|%[A-Za-z_])|[\w.]{1,80}\?{1,2}[ \t]*\Z)"
)
_PREFIX: Final = re.compile(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>\"\"\"|'''|[\"'])")
_NESTING: Final = frozenset(
    getattr(tokenize, name)
    for name in ("FSTRING_START", "TSTRING_START")  # f-strings are several tokens since 3.12
    if hasattr(tokenize, name)
)
_CLOSING: Final = frozenset(
    getattr(tokenize, name) for name in ("FSTRING_END", "TSTRING_END") if hasattr(tokenize, name)
)
_LAYOUT: Final = frozenset({tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING})


class Token(NamedTuple):
    """A token that means something, with its offsets; an f-string is one of them."""

    type: int
    start: int
    end: int


class Literal(NamedTuple):
    """A string literal: `start` and `end` with prefix and quotes, `number` among the tokens."""

    start: int
    end: int
    prefix: str
    quote: str
    number: int

    @property
    def body(self) -> tuple[int, int]:
        """The span between the quotes."""
        edge = len(self.quote)
        return self.start + len(self.prefix) + edge, self.end - edge


class Tokens:
    """The tokens of a text: its literals and comments can be asked for by offset."""

    def __init__(self, text: str, lines: Lines) -> None:
        """Raises ValueError when the text cannot be cut into tokens."""
        self.text = text
        self.tokens: list[Token] = []
        self.literals: list[Literal] = []
        self.comments: list[tuple[int, int]] = []
        self.strings: list[tuple[int, int]] = []
        for type_, start, end in _whole(_cut(text, lines)):
            if type_ == tokenize.COMMENT:
                self.comments.append((start, end))
            else:
                if type_ == tokenize.STRING:
                    self.literals.append(self._literal(start, end))
                    self.strings.append((start, end))
                elif type_ == tokenize.ERRORTOKEN and end - start > 1:  # a string without end
                    self.strings.append((start, end + 1))
                self.tokens.append(Token(type_, start, end))

    def _literal(self, start: int, end: int) -> Literal:
        found = _PREFIX.match(self.text, start)
        if found is None or not self.text.startswith(found["quote"], end - len(found["quote"])):
            raise ValueError("the tokenizer's columns are not those of the text")
        return Literal(start, end, found["prefix"], found["quote"], len(self.tokens))

    def literal(self, start: int, end: int) -> Literal | None:
        """The literal between whose quotes the span lies."""
        index = bisect_right(self.literals, (start, len(self.text) + 1)) - 1
        if index < 0:
            return None
        first, last = self.literals[index].body
        return self.literals[index] if first <= start and end <= last else None

    def in_literal(self, offset: int) -> bool:
        """Whether something that is put at `offset` becomes part of a literal."""
        index = bisect_right(self.strings, (offset, -1)) - 1
        return index >= 0 and self.strings[index][0] < offset < self.strings[index][1]

    def in_comment(self, start: int, end: int) -> bool:
        """Whether the span lies in a comment."""
        index = bisect_right(self.comments, (start, len(self.text) + 1)) - 1
        return index >= 0 and end <= self.comments[index][1]

    def string(self, index: int) -> str:
        """The text of a token; empty outside of the source."""
        if not 0 <= index < len(self.tokens):
            return ""
        return self.text[self.tokens[index].start : self.tokens[index].end]

    def type(self, index: int) -> int:
        """The type of a token; outside of the source, that of a line's end."""
        known = 0 <= index < len(self.tokens)
        return self.tokens[index].type if known else tokenize.NEWLINE


class Source:
    """One code part; everything is computed at the first need, and once."""

    def __init__(self, text: str) -> None:
        """`text` is a cell's source, or a file's."""
        self.text = text
        self.lines = Lines(text)
        self.readable = len(text) <= LARGEST and not re.search(r"\r(?!\n)", text)
        self._proofs = _PROOFS
        self._proof_chars = _PROOF_CHARS

    @cached_property
    def magic_line(self) -> int | None:
        """The line of a cell magic, which must stay the first."""
        found = _CELL_MAGIC.match(self.text)
        return self.lines.position(found.end())[0] if found else None

    @cached_property
    def magic(self) -> str:
        """The name of the cell magic; empty for a cell of Python."""
        found = _CELL_MAGIC.match(self.text)
        return found["name"] if found and found["name"] not in _PYTHON_MAGICS else ""

    @cached_property
    def python(self) -> str:
        """The text with magics and shell lines made harmless; every character keeps its place."""
        if self.magic_line is None and (not self.readable or parse(self.text) is not None):
            return self.text
        return "\n".join(self._without_magics())

    def _without_magics(self) -> Iterator[str]:
        goes_on = False
        for number, line in enumerate(self.text.split("\n")):
            if goes_on:
                yield _blank(line)
            elif number == self.magic_line:
                yield "#" + line[1:]
            elif _MAGIC.match(line):
                indent = len(line) - len(line.lstrip())
                yield line[:indent] + "0" + _blank(line[indent + 1 :])
            else:
                yield line
                continue
            self.magic_lines.add(number)
            goes_on = line.rstrip("\r").endswith("\\")

    @cached_property
    def magic_lines(self) -> set[int]:
        """The lines that are not Python; filled by `python`."""
        return set()

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree; None for what is not Python, or too long."""
        return parse(self.python) if self.readable and not self.magic else None

    @cached_property
    def tokens(self) -> Tokens | None:
        """Tokens of the Python in it."""
        return _tokens(self.python, self.lines) if self.readable and not self.magic else None

    @cached_property
    def raw_tokens(self) -> Tokens | None:
        """Tokens of the text as it stands, by which suppressions are read."""
        return _tokens(self.text, self.lines) if self.readable else None

    @cached_property
    def marked(self) -> set[int]:
        """The lines that speak of a suppression: of two on a line only the first is read."""
        return {self.lines.position(m.start())[0] for m in re.finditer("llmsec:", self.text)}

    def is_magic(self, start: int, end: int) -> bool:
        """Whether any line of the span is a magic or goes to the shell."""
        if self.python is self.text:
            return False
        first, last = self.lines.position(start)[0], self.lines.position(end)[0]
        return not self.magic_lines.isdisjoint(range(first, last + 1))

    def compiles(self, edits: Sequence[Edit]) -> bool:
        """Whether the edited source is still Python; False once too much has been tried."""
        self._proofs -= 1
        self._proof_chars -= len(self.text)
        if self._proofs < 0 or self._proof_chars < 0:
            return False
        return parse(applied(self.python, edits)) is not None

    @cached_property
    def imports_os(self) -> int | None:
        """The line that imports `os` for the whole module."""
        for node in self.tree.body if self.tree else ():
            if isinstance(node, ast.Import) and any(map(_is_os, node.names)):
                return node.lineno - 1
        return None

    @cached_property
    def import_at(self) -> int | None:
        """Where an import can be put: after docstring and future imports; None if nowhere."""
        if self.tree is None:
            return None
        done = self.magic_line if self.magic_line is not None else -1
        for index, node in enumerate(self.tree.body):
            if not _stays_first(index, node):
                line = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
                free = line - 1 > done
                return self.lines.span(self._above_directives(line - 1))[0] if free else None
            done = (node.end_lineno or node.lineno) - 1
        return None

    def _above_directives(self, line: int) -> int:
        """A suppression on a line of its own stays right above what it is for."""
        while line > 0 and "llmsec:" in self._line(line - 1):
            line -= 1
        return line

    def _line(self, number: int) -> str:
        return self.text[slice(*self.lines.span(number))]


def applied(text: str, edits: Sequence[Edit]) -> str:
    """The text after the edits."""
    chunks: list[str] = []
    position = 0
    for edit in edits:
        chunks += [text[position : edit.start], edit.replacement]
        position = edit.end
    return "".join([*chunks, text[position:]])


def parse(text: str) -> ast.Module | None:
    """The syntax tree, or None."""
    try:
        with warnings.catch_warnings():  # on escapes that are not ours
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def _blank(line: str) -> str:
    return " " * (len(line) - 1) + "\r" if line.endswith("\r") else " " * len(line)


def _is_os(name: ast.alias) -> bool:
    return name.asname is None and name.name.partition(".")[0] == "os"


def _stays_first(index: int, node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    if index or not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return False
    return isinstance(node.value.value, str)


def _tokens(text: str, lines: Lines) -> Tokens | None:
    try:
        return Tokens(text, lines)
    except (tokenize.TokenError, SyntaxError, ValueError, IndexError, RecursionError):
        return None


def _cut(text: str, lines: Lines) -> Iterator[tuple[int, int, int]]:
    for token in tokens_of(text):
        if token.type == tokenize.ENDMARKER:
            return
        if token.type not in _LAYOUT:
            start = lines.span(token.start[0] - 1)[0] + token.start[1]
            end = lines.span(token.end[0] - 1)[0] + token.end[1] if token.string else start
            yield token.type, start, end


def _whole(tokens: Iterator[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """The tokens with each f-string joined into one literal."""
    depth = first = 0
    for type_, start, end in tokens:
        if type_ in _NESTING:
            first = first if depth else start
            depth += 1
        elif type_ in _CLOSING:
            depth -= 1
            if not depth:
                yield tokenize.STRING, first, end
        elif not depth:
            yield type_, start, end
