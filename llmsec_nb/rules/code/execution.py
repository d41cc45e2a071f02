"""Text that is run as Python: what a model said, what was downloaded, what anyone put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Severity
from .heredocs import evals
from .look import SiteDetector, hit, node_span
from .sources import DOWNLOAD, INPUT, MODEL
from .texts import OF_DATA, OF_MODEL

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

    from ...cells.flow import CallSite
    from ...cells.values import Value
    from ...core.rule import Rule
    from .look import Around

_RUNS: Final = lazy(
    r"builtins\.(?:eval|exec|compile|execfile)|code\.(?:InteractiveInterpreter|InteractiveConsole)\(\)\.(?:runsource|runcode|push)|code\.compile_command"
    r"|codeop\.\w{1,30}|timeit\.(?:timeit|repeat|Timer)|runpy\.run_(?:path|module)|(?:cProfile|profile)\.(?:Profile\(\)\.)?run(?:ctx)?|pdb\.(?:run|runeval)"
    r"|(?:bdb\.Bdb|pdb\.Pdb|trace\.Trace)\(\)\.(?:run|runctx|runeval)|doctest\.(?:debug_src|debug_script)"
)
_MINOR: Final = lazy(
    r"(?:timeit|runpy|cProfile|profile|pdb|bdb|trace|doctest)\..*|.*\.(?:safe_execfile|run_line_magic)"
)
"""What a person runs to measure or to look: a text that varies is their own, as a rule."""
SHELL_MAGICS: Final = frozenset({"bash", "sh", "sx", "system", "!", "!!"})
_PASSED: Final = frozenset({"builtins.eval", "builtins.exec"})
_LOOKING: Final = frozenset(
    {"builtins.print", "builtins.help", "builtins.id", "builtins.type", "builtins.callable", "builtins.isinstance", "builtins.hasattr", "builtins.getattr"}
)  # fmt: skip
"""What does not call what it is given."""
_SHELL: Final = lazy(
    r"\??(?:IPython\.)?get_ipython\(\)\.(?:run_cell|run_cell_async|ex|ev|run_code|run_line_magic|run_cell_magic|magic|safe_execfile|safe_execfile_ipy)"
)
_MAGICS: Final = ("run_line_magic", "run_cell_magic", ".magic")
_EXPRESSIONS: Final = lazy(
    r"(?:pandas|numexpr|\?(?:\w{0,30}_)?(?:df|dataframe|frame)\d{0,2}(?:_\w{1,20})?|(?:.*\.)?DataFrame\(\)|pandas\.read_\w{1,20}\(\))\.(?:eval|evaluate|query)|.*\.eval"
    r"|sympy\.(?:[\w.]{1,40}\.)?(?:sympify|parse_expr|S)"
)
"""What runs code only where someone wants it to: not worth a word unless a model said it."""
_PROGRAM: Final = lazy(r"(?:\S{0,200}/)?(?:i?python[\d.]{0,6}|pypy3?|bash|sh|node)")
_REQUEST: Final = lazy(
    r"(?:flask\.|\?)request\.(?:args|form|values|json|data|get_json|query_params)\b"
)
"""What a client of a server sends."""


class Execution(SiteDetector):
    """COD020 and COD021."""

    rules: ClassVar[tuple[Rule, ...]] = (OF_MODEL, OF_DATA)
    literals: ClassVar[tuple[str, ...]] = (
        "eval", "exec", "compile", "builtins", "ipython", "runpy", "timeit", "runsource", "__import__", "interactive", "codeop", "profile", "pdb", "trace.", "doctest", "query",
        "sympy", "getattr", "__dict__", "vars(", "globals(", "import_module", "sys.modules", "python",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if is_run(site) or _SHELL.fullmatch(site.path):
            yield from _run(site, around)
        elif _EXPRESSIONS.fullmatch(site.path):
            yield from _expression(site)
        elif site.path == "importlib.import_module" and _of_model(site):
            yield hit(
                OF_MODEL, site, "a model says which module is imported", severity=Severity.HIGH
            )
        yield from _started(site, around)
        yield from self._passed(site, around)
        yield from self._through(site, around)

    def _passed(self, site: CallSite, around: Around) -> Iterator[Match]:
        """`map(eval, lines)`: the function itself is given away."""
        if site.path in _LOOKING:
            return
        nodes = [*site.node.args, *(keyword.value for keyword in site.node.keywords)]
        values = [*site.arguments, *(site.keywords.get(k.arg or "") for k in site.node.keywords)]
        for node, value in zip(nodes, values, strict=True):
            if value is not None and _hands_on(value):
                every = (*site.arguments, *site.keywords.values())
                taints = site.owner.taints.union(*(one.taints for one in every))
                rule = OF_MODEL if MODEL in taints else OF_DATA
                message = "everything that it is applied to is run as Python"
                others = [one for one in nodes if one is not node]
                if rule is OF_MODEL or value.items or _varies(site, others, around):
                    yield hit(rule, site, message, span=node_span(site, node, around))

    def _through(self, site: CallSite, around: Around) -> Iterator[Match]:
        """`run(reply)` where `def run(code): exec(code)` stands in the notebook."""
        if _of_model(site) and MODEL in around.given_on(site, is_run).taints:
            yield hit(OF_MODEL, site, "what a model said is run as Python in this function")

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """`python -c "..."`, and what stands between `<<EOF` and `EOF`."""
        for first, last in evals(text, start, end):
            message = "text that is not fixed is run as Python"
            yield Match(rule=OF_DATA, start=first, end=last, message=message)


def _hands_on(value: Value) -> bool:
    """Whether it is `eval`, or a dictionary such as `{"a": eval}`."""
    items = value.items or ()
    return value.path in _PASSED or any(one.path in _PASSED for _, one in items)


def _expression(site: CallSite) -> Iterator[Match]:
    """`df.query(reply)`: what others send, or a model said, is evaluated."""
    if _of_model(site):
        yield hit(OF_MODEL, site, "an expression that a model wrote is evaluated")
        return
    value = site.argument(0, "expr")
    if value.taints & {INPUT, DOWNLOAD} or _REQUEST.match(value.path):
        yield hit(OF_DATA, site, "an expression that others wrote is evaluated")


def _started(site: CallSite, around: Around) -> Iterator[Match]:
    """An interpreter of Python that is given what a model said: behind `-c`, as its input, as a file."""
    if not site.path.startswith(("subprocess.", "os.", "asyncio.")):
        return
    given = site.arguments[0].elements if len(site.arguments) == 1 else site.arguments
    if not given or not any(_is_interpreter(one) for one in given[:4]):
        return
    sent = site.keywords.get("input")
    files = [one for one in given if MODEL in one.taints and one.path.endswith(".name")]
    if files or (sent is not None and MODEL in sent.taints):
        yield hit(OF_MODEL, site, "what a model said is run as a script")


def _is_interpreter(value: Value) -> bool:
    if value.path == "sys.executable":
        return True
    return isinstance(value.constant, str) and _PROGRAM.fullmatch(value.constant) is not None


def _varies(site: CallSite, nodes: Sequence[ast.expr], around: Around) -> bool:
    """Whether any of the expressions is more than literals; so is what is not given at all."""
    pieces = around.functions.pieces(around.calls)
    return not nodes or any(pieces.origin(node, site) for node in nodes)


def _run(site: CallSite, around: Around) -> Iterator[Match]:
    if site.path.endswith(_MAGICS):
        yield from _magic(site)
        return
    value = _text(site)
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


def _magic(site: CallSite) -> Iterator[Match]:
    """`run_line_magic("run", name)`; what goes to a shell is said there."""
    if _of_model(site):
        if site.argument(0, "magic_name").constant not in SHELL_MAGICS:
            yield hit(OF_MODEL, site, "what a model said is run by IPython")
    elif site.argument(0, "magic_name").constant in {"run", "time", "timeit", "prun", "python"}:
        given = [*site.arguments[1:], *(v for k, v in site.keywords.items() if k != "magic_name")]
        if any(value.path and not value.is_known for value in given):
            yield hit(OF_DATA, site, "what is run is not fixed", severity=Severity.LOW)


def _text(site: CallSite) -> Value:
    """The text that a call runs."""
    value = site.argument(0, "source")
    names = site.keywords.keys() & {"stmt", "raw_cell", "statement", "code"}
    return site.keywords[min(names)] if names and not site.arguments else value


def _run_data(site: CallSite, value: Value, around: Around) -> Iterator[Match]:
    if DOWNLOAD in value.taints | site.owner.taints:
        message = "what was downloaded is run as Python"
        if not _is_said(site, around):
            yield hit(OF_DATA, site, message, severity=Severity.HIGH)
    elif value.path == "builtins.compile()":
        return  # said at `compile` already
    elif _MINOR.fullmatch(site.path) or _SHELL.fullmatch(site.path):
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
    return _RUNS.fullmatch(site.path) is not None


DETECTORS: Final = (Execution(),)
