"""Text that is run as Python: what a model said, what was downloaded, what anyone put together."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...cells.program import read_python
from ...core.detector import Match
from ...core.rule import Severity
from .look import SiteDetector, hit, node_span
from .rules import bad, code, good
from .sources import DOWNLOAD, MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...cells.flow import CallSite
    from ...cells.values import Value
    from ...core.rule import Rule
    from .look import Around

_CLIENT: Final = "import openai\nc = openai.OpenAI()\n"
_REPLY: Final = "r = c.chat.completions.create(model=m, messages=q).choices[0].message.content\n"

OF_MODEL: Final = code(
    "COD020",
    "exec-of-model-output",
    "what a model said is run as Python",
    Severity.CRITICAL,
    "Whoever can put words into the prompt, by a web page or a document, decides what runs here.",
    "Do not run it here: use a sandbox without network and secrets, or let the model choose among "
    "functions of your own. `ast.literal_eval` or `json.loads` read plain data.",
    cwe=95,
    owasp=("LLM05:2025",),
    atlas=("AML.T0050",),
    reference="https://genai.owasp.org/llmrisk/llm052025-improper-output-handling/",
    examples=(
        bad(f"{_CLIENT}{_REPLY}exec(r)", "exec(r)"),
        bad(f"{_CLIENT}{_REPLY}eval(compile(r.strip(), 'x', 'eval'))", "eval(compile(r.strip(), 'x', 'eval'))"),
        bad(f"{_CLIENT}{_REPLY}get_ipython().run_cell(r)", "get_ipython().run_cell(r)"),
        bad(f"{_CLIENT}{_REPLY}df.eval(r)", "df.eval(r)"),
        bad(f"{_CLIENT}def run(code):\n    exec(code)\n{_REPLY}run(r)", "run(r)"),
        good(f"{_CLIENT}{_REPLY}import ast\nast.literal_eval(r)"),
        good(f"{_CLIENT}{_REPLY}r = '1'\neval(r)"),
        good(f"{_CLIENT}{_REPLY}model.eval()"),
    ),
)  # fmt: skip
OF_DATA: Final = code(
    "COD021",
    "exec-of-data",
    "text that is not fixed is run as Python",
    Severity.MEDIUM,
    "eval and exec do whatever the text says; who can change the text can run code here.",
    "Use `ast.literal_eval` or `json.loads` for data, `getattr` or a dict for names.",
    cwe=95,
    atlas=("AML.T0050",),
    owasp=("LLM05:2025",),
    reference="https://docs.python.org/3/library/functions.html#eval",
    examples=(
        bad("eval(x)"),
        bad("import builtins as b\ngetattr(b, 'exec')(x)", "getattr(b, 'exec')(x)"),
        bad("list(map(eval, lines))", "eval"),
        bad("get_ipython().run_cell('y = eval(x)')", "eval(x)"),
        bad("!python -c 'eval(x)'", "eval(x)"),
        good("eval('1 + 1')"),
        good("model.eval()\nmodel.train()"),
        good("import ast\nast.literal_eval(x)"),
        good("# eval(x)\nprint('eval(x)')"),
        bad("def run(text):\n    exec(text)\nrun(input())", "exec(text)"),
        bad("lines = ['1']\nlines.append(more)\nfor line in lines:\n    eval(line)", "eval(line)"),
        good("import random\neval(random.choice(['1 + 1', '2 * 2']))"),
        good("for text in ('1', '2'):\n    eval(text)"),
        good("eval({'a': '1', 'b': '2'}[key])"),
        good("list(map(eval, ['1', '2']))"),
        good("import re\nre.compile(x)"),
        good("df.eval('a + b')\ndf.query(f'a > {limit}')"),
    ),
)  # fmt: skip

_RUNS: Final = frozenset(
    {
        "builtins.eval", "builtins.exec", "builtins.compile", "runpy.run_path", "code.InteractiveInterpreter().runsource",
        "code.InteractiveInterpreter().runcode", "code.InteractiveConsole().push", "timeit.timeit", "builtins.execfile",
    }
)  # fmt: skip
_PASSED: Final = frozenset({"builtins.eval", "builtins.exec"})
_LOOKING: Final = frozenset(
    {"builtins.print", "builtins.help", "builtins.id", "builtins.type", "builtins.callable", "builtins.isinstance", "builtins.hasattr", "builtins.getattr"}
)  # fmt: skip
"""What does not call what it is given."""
_SHELL: Final = re.compile(
    r"\??(?:IPython\.)?get_ipython\(\)\.(?:run_cell|run_cell_async|ex|ev|run_code|run_line_magic|run_cell_magic|magic)"
)
_EXPRESSIONS: Final = re.compile(
    r"(?:pandas|numexpr|\?df|.*\.DataFrame\(\))\.(?:eval|evaluate|query)|.*\.eval"
)
"""What runs code only where someone wants it to: not worth a word unless a model said it."""
_COMMAND: Final = re.compile(
    r"(?:python[\d.]{0,6}|\{sys\.executable\}|pypy3?)[ \t]+(?:-[A-Zbsuvx]{1,3}[ \t]+){0,5}-c[ \t]+(?P<quote>[\"'])(?P<code>.{1,20000}?)(?P=quote)",
    re.DOTALL,
)
_HEREDOC: Final = re.compile(
    r"python[\d.]{0,6}[^\n]{0,80}<<-?[ \t]*(?P<mark>['\"]?)(?P<end>\w{1,40})(?P=mark)[^\n]{0,80}\n(?P<code>.{1,20000}?)\n[ \t]*(?P=end)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)


class Execution(SiteDetector):
    """COD020 and COD021."""

    rules: ClassVar[tuple[Rule, ...]] = (OF_MODEL, OF_DATA)
    literals: ClassVar[tuple[str, ...]] = (
        "eval", "exec", "compile", "builtins", "get_ipython", "runpy", "timeit", "runsource", "__import__",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if site.path in _RUNS or _SHELL.fullmatch(site.path):
            yield from _run(site, around)
        elif _EXPRESSIONS.fullmatch(site.path) and _of_model(site):
            yield hit(OF_MODEL, site, "an expression that a model wrote is evaluated")
        yield from self._passed(site, around)
        yield from self._through(site, around)

    def _passed(self, site: CallSite, around: Around) -> Iterator[Match]:
        """`map(eval, lines)`: the function itself is given away."""
        if site.path in _LOOKING:
            return
        nodes = [*site.node.args, *(keyword.value for keyword in site.node.keywords)]
        values = [*site.arguments, *(site.keywords.get(k.arg or "") for k in site.node.keywords)]
        for node, value in zip(nodes, values, strict=True):
            if value is not None and value.path in _PASSED:
                taints = site.owner.taints.union(*(one.taints for one in site.arguments))
                rule = OF_MODEL if MODEL in taints else OF_DATA
                message = "everything that it is applied to is run as Python"
                if rule is OF_MODEL or _varies(
                    site, [one for one in nodes if one is not node], around
                ):
                    yield hit(rule, site, message, span=node_span(site, node, around))

    def _through(self, site: CallSite, around: Around) -> Iterator[Match]:
        """`run(reply)` where `def run(code): exec(code)` stands in the notebook."""
        if _of_model(site) and MODEL in around.given_on(site, is_run).taints:
            yield hit(OF_MODEL, site, "what a model said is run as Python in this function")

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """`python -c "..."`, and what stands between `<<EOF` and `EOF`."""
        for first, last in _evals(text, start, end):
            message = "text that is not fixed is run as Python"
            yield Match(rule=OF_DATA, start=first, end=last, message=message)


def _varies(site: CallSite, nodes: Sequence[ast.expr], around: Around) -> bool:
    """Whether any of the expressions is more than literals; so is what is not given at all."""
    pieces = around.functions.pieces(around.calls)
    return not nodes or any(pieces.origin(node, site) for node in nodes)


def _run(site: CallSite, around: Around) -> Iterator[Match]:
    if site.path.endswith(("run_line_magic", "run_cell_magic")):
        if _of_model(site):
            yield hit(OF_MODEL, site, "what a model said is run by IPython")
        return
    value = site.argument(0, "source")
    taints = value.taints | site.owner.taints
    if MODEL in taints:
        if not _is_said(site, around):
            yield hit(OF_MODEL, site, "what a model said is run as Python")
    elif value.is_constant or not (site.arguments or site.keywords):
        return
    elif not _varies(site, site.node.args[:1], around) or around.functions.is_of_tool(site):
        return  # the words of the notebook itself; or said of the tool already
    else:
        yield from _run_data(site, value, around)


def _run_data(site: CallSite, value: Value, around: Around) -> Iterator[Match]:
    if DOWNLOAD in value.taints | site.owner.taints:
        message = "what was downloaded is run as Python"
        if not _is_said(site, around):
            yield hit(OF_DATA, site, message, severity=Severity.HIGH)
    elif value.path == "builtins.compile()":
        return  # said at `compile` already
    elif site.path in {"timeit.timeit", "runpy.run_path"} or _SHELL.fullmatch(site.path):
        message = "what is run is not fixed"
        yield hit(OF_DATA, site, message, severity=Severity.LOW)
    else:
        yield hit(
            OF_DATA, site, "text that is not fixed is run as Python", severity=_how_bad(site, value)
        )


def _is_said(site: CallSite, around: Around) -> bool:
    """Whether it is a `compile`, of which is said where the code is run."""
    return site.path == "builtins.compile" and bool(_PASSED & around.paths)


def _how_bad(site: CallSite, value: Value) -> Severity | None:
    """Least where names are put together that the notebook itself writes down."""
    return Severity.LOW if site.path == "builtins.compile" and not value.path else None


def _of_model(site: CallSite) -> bool:
    return any(MODEL in one.taints for one in (*site.arguments, *site.keywords.values()))


def is_run(site: CallSite) -> bool:
    """Whether a call runs text as Python."""
    return site.path in _RUNS


def _evals(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The calls of eval and exec in the Python that a shell is told to run."""
    for pattern in (_COMMAND, _HEREDOC):
        for found in pattern.finditer(text, start, end):
            program = read_python(found["code"])
            for tree in program.python.trees:
                for node in ast.walk(tree):
                    if isinstance(node, ast.Call) and _is_eval(node):
                        first, last = program.python.span(node)
                        yield found.start("code") + first, found.start("code") + last


def _is_eval(node: ast.Call) -> bool:
    named = isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}
    return named and bool(node.args) and not isinstance(node.args[0], ast.Constant)


DETECTORS: Final = (Execution(),)
