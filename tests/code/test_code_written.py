"""Scripts that a notebook writes as literals are read as the files that they become."""

from __future__ import annotations

import pytest

from .scanning import flagged, scan


@pytest.mark.parametrize(
    "cells",
    [
        ["open('x.py', 'w').write('import a\\neval(x)\\n')"],
        ["code = '''\nimport a\neval(x)\n'''\nwith open('a/x.py', 'w') as f:\n    f.write(code)"],
        ["from pathlib import Path\nPath('x.py').write_text('''def f(x):\n    return eval(x)\n''')"],
        ["from pathlib import Path\nd = Path('src')\n(d / 'm.py').write_text('eval(x)')"],
        ["f = open('x.py', 'w')\nprint('eval(x)', file=f)"],
        ["import textwrap as t\nopen('x.py', 'w').write(t.dedent('''\n    def f(x):\n        eval(x)\n    '''))"],
        ["with open('x.py', 'w') as f:\n    f.writelines(['import a\\n', 'eval(x)\\n'])"],
        ["open('x.py', 'w').write('''eval(x)\n'''.lstrip())"],
    ],
)  # fmt: skip
def test_python_is_found_in_its_literal(cells: list[str]) -> None:
    assert flagged("COD021", *cells) == ["eval(x)"]


def test_a_script_for_a_shell_is_read_as_one() -> None:
    source = "open('run.sh', 'w').write('#!/bin/sh\\ncurl -k https://example.org/a\\n')"
    assert flagged("COD040", source) == ["-k"]


def test_a_literal_of_another_cell_is_told_where_it_is_written_to_the_file() -> None:
    cells = [
        "code = '''\nimport os\neval(x)\n'''",
        "with open('x.py', 'w') as f:\n    f.write(code)",
    ]
    assert [unit.number for unit, match in scan(*cells) if match.rule.id == "COD021"] == [1]
    assert flagged("COD021", *cells) == ["code"]


@pytest.mark.parametrize(
    "source",
    [
        "open('x.txt', 'w').write('eval(x)')",
        "print('eval(x)')",
        "log.write('eval(x)')",
        "open('x.py', 'w').write('print(1)')",
        "open('x.py', 'w').write(code)",
    ],
)
def test_what_is_no_script_is_not_read_as_one(source: str) -> None:
    assert flagged("COD021", source) == []


def test_a_file_has_names_of_its_own() -> None:
    source = "y = '1'\nopen('x.py', 'w').write('y = input()\\n')\neval(y)"
    assert flagged("COD021", source) == []
    source = "import pickle as p\nopen('x.py', 'w').write('p.loads(a)')"
    assert flagged("COD002", source) == []
