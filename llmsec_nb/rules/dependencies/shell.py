"""Shell text as simple commands, each word with its place. Nothing is expanded and nothing runs.

The grammar is that of POSIX, chapter 2, as far as notebooks use it, with the `{expression}` that
IPython puts values into.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = lazy(
    r"(?P<blank>(?:[ \t\r\f\v]|\\\r?\n){1,5000})"
    r"|(?P<comment>#[^\n]*)"
    r"|(?P<redirect>\d?(?:&>>?|>>|>&|>\||<<<|<<-?|<&|>(?!\()|<(?!\()))"
    r"|(?P<operator>&&|\|\|?&?|;;?&?|&|\n|[()])"
)
_PIECE: Final = lazy(
    r"'(?P<single>[^']*)'"
    r'|"(?P<double>(?:[^"\\]|\\.)*)"'
    r"|\\\r?\n"
    r"|\\(?P<escaped>.)"
    r"|(?P<open>[$<>]\(|`)"
    r"|(?P<variable>\$\{[^}\n]{0,200}\}|\$\w{1,80}|\{[^{}\s][^{}\n]{0,200}\})"
    r"|(?P<plain>[^\s'\"\\$`<>|&;(){}]+)"
    r"|(?P<other>[^\s|&;()<>])",
    re.DOTALL,
)
_VARIABLE: Final = lazy(r"\$\{|\$\w|\$\(|`|\{[^{}\n]{1,200}\}")
_NESTED: Final = lazy(r"\$\(|`")
_HEREDOC: Final = lazy(r"\s{0,20}['\"\\]?(?P<end>\w{1,80})['\"]?")
_LONGEST_NESTED: Final = 4_000
_LINE: Final = lazy(r"-[a-z]{0,8}c[a-z]{0,8}\Z")
SHELLS: Final = frozenset({"bash", "sh", "zsh", "dash", "ksh"})
_JOINED: Final = frozenset({"|", "|&", "&&", "||"})
"""Behind these a command may go on in the next line."""
DEEPEST: Final = 4
"""Commands within commands."""


def is_line(option: str) -> bool:
    """Whether the word behind an option of a shell is commands: `-c`, `-lc`."""
    return _LINE.match(option) is not None


class Word(NamedTuple):
    """A word without its quotes. `start` and `end` span it with them, `first` is its first character.

    `is_exact`: the characters from `first` on are those of `value`, one by one. `is_open`: a
    value is put into it when it runs, so what it says is not known. `nested` are the spans of
    commands in it whose output it takes.
    """

    value: str
    start: int
    end: int
    first: int
    is_exact: bool
    is_open: bool
    nested: tuple[tuple[int, int], ...] = ()

    def part(self, start: int, end: int) -> tuple[int, int]:
        """Where characters `start` to `end` of the value stand; all of the word if unknown."""
        if not self.is_exact:
            return self.start, self.end
        return self.first + start, self.first + end


class Simple(NamedTuple):
    """A command: its words; `before` is the operator that joins it to the one before.

    `target` is the file that its output goes into.
    """

    words: tuple[Word, ...]
    before: str
    target: str = ""

    @property
    def start(self) -> int:
        """Its first character."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Behind its last word."""
        return self.words[-1].end


def commands(text: str, start: int = 0, end: int | None = None) -> Iterator[Simple]:
    """The simple commands of a text, in order; those in `$(...)` are not among them."""
    yield from _Reader(text, start, len(text) if end is None else end).commands()


class _Reader:
    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.place = start
        self.end = end
        self.words: list[Word] = []
        self.before = ""
        self.target = ""
        self.heredocs: list[str] = []

    def commands(self) -> Iterator[Simple]:
        while self.place < self.end:
            found = _TOKEN.match(self.text, self.place, self.end)
            if found is None:
                self.words.append(self._word())
                continue
            self.place = found.end()
            if found.lastgroup == "redirect":
                self._redirect(found["redirect"])
            elif found.lastgroup == "operator":
                goes_on = not self.words and self.before in _JOINED
                yield from self._done()
                if found["operator"] == "\n":
                    self._skip_heredocs()
                if found["operator"] != "\n" or not goes_on:
                    self.before = found["operator"]
        yield from self._done()

    def _done(self) -> Iterator[Simple]:
        if self.words:
            yield Simple(tuple(self.words), self.before, self.target)
        self.words = []
        self.target = ""

    def _redirect(self, sign: str) -> None:
        """What a redirection names is no word of the command."""
        sign = sign.lstrip("0123456789")
        if sign.startswith("<<") and sign != "<<<":
            found = _HEREDOC.match(self.text, self.place, self.end)
            if found is not None:
                self.place = found.end()
                # What a shell is given on its input are commands, too.
                head = self.words[0].value.rpartition("/")[2] if self.words else ""
                if self.words and head not in SHELLS:
                    self.heredocs.append(found["end"])
            return
        blank = _TOKEN.match(self.text, self.place, self.end)
        if blank is not None and blank.lastgroup == "blank":
            self.place = blank.end()
            blank = _TOKEN.match(self.text, self.place, self.end)
        if self.place < self.end and blank is None:
            target = self._word().value
            if sign in {">", ">>", ">|", "&>", "&>>"}:
                self.target = target

    def _skip_heredocs(self) -> None:
        for word in self.heredocs:
            closing = re.compile(rf"^[ \t]*{word}[ \t\r]*$", re.MULTILINE)
            found = closing.search(self.text, self.place, self.end)
            self.place = self.end if found is None else found.end()
        self.heredocs = []

    def _word(self) -> Word:
        start = self.place
        pieces: list[str] = []
        nested: list[tuple[int, int]] = []
        first, is_exact, is_open = start, True, False
        while (found := _PIECE.match(self.text, self.place, self.end)) is not None:
            kind = found.lastgroup
            begin = found.start()
            self.place = found.end()
            if kind in {"single", "double"}:
                begin, raw = found.start(kind), found[kind]
                is_open |= _VARIABLE.search(raw) is not None
                is_exact &= not pieces and (kind == "single" or "\\" not in raw)
                if kind == "double" and _NESTED.search(raw):
                    nested += self._within(found.start(kind), found.end(kind))
                value = raw.replace('\\"', '"') if kind == "double" else raw
            elif kind == "open":
                self.place = self._closing(found["open"], found.end())
                nested.append((found.end(), max(found.end(), self.place - 1)))
                value, is_open = self.text[begin : self.place], True
            elif kind == "variable":
                value, is_open = found[0], True
            else:
                value = found["escaped"] or found[0] if kind else ""
                is_exact &= kind in {"plain", "other"}
            if not pieces:
                first = begin
            elif kind in {"single", "double"} or self.text[begin - 1] in "'\"":
                is_exact = False
            pieces.append(value)
        if self.place == start:  # a sign that nothing else takes
            self.place += 1
            pieces.append(self.text[start])
        return Word("".join(pieces), start, self.place, first, is_exact, is_open, tuple(nested))

    def _within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The commands whose output a word in double quotes takes."""
        place = start
        while (found := _NESTED.search(self.text, place, end)) is not None:
            place = min(self._closing(found[0], found.end()), end)
            yield found.end(), max(found.end(), place - 1)

    def _closing(self, sign: str, place: int) -> int:
        """Behind what closes a substitution; the end of the text when nothing does."""
        stop = min(self.end, place + _LONGEST_NESTED)
        if sign == "`":
            found = self.text.find("`", place, stop)
            return stop if found < 0 else found + 1
        depth = 1
        while place < stop:
            char = self.text[place]
            depth += (char == "(") - (char == ")")
            place += 1
            if depth == 0:
                break
        return place
