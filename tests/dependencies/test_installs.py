"""Installs, however they are written: what is asked for, with the characters that say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.rules.dependencies.collect import collect
from llmsec_nb.rules.dependencies.detector import LITERALS
from llmsec_nb.rules.dependencies.imports import imports
from llmsec_nb.rules.dependencies.shell import commands

from ..growth import grows_within
from .documents import notebook


def named(*cells: str) -> list[tuple[str, str]]:
    """Normalized name and version of all that is asked for."""
    return [
        (each.name, each.version)
        for one in collect(*notebook(*cells))
        for install in one.installs
        for each in install.requirements
    ]


def asked(*cells: str) -> list[tuple[str, str]]:
    """Normalized name and version of all that is asked for; each stands where it says."""
    found = []
    for one in collect(*notebook(*cells)):
        for install in one.installs:
            for each in install.requirements:
                assert each.written in one.unit.source[each.start : each.end]
                found.append((each.name or each.url or "?", each.version))
    return found


A = [("a", "")]
A1 = [("a", "1.0")]


@pytest.mark.parametrize(
    "cell",
    [
        "%pip install a==1.0",
        "%pip install 'a==1.0'",
        "%pip  install -q --upgrade a==1.0 # a comment",
        "!pip install a==1.0",
        "!pip3 install a==1.0",
        "!pip3.11 -q install a==1.0",
        "! pip install a==1.0",
        "!!pip install a==1.0",
        "out = !pip install a==1.0",
        "!pip install \\\n  --quiet \\\n  a==1.0",
        "!python -m pip install a==1.0",
        "!python3 -m pip --quiet install a==1.0",
        "!{sys.executable} -m pip install a==1.0",
        '!"{sys.executable}" -m pip install a==1.0',
        "!/opt/x/bin/pip install a==1.0",
        "!uv pip install a==1.0",
        "!uv pip install --system a==1.0",
        "%uv pip install a==1.0",
        "!uv add a==1.0",
        "%uv add a==1.0",
        "!poetry add a==1.0",
        "!pipx install a==1.0",
        "!conda run -n env pip install a==1.0",
        "!sudo -H pip install a==1.0",
        "!sudo -u me pip install a==1.0",
        "!FOO=1 BAR='x y' pip install a==1.0",
        "!env FOO=1 pip install a==1.0",
        "!cd x && pip install a==1.0",
        "!cd x; pip install a==1.0; ls",
        "!yes | pip install a==1.0",
        "!pip install a==1.0 > /dev/null 2>&1",
        "!pip install a==1.0 | tail -1",
        "!(pip install a==1.0)",
        "!bash -c 'pip install a==1.0'",
        '!bash -lc "cd x && pip install a==1.0"',
        "!if true; then pip install a==1.0; fi",
        "if x:\n    !pip install a==1.0",
        "try:\n    import a\nexcept ImportError:\n    %pip install a==1.0",
        "%%capture\n!pip install a==1.0",
        "%%bash\npip install a==1.0",
        "%%sh\nset -e\n# pip install b\npip install a==1.0 # c",
        "%%script bash\npip install a==1.0",
        "%%bash\nbash <<EOF\npip install a==1.0\nEOF",
        "%sx pip install a==1.0",
        "%sh pip install a==1.0",
        "%system pip install a==1.0",
        "%time !pip install a==1.0",
        "import os\nos.system('pip install a==1.0')",
        "import os\nos.system(\"cd x && pip install 'a==1.0'\")",
        "import os\nos.popen('pip install a==1.0')",
        "import subprocess\nsubprocess.run(['pip', 'install', 'a==1.0'])",
        "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'a==1.0'])",
        "from subprocess import check_call as c\nc(('pip', 'install') + ('a==1.0',))",
        "import subprocess\nsubprocess.run('pip install a==1.0', shell=True)",
        "import subprocess\nsubprocess.run('pip install a==1.0'.split())",
        "import subprocess, shlex\nsubprocess.run(shlex.split('pip install a==1.0'))",
        "import subprocess\nsubprocess.Popen(['bash', '-c', 'pip install a==1.0'])",
        "import subprocess\nsubprocess.run(args=['pip', 'install', 'a==1.0'])",
        "get_ipython().system('pip install a==1.0')",
        "get_ipython().run_line_magic('pip', 'install a==1.0')",
        "from IPython import get_ipython\nip = get_ipython()\nip.run_line_magic('pip', 'install a==1.0')",
        "get_ipython().run_cell_magic('bash', '', 'pip install a==1.0')",
        "get_ipython().magic('pip install a==1.0')",
        "get_ipython().run_cell('!pip install a==1.0')",
        "import pip\npip.main(['install', 'a==1.0'])",
        "import micropip\nawait micropip.install('a==1.0')",
        "%%writefile requirements.txt\na==1.0\n",
        "%%writefile Dockerfile\nFROM x\nRUN apt-get update && \\\n    # a comment\n    pip install a==1.0\n",
        '%%writefile Dockerfile\nRUN ["pip", "install", "a==1.0"]\n',
        "%%writefile Dockerfile\nRUN <<EOF\npip install a==1.0\nEOF\n",
        "%%writefile setup.sh\n#!/bin/bash\npip install a==1.0\n",
        "# /// script\n# dependencies = [\n#   'a==1.0', # why\n# ]\n# ///\nimport a",
        "pip install a==1.0",
        "import os\npip install -q a==1.0 # why\nx = 1",
        "!$sys.executable -m pip install a==1.0",
        "!${PYTHON} -m pip install a==1.0",
        "!python -I -W ignore -m pip install a==1.0",
        "!python.exe -m pip install a==1.0",
        "!py -3 -m pip install a==1.0",
        "!pip2 install a==1.0",
        "!easy_install a==1.0",
        "!uv tool install a==1.0",
        "!uv tool run a==1.0 b c",
        "!uvx a==1.0 b c",
        "!pipx run a==1.0 b c",
        "!uv run --with a==1.0 x.py b",
        "!CMAKE_ARGS='-DX=on' FORCE=1 pip install a==1.0",
        "!pip --disable-pip-version-check -q install a==1.0",
        "!test -e x || pip install a==1.0",
        "!for i in 1 2; do pip install a==1.0; done",
        "!nohup pip install a==1.0 &",
        "%%capture\n%pip install -U -q a==1.0\nimport b",
        "%%time\n!pip install a==1.0",
        "%%script env bash\npip install a==1.0",
        "%%bash --bg\npip install a==1.0",
        "%%sx\npip install a==1.0",
        "x = %pip install a==1.0",
        "x, y = !pip install a==1.0",
        "def f():\n    !pip install a==1.0",
        "%run -i -m pip install a==1.0",
        "import subprocess\nsubprocess.check_call('pip install a==1.0', shell=True)",
        "import subprocess, sys\nsubprocess.check_call([f'{sys.executable}', '-m', 'pip', 'install', 'a==1.0'])",
        "import os, sys\nos.system(sys.executable + ' -m pip install a==1.0')",
        "import os, sys\nos.system('%s -m pip install a==1.0' % sys.executable)",
        "import os, sys\nos.system('{} -m pip install a==1.0'.format(sys.executable))",
        "import os, sys\nos.execv(sys.executable, [sys.executable, '-m', 'pip', 'install', 'a==1.0'])",
        "import os\nos.execlp('pip', 'pip', 'install', 'a==1.0')",
        "import os\nos.spawnv(os.P_WAIT, 'pip', ['pip', 'install', 'a==1.0'])",
        "import asyncio\nawait asyncio.create_subprocess_exec('pip', 'install', 'a==1.0')",
        "__import__('os').system('pip install a==1.0')",
        "exec(\"import os\\nos.system('pip install a==1.0')\")",
        "from pip._internal import main as m\nm(['install', '--quiet', 'a==1.0'])",
        "get_ipython().run_line_magic(magic_name='pip', line='install -q a==1.0')",
        "get_ipython().run_cell('x = 1\\n%pip install a==1.0')",
        "get_ipython().run_cell_magic('capture', '', '!pip install a==1.0')",
        "get_ipython().run_cell_magic('script', 'bash', 'pip install a==1.0\\n')",
        "get_ipython().getoutput('pip install a==1.0')",
        "get_ipython().run_line_magic('sx', 'pip install a==1.0')",
        "ip.run_line_magic('pip', 'install a==1.0')",
        "shell.run_cell('!pip install a==1.0')",
        "packages = ['a==1.0']\nimport subprocess\nsubprocess.run(['pip', 'install', *packages])",
        "packages = ('a==1.0',)\n!pip install {' '.join(packages)}",
        "for one in ['a==1.0']:\n    !pip install {one}",
        "for one in packages:\n    !pip install $one\npackages = {'a==1.0'}",
        "def get(one, two=1):\n    !pip install {one}\nget('a==1.0')",
        "command = ['pip', 'install', 'a==1.0']\nimport subprocess\nsubprocess.run(command)",
        "one = 'a==1.0'\nimport os\nos.system(f'pip install {one}')",
        "one = 'a==1.0'\nimport os\nos.system('pip install ' + one)",
    ],
)
def test_the_same_install_however_it_is_written(cell: str) -> None:
    assert asked(cell) == A1
    assert any(literal in cell.lower() for literal in LITERALS)


@pytest.mark.parametrize(
    "cell",
    [
        "import os\ncommand = 'pip install ' + name\nos.system(command)",
        "!uvx --version",
        "pip = install = a = 1\npip, install, a",
        "!uv run a b",
        "%run -m module pip install a",
        "%run pip.py install a",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "import subprocess\nsubprocess.run(['git', 'commit', '-m', 'pip install a'])",
        "# !pip install a",
        "print('pip install a')",
        "'''\n!pip install a\n'''",
        "!pip uninstall -y a",
        "!pip list; pip freeze > r.txt",
        "!pip show a",
        "!apt install -y a",
        "!echo pip install a",
        "!npm install a",
        "%%bash\n: <<EOF\npip install a\nEOF",
        "%%bash\n# pip install a",
        "%%markdown\npip install a",
        "!pip install -e .",
        "!pip install . ./a ../b a/ dist/a.whl /x/y",
        "!pip install -r requirements.txt -c constraints.txt",
        "!pip install --target a --python b -t c --prefix=d -r e",
        "import os\nos.system('echo pip install a')",
        "pip = f\npip.install('a')",
        "%%writefile notes.txt\na\n",
    ],
)
def test_what_installs_nothing_by_name(cell: str) -> None:
    assert asked(cell) == []


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("%pip install {a} b==2", [("?", ""), ("b", "2")]),
        ("%pip install $a ${b} pre{c}", [("?", ""), ("?", ""), ("?", "")]),
        ("%pip install a=={version}", [("a", "")]),
        ("import os\nos.system(f'pip install {a} b==2')", [("?", ""), ("b", "2")]),
        (
            "import subprocess\nsubprocess.run(['pip', 'install', a, *b, 'c==1'])",
            [("?", ""), ("?", ""), ("c", "1")],
        ),
    ],
)
def test_what_is_put_in_when_it_runs_is_not_guessed(
    cell: str, found: list[tuple[str, str]]
) -> None:
    assert asked(cell) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("a b==1 'c>=2,<3' d[x,y]==4 e~=5.1 f===6", ["a:", "b:1", "c:", "d:4", "e:", "f:6"]),
        ("A.b_C==1", ["a-b-c:1"]),
        ("'a ; python_version < \"3.9\"' 'b==1; sys_platform == \"x\"'", ["a:", "b:1"]),
        ("a==1.*", ["a:"]),
        ("'a == 1.0' 'b (==2)'", ["a:1.0", "b:2"]),
        ("a>=1.0", ["a:"]),
        ("a==2.1.0+cu118 b==1!2.0", ["a:2.1.0+cu118", "b:1!2.0"]),
        ("-U a -q -qq --pre b", ["a:", "b:"]),
        ("-qU a -Ur r.txt b -rr2.txt", ["a:", "b:"]),
        ("--index-url https://x/simple a", ["a:"]),
        ("--index-url=https://x/simple a -i https://y b", ["a:", "b:"]),
        ("git+https://x/y.git", ["git+https://x/y.git:"]),
        ("'a @ git+https://x/y.git@v1'", ["a:"]),
        ("https://x/a-1.whl", ["https://x/a-1.whl:"]),
        ("-e git+https://x/y#egg=z", ["git+https://x/y#egg=z:"]),
    ],
)
def test_requirements_in_their_forms(words: str, found: list[str]) -> None:
    assert [f"{name}:{version}" for name, version in asked(f"%pip install {words}")] == found


def test_what_a_name_stands_for_is_found_where_it_is_written() -> None:
    cell = "names = ['a==1', 'b']\nversion = '2.0'\n!pip install {' '.join(names)} c=={version}"
    [one] = collect(*notebook(cell))
    [install] = one.installs
    assert [cell[each.start : each.end] for each in install.requirements] == [
        "a==1",
        "b",
        "c=={version}",
    ]
    assert [(each.name, each.version) for each in install.requirements] == [
        ("a", "1"),
        ("b", ""),
        ("c", "2.0"),
    ]
    cells = ["names = ['a==1', 'b']", "!pip install -q $names"]
    [one] = collect(*notebook(*cells))
    assert [
        (each.name, cells[1][each.start : each.end]) for each in one.installs[0].requirements
    ] == [("a", "$names"), ("b", "$names")]


@pytest.mark.parametrize(
    "cell",
    [
        "a = 'b'\nimport os\nos.system('pip install $a')",
        "%%bash\npip install $a {a}",
        "%%writefile x.sh\npip install $a",
    ],
)
def test_a_variable_of_the_shell_is_no_name_of_python(cell: str) -> None:
    assert ("b", "") not in named("a = 'b'", cell)


def test_one_of_several_commands_under_a_name_is_not_guessed() -> None:
    cell = "import subprocess\nc = ['pip', 'install', 'a']\nc = ['ls', 'b']\nsubprocess.run(c)"
    assert named(cell) == []


def test_several_commands_and_cells() -> None:
    cell = "!pip install a==1 && pip install b; uv pip install c==3 || pip install d"
    assert asked(cell, "%pip install e") == [
        ("a", "1"), ("b", ""), ("c", "3"), ("d", ""), ("e", ""),
    ]  # fmt: skip


def test_a_command_in_a_name() -> None:
    assert named("import os\ncommand = 'pip install a==1.0'", "os.system(command)") == A1
    assert named("import subprocess\nc = 'pip install a==1.0'\nsubprocess.run(c, shell=True)") == A1


def test_conda_has_names_of_its_own() -> None:
    [one] = collect(*notebook("%conda install -y -c conda-forge numpy=1.26 'scipy>=1' x::pandas"))
    [install] = one.installs
    assert [(each.name, each.version, each.is_conda) for each in install.requirements] == [
        ("numpy", "1.26", True),
        ("scipy", "", True),
        ("pandas", "", True),
    ]


def test_who_installs_and_with_what_rights() -> None:
    [one] = collect(
        *notebook("!sudo pip install a\n%pip install a\n!{sys.executable} -m pip install a")
    )
    assert [(each.sudo is not None, each.is_own_python) for each in one.installs] == [
        (True, False), (False, True), (False, True),
    ]  # fmt: skip


@given(st.text(alphabet="ab=<>|&;(){}$`'\"\\\n #!-", max_size=60))
def test_no_text_breaks_the_shell(text: str) -> None:
    for command in commands(text):
        for word in command.words:
            assert 0 <= word.start <= word.end <= len(text)
            if word.is_exact:
                assert text[word.first : word.first + len(word.value)] == word.value
    collect(*notebook(f"!{text}"))


@pytest.mark.parametrize(
    "hostile",
    [
        "'",
        '"',
        "$(",
        "`",
        "\\\n",
        "{a",
        "<(",
        "<<E\n",
        "pip install a;",
        "bash -c '",
        "a=",
        "sudo ",
    ],
)
def test_hostile_commands_cost_no_more_than_their_size(hostile: str) -> None:
    def read(text: str) -> None:
        list(commands(text))

    short, long = ((hostile * size)[:size] for size in (50_000, 100_000))
    assert grows_within(3.0, read, short, long)


@pytest.mark.parametrize(
    "hostile",
    [
        "!pip install {a} {a} ",
        "!pip install " + "{a}" * 20,
        "a = 'x'\n",
        "for a in a: !pip install {a}\n",
        "!apt install @a/-1-",
        "import a, b\n",
        "f('a', 'b')\n",
    ],
)
def test_hostile_cells_cost_no_more_than_their_size(hostile: str) -> None:
    names = "a = [" + "'x', " * 300 + "]\n"

    def read(text: str) -> None:
        found = notebook(names + text)
        collect(*found)
        imports(found[0])

    short, long = ((hostile * size)[:size] for size in (20_000, 40_000))
    assert grows_within(3.0, read, short, long)


def test_a_name_cannot_make_a_command_longer_than_it_may_be() -> None:
    cell = f"a = {[f'p{n}' for n in range(150)]}\n!pip install {'{a} ' * 1_000}"
    assert len(named(cell)) < 5_000
