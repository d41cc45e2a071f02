"""Installs that are put together: lists in variables, formats, scripts' own names, inner Python."""

from __future__ import annotations

import pytest

from llmsec_nb.core.detector import Context
from llmsec_nb.rules.dependencies.collect import collect
from llmsec_nb.rules.dependencies.detector import Dependencies
from llmsec_nb.rules.dependencies.typos import imitated

from ..growth import grows_within
from .documents import notebook

IMPORTS = "import os, shlex, subprocess, sys\n"
CALL = '[sys.executable, "-m", "pip", "install"'


def named(*cells: str) -> list[tuple[str, str]]:
    """Normalized name and version of all that is asked for; each place lies within its unit."""
    found = []
    for one in collect(*notebook(*cells)):
        for install in one.installs:
            for each in install.requirements:
                assert 0 <= each.start < each.end <= len(one.unit.source)
                found.append((each.name, each.version))
    return found


def pieces(cell: str) -> list[str]:
    """The characters that ask for something."""
    [one] = collect(*notebook(cell))
    return [
        one.unit.source[each.start : each.end]
        for install in one.installs
        for each in install.requirements
    ]


@pytest.mark.parametrize(
    "cell",
    [
        f'cmd = {CALL}, "a==1.0"]\nsubprocess.run(cmd)',
        f'cmd = {CALL}]\ncmd += ["a==1.0"]\nsubprocess.run(cmd)',
        f'cmd = {CALL}]\ncmd.append("a==1.0")\nsubprocess.check_call(cmd)',
        f'cmd = {CALL}]\ncmd.extend(["-q", "a==1.0"])\nsubprocess.Popen(cmd)',
        f'base = {CALL}]\nsubprocess.run(base + ["a==1.0"])',
        f'base = {CALL}]\nsubprocess.run([*base, "a==1.0"])',
        f'base = {CALL}]\nfor one in ["a==1.0"]:\n    subprocess.run(base + [one])',
        f'name = "a==1.0"\ncmd = {CALL}, name]\nsubprocess.run(cmd)',
        f'names = ["a==1.0"]\ncmd = {CALL}, *names]\nsubprocess.run(cmd)',
        'names = "a==1.0".split()\nsubprocess.run(["pip", "install", *names])',
        'subprocess.run(["pip", "install"] + "a==1.0".split())',
        'name = "a==1.0"\nos.system("pip install %s" % name)',
        'name = "a"\nos.system("pip install %s==%s" % (name, "1.0"))',
        'name = "a==1.0"\nos.system("pip install {}".format(name))',
        'name = "a==1.0"\nos.system("pip install {what}".format(what=name))',
        'os.system("{} -m pip install {}".format(sys.executable, "a==1.0"))',
        'needed = {"x": "a==1.0"}\nfor module, name in needed.items():\n    os.system(f"pip install {name}")',
        'needed = {"a==1.0": "x"}\nfor name in needed:\n    os.system(f"pip install {name}")',
        'for name in {"x": "a==1.0"}.values():\n    !pip install {name}',
        'for module, name in [("x", "a==1.0")]:\n    !pip install {name}',
        "!python -c \"import pip; pip.main(['install', 'a==1.0'])\"",
        "!python3 -c \"import subprocess, sys; subprocess.run([sys.executable, '-m', 'pip', 'install', 'a==1.0'])\"",
        "!{sys.executable} -c \"import os; os.system('pip install a==1.0')\"",
        "%%bash\npython - <<X\nX\npython -c 'import os; os.system(\"pip install a==1.0\")'",
        "!python -Im pip install a==1.0",
        "%env NAME=a==1.0\n!pip install $NAME",
        "%%bash\nNAME=a==1.0\npip install $NAME",
        "%%bash\nNAME='a==1.0'\npip install \"${NAME}\"",
        "%%bash\nfor one in a==1.0; do\n  pip install -q $one\ndone",
        "!NAME=a==1.0 && pip install $NAME",
        "%%bash\nPIP='pip3'\n$PIP install a==1.0",
        "%%bash\ncat > requirements.txt <<EOF\na==1.0\nEOF\n",
        "%%bash\ncat <<'EOF' > x/requirements.txt\n# a comment\na==1.0\nEOF\n",
        "%%bash\ntee requirements.txt <<EOF\na==1.0\nEOF\n",
        "!echo 'a==1.0' > requirements.txt",
        "!echo a==1.0 >> requirements-dev.txt",
        "!printf 'a==1.0\\n' > requirements.txt",
    ],
)
def test_the_same_install_however_it_is_put_together(cell: str) -> None:
    assert named(IMPORTS, cell) == [("a", "1.0")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%%bash\nNAMES='a b==2'\npip install $NAMES c", [("a", ""), ("b", "2"), ("c", "")]),
        ("%%bash\nfor one in a b; do pip install $one; done", [("a", ""), ("b", "")]),
        ("NAMES = 'a'\n%env OTHER=b\n!pip install $NAMES $OTHER", [("a", ""), ("b", "")]),
        ("!echo 'a==1\\nb' > requirements.txt", [("a", "1"), ("b", "")]),
        ("names = ['a']\nnames += ['b']\n!pip install {' '.join(names)}", [("a", ""), ("b", "")]),
    ],
)
def test_several_at_once(cell: str, expected: list[tuple[str, str]]) -> None:
    assert named(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "!NAME=a\n!pip install $NAME",  # each line has a shell of its own
        "%%bash\nNAME=a\n",
        "!python -c 'print(1)  # pip install'",
        '!python -c "def f(:\\n pip"',
        "!echo pip install a",
        "!echo a > notes.txt",
        "!echo a | tee notes.txt",
        "%%bash\ncat > requirements.txt <<EOF\na==1.0\n",  # it has no end
        "cmd = ['ls']\ncmd.append('pip')\nsubprocess.run(cmd)",
        "os.system('pip install %s' % (",
    ],
)
def test_what_is_not_known_to_install_anything(cell: str) -> None:
    assert [name for name, _ in named(IMPORTS, cell) if name] == []


def test_places_are_where_it_is_written() -> None:
    assert pieces("!python -c \"import pip; pip.main(['install', 'a==1.0'])\"") == ["a==1.0"]
    assert pieces("import os\nn = 'a==1.0'\nos.system('pip install %s' % n)") == ["a==1.0"]
    assert pieces("%%bash\ncat > requirements.txt <<EOF\nx\n  a==1.0  # y\nEOF") == ["x", "a==1.0"]
    assert pieces("!echo 'x\\na==1.0' > requirements.txt") == ["x", "a==1.0"]
    assert pieces("%%bash\nN=a\npip install $N") == ["$N"]


@pytest.mark.parametrize(
    "call",
    [
        'os.environ.update(PIP_TRUSTED_HOST="x.example")',
        'os.environ.update({"PIP_TRUSTED_HOST": "x.example"})',
        'os.environ.setdefault("PIP_TRUSTED_HOST", "x.example")',
        'os.putenv("PIP_TRUSTED_HOST", "x.example")',
    ],
)
def test_variables_that_python_sets(call: str) -> None:
    units, sites = notebook(f"{IMPORTS}{call}\n!pip install a==1.0")
    said = [
        units[0].source[match.start : match.end]
        for _, match in Dependencies().inspect(units, sites, Context())
        if match.rule.id == "DEP009"
    ]
    assert said == [call]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("poetry add a@1.0", [("a", "1.0")]),
        ("uvx a@1.0 b", [("a", "1.0")]),
        ("uvx a@latest", [("a", "")]),
        ("pip install a == 1.19", [("a", "")]),
        ("pip install 2to3 a", [("2to3", ""), ("a", "")]),
    ],
)
def test_versions_behind_other_signs(words: str, expected: list[tuple[str, str]]) -> None:
    assert named(f"!{words}") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pyyaml-python", "pyyaml"),
        ("pi1l0w", "pillow"),
        ("nurnpy", "numpy"),
        ("t0rch", "torch"),
        ("pyarrow", ""),
        ("pandasql", ""),
    ],
)
def test_names_that_look_alike(name: str, expected: str) -> None:
    assert imitated(name) == expected


@pytest.mark.parametrize(
    "hostile",
    [
        "!python -c \"import pip; pip.main(['install', 'a'])\"\n",
        "%env A=$A$A\n!pip install $A\n",
        "!echo a > requirements.txt\n",
        "c.append(c)\nsubprocess.run(c)\n",
        "os.system('pip install %s' % a)\n",
        "d = {'a': 'b'}\nfor a, b in d.items(): f(a)\n",
    ],
)
def test_hostile_cells_cost_no_more_than_their_size(hostile: str) -> None:
    def read(text: str) -> None:
        collect(*notebook(IMPORTS + text))

    short, long = ((hostile * size)[:size] for size in (20_000, 40_000))
    assert grows_within(3.0, read, short, long)


@pytest.mark.parametrize(
    "hostile", ["cat > requirements.txt <<EOF\n", "A=b\npip install $A\n", "for a in b; do\n"]
)
def test_hostile_scripts_cost_no_more_than_their_size(hostile: str) -> None:
    def read(text: str) -> None:
        collect(*notebook("%%bash\n" + text))

    short, long = ((hostile * size)[:size] for size in (50_000, 100_000))
    assert grows_within(3.0, read, short, long)
