"""`llmsec db`: without advisories the answer is NOT AUDITED, with them it names what is known."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.cli import main


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "advisories.sqlite"
    monkeypatch.setenv("LLMSEC_DB", str(path))
    return path


def records(folder: Path, days: int, **packages: str) -> Path:
    """OSV records of vulnerabilities in exactly these versions."""
    folder.mkdir()
    when = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    for number, (name, affected) in enumerate(packages.items()):
        record = {
            "id": f"PYSEC-2026-{number}",
            "modified": when.replace("+00:00", "Z"),
            "summary": "a made up hole",
            "affected": [{"package": {"ecosystem": "PyPI", "name": name}, "versions": [affected]}],
        }
        (folder / f"{record['id']}.json").write_text(json.dumps(record))
    return folder


@pytest.mark.parametrize("command", ["status", "audit"])
def test_without_advisories_nothing_is_audited(command: str, database: Path, capsys: Any) -> None:
    assert main(["db", command]) == 2
    assert capsys.readouterr().out.startswith("NOT AUDITED: no advisories on this machine")
    assert not database.exists()


def test_what_runs_here_is_audited(database: Path, tmp_path: Path, capsys: Any) -> None:
    source = records(tmp_path / "osv", 1, pytest=version("pytest"), msgspec="0.0.1")
    assert main(["db", "update", "--from", str(source)]) == 0
    assert main(["db", "status"]) == 0
    assert "2 advisories on 2 packages, 0 of them malicious" in capsys.readouterr().out
    assert main(["db", "audit"]) == 1
    said = capsys.readouterr().out
    assert f"pytest {version('pytest')} has a known vulnerability: PYSEC-2026-0" in said
    assert "msgspec" not in said
    assert "1 with advisories" in said


def test_old_advisories_are_not_called_clean(database: Path, tmp_path: Path, capsys: Any) -> None:
    main(["db", "update", "--from", str(records(tmp_path / "osv", 40, msgspec="0.0.1"))])
    assert main(["db", "status"]) == 2
    assert "OLD" in capsys.readouterr().out
    assert main(["db", "audit"]) == 2
    assert "NOT AUDITED to the end" in capsys.readouterr().out


def test_a_source_that_is_not_there(database: Path, capsys: Any) -> None:
    assert main(["db", "update", "--from", "/no/such/place"]) == 2
    assert (
        capsys.readouterr().err.strip() == "llmsec: llmsec db update: /no/such/place is not there"
    )
    assert not database.exists()


DAMAGE = {
    "a row": "update affected set events = 'no JSON'",
    "a weight": "update advisory set severity = 'bogus'",
    "a table": "drop table meta",
}


@pytest.mark.parametrize("what", [*DAMAGE, "its end", "all of it"])
def test_damaged_advisories_are_told_in_one_line(
    what: str, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    source = records(tmp_path / "osv", 1, pytest=version("pytest"))
    assert main(["db", "update", "--from", str(source)]) == 0
    if what in DAMAGE:
        with sqlite3.connect(database) as connection:
            connection.execute(DAMAGE[what])
    else:
        data = database.read_bytes()
        database.write_bytes(data[:5000] if what == "its end" else b"")
    Path("requirements.txt").write_text(f"pytest=={version('pytest')}\n")
    capsys.readouterr()
    for command in ("status", "audit"):
        assert main(["db", command]) == 2
        said = capsys.readouterr().out
        assert said.startswith(f"NOT AUDITED: {database} ")
        assert said.count("\n") == 1
    assert main(["check", "requirements.txt", "--format", "json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert [one["message"].count("nothing is audited") for one in report["failures"]] == [1]
    assert main(["check", "requirements.txt", "--env", "--format", "json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert {one["path"] for one in report["failures"]} == {"requirements.txt", "environment"}
    assert main(["db", "update", "--from", str(source)]) == 0
    assert main(["db", "status"]) == 0


def test_a_folder_is_not_written_over(database: Path, tmp_path: Path, capsys: Any) -> None:
    database.mkdir()
    source = records(tmp_path / "osv", 1, msgspec="0.0.1")
    assert main(["db", "update", "--from", str(source)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"llmsec: llmsec db update: {database} is a folder: LLMSEC_DB names")
    assert said.count("\n") == 1


def test_advisories_of_no_known_age_are_not_called_clean(
    database: Path, tmp_path: Path, capsys: Any
) -> None:
    source = records(tmp_path / "osv", -400, msgspec="0.0.1")
    assert main(["db", "update", "--from", str(source)]) == 0
    capsys.readouterr()
    assert main(["db", "status"]) == 2
    assert "; when they were written no record says: OLD, run" in capsys.readouterr().out
    with sqlite3.connect(database) as connection:
        connection.execute("update meta set value = '9999-12-31T00:00:00Z' where key = 'newest'")
    assert main(["db", "status"]) == 2
    told = "; newest record 9999-12-31T00:00:00Z, which is still to come: OLD, run"
    assert told in capsys.readouterr().out
