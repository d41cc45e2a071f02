"""The rules of text that is run as Python: what a model said, and what anyone put together."""

from __future__ import annotations

from typing import Final

from ...core.rule import Severity
from .rules import bad, code, good

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
