"""More ways to run a text: by the name of the function, by another program, in another language."""

from __future__ import annotations

import pytest

from llmsec_nb.cells.cython import as_python
from llmsec_nb.core.rule import Confidence

from .scanning import flagged, scan

WAYS = [
    ("%%cython -a\ncdef int f(int x):\n    return eval(x)", "eval(x)"),
    ("%%cython\ncimport numpy as np\ncdef class A:\n    def h(self, int n):\n        exec(n)", "exec(n)"),
    ("%%writefile a.pyx\ndef f(list b):\n    eval(b)", "eval(b)"),
    ("%%writefile a.ipy\n!ls\neval(x)", "eval(x)"),
    ("@eval\n@str.lower\nclass A: pass", "eval"),
    ("@exec\ndef f(): pass", "exec"),
    ("%alias py python -c 'eval(x)'", "eval(x)"),
    ("from IPython.core.interactiveshell import InteractiveShell as S\nS.instance().run_cell('eval(x)')", "eval(x)"),
    ("getattr(builtins, ''.join(['e', 'val']))(x)", "getattr(builtins, ''.join(['e', 'val']))(x)"),
    ("getattr(builtins, 'lave'[::-1])(x)", "getattr(builtins, 'lave'[::-1])(x)"),
    ("getattr(builtins, '%sal' % 'ev')(x)", "getattr(builtins, '%sal' % 'ev')(x)"),
    ("getattr(builtins, '{}al'.format('ev'))(x)", "getattr(builtins, '{}al'.format('ev'))(x)"),
    ("getattr(builtins, chr(101) + 'val')(x)", "getattr(builtins, chr(101) + 'val')(x)"),
    ("n = 'ev'\nn += 'al'\ngetattr(builtins, n)(x)", "getattr(builtins, n)(x)"),
    ("vars(builtins).get('eval')(x)", "vars(builtins).get('eval')(x)"),
    ("builtins.__getattribute__('eval')(x)", "builtins.__getattribute__('eval')(x)"),
    ("import sys\nsys.modules.get('builtins').eval(x)", "sys.modules.get('builtins').eval(x)"),
    ("import sys\nsys.modules['__main__'].__builtins__.eval(x)", "sys.modules['__main__'].__builtins__.eval(x)"),
    ("globals()['__builtins__'].eval(x)", "globals()['__builtins__'].eval(x)"),
    ("get_ipython().user_ns['eval'](x)", "get_ipython().user_ns['eval'](x)"),
    ("ways = [print, eval]\nways[-1](x)", "ways[-1](x)"),
    ("a, b = [eval, exec]\na(x)", "a(x)"),
    ("for run in (eval, exec):\n    run(x)", "run(x)"),
    ("eval.__call__(x)", "eval.__call__(x)"),
    ("import code\nc = code.InteractiveConsole(locals())\nc.push(x)", "c.push(x)"),
    ("import cProfile\ncProfile.run(x)", "cProfile.run(x)"),
    ("import timeit\ntimeit.Timer(stmt=x)", "timeit.Timer(stmt=x)"),
    ("import runpy\nrunpy.run_module(x)", "runpy.run_module(x)"),
    ("get_ipython().run_line_magic('run', x)", "get_ipython().run_line_magic('run', x)"),
    ("try:\n    pass\nexcept eval(x):\n    pass", "eval(x)"),
    ("def f(a: eval(x)) -> int: pass", "eval(x)"),
    ("def f() -> eval(x): pass", "eval(x)"),
    ("match a:\n    case b if eval(b): pass", "eval(b)"),
    ("import pandas as pd\npd.read_csv('a.csv', converters={'a': eval})", "{'a': eval}"),
    ("import threading\nthreading.Thread(target=exec, args=(x,)).start()", "exec"),
    ("df.query(input())", "df.query(input())"),
    ("import pandas as pd\npd.eval(f'1 + {input()}')", "pd.eval(f'1 + {input()}')"),
    ("from sympy import sympify as s\ns(input())", "s(input())"),
    ("!echo 'eval(x)' | python3", "eval(x)"),
    ('!python3 -Ic "eval(x)"', "eval(x)"),
    ("%%bash\ncat > a.py <<EOF\nimport b\neval(x)\nEOF\npython a.py", "eval(x)"),
    ("import os\nos.execl('/usr/bin/python', 'python', '-c', 'eval(x)')", "eval(x)"),
    ("import subprocess\nsubprocess.run(['python', '-'], input='eval(x)')", "eval(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "piece"), WAYS)
def test_a_text_is_run_however_that_is_said(source: str, piece: str) -> None:
    assert flagged("COD021", source) == [piece]


@pytest.mark.parametrize(
    ("source", "piece"),
    [
        ("import os\ngetattr(os, 'sys' + 'tem')(x)", "getattr(os, 'sys' + 'tem')(x)"),
        ("import os\nos.__dict__['popen'](x)", "os.__dict__['popen'](x)"),
        ("import os\nos.execl('/bin/sh', 'sh', '-c', x)", "os.execl('/bin/sh', 'sh', '-c', x)"),
        ("import os\nos.spawnlp(os.P_WAIT, 'sh', 'sh', '-c', x)", "os.spawnlp(os.P_WAIT, 'sh', 'sh', '-c', x)"),
        ("import subprocess as s\ns.run(['sudo', 'sh', '-c', x])", "s.run(['sudo', 'sh', '-c', x])"),
        ("import pty\npty.spawn(x)", "pty.spawn(x)"),
        ("import invoke\ninvoke.run(x)", "invoke.run(x)"),
        ("import posix\nposix.system(x)", "posix.system(x)"),
        ("import os\nlist(map(os.system, x))", "os.system"),
        ("get_ipython().run_cell_magic('bash', '', x)", "get_ipython().run_cell_magic('bash', '', x)"),
    ],
)  # fmt: skip
def test_a_shell_is_started_however_that_is_said(source: str, piece: str) -> None:
    assert flagged("COD023", source) == [piece]


@pytest.mark.parametrize(
    "source",
    [
        "getattr(builtins, 'l' + 'en')(x)",
        "getattr(a, name)(x)",
        "''.join(['ev', 'al'])",
        "@property\ndef f(): pass",
        "@cache\ndef eval_all(): pass",
        "ways = [eval, print]\nways[1](x)",
        "vars(a)['eval'](x)",
        "%%cython\ncdef int f(int x):\n    return x",
        "%%bash\ncat <<EOF > a.txt\neval(x)\nEOF",
        "!echo 'eval(x)' | grep x",
        "import cProfile\ncProfile.run('main()')",
        "df.query('a > 1')\nimport sympy\nsympy.sympify('x + 1')",
        "import pandas as pd\npd.read_csv('a.csv', converters={'a': str})",
        "import os\nos.execl('/bin/ls', 'ls', '-c', x)",
        "import os\nlist(map(os.path.exists, x))",
        "get_ipython().run_cell_magic('html', '', x)",
        "'a{:>9999999}'.format(1)",
    ],
)
def test_what_only_looks_like_that(source: str) -> None:
    sure = [one for _, one in scan(source) if one.confidence is not Confidence.LOW]
    assert [one.rule.id for one in sure if one.rule.confidence is not Confidence.LOW] == []


def test_cython_becomes_python_of_the_same_length() -> None:
    source = "cdef int k = f(<int>x)\ncdef class A(B):\n  cdef public list n\n  cpdef g(self) except -1:\n    pass\n"
    plain = as_python(source)
    assert len(plain) == len(source)
    assert plain.count("\n") == source.count("\n")
    assert plain.index("k = f(") == source.index("k = f(")
    compile(plain, "a.py", "exec")


@pytest.mark.parametrize(
    "source", ["def f(a, *b, c=1):\n  return a\n", "x = a < b > c\n", "include = 1\n"]
)
def test_what_is_python_stays_as_it_is(source: str) -> None:
    assert as_python(source) == source
