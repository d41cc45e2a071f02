"""Requirements and environments against the advisories on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.advisories import Database
from llmsec_nb.advisories.update import update
from llmsec_nb.core.detector import Context, Match, NotInstalled, Surroundings
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.rules.dependencies.audit import Audit
from llmsec_nb.rules.dependencies.catalogue import RULES, detectors
from llmsec_nb.rules.dependencies.kernel import environment
from llmsec_nb.rules.dependencies.requirement import normalized
from llmsec_nb.rules.dependencies.verdicts import audited

from .documents import notebook
from .snapshots import ALL, FRESH, archive, record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    records = [{**one, "modified": FRESH} for one in ALL]
    update(archive(tmp_path / "all.zip", *records), tmp_path / "a.sqlite")
    return tmp_path / "a.sqlite"


def verdicts(audit: Audit, *cells: str, **known: Any) -> Iterator[tuple[str, str, Match]]:
    units, sites = notebook(*cells)
    for number, match in audit.inspect(units, sites, Context(around=Surroundings(**known))):
        yield match.rule.id, units[number].source[match.start : match.end], match


def test_one_finding_a_package_with_all_that_is_known(path: Path) -> None:
    [(rule, piece, match)] = verdicts(Audit(path), "%pip install 'Flask_X==1.1' other==1.0")
    assert (rule, piece, match.severity) == ("DEP002", "Flask_X==1.1", Severity.CRITICAL)
    assert (
        match.message
        == "flask-x 1.1 has 2 known vulnerabilities: PYSEC-2, CVE-2025-0001; mended in 1.3"
    )
    [(_, _, match)] = verdicts(Audit(path), "%pip install flask-x==2.1")
    assert match.message == "flask-x 2.1 has a known vulnerability: PYSEC-2; not mended yet"
    assert list(verdicts(Audit(path), "%pip install flask-x==1.3")) == []


def test_malicious_packages(path: Path) -> None:
    [(rule, piece, match)] = verdicts(Audit(path), "!pip install -q evil.pack")
    assert (rule, piece, match.severity) == ("DEP003", "evil.pack", Severity.CRITICAL)
    assert match.message == "evil-pack is malicious: MAL-2026-1"
    [(rule, _, _)] = verdicts(
        Audit(path), "%%writefile uv.lock\n[[package]]\nname = 'taken'\nversion = '6.6.6'\n"
    )
    assert rule == "DEP003"


def test_the_version_of_the_kernel_or_a_lock_is_what_counts(path: Path) -> None:
    cell = "%pip install flask-x"
    [(rule, piece, match)] = verdicts(Audit(path), cell, environment={"flask-x": "1.2"})
    assert (rule, piece) == ("DEP002", "flask-x")
    assert (
        match.message
        == "flask-x 1.2 has a known vulnerability: PYSEC-2; mended in 1.3, as it is installed here"
    )
    assert list(verdicts(Audit(path), cell, environment={"flask-x": "1.3"})) == []
    [(rule, _, match)] = verdicts(Audit(path), cell, locked={"flask-x": "1.2"})
    assert rule == "DEP002"
    assert match.message.endswith("mended in 1.3, as it is locked here")
    pinned = "%pip install flask-x==1.3"
    assert list(verdicts(Audit(path), pinned, environment={"flask-x": "1.2"})) == []


def test_a_version_that_nobody_knows_is_not_audited(path: Path) -> None:
    cell = "!poetry add flask-x 'other>=1' third==1\n%pip install {name} -c /c.txt four"
    [(rule, piece, match)] = verdicts(Audit(path), cell)
    assert (rule, piece) == ("DEP091", "flask-x")
    assert match.message == (
        "not audited, as the file that lists them is not looked at: c.txt; "
        "not audited, as their versions are not known: flask-x, other, four; "
        "not audited, as their names are only known when it runs"
    )
    assert [cell[start:end] for start, end in match.others] == [
        "other>=1",
        "{name}",
        "/c.txt",
        "four",
    ]
    # of a package without a version DEP001 says it
    assert list(verdicts(Audit(path), "%pip install flask-x 'other>=1'")) == []


@pytest.mark.parametrize(
    ("cell", "piece", "message"),
    [
        ("!pip install $name", "$name", "as their names are only known when it runs"),
        (
            "%conda install -y python=3.12 flask-x=1.1",
            "flask-x=1.1",
            "as advisories are for packages of PyPI, not of conda: flask-x",
        ),
        (
            "%pip install git+https://git.example/a/b@0123456789",
            "git+https://git.example/a/b@0123456789",
            "as they come from an address",
        ),
        (
            "!pip install -q -r nowhere.txt",
            "nowhere.txt",
            "as the file that lists them is not looked at: nowhere.txt",
        ),
        (
            "!pip install -r deep/requirements.txt",
            "deep/requirements.txt",
            "as the file that lists them is not looked at: requirements.txt",
        ),
        (
            "!pip install -r list.txt",
            "list.txt",
            "as the file that lists them is not looked at: list.txt",
        ),
        ("!pip install -r requirements.txt -c ../constraints.txt", "", ""),
        ("!conda env create -f environment.yml", "", ""),
        (
            "!conda env update --file deep/environment.yml",
            "deep/environment.yml",
            "as the file that lists them is not looked at: environment.yml",
        ),
        (
            "!uv pip sync -q list.txt requirements.txt",
            "list.txt",
            "as the file that lists them is not looked at: list.txt",
        ),
        ("%%writefile other.txt\nx\n", "", ""),
        ("!pip install -r {name}", "", ""),
        ("!pip install -e . ./a", "", ""),
    ],
)
def test_what_nobody_can_look_up_is_said(
    path: Path, tmp_path: Path, cell: str, piece: str, message: str
) -> None:
    folder = tmp_path / "notebooks"
    for name in ("requirements.txt", "environment.yml", "list.txt", "deep/requirements.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (tmp_path / "constraints.txt").touch()
    found = [
        (own, match.message)
        for rule, own, match in verdicts(
            Audit(path), cell, "!pip install -r other.txt", folder=str(folder)
        )
        if rule == "DEP091" and own != "other.txt"
    ]
    assert found == ([(piece, f"not audited, {message}")] if piece else [])


def test_a_list_that_the_notebook_writes_is_read_there(path: Path) -> None:
    cells = ["%%writefile ./list.txt\nx\n", "!pip install -r list.txt"]
    assert list(verdicts(Audit(path), *cells)) == []
    [(rule, piece, _)] = verdicts(Audit(path), cells[1])
    assert (rule, piece) == ("DEP091", "list.txt")


def test_without_advisories_nothing_is_clean(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "none.sqlite")
    with pytest.raises(
        NotInstalled, match=r"NOT AUDITED: .*nothing is audited: `llmsec db update`"
    ):
        list(verdicts(audit, "%pip install flask-x==1.3"))
    assert list(verdicts(audit, "print(1)", "%pip install -e .")) == []


def test_old_advisories_say_what_they_know_and_that_they_are_old(tmp_path: Path) -> None:
    update(archive(tmp_path / "all.zip", *ALL), tmp_path / "a.sqlite")
    audit = Audit(tmp_path / "a.sqlite", oldest=-1e9)
    found = verdicts(audit, "%pip install flask-x==1.1")
    assert next(found)[0] == "DEP002"
    with pytest.raises(
        NotInstalled, match=r"NOT AUDITED: .* days old, so nothing is audited by their silence"
    ):
        next(found)
    with pytest.raises(NotInstalled):
        list(verdicts(audit, "%pip install flask-x==1.3"))


def test_what_is_imported_is_audited_in_the_version_that_is_here(path: Path) -> None:
    cell = "import os, flask_x.views as v\nfrom flask_x import y"
    known = {"flask-x": "1.2"}
    [(rule, piece, match)] = verdicts(Audit(path), cell, environment=known)
    assert (rule, piece, match.start) == ("DEP002", "flask_x", len("import os, "))
    assert match.message.endswith("mended in 1.3, as it is installed here")
    [(rule, _, match)] = verdicts(Audit(path), cell, locked=known)
    assert (rule, match.message.endswith("as it is locked here")) == ("DEP002", True)
    both = {"environment": {"flask-x": "1.3"}, "locked": known}
    assert list(verdicts(Audit(path), cell, **both)) == []
    assert list(verdicts(Audit(path), cell)) == []
    # what is installed in the notebook is spoken of there
    found = verdicts(Audit(path), "%pip install flask-x==1.1", cell, environment=known)
    assert [piece for _, piece, _ in found] == ["flask-x==1.1"]


def test_imports_by_other_names_than_their_distributions(path: Path, tmp_path: Path) -> None:
    records = [record("PYSEC-9", "opencv-python-headless", versions=("4.0",))]
    records = [{**one, "modified": FRESH} for one in records]
    update(archive(tmp_path / "more.zip", *records), tmp_path / "b.sqlite")
    audit = Audit(tmp_path / "b.sqlite")
    known = {"opencv-python-headless": "4.0", "numpy": "1.0"}
    [(rule, piece, match)] = verdicts(
        audit, "import numpy\ntry:\n    import cv2\nexcept E: pass", environment=known
    )
    assert (rule, piece, match.label) == ("DEP002", "cv2", "cv2")
    assert match.message.startswith("opencv-python-headless 4.0 has a known vulnerability")


def test_imports_by_the_name_of_a_malicious_package(path: Path, tmp_path: Path) -> None:
    cell = "import evil_pack"
    [(rule, piece, match)] = verdicts(Audit(path), cell)
    assert (rule, piece, match.confidence) == ("DEP003", "evil_pack", Confidence.LOW)
    folder = str(tmp_path)
    [(_, _, match)] = verdicts(Audit(path), cell, folder=folder)
    assert match.confidence is Confidence.MEDIUM
    (tmp_path / "evil_pack.py").touch()
    assert list(verdicts(Audit(path), cell, folder=folder)) == []
    assert list(verdicts(Audit(path), "from . import evil_pack", "import taken")) == []
    # a module that may come from anywhere needs no advisories
    assert list(verdicts(Audit(tmp_path / "none.sqlite"), cell)) == []
    with pytest.raises(NotInstalled, match="NOT AUDITED"):
        list(verdicts(Audit(tmp_path / "none.sqlite"), cell, environment={"evil-pack": "1"}))


def test_an_environment_is_audited(path: Path) -> None:
    database = Database(path)
    found = audited({"flask-x": "1.2", "evil-pack": "1", "fine": "1.0"}, database)
    assert found.unsure == ""
    assert [(one.rule.id, one.name, one.version) for one in found.verdicts] == [
        ("DEP003", "evil-pack", "1"),
        ("DEP002", "flask-x", "1.2"),
    ]
    database.meta["newest"] = "2020-01-01T00:00:00Z"
    assert "days old, so nothing is audited" in audited({}, database).unsure
    database.close()


def test_the_packages_of_this_interpreter() -> None:
    expected: dict[str, str] = {}
    for one in distributions():
        expected.setdefault(normalized(one.metadata["Name"]), one.version)
    assert environment() == dict(sorted(expected.items()))


def test_folders_of_packages(tmp_path: Path) -> None:
    for name in (
        "Foo_Bar-1.0.dist-info",
        "baz-2.0+cu1.dist-info",
        "old-3.0-py3.11.egg-info",
        "foo_bar-9.dist-info.bak",
        "x.dist-info",
    ):
        (tmp_path / name).mkdir()
    (tmp_path / "x.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: X.Y\nVersion: 4\n\nName: no\n"
    )
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "foo_bar-2.0.dist-info").mkdir()
    paths = [str(tmp_path), str(tmp_path / "b"), str(tmp_path / "none"), os.fspath(sys.executable)]
    assert environment(paths) == {"baz": "2.0+cu1", "foo-bar": "1.0", "old": "3.0", "x-y": "4"}


def test_the_catalogue_is_whole(path: Path) -> None:
    known = {rule.id for detector in detectors(path) for rule in detector.rules}
    assert known == {rule.id for rule in RULES}
    assert [rule.id for rule in RULES] == sorted(known)
