"""Requirements and environments against the advisories on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

from llmsec_nb.advisories import Database, update
from llmsec_nb.core.detector import Context, Match, NotInstalled
from llmsec_nb.core.rule import Severity
from llmsec_nb.rules.dependencies.audit import Audit
from llmsec_nb.rules.dependencies.catalogue import RULES, detectors
from llmsec_nb.rules.dependencies.kernel import environment
from llmsec_nb.rules.dependencies.requirement import normalized
from llmsec_nb.rules.dependencies.verdicts import audited

from .documents import notebook
from .snapshots import ALL, archive

FRESH = "2999-01-01T00:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    records = [{**one, "modified": FRESH} for one in ALL]
    update(archive(tmp_path / "all.zip", *records), tmp_path / "a.sqlite")
    return tmp_path / "a.sqlite"


def verdicts(audit: Audit, *cells: str) -> Iterator[tuple[str, str, Match]]:
    units, sites = notebook(*cells)
    for number, match in audit.inspect(units, sites, Context()):
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
    [(rule, piece, match)] = verdicts(Audit(path, {"flask-x": "1.2"}), cell)
    assert (rule, piece) == ("DEP002", "flask-x")
    assert (
        match.message
        == "flask-x 1.2 has a known vulnerability: PYSEC-2; mended in 1.3, as it is installed here"
    )
    assert list(verdicts(Audit(path, {"flask-x": "1.3"}), cell)) == []
    assert [rule for rule, _, _ in verdicts(Audit(path, None, {"flask-x": "1.2"}), cell)] == [
        "DEP002"
    ]
    pinned = "%pip install flask-x==1.3"
    assert list(verdicts(Audit(path, {"flask-x": "1.2"}), pinned)) == []


def test_a_version_that_nobody_knows_is_not_audited(path: Path) -> None:
    cell = "%pip install flask-x 'other>=1' third==1 {name}"
    [(rule, piece, match)] = verdicts(Audit(path), cell, "%conda install flask-x=1.1")
    assert (rule, piece) == ("DEP091", "flask-x")
    assert match.message == "not audited, as their versions are not known: flask-x, other"
    assert [cell[start:end] for start, end in match.others] == ["other>=1"]


def test_without_advisories_nothing_is_clean(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "none.sqlite")
    with pytest.raises(NotInstalled, match="nothing is audited: `llmsec db update`"):
        list(verdicts(audit, "%pip install flask-x==1.3"))
    assert list(verdicts(audit, "print(1)", "%pip install -e .")) == []


def test_old_advisories_say_what_they_know_and_that_they_are_old(tmp_path: Path) -> None:
    update(archive(tmp_path / "all.zip", *ALL), tmp_path / "a.sqlite")
    audit = Audit(tmp_path / "a.sqlite", oldest=-1e9)
    found = verdicts(audit, "%pip install flask-x==1.1")
    assert next(found)[0] == "DEP002"
    with pytest.raises(NotInstalled, match="days old, so nothing is audited by their silence"):
        next(found)
    with pytest.raises(NotInstalled):
        list(verdicts(audit, "%pip install flask-x==1.3"))


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
    known = {rule.id for detector in detectors(database=path) for rule in detector.rules}
    assert known == {rule.id for rule in RULES}
    assert [rule.id for rule in RULES] == sorted(known)
