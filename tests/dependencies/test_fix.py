"""What would mend a finding; a second look then finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.advisories.update import update
from llmsec_nb.core.detector import Context
from llmsec_nb.rules.dependencies.detector import RULES, Dependencies
from llmsec_nb.rules.dependencies.fix import fix_for
from llmsec_nb.rules.repair import apply

from .documents import file, notebook
from .snapshots import ALL, archive

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
    repair = fix_for(id_, source, match.start + shift, match.end + shift, KERNEL, name)
    text = apply(source, repair.edits) if repair else source
    if repair:
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
        (
            "DEP014",
            "!pip --python /e/bin/python install a==1",
            "!pip --python /e/bin/python install a==1",
        ),
        ("DEP014", "!pip --proxy http://p install a==1", "!pip --proxy http://p install a==1"),
        ("DEP014", "!python -I -m pip install a==1", "!python -I -m pip install a==1"),
        ("DEP014", "!pip3.11 install -q a==1", "%pip install -q a==1"),
        ("DEP004", "%pip install reqeusts==1", "%pip install requests==1"),
        ("DEP004", "%pip install requ\u0435sts==1", "%pip install requests==1"),
        ("DEP006", "%pip install sklearn scikit-learn", "%pip install sklearn scikit-learn"),
        ("DEP009", "!pip install --trusted-host a.example x==1", "!pip install x==1"),
        ("DEP009", "!pip install x==1 --trusted-host='a.example'", "!pip install x==1"),
        ("DEP009", "%env PIP_TRUSTED_HOST=a.example", "%env PIP_TRUSTED_HOST=a.example"),
        ("DEP019", "!sudo -H pip install a==1", "!pip install a==1"),
        ("DEP019", "!sudo -u x pip install a==1", "!sudo -u x pip install a==1"),
        ("DEP019", "%%bash\nls\nsudo pip install a==1", "%%bash\nls\npip install a==1"),
        ("DEP019", "!pip install --break-system-packages a==1", "!pip install a==1"),
        (
            "DEP007",
            "!pip install --extra-index-url https://a.example/s a==1",
            "!pip install --extra-index-url https://a.example/s a==1",
        ),
    ],
)
def test_other_fixes(id_: str, source: str, expected: str) -> None:
    assert mended(id_, source) == expected


def test_a_line_of_a_file_goes_as_a_whole() -> None:
    assert (
        mended("DEP009", "a==1\n--trusted-host a.example\nb==1\n", "requirements.txt")
        == "a==1\nb==1\n"
    )


@pytest.fixture
def _advisories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(archive(tmp_path / "all.zip", *ALL), tmp_path / "a.sqlite")
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path / "a.sqlite"))


@pytest.mark.usefixtures("_advisories")
@pytest.mark.parametrize(
    ("source", "piece", "expected"),
    [
        ("%pip install 'Flask_X==1.1' a", "Flask_X==1.1", "%pip install 'Flask_X==1.3' a"),
        (
            "%pip install flask-x==1.1\n!pip install -q Flask.X==1.1 b",
            "flask-x==1.1",
            "%pip install flask-x==1.3\n!pip install -q Flask.X==1.3 b",
        ),
        ("%conda install flask-x==1.1", "flask-x==1.1", ""),  # conda has versions of its own
        ("%pip install flask-x", "flask-x", ""),
        ("%pip install flask-x==2.1", "flask-x==2.1", ""),  # not mended yet
        ("%pip install flask-x==odd", "flask-x==odd", ""),
    ],
)
def test_a_step_past_what_is_known(source: str, piece: str, expected: str) -> None:
    start = source.index(piece)
    repair = fix_for("DEP002", source, start, start + len(piece))
    assert (apply(source, repair.edits) if repair else "") == expected
    assert repair is None or not repair.is_safe


def test_without_advisories_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path / "none.sqlite"))
    assert fix_for("DEP002", "%pip install a==1", 13, 17) is None


PIECES = st.sampled_from(
    ["!pip install ", "%pip install ", "sudo ", "--trusted-host ", "a.example", "sklearn", "numpy",
     "http://", "==1.0", " ", "\n", "'", '"', "é", "#", "\\\n", "%%bash\n", ">=2", "[x]"]
)  # fmt: skip


@given(
    st.sampled_from([rule.id for rule in RULES]),
    st.lists(PIECES, max_size=12).map("".join),
    st.integers(0, 80),
    st.integers(0, 80),
    st.sampled_from(["", "requirements.txt"]),
)
def test_any_place_of_any_source_is_answered(
    id_: str, source: str, start: int, end: int, name: str
) -> None:
    start, end = sorted((min(start, len(source)), min(end, len(source))))
    repair = fix_for(id_, source, start, end, KERNEL, name)
    if repair is not None:
        assert apply(source, repair.edits) != source
        assert all(0 <= first <= last <= len(source) for first, last, _ in repair.edits)


def is_safe(id_: str, source: str, piece: str, name: str = "") -> bool:
    start = source.index(piece)
    repair = fix_for(id_, source, start, start + len(piece), KERNEL, name)
    assert repair is not None
    assert repair.description
    return repair.is_safe


@pytest.mark.parametrize(
    ("id_", "source", "piece", "name", "safe"),
    [
        ("DEP001", "%pip install numpy", "numpy", "", True),
        ("DEP001", "%pip install -qU numpy", "numpy", "", False),
        ("DEP001", "%pip install --upgrade numpy", "numpy", "", False),
        ("DEP001", "numpy", "numpy", "requirements.txt", False),
        ("DEP004", "%pip install reqeusts", "reqeusts", "", False),
        ("DEP006", "%pip install sklearn", "sklearn", "", True),
        ("DEP006", "%pip install sklearn==0.0", "sklearn", "", False),
        ("DEP006", "%pip install cv2", "cv2", "", False),
        ("DEP008", "%pip install -i http://a.example/s x", "http://", "", False),
        ("DEP009", "%pip install --trusted-host a.example x", "a.example", "", False),
        ("DEP014", "!pip install x", "pip", "", True),
        ("DEP019", "!sudo pip install x", "sudo", "", False),
    ],
)
def test_what_is_safe(id_: str, source: str, piece: str, name: str, safe: bool) -> None:
    assert is_safe(id_, source, piece, name) is safe
