"""A cell read whole: commands and bodies taken out, the rest is Python."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ..core.lazy import lazy
from .cython import as_python
from .lines import Line, logical_lines
from .magic import AUTOMATIC, Reading, code_on_line, file_name, of_cell
from .python import Broken, Python

_CELL_MAGIC: Final = lazy(r"(?:[ \t]*\n){0,1000}[ \t]*%%(?P<name>!|[\w.]{1,80})")
_PROMPTED: Final = lazy(r"\s{0,80}(?:>>>|In \[\d{1,9}\]:)(?:[ ]|$)", re.MULTILINE)
_PROMPT: Final = lazy(
    r"^[ \t]{0,80}(?:>>>|\.\.\.|In \[\d{1,9}\]:|[ ]{2,20}\.{3,12}:)(?:[ ]|$)", re.MULTILINE
)
_NAME: Final = lazy(r"[ \t]*(?P<name>[\w.]{1,80})")
_BLANK: Final = lazy(r"[^\n]")


class Command(NamedTuple):
    """Words for a shell or a magic: characters `start` to `end` of the cell.

    `sign` is `!`, `%`, `%%` or `?`; `name` that of the magic, empty for a shell. The words may go
    on over lines that end with a backslash. `is_assigned`: its output goes into a variable.
    """

    sign: str
    name: str
    start: int
    end: int
    is_assigned: bool = False

    @property
    def is_shell(self) -> bool:
        """Whether a shell reads the words."""
        return self.sign.startswith("!") or self.name in {"sx", "system"}


class Body(NamedTuple):
    """What stands below a cell magic, to be read as the file `name` would be.

    `magic` is its name. `reading` says what becomes of it. A name may be a mere suffix: `.sh`.
    """

    magic: str
    reading: Reading
    name: str
    start: int
    end: int


class Program:
    """One cell. `commands` and `bodies` are in the order of the text.

    `python` holds the trees; in it stand blanks where commands and bodies are.
    """

    def __init__(
        self,
        text: str,
        commands: list[Command],
        bodies: list[Body],
        code: str,
        *,
        is_trial: bool = False,
    ) -> None:
        """`code` is the text with blanks in place of what is no Python; a trial as for `Python`."""
        self.text = text
        self.commands = commands
        self.bodies = bodies
        self.python = Python(code, is_trial=is_trial)

    @property
    def broken(self) -> list[Broken]:
        """What of the Python does not parse."""
        return self.python.broken

    def words(self, command: Command) -> str:
        """The words of a command as they stand there."""
        return self.text[command.start : command.end]


def read(text: str) -> Program:
    """Take a cell apart. Never raises: what cannot be parsed is in `broken`."""
    plain = _without_prompts(text)
    program = _read(text, plain, tolerant=False)
    if not program.broken:
        return program
    alone = AUTOMATIC.match(plain)
    if alone is not None:
        reader = _Reader(plain, tolerant=False)
        reader.magic(*alone.span("words"))
        return Program(text, reader.commands, [], "".join(reader.code))
    return _read(text, plain, tolerant=True)


def unreadable(text: str, reason: str) -> Program:
    """A cell that could not be taken apart: nothing is known of it but why."""
    program = Program(text, [], [], "")
    program.broken.append(Broken(0, len(text), reason, is_defect=True))
    return program


def _without_prompts(text: str) -> str:
    """The text with blanks in place of `>>> ` and `In [1]: `, which IPython takes away, too."""
    if _PROMPTED.match(text) is None:
        return text
    return _PROMPT.sub(lambda found: " " * len(found[0]), text)


def _read(text: str, plain: str, *, tolerant: bool) -> Program:
    reader = _Reader(plain, tolerant=tolerant)
    reader.cell(0)
    code = "".join(reader.code)
    return Program(text, reader.commands, reader.bodies, code, is_trial=not tolerant)


def read_python(text: str) -> Program:
    """A file of Python: no magics."""
    return Program(text, [], [], text)


def read_cython(text: str) -> Program:
    """A file of Cython, as far as it is Python."""
    return Program(text, [], [], as_python(text))


class _Reader:
    """Collects commands and bodies, and the text of the Python between them."""

    def __init__(self, text: str, *, tolerant: bool) -> None:
        self.text = text
        self.tolerant = tolerant
        self.commands: list[Command] = []
        self.bodies: list[Body] = []
        self.code: list[str] = []

    def cell(self, start: int) -> None:
        """From `start` on, where a cell magic may stand, and another below one that runs Python."""
        while (found := _CELL_MAGIC.match(self.text, start)) is not None:
            stop = self._stop(found.end())
            self.commands.append(Command("%%", found["name"], found.end(), stop))
            reading, suffix = of_cell(found["name"], self.text[found.end() : stop])
            if reading is not Reading.PYTHON:
                self._body(found, stop, reading, suffix)
                return
            code = code_on_line(found["name"], self.text, found.end(), stop)
            if code is None or not self.text[code:stop].strip():
                self._blank(start, stop)
            else:
                self._prefix(start, code, ";")
                self.code.append(self.text[code:stop])
            start = min(stop + 1, len(self.text))
            self.code.append(self.text[stop:start])
        self.lines(start)

    def _body(self, found: re.Match[str], stop: int, reading: Reading, suffix: str) -> None:
        """What stands below a magic that does not run it as Python."""
        name, line = found["name"], self.text[found.end() : stop]
        below = min(stop + 1, len(self.text))
        self._blank(found.start(), below)
        own = file_name(line) if reading is Reading.FILE else f".{suffix}"
        self.bodies.append(Body(name, reading, own, below, len(self.text)))
        if suffix == "?":
            self._perhaps(below)
        else:
            self._blank(below, len(self.text))

    def lines(self, start: int) -> None:
        """Line by line: Python is kept, all else becomes blanks."""
        if start >= len(self.text):
            return
        for line in logical_lines(self.text, start, tolerant=self.tolerant):
            if line.start > len(self.text):
                return
            if line.sign:
                self._command(line)
            else:
                self.code.append(self.text[line.start : line.end])
            self.code.append(self.text[line.end : line.end + 1])

    def magic(self, start: int, end: int) -> None:
        """A magic without its sign, and nothing else but blanks."""
        self._blank(0, start)
        self._command(Line(start, end, "%", start))
        self._blank(end, len(self.text))

    def _command(self, line: Line) -> None:
        name = ""
        body = line.body
        if line.sign.startswith("%"):
            found = _NAME.match(self.text, body, line.end)
            name, body = (found["name"], found.end()) if found else ("", body)
        assigned = line.target is not None
        sign = "!" if line.sign in {"!", "!!"} else "?" if "?" in line.sign else "%"
        self.commands.append(Command(sign, name, body, line.end, assigned))
        code = code_on_line(name, self.text, body, line.end) if sign == "%" else None
        has_code = code is not None and bool(self.text[code : line.end].strip())
        if line.target is not None:
            first = self.text.index("=", line.target[1]) + 1
            more = None
        else:
            words = self.text[line.start : line.end]
            first = line.start + len(words) - len(words.lstrip(" \t\f"))
            more = ";"
        self.code.append(self.text[line.start : first])
        if code is None or not has_code:
            self._prefix(first, line.end)
        elif more is None:
            self._blank(first, code)
            self.code.append(self.text[code : line.end])
        else:
            self._prefix(first, code, more)
            self.code.append(self.text[code : line.end])

    def _prefix(self, start: int, end: int, more: str = "") -> None:
        """An expression that means nothing, as long as the text: a block must not be empty."""
        if end - start <= len(more):
            self._blank(start, end)
            return
        head = f"0{more}"
        blank = _BLANK.sub(" ", self.text[start:end])
        first = blank.index(" ")
        self.code.append(blank[:first] + head + blank[first + len(head) :])

    def _blank(self, start: int, end: int) -> None:
        self.code.append(_BLANK.sub(" ", self.text[start:end]))

    def _perhaps(self, start: int) -> None:
        """The body of an unknown magic: Python, if it all parses as such."""
        reader = _Reader(self.text, tolerant=self.tolerant)
        reader.lines(start)
        code = "".join(reader.code)
        if Python(code).broken:
            self._blank(start, len(self.text))
            return
        self.code.append(code)
        self.commands += reader.commands

    def _stop(self, place: int) -> int:
        stop = self.text.find("\n", place)
        return len(self.text) if stop < 0 else stop
