"""The rules of commands for a shell: what a model said, and what anyone put together."""

from __future__ import annotations

from typing import Final

from ...core.rule import Severity
from .rules import bad, code, good

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
