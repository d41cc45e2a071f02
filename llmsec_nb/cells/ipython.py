"""Text that a call hands over to be run: `get_ipython().run_cell("…")`, `exec("…")`.

The text becomes a Program of its own, read as the cell that means the same: `!…` for `system`,
`%name …` for `run_line_magic`, `%%name …` for `run_cell_magic`. Each of its characters knows the
characters of the outer source that it comes from, so a command is found at its place in the
literal:

    inner = handed(site, unit.program)   # site: a CallSite; None if it hands nothing over
    for command in inner.program.commands:
        words = inner.program.words(command)
        start, end = inner.span(command.start, command.end)   # in unit.source

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
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .magic import Reading
from .program import Program, read, read_python
from .python import LARGEST
from .values import UNKNOWN
from .written import Written, after, argument, joined, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .flow import CallSite, Site

_SHELL_OF: Final = re.compile(
    r"\??(?:IPython\.)?(?:core\.getipython\.)?get_ipython\(\)\.(?P<method>\w{1,40})"
)
_SYSTEM: Final = frozenset({"system", "getoutput", "system_raw", "system_piped"})
_CELLS: Final = frozenset({"run_cell", "run_cell_async", "ex", "ev", "run_code"})
_PYTHON: Final = {
    "builtins.exec": "source", "builtins.eval": "source", "builtins.compile": "source",
    "timeit.timeit": "stmt", "timeit.repeat": "stmt",
}  # fmt: skip
"""What runs the text of its first argument, and the name of that."""
_STARTS: Final = frozenset(
    f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")
)
_INTERPRETER: Final = re.compile(r"(?:\S{0,200}/)?(?:python[\d.]{0,6}|pypy3?)")


class Handed(NamedTuple):
    """A program that a call hands over, and where its text stands in the outer source.

    `outer` is the one that the call itself was handed over in.
    """

    program: Program
    written: Written
    outer: Handed | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the unit's source for characters of `program.text`."""
        span = self.written.span(start, end)
        return self.outer.span(*span) if self.outer else span

    def files(self) -> Iterator[Handed]:
        """The files of Python that its cell magics write."""
        for body in self.program.bodies:
            if body.reading is Reading.FILE and body.name.endswith(".py"):
                piece = self.written.part(body.start, body.end)
                yield Handed(read_python(piece.text), piece, self.outer)


def handed(site: CallSite, program: Program) -> Handed | None:
    """What a call hands over to be run; `program` is that of the unit that the call stands in.

    None where the call is another one, or its text is not known at all.
    """
    if not ("get_ipython()" in site.path or site.path in _PYTHON or site.path in _STARTS):
        return None
    own = site.inner.program if site.inner else program
    found = _SHELL_OF.fullmatch(site.path)
    if found is not None:
        written = _to_ipython(found["method"], site, own)
    elif site.path in _STARTS:
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
    """The code in `[sys.executable, "-c", "code"]`."""
    words = site.node.args[0] if site.node.args else None
    if not isinstance(words, ast.List | ast.Tuple) or not words.elts:
        return None
    first = words.elts[0]
    known = isinstance(first, ast.Constant) and _INTERPRETER.fullmatch(str(first.value))
    if not known and not (isinstance(first, ast.Attribute) and first.attr == "executable"):
        return None
    for option, code in zip(words.elts, words.elts[1:], strict=False):
        if isinstance(option, ast.Constant) and option.value == "-c":
            return text_of(code, UNKNOWN, program)
    return None


def _magic(site: CallSite, program: Program, *, is_cell: bool) -> Written | None:
    name = argument(site, program, 0, "magic_name")
    line = argument(site, program, 1, "line")
    cell = argument(site, program, 2, "cell")
    if name is None or (is_cell and cell is None):
        return None
    head = joined(name, " ", line) if line else name
    return after("%%", joined(head, "\n", cell)) if is_cell and cell else after("%", head)
