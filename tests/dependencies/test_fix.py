"""What would mend a finding; a second look then finds nothing."""

from __future__ import annotations

import pytest

from llmsec_nb.core.detector import Context
from llmsec_nb.rules.dependencies.detector import Dependencies
from llmsec_nb.rules.dependencies.fix import fix_for

from .documents import file, notebook

KERNEL = {"numpy": "2.1.0", "torch": "2.4.0+cu121", "scikit-learn": "1.5.0", "pandas": "2.2.0"}


def mended(id_: str, source: str, name: str = "") -> str:
    """The text after the fix of the only match of a rule; a second look must be silent."""
    units, sites = file(name, source) if name else notebook(source)
    [(number, match)] = [
        (number, match)
        for number, match in Dependencies().inspect(units, sites, Context())
        if match.rule.id == id_
    ]
    shift = units[number].start
    edits = fix_for(id_, source, match.start + shift, match.end + shift, KERNEL, name)
    text = source
    for start, end, replacement in reversed(edits):
        text = text[:start] + replacement + text[end:]
    if edits:
        units, sites = file(name, text) if name else notebook(text)
        again = Dependencies().inspect(units, sites, Context())
        assert all(match.rule.id != id_ for _, match in again)
    return text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%pip install numpy", "%pip install numpy==2.1.0"),
        (
            "%pip install -q numpy pandas==2.2.0 'torch' # x",
            "%pip install -q numpy==2.1.0 pandas==2.2.0 'torch==2.4.0' # x",
        ),
        (
            "!pip install 'numpy>=1.20,<3' \"pandas\"",
            "!pip install 'numpy==2.1.0' \"pandas==2.2.0\"",
        ),
        ("!pip install numpy>=1.20 pandas", "!pip install numpy==2.1.0 pandas==2.2.0"),
        (
            "%pip install 'torch[x]>=2; python_version > \"3\"'",
            "%pip install 'torch[x]==2.4.0; python_version > \"3\"'",
        ),
        ("%pip install 'numpy (>=1)'", "%pip install 'numpy ==2.1.0'"),
        ("%pip install numpy \\\n  torch", "%pip install numpy==2.1.0 \\\n  torch==2.4.0"),
        (
            "%%writefile requirements.txt\nnumpy\ntorch>=2  # x\n",
            "%%writefile requirements.txt\nnumpy==2.1.0\ntorch==2.4.0  # x\n",
        ),
        ("%pip install numpy unheard-of", "%pip install numpy unheard-of"),
        ("%pip install 'numpy<2'", "%pip install 'numpy<2'"),
        ("%conda install numpy", "%conda install numpy"),
    ],
)
def test_pin_to_what_the_kernel_has(source: str, expected: str) -> None:
    assert mended("DEP001", source) == expected


def test_pin_in_a_file() -> None:
    assert (
        mended("DEP001", "# é\nnumpy\npandas>=2 \\\n  --pre\n", "requirements.txt")
        == "# é\nnumpy==2.1.0\npandas==2.2.0 \\\n  --pre\n"
    )


@pytest.mark.parametrize(
    ("id_", "source", "expected"),
    [
        ("DEP006", "%pip install sklearn==1.5.0", "%pip install scikit-learn==1.5.0"),
        ("DEP006", "%pip install 'PIL[x]==1'", "%pip install 'pillow[x]==1'"),
        ("DEP006", "%pip install json", "%pip install json"),
        (
            "DEP008",
            "!pip install -i http://a.example/s x==1",
            "!pip install -i https://a.example/s x==1",
        ),
        (
            "DEP008",
            "%pip install git+http://g.example/a@0123456",
            "%pip install git+https://g.example/a@0123456",
        ),
        ("DEP014", "!pip install a==1", "%pip install a==1"),
        (
            "DEP014",
            "if x:\n    ! pip3 install a==1 > /dev/null\n",
            "if x:\n    %pip install a==1 > /dev/null\n",
        ),
        (
            "DEP014",
            "!pip install a==1\n!python -m pip install b==1",
            "%pip install a==1\n%pip install b==1",
        ),
        ("DEP014", "x = !pip install a==1", "x = !pip install a==1"),
        ("DEP014", "!pip install a==1 && ls", "!pip install a==1 && ls"),
        ("DEP014", "!sudo pip install a==1", "!sudo pip install a==1"),
        ("DEP004", "%pip install reqeusts==1", "%pip install reqeusts==1"),
    ],
)
def test_other_fixes(id_: str, source: str, expected: str) -> None:
    assert mended(id_, source) == expected
