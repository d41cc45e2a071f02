"""Records as sources of others have them: what is read, what is said of the rest."""

from __future__ import annotations

import json
import os
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.advisories import Database
from llmsec_nb.advisories.update import BadSource, update
from llmsec_nb.advisories.versions import Bounds, fixed_beyond
from llmsec_nb.cli import main

from .snapshots import EVIL, FLASK, FRESH, NOW, archive, record


def database(tmp_path: Path, *records: dict[str, Any]) -> Database:
    update(archive_of(tmp_path / "all.zip", *records), tmp_path / "a.sqlite", now=NOW)
    return Database(tmp_path / "a.sqlite")


def archive_of(path: Path, *records: dict[str, Any]) -> Path:
    """An archive in which one id may stand several times."""
    with zipfile.ZipFile(path, "w") as target:
        for number, one in enumerate(records):
            target.writestr(f"{number}.json", json.dumps(one))
    return path


def ids(known: Database, name: str, version: str) -> list[str]:
    return [one.id for one in known.query(name, version)]


def test_null_is_nothing_said(tmp_path: Path) -> None:
    listed = record("PYSEC-1", versions=("1.0",))
    listed |= {"aliases": None, "severity": None, "summary": None, "withdrawn": None}
    listed["affected"][0]["ranges"] = None
    ranged = record("PYSEC-2", events=({"introduced": "0"},))
    ranged["affected"][0]["versions"] = None
    known = database(tmp_path, listed, ranged)
    assert ids(known, "pack", "1.0") == ["PYSEC-1", "PYSEC-2"]
    assert ids(known, "pack", "1.1") == ["PYSEC-2"]


def test_of_records_by_one_id_the_last_counts(tmp_path: Path) -> None:
    new = record("PYSEC-1", versions=("2.0",), age=1)
    old = record("PYSEC-1", versions=("1.0",), age=9)
    for order in ((new, old), (old, new)):
        known = database(tmp_path, *order, FLASK)
        assert (ids(known, "pack", "1.0"), ids(known, "pack", "2.0")) == ([], ["PYSEC-1"])
        assert known.status(NOW).records == 2
        known.close()
    gone = record("PYSEC-1", versions=("1.0",), age=0.5, withdrawn="2026-11-20T00:00:00Z")
    evil = {**EVIL, "id": "PYSEC-1", "aliases": ["MAL-1"]}
    for order in ((gone, evil), (evil, gone)):
        known = database(tmp_path, *order, FLASK)
        assert ids(known, "evil-pack", "1.0") == []
        found = known.status(NOW)
        assert (found.records, found.malicious) == (1, 0)
        known.close()


def test_limits_end_a_range(tmp_path: Path) -> None:
    def limited(*limits: str) -> Database:
        events = ({"introduced": "1.0"}, *({"limit": one} for one in limits))
        return database(tmp_path, record("PYSEC-1", events=events))

    known = limited("2.0")
    assert [bool(ids(known, "pack", one)) for one in ("0.9", "1.0", "2.0a1", "2.0", "3.0")] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert ids(limited("2.0", "3.0"), "pack", "2.5") == ["PYSEC-1"]
    assert ids(limited("2.0", "*"), "pack", "99") == ["PYSEC-1"]


def test_weights_that_stand_with_the_package(tmp_path: Path) -> None:
    vector = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
    one = record("PYSEC-1", versions=("1",))
    one["affected"][0]["severity"] = vector
    two = record("PYSEC-2", versions=("1",))
    two["affected"][0]["ecosystem_specific"] = {"severity": "LOW"}
    other = record("PYSEC-3", "left", versions=("1",), ecosystem="npm")["affected"][0]
    three = record("PYSEC-3", versions=("1",))
    three["affected"].append({**other, "severity": vector})
    known = database(tmp_path, one, two, three)
    assert {
        each.id: each.severity and each.severity.value for each in known.query("pack", "1")
    } == {
        "PYSEC-1": "critical",
        "PYSEC-2": "low",
        "PYSEC-3": None,
    }


@pytest.mark.parametrize(
    ("events", "bounds", "expected"),
    [
        ("0 <2", Bounds("", "1.5"), "2"),
        ("0 <2", Bounds("", "2"), "2"),
        ("0 <2", Bounds("", "2", is_closed=True), None),
        ("0 <2", Bounds("1", "2.1"), None),
        ("1 <2", Bounds("", "1.5"), None),
        ("1 <2", Bounds("1", "1.5"), "2"),
        ("0 <1 3 <4", Bounds("3.1", "3.9"), "4"),
        ("0 <1 3 <4", Bounds("0.5", "3.5"), None),
        ("0 =2", Bounds("1", "2"), ""),
        ("0 =2", Bounds("1", "2.1"), None),
        ("0", Bounds("7"), ""),
        ("0", Bounds(), ""),
        ("5", Bounds("7"), ""),
        ("0 <garbage", Bounds("", "1"), None),
        ("0 ^2", Bounds("", "1"), None),
    ],
)
def test_whether_all_versions_within_bounds_are_meant(
    events: str, bounds: Bounds, expected: str | None
) -> None:
    signs = {"<": "fixed", "=": "last_affected", "^": "limit"}
    pairs = [(signs.get(one[0], "introduced"), one.lstrip("<=^")) for one in events.split()]
    assert fixed_beyond(pairs, bounds) == expected
    assert fixed_beyond(pairs[::-1], bounds) == expected


def test_a_folder_of_archives(tmp_path: Path) -> None:
    for name in ("PyPI", "npm"):
        (tmp_path / name).mkdir()
    archive(tmp_path / "PyPI" / "all.zip", FLASK)
    archive(tmp_path / "npm" / "all.zip", record("GHSA-n", "left", ecosystem="npm"))
    assert update(tmp_path, tmp_path / "a.sqlite", now=NOW).status.records == 1
    for number in range(9):
        archive(tmp_path / f"{number}.zip", FLASK)
    with pytest.raises(BadSource, match="more than 4 archives"):
        update(tmp_path, tmp_path / "a.sqlite")


def test_a_device_is_no_source(tmp_path: Path) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no such device here")
    with pytest.raises(BadSource, match="/dev/zero is neither a file nor a folder"):
        update("/dev/zero", tmp_path / "a.sqlite")


def test_what_an_ended_update_left_goes_after_a_day(tmp_path: Path) -> None:
    parts = [tmp_path / f".advisories-{name}.part" for name in ("old", "new")]
    for part in parts:
        part.touch()
    then = time.time() - timedelta(days=2).total_seconds()
    os.utime(parts[0], (then, then))
    update(archive(tmp_path / "all.zip", FLASK), tmp_path / "a.sqlite", now=NOW)
    assert [part.exists() for part in parts] == [False, True]


def test_what_could_not_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path / "db"))
    source = archive(
        tmp_path / "all.zip", {**FLASK, "modified": FRESH}, **{"x.json": b"{", "y.json": b"[]"}
    )
    assert main(["db", "update", "--from", str(source)]) == 0
    said = capsys.readouterr().out
    assert "2 records could not be read: of these nothing is known here" in said
    assert main(["db", "status"]) == 0
    assert capsys.readouterr().out == said.partition("\n")[2]
    text = tmp_path / "all.tar.gz"
    text.write_bytes(b"\x1f\x8b")
    assert main(["db", "update", "--from", str(text)]) == 2
    assert (
        capsys.readouterr()
        .err.strip()
        .endswith("1 unreadable); the first: neither a zip file nor a record in JSON or YAML")
    )


@pytest.mark.parametrize("source", ["", " "])
def test_an_empty_source_is_not_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, source: str
) -> None:
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path / "db"))
    assert main(["db", "update", "--from", source]) == 2
    assert capsys.readouterr().err.strip() == "llmsec: llmsec db update: --from names nothing"
    assert not (tmp_path / "db").exists()
