"""The commands that Python runs: `subprocess.run([...])`, `os.system("...")`, IPython's methods."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from ...cells.values import UNKNOWN, dotted
from .runs import Origin, Snippet, runs, unwrapped
from .shell import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...cells.unit import Unit
    from ...cells.values import Value
    from .runs import Run

_SHELL: Final = re.compile(
    r"(?:(?:subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)"
    r"|os\.(?:system|popen|spawn\w{1,4}|exec\w{1,4})|commands\.getoutput|pexpect\.run|sh\.bash"
    r"|asyncio(?:\.subprocess)?\.create_subprocess_(?:exec|shell))\Z)"
)
_IPYTHON: Final = re.compile(
    r"(?:\??(?:IPython\.(?:core\.getipython\.)?)?get_ipython\(\)|.{0,80}\bget_ipython\(\)|\?(?:ip|ipython|shell))"
    r"\.(?P<method>system|getoutput|system_piped|system_raw|run_line_magic|run_cell_magic|magic|run_cell)\Z"
)
_MAIN: Final = re.compile(r"pip(?:\._internal(?:\.cli\.main)?|\._main)?\.main\Z")
_LITE: Final = re.compile(r"(?:micropip|piplite|pyodide_js|\?micropip|\?piplite)\.install\Z")
_PREFIX: Final = re.compile(r"[A-Za-z]{0,2}(?P<quote>\"\"\"|'''|[\"'])")
_MAGICS: Final = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
_CELLS: Final = frozenset({"bash", "sh", "script", "system", "sx", "!"})
_MOST_WORDS: Final = 200


def runs_of_call(site: CallSite, unit: Unit) -> Iterator[Run]:
    """The commands that a call runs, as far as they are written out."""
    reader = _Reader(unit)
    arguments = [*site.node.args, *(one.value for one in site.node.keywords if one.arg == "args")]
    if not arguments:
        return
    method = _IPYTHON.match(site.path)
    if method is not None:
        yield from _of_ipython(method["method"], arguments, reader, site.argument(0, "cmd"))
    elif _SHELL.match(site.path):
        if isinstance(arguments[0], ast.Constant) and site.path.startswith(("os.exec", "os.spawn")):
            words = [word for one in arguments[-1:] for word in reader.words(one)]
            yield from _command(words)
        elif site.path.endswith("create_subprocess_exec"):
            yield from _command([word for one in arguments for word in reader.words(one)])
        else:
            yield from reader.command(arguments[0], value=site.argument(0, "args"))
    elif _MAIN.match(site.path):
        words = reader.words(arguments[0])
        if words:
            yield from _command([words[0]._replace(value="pip"), *words])
    elif _LITE.match(site.path):
        head = reader.word(site.node.func)
        words = reader.words(arguments[0])
        install = head._replace(value="install")
        yield from _command([head._replace(value="pip"), install, *words])


def _of_ipython(
    method: str, arguments: list[ast.expr], reader: _Reader, value: Value
) -> Iterator[Run]:
    if method.startswith(("system", "getoutput")):
        yield from reader.command(arguments[0], Origin.LINE, value)
        return
    first = arguments[0].value if isinstance(arguments[0], ast.Constant) else None
    if method == "run_line_magic" and len(arguments) > 1 and isinstance(first, str):
        if first in _MAGICS:
            words = [reader.word(arguments[0])._replace(value=first), *reader.words(arguments[1])]
            yield from _command(words, Origin.MAGIC)
        elif first in {"system", "sx"}:
            yield from reader.command(arguments[1], Origin.LINE)
    elif method == "run_cell_magic" and len(arguments) > 2 and first in _CELLS:
        yield from reader.command(arguments[2], Origin.SCRIPT)
    elif method in {"magic", "run_cell"} and isinstance(first, str):
        yield from reader.cell(arguments[0], is_magic=method == "magic")


def _command(words: list[Word], origin: Origin = Origin.CALL) -> Iterator[Run]:
    run = unwrapped(words, origin) if words else None
    if run is not None:
        yield run


class _Reader:
    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def span(self, node: ast.expr) -> tuple[int, int]:
        if self.unit.program is None:
            return 0, 0
        return self.unit.program.python.span(node)

    def command(
        self, node: ast.expr, origin: Origin = Origin.CALL, value: Value = UNKNOWN
    ) -> Iterator[Run]:
        """What a string, or a list of words, runs; `value` is what a name stands for."""
        snippet = self.snippet(node, origin)
        if snippet is None and isinstance(value.constant, str):
            start, end = self.span(node)
            snippet = Snippet(value.constant, origin, start, (start, end))
        if snippet is not None:
            yield from runs(snippet)
            return
        words = self.words(node)
        if len(words) > 2 and words[1].value in {"-c", "-lc"} and words[0].value in {"bash", "sh"}:
            word = words[2]
            whole = None if word.is_exact else (word.start, word.end)
            yield from runs(Snippet(word.value, origin, word.first, whole))
        else:
            yield from _command(words, origin)

    def cell(self, node: ast.expr, *, is_magic: bool) -> Iterator[Run]:
        """A string that IPython runs as a line, or as a cell."""
        snippet = self.snippet(node, Origin.LINE)
        if snippet is None:
            return
        place = 0
        for line in snippet.text.split("\n"):
            text = line.lstrip()
            start = place + len(line) - len(text)
            name = text.lstrip("%").split(" ", 1)[0]
            end = place + len(line)
            if text.startswith("!"):
                yield from runs(snippet, start + 1, end)
            elif (text.startswith("%") or is_magic) and name in _MAGICS:
                start += len(text) - len(text.lstrip("%"))
                yield from runs(snippet._replace(origin=Origin.MAGIC), start, end)
            place = end + 1

    def snippet(self, node: ast.expr, origin: Origin) -> Snippet | None:
        """The text of a string, or of an f-string whose values stay in their braces."""
        start, end = self.span(node)
        source = self.unit.source[start:end]
        prefix = _PREFIX.match(source)
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if not is_text and not isinstance(node, ast.JoinedStr):
            return None
        quote = prefix["quote"] if prefix is not None else ""
        if prefix is not None and quote and source.endswith(quote):
            body = source[prefix.end() : len(source) - len(quote)]
            if "\\" not in body and quote not in body:
                return Snippet(body, origin, start + prefix.end())
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return Snippet(node.value, origin, start, (start, end))
        return Snippet(_written(node), origin, start, (start, end))

    def words(self, node: ast.expr) -> list[Word]:
        """The words of a list; those that are not written out are open."""
        if isinstance(node, ast.List | ast.Tuple):
            return [self.word(one) for one in node.elts[:_MOST_WORDS]]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return [*self.words(node.left), *self.words(node.right)][:_MOST_WORDS]
        if isinstance(node, ast.Call):
            text = _split(node)
            if text is not None:
                return self.words(text)
        snippet = self.snippet(node, Origin.CALL)
        if snippet is None:
            return [self.word(node)]
        return [word for run in runs(snippet) for word in run.words]

    def word(self, node: ast.expr) -> Word:
        """One word."""
        start, end = self.span(node)
        if isinstance(node, ast.Starred):
            node = node.value
        if dotted(node) == "sys.executable":
            return Word("{sys.executable}", start, end, start, is_exact=False, is_open=True)
        snippet = self.snippet(node, Origin.CALL)
        if snippet is None:
            return Word("{}", start, end, start, is_exact=False, is_open=True)
        is_open = isinstance(node, ast.JoinedStr)
        exact = snippet.whole is None
        first = snippet.shift if exact else start
        return Word(snippet.text, start, end, first, is_exact=exact, is_open=is_open)


def _split(node: ast.Call) -> ast.expr | None:
    """What is split into words: `"...".split()`, `shlex.split("...")`."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "split":
        return None
    if dotted(node.func) == "shlex.split" and node.args:
        return node.args[0]
    return node.func.value


def _written(node: ast.expr) -> str:
    """An f-string with its values in braces."""
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(
        one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else "{value}"
        for one in node.values
    )
