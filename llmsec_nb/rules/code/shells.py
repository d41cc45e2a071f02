"""Commands for a shell that are put together from what a model said, or from anything else."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...cells.written import argument
from ...core.detector import Match
from ...core.rule import Severity
from .look import SiteDetector, hit
from .rules import bad, code, good
from .sources import DOWNLOAD, INPUT, MODEL, QUOTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite, CommandSite
    from ...cells.values import Value
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
        good("import sys\n!{sys.executable} -m pip list"),
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


class Shells(SiteDetector):
    """COD022 and COD023."""

    rules: ClassVar[tuple[Rule, ...]] = (OF_MODEL, OF_DATA)
    literals: ClassVar[tuple[str, ...]] = (
        "system", "popen", "subprocess", "shell", "getoutput", "pexpect", "!", "%", "exec_command", "commands.",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if "get_ipython()" in site.path and _is_written(site, around):
            return  # its words are a command of their own
        if MODEL in around.given_on(site, is_shell).taints:
            yield hit(OF_MODEL, site, "what a model said becomes a shell command in this function")
        elif is_shell(site):
            yield from _shell(site)
        elif _PERHAPS.fullmatch(site.path):
            value = site.argument(0, "args")
            if MODEL in value.taints and (_starts_shell(site) or not _is_list(site)):
                yield hit(OF_MODEL, site, "what a model said is run as a command")

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
            rule, message = _expanded(value, own.text[site.command.start : place[0]], name)
            if rule is not None:
                start, end = site.inner.span(*place) if site.inner else place
                yield Match(rule=rule, start=start, end=end, message=message)


def _expanded(value: Value, before: str, name: str) -> tuple[Rule | None, str]:
    """What is wrong with a value that is put into a command behind the words `before`."""
    if MODEL in value.taints:
        return OF_MODEL, "what a model said goes into a shell command"
    if value.taints & {DOWNLOAD, INPUT}:
        return OF_DATA, "what comes from elsewhere goes into a shell command"
    is_whole = not before.strip() and not value.is_constant and not value.taints
    if is_whole and name.isidentifier() and not value.path.startswith("?"):
        return OF_DATA, "which command is run is not fixed"
    return None, ""


def is_shell(site: CallSite) -> bool:
    """Whether a call gives a text to a shell."""
    shell = site.keywords.get("shell")
    return (shell is not None and bool(shell.constant)) or _ALWAYS.fullmatch(site.path) is not None


def _is_written(site: CallSite, around: Around) -> bool:
    own = around.own(site)
    return own is not None and argument(site, own, 0, "cmd") is not None


def _shell(site: CallSite) -> Iterator[Match]:
    value = site.argument(0, "args")
    if not site.arguments:
        value = next(
            (site.keywords[one] for one in ("args", "command", "cmd") if one in site.keywords),
            value,
        )
        if not site.keywords:
            return
    if MODEL in value.taints:
        yield hit(OF_MODEL, site, "what a model said becomes a shell command")
    elif DOWNLOAD in value.taints:
        yield hit(
            OF_DATA, site, "what was downloaded becomes a shell command", severity=Severity.HIGH
        )
    elif not value.is_constant and QUOTED not in value.taints and not _is_fixed(site):
        yield hit(OF_DATA, site, "the command is not fixed: a value with `;` in it is run")


def _is_fixed(site: CallSite) -> bool:
    """Whether the command is a list of literals, or literals side by side."""
    first = site.node.args[0] if site.node.args else None
    return first is not None and not any(
        isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
        for node in ast.walk(first)
    )


def _is_list(site: CallSite) -> bool:
    return bool(site.node.args) and isinstance(site.node.args[0], ast.List | ast.Tuple)


def _starts_shell(site: CallSite) -> bool:
    """`["bash", "-c", ...]`, or another interpreter that is given code."""
    first = site.node.args[0] if site.node.args else None
    if not isinstance(first, ast.List | ast.Tuple):
        return False
    words = [one.value for one in first.elts if isinstance(one, ast.Constant)]
    return bool(words) and ("-c" in words or words[0] in _SHELLS)


def _place(text: str, name: str, start: int, end: int) -> tuple[int, int] | None:
    """Where `{name}` or `$name` stands in a command."""
    written = re.escape(name)
    found = re.compile(rf"\{{{written}\}}|\${written}(?!\w)").search(text, start, end)
    return found.span() if found else None


DETECTORS: Final = (Shells(),)
