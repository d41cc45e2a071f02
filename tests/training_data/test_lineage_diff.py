"""What is new against an older version."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.lineage import (
    LineageError,
    changes,
    digest_table,
    only_new,
)
from llmsec_nb.lineage.multiset import Remaining
from llmsec_nb.sources.dataset import open_table

from .versions import KEY, OTHER, as_rows, frame, messages, recorded


def test_what_is_new_is_told_from_what_is_known(tmp_path: Path) -> None:
    old = frame(500)
    new = pd.concat([frame(3, 9), old.iloc[100:], frame(2, 8), old.iloc[:50]], ignore_index=True)
    old.to_json(tmp_path / "old.jsonl", orient="records", lines=True)
    digest_table(open_table(old), KEY, tmp_path / "old.rows")
    for known in (old, open_table(old), tmp_path / "old.jsonl", tmp_path / "old.rows"):
        table = open_table(new)
        found = changes(known, table, KEY)
        assert (found.new, found.removed, found.kept, found.rows) == (5, 50, 450, 455)
        assert found.numbers().tolist() == [0, 1, 2, 403, 404]
        assert found.removed_rows.tolist() == list(range(50, 100))
        assert as_rows(only_new(table, found)) == new.iloc[[0, 1, 2, 403, 404]].to_dict("records")
    assert found.digest == digest_table(open_table(new), KEY)


def test_of_rows_that_come_often_each_counts() -> None:
    old = pa.table({"a": ["x", "x", "y", "z"]})
    new = pa.table({"a": ["x"] * 5 + ["y", "w", "w"]})
    found = changes(old, open_table(new))
    assert found.numbers().tolist() == [2, 3, 4, 6, 7]
    assert found.removed_rows.tolist() == [3]
    assert found.kept == 3
    again = changes(new, open_table(old))
    assert again.numbers().tolist() == [3]
    assert again.removed_rows.tolist() == [2, 3, 4, 6, 7]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 6), max_size=40),
    st.lists(st.integers(0, 6), max_size=40),
    st.integers(1, 9),
)
def test_differences_are_those_of_multisets(old: list[int], new: list[int], size: int) -> None:
    batches = pa.table({"a": pa.array(new, pa.int64())}).to_batches(max_chunksize=size)
    table = pa.Table.from_batches(batches, pa.schema([("a", pa.int64())]))
    found = changes(pa.table({"a": pa.array(old, pa.int64())}), open_table(table))
    left, added, kept = list(old), [], 0
    for at, value in enumerate(new):
        if value in left:
            left.remove(value)
            kept += 1
        else:
            added.append(at)
    assert found.numbers().tolist() == added
    assert sorted(old[at] for at in found.removed_rows.tolist()) == sorted(left)
    assert found.kept == kept


def test_a_manifest_stands_for_the_old_version(tmp_path: Path) -> None:
    path = recorded(tmp_path, rows=100)
    new = pd.concat([frame(100), frame(1, 5)], ignore_index=True)
    assert changes(path, open_table(new), KEY).numbers().tolist() == [100]
    turned = changes(str(path), open_table(frame(100).iloc[::-1].reset_index(drop=True)), KEY)
    assert (turned.new, turned.removed, turned.reordered) == (0, 0, True)
    with pytest.raises(LineageError, match="compared under its key: set LLMSEC_KEY"):
        changes(path, open_table(new))
    with pytest.raises(LineageError, match="made with another key"):
        changes(path, open_table(new), OTHER)
    bare = tmp_path / "bare"
    bare.mkdir()
    with pytest.raises(LineageError, match=r"keeps no digests of the rows of 'train\.jsonl'"):
        changes(recorded(bare, sides=False, rows=5), open_table(new), KEY)


def test_a_table_that_changes_between_two_readings_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    table = open_table(path)
    found = changes(pa.table({"a": ["1"], "b": ["x"]}), table)
    assert found.numbers().tolist() == [1]
    path.write_text("a,b\n1,x\n")
    fresh = only_new(table, found)
    assert as_rows(fresh) == []
    assert [problem.message for problem in fresh.problems] == [
        "has 1 rows now and had 2 when it was compared"
    ]


def test_an_old_version_that_cannot_be_read_whole_hides_nothing(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"a": range(1000)}), tmp_path / "a.parquet", compression="none", row_group_size=500
    )
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    data[20:60] = b"\xff" * 40
    (tmp_path / "a.parquet").write_bytes(data)
    found = changes(tmp_path / "a.parquet", open_table(pa.table({"a": range(1000)})))
    assert found.numbers().tolist() == list(range(500))
    assert messages(found.problems) == ["rows in damaged row groups, not read: 500 (row group 0)"]


def test_a_column_that_takes_in_other_kinds_is_named(tmp_path: Path) -> None:
    lines = [f'{{"text": "row {at}", "label": {at % 2}}}\n' for at in range(50)]
    (tmp_path / "old.jsonl").write_text("".join(lines))
    (tmp_path / "new.jsonl").write_text("".join([*lines, '{"text": "more", "label": "1"}\n']))
    found = changes(tmp_path / "old.jsonl", open_table(tmp_path / "new.jsonl"))
    assert (found.retyped, found.new, found.removed) == (("label",), 51, 50)
    same = changes(tmp_path / "old.jsonl", open_table(tmp_path / "old.jsonl"))
    assert (same.retyped, same.new) == ((), 0)


def test_digests_that_begin_alike_are_told_apart() -> None:
    halves = np.array([[5, 1], [5, 2], [5, 1], [4, 9]], np.uint64)
    remaining = Remaining(halves)
    shown = np.array([[5, 2], [5, 3], [5, 1], [5, 2], [9, 9]], np.uint64)
    assert remaining.take(shown).tolist() == [False, True, False, True, True]
    assert remaining.where(halves).tolist() == [2, 3]
