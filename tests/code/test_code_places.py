"""The same call however it is written: found, at its place."""

from __future__ import annotations

import pytest

from .scanning import flagged, scan

WAYS = [
    ("eval(x)", "eval(x)"),
    ("%time eval(x)", "eval(x)"),
    ("%timeit -n 3 eval(x)", "eval(x)"),
    ("%prun -l 5 eval(x)", "eval(x)"),
    ("%%time\neval(x)", "eval(x)"),
    ("%%timeit -n 3\neval(x)", "eval(x)"),
    ("%%capture out\neval(x)", "eval(x)"),
    ("%%time\n%%capture\neval(x)", "eval(x)"),
    ("%%writefile x.py\neval(x)", "eval(x)"),
    ("%%file src/x.py\ndef f(x):\n    return eval(x)", "eval(x)"),
    ("%%script python\neval(x)", "eval(x)"),
    ("%%script bash\npython3 -c 'eval(x)'", "eval(x)"),
    ("%%bash\npython - <<'EOF'\nimport a\neval(x)\nEOF\n", "eval(x)"),
    ("%%python3\neval(x)", "eval(x)"),
    ("%%some_magic\neval(x)", "eval(x)"),
    ('!python -c "import a; eval(x)"', "eval(x)"),
    ("y = !python -c 'print(eval(x))'", "eval(x)"),
    ("import os\nos.system(\"python -c 'eval(x)'\")", "eval(x)"),
    ("get_ipython().run_cell('eval(x)')", "eval(x)"),
    ("get_ipython().run_cell('a = 1\\neval(x)\\n')", "eval(x)"),
    ("get_ipython().run_line_magic('time', 'eval(x)')", "eval(x)"),
    ("get_ipython().run_cell_magic('time', '', '''a = 1\neval(x)''')", "eval(x)"),
    ("get_ipython().run_cell_magic('writefile', 'x.py', 'eval(x)')", "eval(x)"),
    ("get_ipython().system('python -c \"eval(x)\"')", "eval(x)"),
    ("ip = get_ipython()\nip.ex('eval(x)')", "eval(x)"),
    ("from IPython import get_ipython as g\ng().run_cell('%time eval(x)')", "eval(x)"),
    ("exec('eval(x)')", "eval(x)"),
    ("import timeit\ntimeit.timeit('eval(x)')", "eval(x)"),
    ("import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'eval(x)'])", "eval(x)"),
    ("getattr(builtins, 'ev' + 'al')(x)", "getattr(builtins, 'ev' + 'al')(x)"),
    ("getattr(builtins, f'eval')(x)", "getattr(builtins, f'eval')(x)"),
    ("lambda q=eval(x): q", "eval(x)"),
    ("getattr(builtins, 'eval')(x)", "getattr(builtins, 'eval')(x)"),
    ("import builtins\nbuiltins.eval(x)", "builtins.eval(x)"),
    ("__builtins__['eval'](x)", "__builtins__['eval'](x)"),
    ("__builtins__.eval(x)", "__builtins__.eval(x)"),
    ("globals()['eval'](x)", "globals()['eval'](x)"),
    ("vars(builtins)['eval'](x)", "vars(builtins)['eval'](x)"),
    ("from builtins import eval as e\ne(x)", "e(x)"),
    ("import builtins as b\nb.__dict__['eval'](x)", "b.__dict__['eval'](x)"),
    ("__import__('builtins').eval(x)", "__import__('builtins').eval(x)"),
    ("import importlib\nimportlib.import_module('builtins').eval(x)", "importlib.import_module('builtins').eval(x)"),
    ("e = eval\ne(x)", "e(x)"),
    ("(lambda y: eval(x))(1)", "eval(x)"),
    ("[eval(x) for x in y]", "eval(x)"),
    ("list(map(eval, x))", "eval"),
    ("df['a'].apply(eval)", "eval"),
    ("f'{eval(x)}'", "eval(x)"),
    ("y = '日本'; f'é{eval(x)}'", "eval(x)"),
    ("class A(eval(x)):\n    pass", "eval(x)"),
    ("@eval(x)\ndef f(): pass", "eval(x)"),
    ("async def f():\n    return await g(eval(x))", "eval(x)"),
    ("def f(a=eval(x)): pass", "eval(x)"),
    ("match eval(x):\n    case 1: pass", "eval(x)"),
    ("with a as b, eval(x): pass", "eval(x)"),
    ("try:\n    pass\nexcept* ValueError:\n    eval(x)", "eval(x)"),
    ("if a:\n  !ls\n  eval(x)", "eval(x)"),
    ("def broken(:\n  pass\neval(x)", "eval(x)"),
    ("await b; eval(x)", "eval(x)"),
    ("(y := eval)(x)", "(y := eval)(x)"),
    ("eval\\\n(x)", "eval\\\n(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "piece"), WAYS)
def test_the_same_call_however_it_is_written(source: str, piece: str) -> None:
    assert flagged("COD021", source) == [piece]


@pytest.mark.parametrize(
    "source",
    [
        "'''eval(x)'''",
        "# eval(x)",
        "%%markdown\neval(x)",
        "%%html\neval(x)",
        "model.eval()",
        "def eval(x): return 1\neval(x)",
        "from ast import literal_eval as eval\neval(x)",
        "get_ipython().run_cell('1 + 1')",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "!echo eval",
        "!python -c 'print(1)'",
        "re.compile(x)",
        "eval",
        "print(eval)\nhelp(eval)",
    ],
)
def test_what_only_looks_like_it(source: str) -> None:
    assert scan(source) == []


def test_commands_in_texts_are_found_at_their_words() -> None:
    source = "import os\nos.system('curl -k https://example.org')"
    assert flagged("COD040", source) == ["-k"]
    source = "get_ipython().system('curl --insecure https://example.org')"
    assert flagged("COD040", source) == ["--insecure"]
    source = "get_ipython().run_cell_magic('bash', '', 'ls\\ncurl -k https://example.org')"
    assert flagged("COD040", source) == ["-k"]
    source = "%%bash\nls\ncurl -sk https://example.org"
    assert flagged("COD040", source) == ["-sk"]
