"""The commands that Python runs: `subprocess.run([...])`, `os.system("...")`, `pip.main([...])`.

What is handed to IPython's own methods is a program of its own: see `cells.ipython`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from ...cells.values import UNKNOWN, dotted
from ...cells.written import text_of
from ...core.lazy import lazy
from .formats import with_names
from .origin import Origin
from .runs import Snippet, placed, runs, unwrapped
from .shell import SHELLS, Word, is_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...cells.program import Program
    from ...cells.values import Value
    from .runs import Run

_SHELL: Final = lazy(
    r"(?:(?:subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)"
    r"|os\.(?:system|popen|spawn\w{1,4}|exec\w{1,4}|posix_spawnp?)|commands\.getoutput|pexpect\.run"
    r"|pty\.spawn|sh\.bash"
    r"|asyncio(?:\.subprocess)?\.create_subprocess_(?:exec|shell))\Z)"
)
_UNNAMED: Final = lazy(
    r"\?(?:ip|ipython|shell)\.(?P<method>system|getoutput|run_line_magic|magic|run_cell)\Z"
)
"""Methods of IPython's shell under the names that notebooks give it, where no cell says so."""
_MAIN: Final = lazy(r"pip(?:\._internal(?:\.cli\.main)?|\._main|\.__main__\._main)?\.main\Z")
_LITE: Final = lazy(r"(?:\??(?:micropip|piplite)|pyodide_js)\.install\Z")
_MAGICS: Final = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
_MOST_WORDS: Final = 200


def runs_of_call(site: CallSite, program: Program) -> Iterator[Run]:
    """The commands that a call runs, as far as they are written out.

    `program` is that of the unit.
    """
    reader = _Reader(site, program)
    arguments = [*site.node.args, *(one.value for one in site.node.keywords if one.arg == "args")]
    if not arguments:
        return
    path = site.path
    method = _UNNAMED.match(path)
    if method is not None:
        yield from _of_ipython(method["method"], arguments, reader)
    elif _SHELL.match(path):
        if path.startswith(("os.exec", "os.spawn", "os.posix_spawn")):
            yield from reader.replaced(path, arguments)
        elif path.endswith("create_subprocess_exec"):
            yield from _command([word for one in arguments for word in reader.words(one)])
        else:
            yield from reader.command(arguments[0], value=site.argument(0, "args"))
    elif _MAIN.match(path):
        words = reader.words(arguments[0], site.argument(0, "args"))
        if words:
            yield from _command([words[0]._replace(value="pip"), *words])
    elif _LITE.match(path):
        head = reader.word(site.node.func)._replace(is_open=False)
        words = reader.words(arguments[0], site.argument(0, "requirements"))
        install = head._replace(value="install")
        yield from _command([head._replace(value="pip"), install, *words])


def _of_ipython(method: str, arguments: list[ast.expr], reader: _Reader) -> Iterator[Run]:
    if method in {"system", "getoutput"}:
        yield from reader.command(arguments[0], Origin.LINE)
    elif method == "run_line_magic" and len(arguments) > 1:
        words = [reader.word(arguments[0]), *reader.words(arguments[1])]
        if words[0].value in _MAGICS:
            yield from _command(words, Origin.MAGIC)
    else:
        words = reader.words(arguments[0])
        if words and words[0].value.lstrip("%!") in _MAGICS:
            is_shell = words[0].value.startswith("!")
            words[0] = words[0]._replace(value=words[0].value.lstrip("%!"))
            yield from _command(words, Origin.LINE if is_shell else Origin.MAGIC)


def _command(words: list[Word], origin: Origin = Origin.CALL) -> Iterator[Run]:
    run = unwrapped(words, origin) if words else None
    if run is not None:
        yield run


class _Reader:
    """Reads the arguments of a call; places are those of the unit."""

    def __init__(self, site: CallSite, program: Program) -> None:
        self.inner = site.inner
        self.program = program if site.inner is None else site.inner.program

    def place(self, start: int, end: int) -> tuple[int, int]:
        return (start, end) if self.inner is None else self.inner.span(start, end)

    def command(
        self, node: ast.expr, origin: Origin = Origin.CALL, value: Value = UNKNOWN
    ) -> Iterator[Run]:
        """What a string, or a list of words, runs; `value` is what a name stands for."""
        snippet = self.snippet(node, origin, value)
        if snippet is not None:
            yield from runs(snippet)
            return
        words = self.words(node)
        if len(words) > 2 and words[0].value.rpartition("/")[2] in SHELLS:
            line = next((i for i, word in enumerate(words) if is_line(word.value)), len(words))
            if line + 1 < len(words):
                word = words[line + 1]
                yield from runs(Snippet(word.value, origin, word.part))
                return
        yield from _command(words, origin)

    def replaced(self, path: str, arguments: list[ast.expr]) -> Iterator[Run]:
        """The words of another program: in a list, or one by one, its name twice."""
        skipped = path.startswith("os.spawn")
        rest = arguments[skipped:]
        if len(rest) > 1 and isinstance(rest[1], ast.List | ast.Tuple):
            yield from _command(self.words(rest[1]))
        else:
            yield from _command([word for one in rest[1:] for word in self.words(one)])

    def snippet(self, node: ast.expr, origin: Origin, value: Value = UNKNOWN) -> Snippet | None:
        """The text of a string; what is put in when it runs stays in braces. None for a list."""
        if _is_list(node):
            return None
        written = text_of(node, value, self.program)
        if written is None:
            return None
        written = with_names(node, written)

        def place(start: int, end: int) -> tuple[int, int]:
            return self.place(*written.span(start, end))

        return Snippet(written.text, origin, place)

    def words(self, node: ast.expr, value: Value = UNKNOWN) -> list[Word]:
        """The words of a list; those that are not written out are open."""
        if isinstance(node, ast.List | ast.Tuple):
            return [self.word(one) for one in node.elts[:_MOST_WORDS]]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = [*self.words(node.left), *self.words(node.right)]
            return sides[:_MOST_WORDS]
        if isinstance(node, ast.Call):
            text = _split(node)
            if text is not None:
                return self.words(text)
        snippet = self.snippet(node, Origin.CALL, value)
        if snippet is None:
            return [self.word(node)]
        return [word for run in runs(snippet) for word in run.words]

    def word(self, node: ast.expr) -> Word:
        """One word."""
        start, end = self.place(*self.program.python.span(node))
        if isinstance(node, ast.Starred):
            node = node.value
        if dotted(node) == "sys.executable":
            return Word("{sys.executable}", start, end, start, is_exact=False, is_open=True)
        snippet = self.snippet(node, Origin.CALL)
        if snippet is None or snippet.place is None:
            name = f"{{{node.id}}}" if isinstance(node, ast.Name) else "{}"
            return Word(name, start, end, start, is_exact=False, is_open=True)
        text = snippet.text
        is_open = not isinstance(node, ast.Constant)
        whole = Word(text, 0, len(text), 0, is_exact=True, is_open=is_open)
        return placed(whole, snippet.place)


def _is_list(node: ast.expr) -> bool:
    """Whether an expression is a list of words, or a sum of lists."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        if _is_words(node.right):
            return True
        node = node.left
    return _is_words(node)


def _is_words(node: ast.expr) -> bool:
    is_split = isinstance(node, ast.Call) and _split(node) is not None
    return is_split or isinstance(node, ast.List | ast.Tuple)


def _split(node: ast.Call) -> ast.expr | None:
    """What is split into words: `"...".split()`, `shlex.split("...")`."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "split":
        return None
    if dotted(node.func) == "shlex.split" and node.args:
        return node.args[0]
    return node.func.value
