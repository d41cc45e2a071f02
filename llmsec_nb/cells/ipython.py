"""Text that a call hands over to be run: `get_ipython().run_cell("…")`, `exec("…")`.

The text becomes a Program of its own, read as the cell that means the same: `!…` for `system`,
`%name …` for `run_line_magic`, `%%name …` for `run_cell_magic`. Each of its characters knows the
characters of the outer source that it comes from, so a command is found at its place in the
literal:

    inner = handed(site, unit.program)   # site: a CallSite; None if it hands nothing over
    for command in inner.program.commands:
        words = inner.program.words(command)
        start, end = inner.span(command.start, command.end)   # in unit.source

Scripts that are written as literals, `open("x.py", "w").write("...")`, are read in the same way,
as the file that they become; `is_file` says so.

Where a part of the text is not known before it runs it stands as `{expression}`, as IPython
itself would write it.

`flow.follow` goes into such programs on its own, so what they do is among its sites. There `start`
and `end` of a call are those of the unit; `site.inner` is set, and a node of such a site, or the
command of such a CommandSite, belongs to `site.inner.program` instead of that of the unit:
`span_of` tells the place of a node, `site.inner.span(command.start, command.end)` that of a
command. `site.inner.program.bodies` are those of `run_cell_magic`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.lazy import lazy
from .fixed import reader
from .magic import Reading
from .program import Program, read, read_python
from .python import LARGEST
from .values import UNKNOWN
from .written import Written, after, argument, joined, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .flow import CallSite, Site

_SHELL_OF: Final = lazy(
    r"\??(?:IPython\.)?(?:core\.getipython\.)?get_ipython\(\)\.(?P<method>\w{1,40})"
)
_SYSTEM: Final = frozenset({"system", "getoutput", "system_raw", "system_piped"})
_CELLS: Final = frozenset({"run_cell", "run_cell_async", "ex", "ev", "run_code"})
_PYTHON: Final = {
    "builtins.exec": "source", "builtins.eval": "source", "builtins.compile": "source",
    "timeit.timeit": "stmt", "timeit.repeat": "stmt",
}  # fmt: skip
"""What runs the text of its first argument, and the name of that."""
_STARTS: Final = lazy(
    r"subprocess\.(?:run|call|check_call|check_output|Popen)|pty\.spawn"
    r"|asyncio\.(?:subprocess\.)?create_subprocess_exec|os\.(?:exec|spawn|posix_spawn)[a-z]{0,3}"
)
"""What starts a program with words: those of a list, or its own."""
_INTERPRETER: Final = lazy(r"(?:\S{0,200}/)?(?:i?python[\d.]{0,6}|pypy3?)(?:\.exe)?")
_STARTING: Final = ("subprocess.", "os.", "asyncio.", "pty.")
_COMMAND: Final = lazy(r"-[A-Za-bd-z]{0,8}c")
WRITES: Final = (".write", ".writelines", ".write_text")
_OF_PYTHON: Final = (".py", ".pyw")
_SCRIPTS: Final = (*_OF_PYTHON, ".sh", ".bash")


class Handed(NamedTuple):
    """A program that a call hands over, and where its text stands in the outer source.

    `outer` is the one that the call itself was handed over in. `is_file`: it is a file that is
    written, which knows no names of the notebook.
    """

    program: Program
    written: Written
    outer: Handed | None = None
    is_file: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the unit's source for characters of `program.text`."""
        span = self.written.span(start, end)
        return self.outer.span(*span) if self.outer else span

    def files(self) -> Iterator[Handed]:
        """The files of Python that its cell magics write."""
        for body in self.program.bodies:
            if body.reading is Reading.FILE and body.name.endswith(".py"):
                piece = self.written.part(body.start, body.end)
                yield Handed(read_python(piece.text), piece, self.outer, is_file=True)


def handed(site: CallSite, program: Program) -> Handed | None:
    """What a call hands over to be run; `program` is that of the unit that the call stands in.

    None where the call is another one, or its text is not known at all.
    """
    if site.path.endswith(WRITES) or site.path == "builtins.print":
        return script(site, site.inner.program if site.inner else program)
    starts = site.path.startswith(_STARTING) and _STARTS.fullmatch(site.path)
    if not (starts or "get_ipython()" in site.path or site.path in _PYTHON):
        return None
    own = site.inner.program if site.inner else program
    found = _SHELL_OF.fullmatch(site.path)
    if found is not None:
        written = _to_ipython(found["method"], site, own)
    elif starts:
        written = _started(site, own)
    else:
        written = argument(site, own, 0, _PYTHON.get(site.path, ""))
        written = None if written is None or written.is_open else written
    if written is None or len(written.text) > LARGEST:
        return None
    return Handed(read(written.text), written, site.inner)


def span_of(site: Site, node: ast.expr | ast.keyword, program: Program) -> tuple[int, int]:
    """The characters of a node of a site in the source of its unit, whose program is given."""
    if site.inner is None:
        return program.python.span(node)
    return site.inner.span(*site.inner.program.python.span(node))


def _to_ipython(method: str, site: CallSite, program: Program) -> Written | None:
    """What a method of the shell is given, as the cell that means the same."""
    if method in _CELLS:
        return argument(site, program, 0, "raw_cell")
    if method in _SYSTEM:
        command = argument(site, program, 0, "cmd")
        return command and after("%%bash\n" if "\n" in command.text.strip() else "!", command)
    if method == "magic":
        line = argument(site, program, 0, "arg_s")
        return line and (line if line.text.startswith("%") else after("%", line))
    if method in {"run_line_magic", "run_cell_magic"}:
        return _magic(site, program, is_cell=method == "run_cell_magic")
    return None


def _started(site: CallSite, program: Program) -> Written | None:
    """The code in `[sys.executable, "-c", "code"]`, or that a program of Python is sent."""
    lists = [one for one in site.node.args if isinstance(one, ast.List | ast.Tuple)]
    words = lists[0].elts if lists else site.node.args
    first = next((place for place, one in enumerate(words) if _is_python(one)), None)
    if first is None:
        return None
    for option, code in zip(words[first:], words[first + 1 :], strict=False):
        if isinstance(option, ast.Constant) and _COMMAND.fullmatch(str(option.value)):
            return text_of(code, UNKNOWN, program)
    sent = argument(site, program, -1, "input")
    return None if sent is None or sent.is_open else sent


def _is_python(node: ast.expr) -> bool:
    """Whether a word is the name of an interpreter."""
    if isinstance(node, ast.Constant):
        return _INTERPRETER.fullmatch(str(node.value)) is not None
    return isinstance(node, ast.Attribute) and node.attr == "executable"


def script(site: CallSite, program: Program) -> Handed | None:
    """A script that a call writes: `open("x.py", "w").write("...")`, `print("...", file=f)`."""
    prints = site.path == "builtins.print"
    file = site.argument(-1, "file").file if prints else reader(site.owner)
    if not file.endswith(_SCRIPTS) or not site.node.args:
        return None
    written = text_of(site.node.args[0], site.arguments[0], program)
    if written is None or not written.text or len(written.text) > LARGEST:
        return None
    if file.endswith(_OF_PYTHON):
        inner = read_python(written.text)
        return Handed(inner, written, site.inner, is_file=True) if inner.python.trees else None
    shell = after("%%bash\n", written)
    return Handed(read(shell.text), shell, site.inner, is_file=True)


def _magic(site: CallSite, program: Program, *, is_cell: bool) -> Written | None:
    name = argument(site, program, 0, "magic_name")
    line = argument(site, program, 1, "line")
    cell = argument(site, program, 2, "cell")
    if name is None or (is_cell and cell is None):
        return None
    head = joined(name, " ", line) if line else name
    return after("%%", joined(head, "\n", cell)) if is_cell and cell else after("%", head)
