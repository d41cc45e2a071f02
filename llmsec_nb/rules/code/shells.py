"""Commands for a shell that are put together from what a model said, or from anything else."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...cells.values import Value
from ...cells.written import argument
from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Severity
from .commands import OF_DATA, OF_MODEL
from .execution import SHELL_MAGICS
from .look import SiteDetector, hit, node_span
from .pieces import Origin
from .sources import DOWNLOAD, INPUT, MODEL, QUOTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite, CommandSite
    from ...core.rule import Rule
    from .look import Around

_ALWAYS: Final = lazy(
    r"os\.(?:system|popen[234]?)|subprocess\.(?:getoutput|getstatusoutput)|commands\.get\w{1,20}|popen2\.popen[234]"
    r"|asyncio\.(?:subprocess\.)?create_subprocess_shell|pexpect\.(?:run|spawn)u?|platform\.popen|posix\.(?:system|popen)|nt\.system|sh\.(?:bash|sh|zsh)"
    r"|\??(?:IPython\.)?get_ipython\(\)\.(?:system|getoutput|system_raw|system_piped)"
    r"|paramiko\.SSHClient\(\)\.exec_command|fabric\..*\.(?:run|sudo|local)|invoke\.(?:run|Context\(\)\.run)"
)
_PERHAPS: Final = lazy(
    r"subprocess\.(?:run|call|check_call|check_output|Popen)|pty\.spawn|asyncio\.(?:subprocess\.)?create_subprocess_exec"
)
_PASSED: Final = frozenset({"os.system", "os.popen", "subprocess.getoutput"})
_MAGIC: Final = lazy(r"\??(?:IPython\.)?get_ipython\(\)\.run_(?:line|cell)_magic")
_SHELLS: Final = frozenset(
    {"bash", "sh", "zsh", "dash", "/bin/sh", "/bin/bash", "/bin/zsh", "/usr/bin/bash", "/usr/bin/env bash", "cmd", "cmd.exe", "powershell"}
)  # fmt: skip
_FIRST: Final = 4
"""A shell stands behind `sudo`, `env`, a mode of `spawnlp`, or the path that it has."""
_BECOMES: Final = lazy(r"os\.(?:exec|spawn|posix_spawn)[a-z]{0,3}")


class Shells(SiteDetector):
    """COD022 and COD023."""

    rules: ClassVar[tuple[Rule, ...]] = (OF_MODEL, OF_DATA)
    literals: ClassVar[tuple[str, ...]] = (
        "system", "popen", "subprocess", "shell", "getoutput", "pexpect", "!", "%", "exec_command", "commands.", "os.exec", "os.spawn", "posix", "execv", "execl", "spawn", "ipython", "invoke", "fabric", "import sh", "getattr", "__dict__", "vars(", "sys.modules", "import_module", "__import__",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if _MAGIC.fullmatch(site.path):
            yield from _magic(site, around)
            return
        if "get_ipython()" in site.path and _is_written(site, around):
            return  # its words are a command of their own
        if MODEL in around.given_on(site, is_shell).taints:
            yield hit(OF_MODEL, site, "what a model said becomes a shell command in this function")
        elif is_shell(site):
            yield from _shell(site, around)
        elif _PERHAPS.fullmatch(site.path) or _BECOMES.fullmatch(site.path):
            yield from _started(site, around)
        for node, value in zip(site.node.args, site.arguments, strict=True):
            if value.path in _PASSED:
                others = [one for one in site.node.args if one is not node]
                yield from _given_away(site, node, others, around)

    def command(self, site: CommandSite, around: Around) -> Iterator[Match]:
        """`!{value}`."""
        own = around.own(site)
        by_shell = site.command.is_shell or site.command.name == "bash"
        if own is None or not by_shell:
            return
        for name, value in site.values.items():
            place = _place(own.text, name, site.command.start, site.command.end)
            if place is None:
                continue
            origin = around.functions.pieces(around.calls).origin_of(name)
            before = own.text[site.command.start : place[0]]
            rule, message = _expanded(value, before, name, origin)
            if rule is not None:
                start, end = site.inner.span(*place) if site.inner else place
                severity = None if rule is OF_MODEL else _how_bad(value, origin)
                yield Match(rule=rule, start=start, end=end, message=message, severity=severity)


def _expanded(value: Value, before: str, name: str, origin: Origin) -> tuple[Rule | None, str]:
    """What is wrong with a value that is put into a command behind the words `before`."""
    if MODEL in value.taints:
        return OF_MODEL, "what a model said goes into a shell command"
    if INPUT in value.taints or _is_content(value, origin):
        return OF_DATA, "what comes from elsewhere goes into a shell command"
    is_whole = not before.strip() and not value.is_constant and not value.taints
    if is_whole and origin and name.isidentifier() and value.path != f"?{name}":
        return OF_DATA, "which command is run is not fixed"
    return None, ""


def _is_content(value: Value, origin: Origin) -> bool:
    """Whether it is what was downloaded, not the path of a file here that holds it."""
    only_path = Origin.FETCHED in origin and Origin.OUTSIDE not in origin
    return DOWNLOAD in value.taints and bool(origin) and not only_path


def _how_bad(value: Value, origin: Origin) -> Severity | None:
    """Least where the notebook puts in what is its own."""
    others = Origin.OUTSIDE in origin or value.taints & {INPUT, DOWNLOAD}
    only_path = Origin.FETCHED in origin and Origin.OUTSIDE not in origin
    return None if others and not only_path else Severity.LOW


def is_shell(site: CallSite) -> bool:
    """Whether a call gives a text to a shell."""
    shell = site.keywords.get("shell")
    return (shell is not None and bool(shell.constant)) or _ALWAYS.fullmatch(site.path) is not None


def _is_written(site: CallSite, around: Around) -> bool:
    own = around.own(site)
    return own is not None and argument(site, own, 0, "cmd") is not None


def _shell(site: CallSite, around: Around) -> Iterator[Match]:
    node, value = site.node.args[0] if site.node.args else None, site.argument(0, "args")
    if node is None:
        for keyword in site.node.keywords:
            if keyword.arg in {"args", "command", "cmd"}:
                node, value = keyword.value, site.keywords[keyword.arg]
        if not site.keywords:
            return
    yield from _data(site, value, node, around)


def _data(site: CallSite, value: Value, node: ast.expr | None, around: Around) -> Iterator[Match]:
    """What is wrong with the text that a shell is given."""
    origin = around.functions.pieces(around.calls).origin(node, site)
    if MODEL in value.taints:
        yield hit(OF_MODEL, site, "what a model said becomes a shell command")
    elif _is_content(value, origin):
        message = "what was downloaded becomes a shell command"
        yield hit(OF_DATA, site, message, severity=Severity.HIGH)
    elif around.functions.is_of_tool(site):
        return  # said of the tool already
    elif origin and not value.is_constant and QUOTED not in value.taints:
        message = "the command is not fixed: a value with `;` in it is run"
        yield hit(OF_DATA, site, message, severity=_how_bad(value, origin))


def _magic(site: CallSite, around: Around) -> Iterator[Match]:
    """`run_cell_magic("bash", "", text)`; what is written down is a command of its own."""
    name = site.argument(0, "magic_name").constant
    if name not in SHELL_MAGICS or len(site.node.args) < 2:
        return
    own, place = around.own(site), len(site.node.args) - 1
    if own is not None and argument(site, own, place, "") is None:
        yield from _data(site, site.arguments[place], site.node.args[place], around)


def _given_away(
    site: CallSite, node: ast.expr, others: list[ast.expr], around: Around
) -> Iterator[Match]:
    """`map(os.system, lines)`."""
    pieces = around.functions.pieces(around.calls)
    every = site.owner.taints.union(*(one.taints for one in site.arguments))
    origin = [pieces.origin(one, site) for one in others]
    if MODEL in every or not others or any(origin):
        rule = OF_MODEL if MODEL in every else OF_DATA
        message = "everything that it is applied to is run by a shell"
        yield hit(rule, site, message, span=node_span(site, node, around))


def _started(site: CallSite, around: Around) -> Iterator[Match]:
    """A command as a list: what a model said, or a text for a shell that the list starts."""
    if not any(isinstance(one, ast.List | ast.Tuple) for one in site.node.args):
        yield from _words(site, around)
    for node, value in zip(site.node.args, site.arguments, strict=True):
        is_list = isinstance(node, ast.List | ast.Tuple)
        runs = _BECOMES.fullmatch(site.path) is None and value is site.arguments[0] and not is_list
        if MODEL in value.taints and (_starts_shell(node) or runs):
            yield hit(OF_MODEL, site, "what a model said is run as a command")
        elif isinstance(node, ast.List | ast.Tuple):
            text = _script(node.elts)
            if text is not None:
                yield from _data(site, Value(taints=value.taints), text, around)


def _words(site: CallSite, around: Around) -> Iterator[Match]:
    """`os.execl("/bin/sh", "sh", "-c", text)`: the words are the arguments."""
    text = _script(site.node.args)
    if text is not None:
        value = site.arguments[site.node.args.index(text)]
        yield from _data(site, Value(taints=value.taints), text, around)
    elif site.path == "pty.spawn" and site.node.args and MODEL not in site.arguments[0].taints:
        yield from _data(site, site.arguments[0], site.node.args[0], around)


def _script(elements: list[ast.expr]) -> ast.expr | None:
    """The text behind `-c` where a shell is among the first words."""
    words = [one.value if isinstance(one, ast.Constant) else None for one in elements]
    if not any(word in _SHELLS for word in words[:_FIRST]):
        return None
    options = (place for place, word in enumerate(words) if word in {"-c", "-lc", "-ic", "/c"})
    place = next(options, len(words)) + 1
    return elements[place] if place < len(words) else None


def _starts_shell(node: ast.expr) -> bool:
    """`["bash", "-c", ...]`, or another interpreter that is given code."""
    if not isinstance(node, ast.List | ast.Tuple):
        return False
    words = [one.value for one in node.elts if isinstance(one, ast.Constant)]
    return bool(words) and ("-c" in words or words[0] in _SHELLS)


def _place(text: str, name: str, start: int, end: int) -> tuple[int, int] | None:
    """Where `{name}` or `$name` stands in a command."""
    written = re.escape(name)
    found = re.compile(rf"\{{{written}\}}|\${written}(?!\w)").search(text, start, end)
    return found.span() if found else None


DETECTORS: Final = (Shells(),)
