"""Rows set aside, and the rest."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from llmsec_nb.lineage import (
    LineageError,
    changes,
    clean,
    quarantine,
    verify,
)
from llmsec_nb.sources.dataset import open_table

from .versions import KEY, as_rows, frame, messages


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_rows_are_set_aside_with_their_reasons(tmp_path: Path, suffix: str) -> None:
    data = frame(100)
    path = tmp_path / f"q{suffix}"
    made = quarantine(
        open_table(data, "train"),
        {7: ["T1"], 3: ["T1", "T2"], 99: []},
        path,
        data_root="ab" * 32,
        version="1.0",
        parent="cd" * 32,
        alerts={"T1": "f1", "T2": "f2"},
        key=KEY,
    )
    assert (made.rows, made.of_rows, made.reasons) == (3, 100, {"T1": 2, "T2": 1})
    assert made.alerts == {"T1": "f1", "T2": "f2"}
    assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    rows = as_rows(open_table(path))
    assert [int(row["llmsec_row"]) for row in rows] == [3, 7, 99]
    assert [row["llmsec_reasons"] or "" for row in rows] == ["T1; T2", "T1", ""]
    assert [row["text"] for row in rows] == data["text"].iloc[[3, 7, 99]].tolist()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sidecar = json.loads((tmp_path / f"q{suffix}.llmsec.json").read_text())
    assert (sidecar["data_root"], sidecar["parent"], sidecar["version"]) == (
        "ab" * 32,
        "cd" * 32,
        "1.0",
    )
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_what_is_left_and_what_was_taken_are_all(tmp_path: Path, suffix: str) -> None:
    data = frame(50)
    mask = np.arange(50) % 7 == 0
    table = open_table(data)
    assert clean(table, mask, tmp_path / f"clean{suffix}") == 42
    quarantine(table, mask, tmp_path / f"q{suffix}", data_root="", version="1")
    rest = as_rows(open_table(tmp_path / f"clean{suffix}"))
    assert rest == data[~mask].to_dict("records")
    both = rest + [
        {name: row[name] for name in data.columns}
        for row in as_rows(open_table(tmp_path / f"q{suffix}"))
    ]
    assert changes(data, open_table(pd.DataFrame(both))).new == 0


def test_nothing_is_overwritten_and_no_half_file_is_left(tmp_path: Path) -> None:
    data, mask = open_table(frame(5)), np.zeros(5, bool)
    path = tmp_path / "c.csv"
    path.write_text("mine")
    with pytest.raises(LineageError, match="is there already: name another file, or use force"):
        clean(data, mask, path)
    assert path.read_text() == "mine"
    assert clean(data, mask, path, force=True) == 5
    with pytest.raises(LineageError, match=r"rows are written to files that end in \.parquet"):
        clean(data, mask, tmp_path / "c.txt")
    with pytest.raises(LineageError, match="has 5 rows now and had 6 when it was scanned"):
        clean(data, np.zeros(6, bool), tmp_path / "d.csv")
    with pytest.raises(LineageError, match="row 9 was chosen, but there are only 5"):
        quarantine(data, {9: ["T1"]}, tmp_path / "q.csv", data_root="", version="1")
    (tmp_path / "l.csv").symlink_to(path)
    with pytest.raises(LineageError, match="is not a regular file"):
        clean(data, mask, tmp_path / "l.csv", force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "l.csv"]


def test_columns_that_come_and_change_are_all_written(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(pa.table({"a": [1, 2], "llmsec_row": ["x", "y"]}), folder / "1.parquet")
    pq.write_table(pa.table({"a": [0.5], "b": [[1, 2]]}), folder / "2.parquet")
    pq.write_table(pa.table({"a": ["=cmd"], "b": ["text"]}), folder / "3.parquet")
    made = quarantine(
        open_table(folder), np.ones(4, bool), tmp_path / "q.parquet", data_root="", version="1"
    )
    assert made.rows == 4
    assert pq.read_table(tmp_path / "q.parquet").to_pylist() == [
        {"a": "1", "llmsec_row": "x", "b": None, "llmsec_row (2)": 0, "llmsec_reasons": ""},
        {"a": "2", "llmsec_row": "y", "b": None, "llmsec_row (2)": 1, "llmsec_reasons": ""},
        {"a": "0.5", "llmsec_row": None, "b": "[1,2]", "llmsec_row (2)": 2, "llmsec_reasons": ""},
        {"a": "=cmd", "llmsec_row": None, "b": "text", "llmsec_row (2)": 3, "llmsec_reasons": ""},
    ]


def test_values_of_all_kinds_are_written(tmp_path: Path) -> None:
    table = pa.table(
        {
            "when": pa.array([0, None], pa.timestamp("us")),
            "raw": [b"\xff\x00", b"plain"],
            "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
            "number": [math.nan, 1.5],
            "text": ['a "quoted"\nline', "ž"],
        }
    )
    assert clean(open_table(table), np.zeros(2, bool), tmp_path / "a.jsonl") == 2
    first, second = (json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines())
    assert first == {
        "when": "1970-01-01T00:00:00",
        "raw": "/wA=",
        "map": {"k": 1},
        "number": None,
        "text": 'a "quoted"\nline',
    }
    assert (second["when"], second["number"]) == (None, 1.5)
    assert clean(open_table(table), np.zeros(2, bool), tmp_path / "a.csv") == 2
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1] == ["1970-01-01T00:00:00", "\\xff\x00", '{"k":1}', "", 'a "quoted"\nline']


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_types_that_arrow_or_parquet_refuse_are_written(tmp_path: Path, suffix: str) -> None:
    union = pa.UnionArray.from_dense(
        pa.array([0, 1, 0, 1], pa.int8()),
        pa.array([0, 0, 1, 1], pa.int32()),
        [pa.array([5, 6]), pa.array(["a", "b"])],
    )
    table = pa.table(
        {
            "runs": pa.RunEndEncodedArray.from_arrays([3, 4], ["aa", "bb"]),
            "union": union,
            "view": pa.array(["x", "y", "z", "w"], pa.string_view()),
            "number": [math.inf, 1.5, -2.0, 3.0],
        }
    )
    path = tmp_path / f"q{suffix}"
    quarantine(open_table(table), np.array([1, 0, 0, 1], bool), path, data_root="", version="1")
    rows = as_rows(open_table(path))
    assert [(row["runs"], str(row["union"]), row["view"]) for row in rows] == [
        ("aa", "5", "x"),
        ("bb", "b", "w"),
    ]
    assert str(rows[0]["number"]) == ("None" if suffix == ".jsonl" else "inf")


def test_rows_set_aside_are_verified(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    quarantine(open_table(frame(9)), {2: ["T1"]}, path, data_root="ab" * 32, version="1", key=KEY)
    sidecar = tmp_path / "q.csv.llmsec.json"
    assert verify(sidecar, key=KEY) == []
    assert messages(verify(sidecar)) == [
        "the signature was not checked: the key is not there, or another one"
    ]
    path.write_bytes(path.read_bytes() + b"x")
    assert messages(verify(sidecar, key=KEY)) == [
        "q.csv: has other bytes than when it was set aside"
    ]
    path.unlink()
    assert messages(verify(sidecar, key=KEY)) == ["q.csv: no such file"]
    tree = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**tree, "file": "../q.csv"}))
    assert messages(verify(sidecar, key=KEY)) == [
        "is not signed by the key: anybody may have written it",
        "'../q.csv': leads out of the manifest's folder, and is not followed",
    ]
    sidecar.write_text("{}")
    with pytest.raises(LineageError, match="not what `quarantine` writes, or damaged"):
        verify(sidecar, key=KEY)
