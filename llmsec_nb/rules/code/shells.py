"""Commands for a shell that are put together from what a model said, or from anything else."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...cells.values import Value
from ...cells.written import argument
from ...core.detector import Match
from ...core.rule import Severity
from .look import SiteDetector, hit
from .pieces import Origin
from .rules import bad, code, good
from .sources import DOWNLOAD, INPUT, MODEL, QUOTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite, CommandSite
    from ...core.rule import Rule
    from .look import Around

_CLIENT: Final = "import anthropic, os, subprocess\nc = anthropic.Anthropic()\n"
_REPLY: Final = "r = c.messages.create(model=m, messages=q).content[0].text\n"

OF_MODEL: Final = code(
    "COD022",
    "shell-of-model-output",
    "what a model said becomes a shell command",
    Severity.CRITICAL,
    "Whoever can put words into the prompt decides what the shell runs, with your rights.",
    "Let the model choose among fixed commands, give arguments as a list without a shell, and quote "
    "with `shlex.quote` what must go into one.",
    cwe=78,
    owasp=("LLM05:2025",),
    atlas=("AML.T0050",),
    reference="https://genai.owasp.org/llmrisk/llm052025-improper-output-handling/",
    examples=(
        bad(f"{_CLIENT}{_REPLY}os.system(r)", "os.system(r)"),
        bad(f"{_CLIENT}{_REPLY}subprocess.run(r, shell=True)", "subprocess.run(r, shell=True)"),
        bad(f"{_CLIENT}{_REPLY}!{{r}}", "{r}"),
        bad(f"{_CLIENT}{_REPLY}!echo $r", "$r"),
        bad(f"{_CLIENT}{_REPLY}subprocess.run(['bash', '-c', r])", "subprocess.run(['bash', '-c', r])"),
        bad(f"{_CLIENT}class A:\n    def run(self, command):\n        os.popen(command)\n{_REPLY}A().run(r)", "A().run(r)"),
        good(f"{_CLIENT}{_REPLY}import shlex\nos.system('echo ' + shlex.quote(r))"),
        good(f"{_CLIENT}{_REPLY}!ls\nprint(r)"),
        good(f"{_CLIENT}{_REPLY}subprocess.run(['echo', r])"),
        good(f"{_CLIENT}{_REPLY}n = len(r)\n!head -c {{n}} a.txt"),
    ),
)  # fmt: skip
OF_DATA: Final = code(
    "COD023",
    "shell-of-data",
    "a shell command is put together from what is not fixed",
    Severity.MEDIUM,
    "A value with `;` or `$(...)` in it is run by the shell, not read.",
    "Give the arguments as a list, without `shell=True`; else quote with `shlex.quote`.",
    cwe=78,
    atlas=("AML.T0050",),
    owasp=("LLM05:2025",),
    reference="https://docs.python.org/3/library/subprocess.html#security-considerations",
    examples=(
        bad("import os\nos.system('ls ' + name)", "os.system('ls ' + name)"),
        bad("import subprocess as s\ns.run(f'ls {name}', shell=True)", "s.run(f'ls {name}', shell=True)"),
        bad("import os\nos.popen(command)", "os.popen(command)"),
        bad("import requests\ncommand = requests.get(url).text\n!{command}", "{command}"),
        bad("command = f'ls {name}'\n!{command}", "{command}"),
        bad("import os\nos.execvp('sh', ['sh', '-c', command])", "os.execvp('sh', ['sh', '-c', command])"),
        bad("from os import *\nsystem('ls ' + name)", "system('ls ' + name)"),
        good("import os\nos.execvp('ls', ['ls', '-l', name])\nos.execvp('sh', ['sh', '-c', 'ls'])"),
        good("import os\nfor name in ['a', 'b']:\n    os.system(f'ls {name} | head -{int(count)}')"),
        good("import sys, subprocess\nsubprocess.run(f'{sys.executable} -m pip list', shell=True)"),
        good("import sys\n!{sys.executable} -m pip list"),
        good("from huggingface_hub import snapshot_download\nplace = snapshot_download('a/b')\n!ls {place}"),
        good("command = 'ls'\n!{command}"),
        good("!$HOME/bin/a"),
        good("import os\nos.system('nvidia-smi')"),
        good("import subprocess\nsubprocess.run(['ls', name])"),
        good("import subprocess\nsubprocess.run('ls -l', shell=True)"),
        good("name = 'a.txt'\n!cat {name}"),
        good("import os, shlex\nos.system('ls ' + shlex.quote(name))"),
    ),
)  # fmt: skip

_ALWAYS: Final = re.compile(
    r"os\.(?:system|popen[234]?)|subprocess\.(?:getoutput|getstatusoutput)|commands\.get\w{1,20}|popen2\.popen[234]"
    r"|asyncio\.(?:subprocess\.)?create_subprocess_shell|pexpect\.run\w{0,10}"
    r"|\??(?:IPython\.)?get_ipython\(\)\.(?:system|getoutput|system_raw|system_piped)"
    r"|paramiko\.SSHClient\(\)\.exec_command|fabric\..*\.(?:run|sudo|local)|invoke\.run"
)
_PERHAPS: Final = re.compile(r"subprocess\.(?:run|call|check_call|check_output|Popen)")
_SHELLS: Final = frozenset({"bash", "sh", "zsh", "/bin/sh", "/bin/bash", "cmd", "powershell"})
_BECOMES: Final = re.compile(r"os\.(?:exec|spawn|posix_spawn)[a-z]{0,3}")


class Shells(SiteDetector):
    """COD022 and COD023."""

    rules: ClassVar[tuple[Rule, ...]] = (OF_MODEL, OF_DATA)
    literals: ClassVar[tuple[str, ...]] = (
        "system", "popen", "subprocess", "shell", "getoutput", "pexpect", "!", "%", "exec_command", "commands.", "os.exec", "os.spawn", "posix_spawn", "execv",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if "get_ipython()" in site.path and _is_written(site, around):
            return  # its words are a command of their own
        if MODEL in around.given_on(site, is_shell).taints:
            yield hit(OF_MODEL, site, "what a model said becomes a shell command in this function")
        elif is_shell(site):
            yield from _shell(site, around)
        elif _PERHAPS.fullmatch(site.path) or _BECOMES.fullmatch(site.path):
            yield from _started(site, around)

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
    if is_whole and origin and name.isidentifier() and not value.path.startswith("?"):
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


def _started(site: CallSite, around: Around) -> Iterator[Match]:
    """A command as a list: what a model said, or a text for a shell that the list starts."""
    for node, value in zip(site.node.args, site.arguments, strict=True):
        is_list = isinstance(node, ast.List | ast.Tuple)
        runs = _BECOMES.fullmatch(site.path) is None and value is site.arguments[0] and not is_list
        if MODEL in value.taints and (_starts_shell(node) or runs):
            yield hit(OF_MODEL, site, "what a model said is run as a command")
        elif isinstance(node, ast.List | ast.Tuple):
            text = _script(node)
            if text is not None:
                yield from _data(site, Value(taints=value.taints), text, around)


def _script(node: ast.List | ast.Tuple) -> ast.expr | None:
    """The text behind `-c` where the first word is a shell."""
    words = [one.value if isinstance(one, ast.Constant) else None for one in node.elts]
    if not words or words[0] not in _SHELLS:
        return None
    options = (place for place, word in enumerate(words) if word in {"-c", "-lc", "/c"})
    place = next(options, len(words)) + 1
    return node.elts[place] if place < len(words) else None


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
