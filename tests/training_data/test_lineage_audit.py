"""The audit trail."""

from __future__ import annotations

import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from llmsec_nb.lineage import (
    LineageError,
    Record,
    append,
    check,
    head,
)
from llmsec_nb.lineage.lock import locked

from .versions import KEY, OTHER, messages


def trail(folder: Path, lines: int = 4, key: bytes = KEY) -> Path:
    path = folder / "llmsec.audit.jsonl"
    for at in range(lines):
        append(path, Record(action="scan", data="train", counts={"alerts": at}), key)
    return path


def test_a_trail_is_a_chain(tmp_path: Path) -> None:
    path = trail(tmp_path)
    assert check(path, KEY) == []
    assert check(path) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert [one["number"] for one in entries] == [1, 2, 3, 4]
    assert "actor" not in entries[0]
    assert entries[2]["previous"] == hashlib.sha256(path.read_bytes().splitlines()[1]).hexdigest()
    assert messages(check(path, OTHER))[0] == "line 1: was written with another key"
    assert len(check(path, OTHER)) == 4


def test_each_kind_of_tampering_is_named(tmp_path: Path) -> None:
    path = trail(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    changed = lines[1].replace(b'"alerts":1', b'"alerts":0')
    path.write_bytes(b"".join([lines[0], changed, *lines[2:]]))
    assert messages(check(path, KEY)) == [
        "line 2: has a wrong HMAC: it was changed",
        "line 3: does not follow the line before: something was changed, taken out or put in",
    ]
    path.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert messages(check(path)) == [
        "line 2: does not follow the line before: something was changed, taken out or put in",
        "line 2: has the number 3, 2 is due",
    ]
    path.write_bytes(b"".join(lines))
    was = head(path)
    path.write_bytes(b"".join(lines[:3]))
    assert check(path, KEY) == []
    assert messages(check(path, KEY, expected=was)) == [
        "the end is missing, or all is new: the line that was last is not in it"
    ]
    append(path, Record(action="verify"), b"")
    assert messages(check(path, KEY)) == ["line 4: bears no HMAC: it was written without the key"]


def test_a_torn_line_is_told_and_does_not_stop_the_trail(tmp_path: Path) -> None:
    path = trail(tmp_path, 2)
    path.write_bytes(path.read_bytes()[:-20])
    assert messages(check(path, KEY)) == [
        "line 2: is torn: writing it was cut off",
    ]
    append(path, Record(action="scan"), KEY)
    assert messages(check(path, KEY)) == ["line 2: is no entry: torn or overwritten"]
    assert path.read_bytes().count(b"\n") == 3


def test_writers_at_the_same_time_keep_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "llmsec.audit.jsonl"
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(
                lambda at: append(path, Record(action="scan", counts={"n": at}), KEY), range(60)
            )
        )
    assert sorted(one.number for one in made) == list(range(1, 61))
    assert check(path, KEY) == []
    assert list(tmp_path.iterdir()) == [path]


def test_a_trail_that_is_held_or_no_trail_is_told(tmp_path: Path) -> None:
    path = trail(tmp_path, 1)
    with (
        locked(path),
        pytest.raises(LineageError, match="another process is writing it"),
        locked(path, wait=0.0),
    ):
        pass
    with pytest.raises(LineageError, match="no action of the audit trail: 'delete'"):
        append(path, Record(action="delete"))
    with pytest.raises(LineageError, match=r"a line of .* bytes is not written"):
        append(path, Record(action="scan", note="x" * 70_000))
    (tmp_path / "link.jsonl").symlink_to(path)
    with pytest.raises(LineageError, match="is not a regular file"):
        append(tmp_path / "link.jsonl", Record(action="scan"))
    with pytest.raises(LineageError, match="no such file"):
        check(tmp_path / "none.jsonl")
    path.write_bytes(b"\xff" * 200_000)
    assert messages(check(path)) == ["line 1: is torn: writing it was cut off"]
