"""Rows as bytes, digests, trees, states."""

from __future__ import annotations

import decimal
import gzip
import hashlib
import math
import os
import random
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.lineage import (
    DigestDetector,
    LineageError,
    digest_table,
    prove,
    secret_option,
)
from llmsec_nb.lineage.digests import row_digests, row_secret
from llmsec_nb.lineage.encoding import encoded_rows
from llmsec_nb.lineage.merkle import SIZE, node, proof, proves
from llmsec_nb.lineage.state import Digests, root_of, shards_of, taken
from llmsec_nb.sources.dataset import open_table
from llmsec_nb.training.detector import Plan
from llmsec_nb.training.packing import pack
from llmsec_nb.training.roles import Roles
from llmsec_nb.training.rows import Rows

from .versions import KEY, OTHER, frame


def plain(value: Any) -> bytes:
    """The row format once more, value by value: what the vectors must give."""
    if value is None or value in ("", b"") or (isinstance(value, float) and math.isnan(value)):
        return b""
    if isinstance(value, bool):
        return b"b" + bytes([value])
    if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53:
        value = int(value)
    if isinstance(value, int):
        wide = value >= 2**63
        return (b"u" if wide else b"i") + struct.pack("<Q" if wide else "<q", value)
    if isinstance(value, float):
        return b"f" + struct.pack("<d", value)
    if isinstance(value, str | bytes):
        data = value.encode() if isinstance(value, str) else value
        return (b"s" if isinstance(value, str) else b"y") + struct.pack("<Q", len(data)) + data
    if isinstance(value, list):
        body = b"".join(plain(one) or b"n" for one in value)
        return b"l" + struct.pack("<Q", len(value)) + body
    body = members(value)
    return b"o" + struct.pack("<Q", len(body)) + body if body else b""


def members(row: dict[str, Any]) -> bytes:
    """An object's members."""
    return b"".join(
        struct.pack("<I", len(name.encode())) + name.encode() + plain(value)
        for name, value in sorted(row.items(), key=lambda pair: pair[0].encode())
        if plain(value)
    )


def encoded(batch: pa.RecordBatch) -> list[bytes]:
    return [row for part in encoded_rows(batch, {}) for row in part.to_pylist()]


def of(kind: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), kind)


def texts() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "i": of(st.integers(-(2**63), 2**63 - 1)),
            "u": of(st.integers(0, 2**64 - 1)),
            "f": of(st.floats()),
            "b": of(st.booleans()),
            "s": of(texts()),
            "ÿ": of(st.binary(max_size=5)),
            "l": of(st.lists(of(texts()), max_size=3)),
            "o": of(st.fixed_dictionaries({"z": of(st.floats(width=32)), "a": of(texts())})),
            "n": of(st.lists(of(st.fixed_dictionaries({"q": of(st.integers(0, 9))})), max_size=2)),
        }
    ),
    max_size=8,
)
SCHEMA = pa.schema(
    [
        ("i", pa.int64()),
        ("u", pa.uint64()),
        ("f", pa.float64()),
        ("b", pa.bool_()),
        ("s", pa.string()),
        ("ÿ", pa.binary()),
        ("l", pa.list_(pa.string())),
        ("o", pa.struct([("z", pa.float64()), ("a", pa.string())])),
        ("n", pa.list_(pa.struct([("q", pa.int64())]))),
    ]
)


@settings(max_examples=80, deadline=None)
@given(ROWS, st.integers(0, 8), st.integers(0, 8))
def test_rows_are_encoded_by_vectors_as_they_are_one_by_one(
    rows: list[dict[str, Any]], start: int, length: int
) -> None:
    batch = pa.RecordBatch.from_pylist(rows, SCHEMA)
    assert encoded(batch) == [members(row) for row in rows]
    assert encoded(batch.slice(start, length)) == encoded(batch)[start : start + length]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (pa.array(["a", "", None]), pa.array(["a", None, ""], pa.large_string())),
        (pa.array(["a", "b", "a"]), pa.array(["a", "b", "a"]).dictionary_encode()),
        (pa.array(["a", None, "c" * 40]), pa.array(["a", None, "c" * 40], pa.string_view())),
        (pa.array(["a", "a", "b"]), pa.RunEndEncodedArray.from_arrays([2, 3], ["a", "b"])),
        (pa.array([b"\xff", b"a"]), pa.array([b"\xff", b"a"], pa.binary_view())),
        (pa.array([b"ab", None]), pa.array([b"ab", None], pa.binary(2))),
        (pa.array([1, None, -3]), pa.array([1.0, math.nan, -3.0])),
        (pa.array([1, 2], pa.int8()), pa.array([1, 2], pa.uint64())),
        (pa.array([1, None]), pa.array([decimal.Decimal("1.00"), None])),
        (pa.array([0.5, None]), pa.array(np.array([0.5, math.nan], np.float16))),
        (pa.array([["a"], [], None]), pa.array([["a"], [], None], pa.list_view(pa.string()))),
        (
            pa.array([{"b": 1, "a": 2}, {}, None]),
            pa.array([[("a", 2), ("b", 1)], None, []], pa.map_(pa.string(), pa.int64())),
        ),
        (
            pa.array([1, 10**6], pa.timestamp("s")),
            pa.array([10**9, 10**15], pa.timestamp("ns")),
        ),
        (
            pa.array([decimal.Decimal("1.50"), decimal.Decimal(-3), None]),
            pa.array([decimal.Decimal("1.5000"), decimal.Decimal("-3.0"), None]),
        ),
        (
            pa.array([[decimal.Decimal("1.5"), None, decimal.Decimal(2)]]),
            pa.array([[decimal.Decimal("1.50"), None, decimal.Decimal("2.00")]]),
        ),
        (
            pa.array([[(1, "x")], [], None], pa.map_(pa.int64(), pa.string())),
            pa.array([[(1, "x")], [], None], pa.map_(pa.int8(), pa.large_string())),
        ),
        (
            pa.array([5, 7 * 10**6], pa.duration("s")),
            pa.array([5 * 10**6, 7 * 10**12], pa.duration("us")),
        ),
        (pa.array([61], pa.time32("s")), pa.array([61 * 10**9], pa.time64("ns"))),
        (
            pa.array([[1.0, 2.5]], pa.list_(pa.float64(), 2)),
            pa.FixedShapeTensorArray.from_numpy_ndarray(np.array([[1.0, 2.5]])),
        ),
        (
            pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
            pa.array(["MonthDayNano(months=1, days=2, nanoseconds=3)", None]),
        ),
        (pa.array([3, -1], pa.date32()), pa.array([3 * 86_400_000, -86_400_000], pa.date64())),
    ],
)
def test_what_is_the_same_is_encoded_alike(left: Any, right: Any) -> None:
    one, other = (pa.RecordBatch.from_arrays([a], names=["x"]) for a in (left, right))
    assert encoded(one) == encoded(other)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([{"a": "1"}], [{"a": 1}]),
        ([{"a": True}], [{"a": 1}]),
        ([{"a": "x"}], [{"b": "x"}]),
        ([{"a": "bc"}], [{"ab": "c"}]),
        ([{"a": ["x", "y"]}], [{"a": ["xy"]}]),
        ([{"a": [None, "x"]}], [{"a": ["x", None]}]),
        ([{"a": [["x"], []]}], [{"a": [[], ["x"]]}]),
        ([{"a": []}], [{"a": None}]),
        ([{"a": {"b": "x"}}], [{"a": {"c": "x"}}]),
        ([{"a": 0.5}], [{"a": 0.25}]),
    ],
)
def test_what_differs_is_encoded_otherwise(left: Any, right: Any) -> None:
    one, other = (pa.RecordBatch.from_pylist(rows) for rows in (left, right))
    assert encoded(one) != encoded(other)


def test_a_union_is_what_its_values_are_also_in_a_slice() -> None:
    union = pa.UnionArray.from_dense(
        pa.array([0, 1, 0, 1], pa.int8()),
        pa.array([0, 0, 1, 1], pa.int32()),
        [pa.array([5, 6]), pa.array(["a", "b"])],
    )
    batch = pa.RecordBatch.from_arrays([union], names=["x"])
    wanted = [members({"x": value}) for value in (5, "a", 6, "b")]
    assert encoded(batch) == wanted
    assert encoded(batch.slice(1, 2)) == wanted[1:3]


def test_a_digest_does_not_know_the_file_format(tmp_path: Path) -> None:
    data = frame(300)
    data.to_csv(tmp_path / "a.csv", index=False)
    data.to_json(tmp_path / "b.jsonl", orient="records", lines=True)
    data[["label", "text"]].to_parquet(tmp_path / "c.parquet", row_group_size=7)
    data.to_feather(tmp_path / "d.feather")
    with gzip.open(tmp_path / "e.csv.gz", "wb") as file:
        file.write((tmp_path / "a.csv").read_bytes())
    whole = digest_table(open_table(data), KEY)
    assert whole.rows == 300
    assert whole.columns == {"label": "text", "text": "text"}
    for path in tmp_path.iterdir():
        found = digest_table(open_table(path), KEY)
        assert (found.root, found.multiset) == (whole.root, whole.multiset), path.name


def test_keys_change_digests_and_shards_need_one() -> None:
    table = pa.table({"a": range(10_000)})
    unkeyed, keyed, other = (digest_table(open_table(table), key) for key in (b"", KEY, OTHER))
    assert len({unkeyed.root, keyed.root, other.root}) == 3
    assert (unkeyed.shards, unkeyed.key_id, len(keyed.shards)) == ((), "", 3)
    with pytest.raises(LineageError, match="a key of 5 bytes: 16 or more are needed"):
        digest_table(open_table(table), b"short")


def test_the_format_of_digests_is_pinned() -> None:
    """Another value here breaks every manifest there is: it needs a new ROW_FORMAT."""
    table = pa.table({"text": ["a", None, "ž"], "n": [1.0, 2.5, None], "l": [["x"], [], None]})
    found = digest_table(open_table(table))
    assert found.root == "20df405a24d87a65f56d7c1ceaec299700aa8f251a51f7a983ff8a27d0d468b1"
    assert found.multiset == "459ce0f585f982a3973511ddf48f1aff42e3fb2f8143f638ffe22b5ca24f0895"


def test_order_changes_the_root_and_not_the_multiset() -> None:
    table = pa.table({"a": range(5000)})
    turned = table.take(pa.array(list(range(5000))[::-1]))
    one, other = (digest_table(open_table(t)) for t in (table, turned))
    assert one.root != other.root
    assert one.multiset == other.multiset
    doubled = pa.concat_tables([table, table])
    assert digest_table(open_table(doubled)).multiset != one.multiset


def naive(leaves: list[bytes]) -> bytes:
    """RFC 6962, as it is written."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(naive(leaves[:split]) + naive(leaves[split:]))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 70), st.data())
def test_proofs_hold_for_their_leaf_alone(count: int, data: Any) -> None:
    leaves = [hashlib.sha256(bytes([at])).digest() for at in range(count)]
    root = naive(leaves)
    index = data.draw(st.integers(0, count - 1))
    path = proof(leaves, index)
    assert proves(leaves[index], index, count, path, root)
    assert not proves(hashlib.sha256(b"other").digest(), index, count, path, root)
    if count > 1:
        assert not proves(leaves[index], (index + 1) % count, count, path, root)
        assert not proves(leaves[index], index, count, path[:-1], root)
        broken = [bytes([path[0][0] ^ 1]) + path[0][1:], *path[1:]]
        assert not proves(leaves[index], index, count, broken, root)
    with pytest.raises(IndexError):
        proof(leaves, count)


DETECTOR = DigestDetector()
PLAN = Plan(roles=Roles(), seed=1, options=secret_option(KEY))


def state_of(table: pa.Table, start: int) -> Digests:
    state = DETECTOR.empty(PLAN)
    for batch in table.to_batches():
        DETECTOR.observe(state, Rows(batch, Roles(), start))
        start += batch.num_rows
    return state


SIZE_OF_WHOLE = 9000
WHOLE = pa.table(
    {"a": range(SIZE_OF_WHOLE), "b": ["" if at % 7 else "x" for at in range(SIZE_OF_WHOLE)]}
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, SIZE_OF_WHOLE), max_size=6), st.randoms(use_true_random=False))
def test_states_merge_in_any_order_and_partition(cuts: list[int], shuffler: random.Random) -> None:
    bounds = sorted({0, SIZE_OF_WHOLE, *cuts})
    parts = [state_of(WHOLE.slice(start, end - start), start) for start, end in pairwise(bounds)]
    shuffler.shuffle(parts)
    merged = DETECTOR.empty(PLAN)
    for part in parts:
        merged = DETECTOR.unpack(DETECTOR.pack(DETECTOR.merge(merged, part)))
    assert DETECTOR.pack(merged) == DETECTOR.pack(state_of(WHOLE, 0))


def test_the_root_of_a_state_is_that_of_its_rows() -> None:
    digests = row_digests(WHOLE.to_batches()[0], row_secret(KEY))
    leaves = [digests[at : at + SIZE] for at in range(0, len(digests), SIZE)]
    state = state_of(WHOLE, 0)
    assert root_of(state) == naive(leaves).hex()
    assert DETECTOR.digest(state, KEY) == digest_table(open_table(WHOLE), KEY)
    assert DETECTOR.digest(state, KEY).columns == {"a": "integer", "b": "text"}


def test_rows_of_partitions_that_count_from_0_have_no_order() -> None:
    table = pa.table({"a": range(100)})
    parts = [state_of(table.slice(0, 60), 0), state_of(table.slice(60), 0)]
    merged = DETECTOR.merge(*parts)
    assert DETECTOR.pack(merged) == DETECTOR.pack(DETECTOR.merge(*parts[::-1]))
    found = DETECTOR.digest(merged, KEY)
    assert (found.root, found.shards, found.rows) == ("", (), 100)
    assert found.multiset == digest_table(open_table(table), KEY).multiset


def test_a_state_with_a_gap_has_no_root() -> None:
    table = pa.table({"a": range(100)})
    gap = DETECTOR.merge(state_of(table.slice(0, 10), 0), state_of(table.slice(20), 20))
    assert root_of(gap) == ""
    assert root_of(state_of(table.slice(20), 20)) == ""
    assert DETECTOR.merge(gap, state_of(table.slice(10, 10), 10)) == state_of(table, 0)


def test_a_state_of_another_detector_or_version_is_refused() -> None:
    state = DETECTOR.pack(Digests())
    assert DETECTOR.unpack(state) == Digests()
    with pytest.raises(ValueError, match="a state of version 9 of digests, but 1 is in force"):
        DETECTOR.unpack(pack("digests", 9, Digests()))


def test_states_stay_small_and_shards_grow_with_the_set() -> None:
    state = Digests()
    leaves = os.urandom(SIZE) * 8192
    for at in range(6):
        taken(state, at * 8192, leaves, {})
    assert (state.rows, len(state.runs), len(state.runs[0].nodes)) == (49_152, 1, 12 * SIZE)
    assert [len(shards) for _, shards in [shards_of(state, 1024), shards_of(state, 4)]] == [12, 3]
    assert [rows for rows, _ in [shards_of(state, 1024), shards_of(state, 4)]] == [4096, 16_384]


def test_no_rows_have_a_root_too() -> None:
    empty = digest_table(open_table(pa.table({"a": pa.array([], pa.string())})), KEY)
    assert (empty.rows, len(empty.root), empty.shards) == (0, 64, ())
    assert empty.columns == {}


def test_a_row_is_shown_to_be_part_of_a_version() -> None:
    table = pa.table({"a": range(5000)})
    root = digest_table(open_table(table), KEY).root
    shown = prove(open_table(table), 4097, KEY)
    assert (shown.row, shown.rows, len(shown.path)) == (4097, 5000, 11)
    assert shown.holds(root)
    assert not shown.holds(digest_table(open_table(table), OTHER).root)
    assert not msgspec.structs.replace(shown, row=4096).holds(root)
    assert not msgspec.structs.replace(shown, digest="zz").holds(root)
    with pytest.raises(LineageError, match="has no row 5,000, it has 5,000"):
        prove(open_table(table), 5000, KEY)
