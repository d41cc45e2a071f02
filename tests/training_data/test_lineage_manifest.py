"""Manifests: what is recorded, what is found, what is refused."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.core.problem import Failure
from llmsec_nb.core.rule import Severity
from llmsec_nb.lineage import (
    LineageError,
    Problem,
    accept,
    accepted,
    describe,
    digest_table,
    read_manifest,
    read_states,
    seed_of,
    verify,
    write_manifest,
    write_states,
)
from llmsec_nb.lineage.rowsfile import read_rows
from llmsec_nb.sources.dataset import open_table

from .versions import KEY, OTHER, frame, messages, recorded


def problems(path: Path, key: bytes = b"") -> list[Problem]:
    """What is wrong, where all could be checked."""
    found = verify(path, key=key)
    assert not [one for one in found if isinstance(one, Failure)]
    return [one for one in found if isinstance(one, Problem)]


def test_what_was_recorded_is_verified(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    assert verify(path, key=KEY, rows=True) == []
    manifest = read_manifest(path)
    assert manifest.data["train.jsonl"].power == ("an inserted word would show from about 24 rows",)
    assert manifest.data["train.jsonl"].rows == 9000
    assert b"row 17" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) & 0o622 == 0o600
    assert sorted(json.loads(path.read_text())) == list(json.loads(path.read_text()))
    left = {file.suffix for file in tmp_path.iterdir()}
    assert left == {".json", ".jsonl", ".rows", ".state"}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 8999), st.sampled_from("0123456789"))
def test_one_changed_sign_names_its_row(
    tmp_path_factory: pytest.TempPathFactory, row: int, sign: str
) -> None:
    folder = tmp_path_factory.mktemp("data")
    path = recorded(folder)
    source = folder / "train.jsonl"
    lines = source.read_text().splitlines(keepends=True)
    before = lines[row]
    lines[row] = before.replace('"row ', f'"{sign}ow ')
    source.write_text("".join(lines))
    files, rows = problems(path, key=KEY)
    assert files.message == "train.jsonl: has other bytes than the manifest says"
    assert (rows.rule.id, rows.rows, rows.shards, rows.count) == (
        "POI702",
        (row,),
        (row // 4096,),
        1,
    )
    assert rows.message == (
        f"train.jsonl: rows have changed: 1 new (row {row}), "
        f"1 gone (row {row} of the manifest's version)"
    )


def test_without_the_side_file_the_shard_is_named(tmp_path: Path) -> None:
    path = recorded(tmp_path, sides=False)
    source = tmp_path / "train.jsonl"
    lines = source.read_text().splitlines(keepends=True)
    lines[5000] = lines[5001]
    source.write_text("".join(lines))
    rows = problems(path, key=KEY)[1]
    assert (rows.shards, rows.rows) == ((1,), ())
    assert rows.message == (
        "train.jsonl: rows have changed in shard 1 of 4,096 rows; 9,000 then, 9,000 now"
    )


def test_the_same_rows_written_otherwise_or_in_another_order(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    source = tmp_path / "train.jsonl"
    lines = source.read_text().splitlines(keepends=True)
    source.write_text("".join(line.replace('":', '": ') for line in lines))
    found = problems(path, key=KEY)[1]
    assert found.message.endswith("the rows are the same, only the files are written otherwise")
    assert found.harm is Severity.INFO
    source.write_text("".join(lines[1:] + lines[:1]))
    found = problems(path, key=KEY)[1]
    assert found.message.endswith("the rows are the same, in another order")
    assert found.harm is Severity.LOW


def test_files_that_are_gone_and_new(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for at in range(3):
        frame(20, at).to_parquet(folder / f"{at}.parquet")
    path = tmp_path / "llmsec.data.json"
    entry = describe(folder, digest_table(open_table(folder)), manifest=path, version="1")
    write_manifest(path, {"set": entry}, version="1")
    assert list(entry.files) == ["data/0.parquet", "data/1.parquet", "data/2.parquet"]
    assert verify(path, rows=True) == []
    (folder / "1.parquet").unlink()
    frame(20, 7).to_parquet(folder / "7.parquet")
    (folder / ".hidden").write_text("x")
    found = problems(path)
    assert messages(found)[:2] == [
        "data/1.parquet: is gone",
        "data/7.parquet: is not in the manifest",
    ]
    assert found[2].message == "set: rows have changed; 60 then, 60 now"
    assert [one.rule.id for one in found] == ["POI701", "POI701", "POI702"]


def test_without_a_key_files_and_the_root_are_compared(tmp_path: Path) -> None:
    path = recorded(tmp_path, key=b"")
    entry = read_manifest(path).data["train.jsonl"]
    assert (entry.key_id, entry.shards, entry.rows_file) == ("", (), "")
    assert verify(path, rows=True) == []
    with (tmp_path / "train.jsonl").open("a") as file:
        file.write('{"text": "more", "label": "no"}\n')
    assert messages(verify(path)) == [
        "train.jsonl: has other bytes than the manifest says",
        "train.jsonl: rows have changed; 9,000 then, 9,001 now",
    ]
    assert messages(verify(path, key=KEY))[0].startswith("the manifest is not signed")


def test_a_manifest_with_a_key_says_what_was_not_checked_without(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    for key, what in ((b"", "is not there"), (OTHER, "is another one")):
        (tmp_path / "train.jsonl").write_text('{"text": "other"}\n')
        found = verify(path, key=key, rows=True)
        assert [type(one) for one in found] == [Failure, Problem, Failure]
        assert found[0].message == (
            f"signatures and rows were not checked: the key that it was signed with {what}"
        )
        assert found[2].message == "train.jsonl: rows were not compared: their digests need the key"


def test_a_manifest_that_was_changed_with_the_data_is_found(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    tree = json.loads(path.read_text())
    tree["data"]["train.jsonl"]["files"]["train.jsonl"]["size"] += 1
    path.write_text(json.dumps(tree))
    found = problems(path, key=KEY)
    assert found[0].rule.id == "POI703"
    with pytest.raises(LineageError, match="its signature is wrong: somebody changed it"):
        accept(path, "train.jsonl", "f1", "meant", key=KEY)
    with pytest.raises(LineageError, match="is signed: set LLMSEC_KEY to change it"):
        write_manifest(path, {}, version="1")
    with pytest.raises(LineageError, match="signed with another key"):
        write_manifest(path, {}, key=OTHER, version="1")


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "/etc/passwd",
        "a/../../b",
        "C:/x",
        "a\\..\\b",
        "\\\\host\\share",
        "link",
        "a\0b",
    ],
)
@pytest.mark.parametrize("place", ["source", "files", "rows_file", "states_file"])
def test_nothing_in_a_manifest_leads_out_of_its_folder(
    tmp_path: Path, name: str, place: str
) -> None:
    path = recorded(tmp_path, rows=5)
    (tmp_path / "link").symlink_to("/etc")
    tree = json.loads(path.read_text())
    entry = tree["data"]["train.jsonl"]
    record = entry["files"]["train.jsonl"]
    entry[place] = {name: record} if place == "files" else name
    path.write_text(json.dumps(tree))
    with pytest.raises(LineageError, match="not followed") as caught:
        verify(path, key=KEY)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no manifest of data, or damaged"),
        ("[" * 100_000, "no manifest of data, or damaged"),
        ('{"schema": 2}', "of schema 2, 1 is known"),
        ('{"schema": 1}', "no manifest of data"),
        ('{"schema": 1, "tool": 3}', "no manifest of data"),
        ('{"schema": 1, "data": {"a": {"rows": "x"}}}', "no manifest of data"),
        ("\udcff", "no manifest of data, or damaged"),
    ],
)
def test_damage_is_told_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "llmsec.data.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(LineageError, match=message) as caught:
        read_manifest(path)
    assert "\n" not in str(caught.value)
    with pytest.raises(LineageError, match=message):  # and it is not overwritten
        write_manifest(path, {}, version="1")


@pytest.mark.parametrize(
    ("key", "value"),
    [("root", "zz"), ("rows", -1), ("multiset", "a" * 63), ("shards", ["a" * 64] * 9)],
)
def test_entries_that_we_never_write_are_refused(tmp_path: Path, key: str, value: object) -> None:
    path = recorded(tmp_path, rows=5)
    tree = json.loads(path.read_text())
    tree["data"]["train.jsonl"][key] = value
    path.write_text(json.dumps(tree))
    with pytest.raises(LineageError, match=r"digest that is none|numbers that cannot be"):
        read_manifest(path)


def test_links_and_data_elsewhere_are_not_recorded(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a.csv").symlink_to("/etc/passwd")
    digest = digest_table(open_table(frame(2)))
    with pytest.raises(LineageError, match=r"a\.csv: is a symbolic link"):
        describe(folder, digest, manifest=tmp_path / "m.json", version="1")
    with pytest.raises(LineageError, match="is not in the manifest's folder"):
        describe(Path("/etc/hosts"), digest, manifest=tmp_path / "m.json", version="1")


def test_versions_follow_each_other(tmp_path: Path) -> None:
    path = recorded(tmp_path, rows=50)
    first = read_manifest(path).data["train.jsonl"].root
    accept(path, "train.jsonl", "f1", "a header that we know", key=KEY)
    recorded(tmp_path, rows=60)
    second = read_manifest(path).data["train.jsonl"]
    assert (second.parent, second.rows) == (first, 60)
    assert list(second.accepted) == ["f1"]
    recorded(tmp_path, rows=60)
    assert read_manifest(path).data["train.jsonl"].parent == first
    recorded(tmp_path, "other.jsonl", rows=5)
    assert list(read_manifest(path).data) == ["other.jsonl", "train.jsonl"]


def test_acceptances_bear_the_signature_of_the_key(tmp_path: Path) -> None:
    path = recorded(tmp_path, rows=50)
    made = accept(
        path, "train.jsonl", "f1", " a header ", key=KEY, by="Ada", rows=7, date="2026-01-02"
    )
    assert (made.reason, made.by, made.rows, made.date) == ("a header", "Ada", 7, "2026-01-02")
    assert verify(path, key=KEY) == []
    good, bad = accepted(read_manifest(path), "train.jsonl", KEY)
    assert (list(good), bad) == (["f1"], [])
    manifest = read_manifest(path)
    entry = manifest.data["train.jsonl"]
    forged = {
        "f1": msgspec.structs.replace(made, rows=700),
        "f2": msgspec.structs.replace(made, signature=""),
    }
    entry = msgspec.structs.replace(entry, accepted=forged)
    manifest = msgspec.structs.replace(manifest, data={"train.jsonl": entry})
    good, bad = accepted(manifest, "train.jsonl", KEY)
    assert good == {}
    assert messages(bad) == [
        "the acceptance of f1 has a wrong signature: it does not count",
        "the acceptance of f2 is not signed: it does not count",
    ]
    assert list(accepted(manifest, "train.jsonl", b"")[0]) == ["f1"]
    with pytest.raises(LineageError, match="with its fingerprint and a reason"):
        accept(path, "train.jsonl", "f1", "  ", key=KEY)
    with pytest.raises(LineageError, match=r"no data set 'x'; there are: 'train.jsonl'"):
        accept(path, "x", "f1", "why", key=KEY)


def test_a_stale_or_foreign_state_is_found(tmp_path: Path) -> None:
    path = recorded(tmp_path, rows=50)
    name = read_manifest(path).data["train.jsonl"].states_file
    states = read_states(tmp_path / name, KEY)
    assert (states.states, states.seed) == ({"digests": b"packed"}, seed_of(KEY))
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[:-40] + bytes([data[-40] ^ 1]) + data[-39:])
    assert [one.rule.id for one in problems(path, key=KEY)] == ["POI705"]
    with pytest.raises(LineageError, match="damaged or changed"):
        read_states(tmp_path / name, KEY)
    with pytest.raises(LineageError, match="made with another key"):
        read_states(tmp_path / name, OTHER)
    write_states(tmp_path / name, {}, root="00" * 32, rows=1, roles={}, key=KEY)
    assert messages(verify(path, key=KEY)) == [f"{name}: is another file than the manifest says"]
    with pytest.raises(LineageError, match="only kept under a key"):
        write_states(tmp_path / "x.state", {}, root="", rows=0, roles={}, key=b"")


def test_row_digests_are_whole_and_under_their_key_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.rows"
    digest = digest_table(open_table(frame(40)), KEY, path)
    found = read_rows(path, KEY)
    assert (found.root, len(found.halves), path.stat().st_size) == (digest.root, 40, 56 + 640 + 32)
    data = path.read_bytes()
    for bad, message in (
        (data[:-1], "not a file of row digests, or damaged"),
        (b"x" + data[1:], "not a file of row digests, or damaged"),
        (data[:100] + bytes([data[100] ^ 1]) + data[101:], "damaged or changed"),
    ):
        path.write_bytes(bad)
        with pytest.raises(LineageError, match=message):
            read_rows(path, KEY)
    path.write_bytes(data)
    with pytest.raises(LineageError, match="made with another key"):
        read_rows(path, OTHER)
    with pytest.raises(LineageError, match="under a key only"):
        digest_table(open_table(frame(4)), b"", tmp_path / "b.rows")


def test_a_damaged_side_file_hides_nothing_of_the_data(tmp_path: Path) -> None:
    path = recorded(tmp_path, rows=50)
    (tmp_path / read_manifest(path).data["train.jsonl"].rows_file).write_bytes(b"LLMSROW1")
    with (tmp_path / "train.jsonl").open("a") as file:
        file.write('{"text": "more", "label": "no"}\n')
    assert [one.rule.id for one in problems(path, key=KEY)] == [
        "POI701",
        "POI705",
        "POI702",
    ]


def test_the_same_bytes_need_no_key(tmp_path: Path) -> None:
    path = recorded(tmp_path, rows=50)
    assert [type(one) for one in verify(path, rows=True)] == [Failure]


def test_a_set_in_memory_is_not_taken_for_checked(tmp_path: Path) -> None:
    path = tmp_path / "llmsec.data.json"
    entry = describe(None, digest_table(open_table(frame(5))), manifest=path, version="1")
    write_manifest(path, {"df": entry}, version="1")
    assert messages(verify(path)) == ["df: was in memory, there is no file to compare"]
    assert messages(verify(path, names=("dg",))) == ["there is no data set 'dg' in it"]


def test_writers_of_one_manifest_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "llmsec.data.json"
    entry = describe(None, digest_table(open_table(frame(5))), manifest=path, version="1")

    def write(at: int) -> None:
        write_manifest(path, {f"set {at}": entry}, key=KEY, version="1")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(24)))
    assert len(read_manifest(path).data) == 24
    assert list(tmp_path.iterdir()) == [path]


def test_names_that_move_the_cursor_are_spelt_out(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2Kb\n.csv").write_text("a,b\n1,2\n")
    path = tmp_path / "llmsec.data.json"
    digest = digest_table(open_table(frame(2)))
    entry = describe(tmp_path, digest, manifest=path, version="1")
    write_manifest(path, {"set\n": entry}, version="1")
    (tmp_path / "a\x1b[2Kb\n.csv").unlink()
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    assert messages(verify(path)) == [
        "a\\x1b[2Kb\\n.csv: is gone",
        "b.csv: is not in the manifest",
        "set\\n: rows have changed; 2 then, 1 now; other columns or kinds of values: 4",
    ]


def test_names_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")).write_text("a,b\n1,2\n")
    digest = digest_table(open_table(frame(2)))
    with pytest.raises(LineageError, match="the name of the file is not UTF-8: rename it"):
        describe(tmp_path, digest, manifest=tmp_path / "m.json", version="1")
