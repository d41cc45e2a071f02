"""Data sets as batches: every source, every Arrow type, damage that is stated, constant memory."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import os
import random
import subprocess
import sys
import time
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
pc = pytest.importorskip("pyarrow.compute")
pq = pytest.importorskip("pyarrow.parquet")
feather = pytest.importorskip("pyarrow.feather")

from llmsec_nb.sources.dataset import (  # noqa: E402 # after the packages that it needs  # noqa: E402
    DATA_SUFFIXES,
    DatasetError,
    Table,
    delimited,
    is_data_file,
    is_dataset,
    jsontext,
    open_table,
)
from llmsec_nb.sources.dataset.leaves import as_text, leaves  # noqa: E402
from llmsec_nb.sources.dataset.table import BYTES, bounded  # noqa: E402
from llmsec_nb.sources.dataset.texts import as_utf8  # noqa: E402

Columns = dict[str, list[Any]]
RAGGED = "rows of another length (missing fields are null, others under '(extra)')"
PEOPLE = 'id,name,zip\n1,Ann,01234\n2,"Bo, Jr",00001\n3,"two\nlines",9\n'
PEOPLE_READ: Columns = {
    "id": ["1", "2", "3"],
    "name": ["Ann", "Bo, Jr", "two\nlines"],
    "zip": ["01234", "00001", "9"],
}


def columns(table: Table, size: int = 65_536) -> Columns:
    """All batches as one: a column that a batch lacks is null there."""
    found: Columns = {}
    rows = 0
    for batch in table.batches(size):
        assert batch.num_rows <= size
        for name, values in batch.to_pydict().items():
            found.setdefault(name, [None] * rows).extend(values)
        rows += batch.num_rows
        for values in found.values():
            values.extend([None] * (rows - len(values)))
    return found


def read(source: object, size: int = 65_536) -> Columns:
    return columns(open_table(source), size)


def messages(table: Table) -> list[str]:
    list(table.batches())
    return [failure.message for failure in table.problems]


def flat(array: Any) -> list[tuple[str, list[Any], list[int] | None]]:
    batch = pa.RecordBatch.from_arrays([array], names=["c"])
    return [
        (leaf.path, leaf.values.to_pylist(), None if leaf.rows is None else leaf.rows.to_pylist())
        for leaf in leaves(batch)
    ]


def text(array: Any) -> list[str | None] | None:
    found = as_text(array)
    return None if found is None else found.to_pylist()


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


# Arrow types


def every_array() -> dict[str, Any]:
    """One array of four values, the third of them null, for each type that Arrow has."""
    day = dt.date(2020, 2, 29)
    moment = dt.datetime(2020, 2, 29, 10, 30)  # noqa: DTZ001 # Arrow's own are naive, too
    some: dict[Any, list[Any]] = {}
    for kind in (pa.int8, pa.int16, pa.int32, pa.int64, pa.uint8, pa.uint16, pa.uint32, pa.uint64):
        some[kind()] = [1, 2, None, 3]
    for kind in (pa.float16, pa.float32, pa.float64):
        some[kind()] = [1.5, 2.0, None, 3.0]
    for name in ("decimal32", "decimal64", "decimal128", "decimal256"):
        some[getattr(pa, name)(5, 2)] = [Decimal("1.50"), Decimal(2), None, Decimal(3)]
    for unit in ("s", "ms", "us", "ns"):
        some[pa.timestamp(unit)] = some[pa.timestamp(unit, "UTC")] = [moment, moment, None, moment]
        some[pa.duration(unit)] = [dt.timedelta(1), dt.timedelta(2), None, dt.timedelta(3)]
    some[pa.date32()] = some[pa.date64()] = [day, day, None, day]
    clock = [dt.time(1), dt.time(2), None, dt.time(3)]
    some |= dict.fromkeys((pa.time32("s"), pa.time32("ms"), pa.time64("us")), clock)
    some[pa.time64("ns")] = clock
    some[pa.month_day_nano_interval()] = [(1, 2, 3), (1, 2, 3), None, (0, 0, 0)]
    some[pa.bool_()] = [True, False, None, True]
    some[pa.null()] = [None] * 4
    strings = ["ann", "", None, "zoë"]
    some |= dict.fromkeys((pa.string(), pa.large_string(), pa.string_view()), strings)
    raw = [b"ann", b"\xff", None, b""]
    some |= dict.fromkeys((pa.binary(), pa.large_binary(), pa.binary_view()), raw)
    some[pa.binary(3)] = [b"ann", b"\xff\xff\xff", None, b"zoe"]
    lists = [["a"], ["b", "c"], None, []]
    word = pa.string()
    for made in (pa.list_, pa.large_list, pa.list_view, pa.large_list_view):
        some[made(word)] = lists
    some[pa.list_(word, 2)] = [["a", "b"], ["c", None], None, ["d", "e"]]
    some[pa.list_(pa.list_(word))] = [[["a"], []], [None], None, [["b", "c"]]]
    some[pa.struct([("x", word), ("y", pa.list_(pa.int8()))])] = [
        {"x": "a", "y": [1]},
        {"x": None, "y": None},
        None,
        {"x": "b", "y": [2, 3]},
    ]
    some[pa.struct([])] = [{}, {}, None, {}]
    some[pa.map_(word, pa.int8())] = [[("k", 1)], [], None, [("l", 2), ("m", None)]]
    some[pa.map_(word, pa.list_(word))] = [[("k", ["a"])], [], None, [("l", None)]]
    arrays = {str(kind): pa.array(values, kind) for kind, values in some.items()}
    arrays["dictionary"] = pa.array(["a", "b", None, "a"]).dictionary_encode()
    arrays["runs"] = pc.run_end_encode(pa.array(["a", "a", None, "b"]))
    arrays["runs of lists"] = pa.RunEndEncodedArray.from_arrays(
        pa.array([2, 3, 4], pa.int32()), pa.array([["a", "b"], None, ["c"]])
    )
    codes = pa.array([0, 1, 0, 1], pa.int8())
    arrays["sparse union"] = pa.UnionArray.from_sparse(
        codes, [pa.array([1, 2, None, 4]), pa.array(["a", "b", "c", "d"])], ["n", "s"]
    )
    arrays["dense union"] = pa.UnionArray.from_dense(
        codes, pa.array([0, 0, 1, 1], pa.int32()), [pa.array([1, None]), pa.array(["b", "d"])]
    )
    arrays["list of unions"] = pa.ListArray.from_arrays([0, 1, 3, 3, 4], arrays["dense union"])
    arrays["uuid"] = pa.array([uuid.UUID(int=1).bytes] * 4, pa.uuid())
    arrays["json"] = pa.ExtensionArray.from_storage(
        pa.json_(), pa.array(['{"a": 1}', "[]", None, "1"])
    )
    arrays["bool8"] = pa.ExtensionArray.from_storage(
        pa.bool8(), pa.array([1, 0, None, 1], pa.int8())
    )
    arrays["opaque"] = pa.ExtensionArray.from_storage(
        pa.opaque(pa.string(), "t", "v"), pa.array(["a", "b", None, "c"])
    )
    arrays["tensor"] = pa.ExtensionArray.from_storage(
        pa.fixed_shape_tensor(pa.float32(), [2]),
        pa.array([[1, 2], [3, 4], None, [5, 6]], pa.list_(pa.float32(), 2)),
    )
    return arrays


EVERY = every_array()


@pytest.mark.parametrize("name", EVERY)
def test_every_type_falls_into_flat_leaves(name: str) -> None:
    array = EVERY[name]
    pieces = [array, array.slice(1, 2), array.slice(2, 1), array.slice(3), array.slice(0, 0)]
    for piece in pieces:
        table = pa.table({"c": piece})
        for batch in open_table(table).batches(3):
            assert batch.num_rows <= 3
            for leaf in leaves(batch):
                kind = leaf.values.type
                assert leaf.path.startswith("c")
                assert pa.types.is_null(kind) or not pa.types.is_nested(kind)
                assert not isinstance(kind, pa.BaseExtensionType)
                assert not pa.types.is_dictionary(kind)
                rows = range(batch.num_rows) if leaf.rows is None else leaf.rows.to_pylist()
                assert len(rows) == len(leaf.values)
                assert all(0 <= row < batch.num_rows for row in rows)
                assert list(rows) == sorted(rows)
                texts = as_text(leaf.values)
                assert texts is None or texts.type == pa.string()
                assert texts is None or len(texts) == len(leaf.values)
    chunked = pa.chunked_array([array, array.slice(1)]) if len(array) else None
    assert sum(batch.num_rows for batch in open_table(chunked).batches()) == 7


def test_all_types_at_once_survive_parquet_and_ipc_where_these_hold_them(tmp_path: Path) -> None:
    table = pa.table({name: array for name, array in EVERY.items() if len(array)})
    path = tmp_path / "all.arrow"
    with pa.ipc.new_file(str(path), table.schema) as file:
        file.write_table(table)
    opened = open_table(path)
    batches = list(opened.batches())
    assert [leaf.path for batch in batches for leaf in leaves(batch)]
    assert opened.rows == 4
    assert opened.problems == []


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (
            pa.array([{"x": {"y": "a"}}, None, {"x": {"y": "b"}}]).slice(1),
            [("c.x.y", [None, "b"], None)],
        ),
        (EVERY["dictionary"].slice(1), [("c", ["b", None, "a"], None)]),
        (EVERY["runs"].slice(1), [("c", ["a", None, "b"], None)]),
        (EVERY["runs of lists"].slice(1), [("c[]", ["a", "b", "c"], [0, 0, 2])]),
        (
            EVERY[str(pa.list_(pa.list_(pa.string())))],
            [("c[][]", ["a", "b", "c"], [0, 3, 3])],
        ),
        (
            EVERY[str(pa.map_(pa.string(), pa.list_(pa.string())))],
            [("c{}.key", ["k", "l"], [0, 3]), ("c{}.value[]", ["a"], [0])],
        ),
        (
            EVERY[str(pa.map_(pa.string(), pa.int8()))].slice(3),
            [("c{}.key", ["l", "m"], [0, 0]), ("c{}.value", [2, None], [0, 0])],
        ),
        (
            EVERY["sparse union"].slice(1),
            [("c<n>", [None], [1]), ("c<s>", ["b", "d"], [0, 2])],
        ),
        (EVERY["dense union"].slice(1), [("c<0>", [None], [1]), ("c<1>", ["b", "d"], [0, 2])]),
        (
            EVERY["list of unions"],
            [("c[]<0>", [1, None], [0, 1]), ("c[]<1>", ["b", "d"], [1, 3])],
        ),
        (
            pa.array([["a", "b"], None, ["c"], []], pa.list_view(pa.string())).slice(1),
            [("c[]", ["c"], [1])],
        ),
    ],
)
def test_leaves_have_exact_values_and_rows(array: Any, expected: list[Any]) -> None:
    assert flat(array) == expected


def test_columns_of_one_name_get_paths_of_their_own() -> None:
    batch = pa.RecordBatch.from_arrays(
        [pa.array(["x"]), pa.array(["y"]), pa.array(["z"])], names=["a", "a (2)", "a"]
    )
    assert [leaf.path for leaf in leaves(batch)] == ["a", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["a", None]), ["a", None]),
        (pa.array([12, None], pa.int32()), ["12", None]),
        (pa.array([Decimal("1.50")]), ["1.50"]),
        (pa.array([dt.date(2020, 2, 29)]), ["2020-02-29"]),
        (pa.array([1.0, float("nan"), None, -4.0]), ["1", None, None, "-4"]),
        (pa.array([1.0, 2.5]), None),
        (pa.array([1e300]), None),
        (pa.array([float("inf"), float("nan")]), None),
        (pa.array([2.0], pa.float16()), ["2"]),
        (pa.array([True]), None),
        (pa.array([None, None], pa.string()), None),
        (pa.array([], pa.string()), None),
        (pa.array([b"a", b"\xff", None]), ["a", None, None]),
        (pa.array([b"\xff"]), None),
        (pa.array([b"abc"], pa.binary(3)), ["abc"]),
        (pa.array([1], pa.timestamp("s", "Nowhere/Else")), ["1970-01-01 00:00:01"]),
        (pa.array([dt.timedelta(1)]), None),
        (pa.array([2**31 - 1], pa.int32()).view(pa.date32()), ["<value out of range: 2147483647>"]),
    ],
)
def test_values_as_text(array: Any, expected: list[str | None] | None) -> None:
    assert text(array) == expected


def test_batches_are_bounded_in_bytes() -> None:
    wide = pa.table({"a": ["x" * (BYTES // 4)] * 10})
    sizes = [batch.num_rows for batch in open_table(wide).batches()]
    assert sum(sizes) == 10
    assert max(sizes) <= 4
    one = pa.RecordBatch.from_pydict({"a": ["x" * (BYTES + 1)]})
    assert [piece.num_rows for piece in bounded(one, 10)] == [1]


def test_strings_that_are_not_utf8_are_mended_and_stated() -> None:
    raw = pa.array(["Müller".encode("latin-1"), b"ok", None])
    odd = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    table = open_table(pa.table({"a": odd, "b": [1, 2, 3]}), "t")
    assert columns(table) == {"a": ["Müller", "ok", None], "b": [1, 2, 3]}
    assert messages(table) == [
        "strings that are not UTF-8, their odd bytes read as Windows-1252: 1 (column 'a' from row 1)"
    ]


def test_offsets_out_of_bounds_do_not_end_the_process() -> None:
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 1_000_000, 4)))
    bad = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"abcd")])
    table = open_table(pa.table({"bad": bad, "good": ["a", "b"]}), "t")
    assert columns(table) == {"bad": [None, None], "good": ["a", "b"]}
    assert messages(table) == [
        "columns of batches that could not be read, their data are damaged: 1 (column 'bad' from row 1)"
    ]


# Live objects


def test_pandas_of_all_sorts(maker: Any) -> None:
    frame = pd.DataFrame(
        {
            "mixed": pd.Series([1, "a", b"b"], dtype=object),
            "dicts": [{"a": 1}, None, {"a": "x", "b": [1]}],
            "keys": [{"a": 1}, None, {3: 4}],
            "lists": [[1, 2], ["a"], None],
            "decimal": [Decimal("1.5"), None, Decimal("NaN")],
            "objects": pd.Series([uuid.UUID(int=1), dt.date(2020, 1, 1), None], dtype=object),
            "category": pd.Categorical(["x", "y", "x"]),
            "complex": [1 + 2j] * 3,
            "sparse": pd.arrays.SparseArray([0, 0, 1]),
            "surrogate": pd.Series(["\ud800a", None, "b"], dtype=object),
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "arrow": pd.array(["p", None, "q"], dtype=pd.ArrowDtype(pa.string())),
            "big": pd.Series([2**70, 1, None], dtype=object),
        }
    )
    frame.index = pd.Index(["k1", "k2", "k3"], name="key")
    table = open_table(frame, "frame")
    assert columns(table) == {
        "key": ["k1", "k2", "k3"],
        "mixed": ["1", "a", "b"],
        "dicts": [{"a": "1", "b": None}, None, {"a": "x", "b": [1]}],
        "keys": [[("a", 1)], [], [("3", 4)]],
        "lists": [["1", "2"], ["a"], None],
        "decimal": [Decimal("1.5"), None, None],
        "objects": [str(uuid.UUID(int=1)), "2020-01-01", None],
        "category": ["x", "y", "x"],
        "complex": ["(1+2j)"] * 3,
        "sparse": [0, 0, 1],
        "surrogate": ["?a", None, "b"],
        "nullable": [1, None, 3],
        "arrow": ["p", None, "q"],
        "big": [str(2**70), "1", None],
    }
    assert (table.name, table.rows, table.problems) == ("frame", 3, [])
    assert columns(table, 2)["category"] == ["x", "y", "x"]


class _Wild:
    def __init__(self, shown: object) -> None:
        self.shown = shown

    def __str__(self) -> str:
        if isinstance(self.shown, Exception):
            raise self.shown
        return str(self.shown)


class _Refusing:
    def __arrow_c_array__(self, schema: object = None) -> object:
        raise RuntimeError("no")

    __len__ = __array__ = __arrow_c_array__


def test_foreign_objects_are_read_by_a_bounded_str_and_stated() -> None:
    values = [_Wild("x" * 20_000), _Wild(RuntimeError("no")), "plain"]
    table = open_table(pd.DataFrame({"o": pd.Series(values, dtype=object)}), "t")
    assert columns(table) == {"o": ["x" * 10_000, "", "plain"]}
    assert [failure.message for failure in table.problems] == [
        "values of the type _Wild, read by their str(): 2 (column 'o')"
    ]
    refusing = pd.DataFrame({"o": pd.Series([1, None], dtype=object)})
    refusing.iat[0, 0] = _Refusing()
    assert read(refusing)["o"][1] is None


def test_labels_of_pandas() -> None:
    double = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "b")]))
    assert [batch.schema.names for batch in open_table(double).batches()] == [["a.b", "a.b"]]
    assert read(pd.DataFrame({7: [1]}, index=["k"])) == {"(index)": ["k"], "7": [1]}
    assert read(pd.DataFrame({"a": [1]}, index=[5])) == {"a": [1]}
    levels = pd.MultiIndex.from_tuples([("u", 1)], names=["who", None])
    assert read(pd.DataFrame({"a": [1]}, index=levels)) == {"who": ["u"], "a": [1]}
    assert read(pd.Series(["a"], name="x")) == {"x": ["a"]}
    assert read(pd.Series(["a"])) == {"value": ["a"]}


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pd.DataFrame({"a": []}), pd.Series([], dtype=str)]
)
def test_nothing_in_pandas(frame: Any) -> None:
    assert sum(batch.num_rows for batch in open_table(frame).batches()) == 0


def test_polars() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(
        {
            "a": ["x", "y"],
            "b": [{"q": 1}, {"q": 2}],
            "h": pl.Series([1, 2**100], dtype=pl.Int128),
            "e": pl.Series(["u", "v"], dtype=pl.Enum(["u", "v"])),
            "o": pl.Series(["s", 1], dtype=pl.Object),
        }
    )
    expected = {
        "a": ["x", "y"],
        "b": [{"q": 1}, {"q": 2}],
        "h": ["1", str(2**100)],
        "e": ["u", "v"],
        "o": ["s", "1"],
    }
    assert read(frame) == expected
    assert read(frame.lazy().select("a", "b"), 1) == {"a": ["x", "y"], "b": [{"q": 1}, {"q": 2}]}
    assert read(frame["a"]) == {"a": ["x", "y"]}
    assert read(pl.DataFrame()) == {}
    broken = open_table(pl.LazyFrame({"a": ["1", "x"]}).select(pl.col("a").cast(pl.Int8)), "lazy")
    assert messages(broken) == ["InvalidOperationError: nothing was read after row 0"]


def test_arrow() -> None:
    table = pa.table({"a": [1, 2, 3], "b": ["x", None, "z"]})
    expected = {"a": [1, 2, 3], "b": ["x", None, "z"]}
    import pyarrow.dataset

    batch = table.to_batches()[0]
    sources = (table, batch, table.to_reader(), pyarrow.dataset.dataset(table))
    assert [read(source, 2) for source in sources] == [expected] * 4
    assert read(table["b"]) == {"value": ["x", None, "z"]}
    assert read(pa.array(["x"])) == {"value": ["x"]}


def test_a_stream_is_read_once() -> None:
    table = open_table(pa.table({"a": [1]}).to_reader(), "stream")
    assert columns(table) == {"a": [1]}
    with pytest.raises(DatasetError, match=r"^stream: a stream can be read only once"):
        table.batches()


class _Stream:
    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pa.table({"a": [1, 2]}).__arrow_c_stream__(requested_schema)


def test_anything_that_exports_an_arrow_stream() -> None:
    table = open_table(_Stream())
    assert table.name == "_Stream"
    assert [columns(table), columns(table)] == [{"a": [1, 2]}] * 2


def test_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    relation = connection.sql(
        "select i as a, 'x' || i as b, [i] as l, map {'k': i} as m, "
        "170141183460469231731687303715884105727::hugeint as h from range(3) t(i)"
    )
    table = open_table(relation, "rel")
    expected = {
        "a": [0, 1, 2],
        "b": ["x0", "x1", "x2"],
        "l": [[0], [1], [2]],
        "m": [[("k", 0)], [("k", 1)], [("k", 2)]],
        "h": [Decimal(2**127 - 1)] * 3,
    }
    assert [columns(table), columns(table, 2)] == [expected] * 2
    bad = open_table(connection.sql("select cast('x' || i as int) as a from range(3) t(i)"), "rel")
    assert messages(bad) == ["ConversionException: nothing was read after row 0"]


def test_hugging_face_live_and_on_disk(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    data = datasets.Dataset.from_dict({"a": ["x", "y", "z"]})
    assert read(data, 2) == {"a": ["x", "y", "z"]}
    assert read(data.select([2, 0])) == {"a": ["z", "x"]}
    both = datasets.DatasetDict({"train": data, "test": data.select([1])})
    assert read(both) == {"a": ["x", "y", "z", "y"]}
    assert open_table(both).rows == 4
    both.save_to_disk(str(tmp_path / "saved"))
    cache = tmp_path / "saved" / "train" / "cache-0.arrow"
    cache.write_bytes(next((tmp_path / "saved" / "test").glob("*.arrow")).read_bytes())
    code = (
        "import sys; sys.modules['datasets'] = None\n"
        "from llmsec_nb.sources.dataset import open_table\n"
        "t = open_table(sys.argv[1])\n"
        "print([b.to_pydict() for b in t.batches()], t.problems, [s.message for s in t.skips])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "saved")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == (
        "[{'a': ['y']}, {'a': ['x', 'y', 'z']}] [] "
        "['files in the folder that are no tables, not read: 1']"
    )


def test_what_is_a_dataset_is_told_without_an_import() -> None:
    code = (
        "import sys; from llmsec_nb.sources.dataset import is_dataset\n"
        "print([is_dataset(x) for x in (1, 'a', {}, [], type, None)])\n"
        "print(sorted({'pandas', 'pyarrow', 'polars', 'numpy', 'fsspec'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{[False] * 6}\n[]\n"
    assert is_dataset(pd.DataFrame())
    assert is_dataset(pd.Series(dtype=str))
    assert is_dataset(pa.table({}))
    assert is_dataset(_Stream())
    assert not is_dataset(pd.DataFrame)
    assert not is_dataset(pd.Index([1]))


@pytest.mark.parametrize("source", [{}, None, 1, [1], pd.DataFrame])
def test_no_table_says_so_in_one_line(source: object) -> None:
    with pytest.raises(
        DatasetError, match=r"^\w+: an object of the type \w+ is no table; "
    ) as said:
        open_table(source)
    assert "\n" not in str(said.value)


# Delimited text


@pytest.mark.parametrize(
    "content",
    [
        PEOPLE.encode(),
        b"\xef\xbb\xbf" + PEOPLE.encode(),
        PEOPLE.encode("utf-16"),
        PEOPLE.encode("utf-16-le"),
        PEOPLE.encode("utf-16-be"),
        PEOPLE.encode("utf-32"),
        PEOPLE.replace("\n", "\r\n").replace("two\r\n", "two\n").encode(),
    ],
)
def test_encodings_and_ends_of_lines(write: Any, content: bytes) -> None:
    table = open_table(write("a.csv", content))
    assert columns(table) == PEOPLE_READ
    assert columns(table, 2) == PEOPLE_READ
    assert table.problems == []
    assert table.schema.names == ["id", "name", "zip"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "a;b\n1,5;2\n3,5;4\n", {"a": ["1,5", "3,5"], "b": ["2", "4"]}),
        ("a.tsv", 'a\tb\n1\tO"N\n2\t"open\n', {"a": ["1", "2"], "b": ['O"N', '"open']}),
        ("a.txt", "a|b\n1|2\n", {"a": ["1"], "b": ["2"]}),
        ("a.csv", "name\nAnn\nBo, Jr\n", {"name": ["Ann", "Bo, Jr"]}),
        ("a.csv", "a,b\r1,2\r3,4\r", {"a": ["1", "3"], "b": ["2", "4"]}),
        ("a.csv", "a,b\n1,\n,NA\n", {"a": ["1", None], "b": [None, "NA"]}),
        ("a.csv", "a,b\n", {}),
        ("a.csv", 'q,"x"\n1,"a, b"\n2,"c, d"\n', {"q": ["1", "2"], "x": ["a, b", "c, d"]}),
        ("a.csv", "Ann,a@x.example\nBo,b@x.example\n", None),
        ("a.csv", "1,2\n3,4\n", None),
        ("a.csv", "red,1\nred,2\n", None),
    ],
)
def test_dialects(write: Any, name: str, content: str, expected: Columns | None) -> None:
    table = open_table(write(name, content))
    if expected is None:  # without names: the first line is a row
        rows = [line.split(",") for line in content.splitlines()]
        cells = zip(*rows, strict=True)
        expected = {f"column {at}": list(cell) for at, cell in enumerate(cells, 1)}
    assert columns(table) == expected
    assert table.problems == []


def test_prose_is_one_column(write: Any) -> None:
    path = write("a.txt", "hello there, this is prose\nand more of it\n")
    assert read(path) == {"column 1": ["hello there, this is prose", "and more of it"]}


def test_latin_letters_are_read_and_stated(write: Any) -> None:
    table = open_table(write("a.csv", "id;name\n1;Müller\n2;Preis 5 €\n".encode("cp1252")))
    assert columns(table) == {"id": ["1", "2"], "name": ["Müller", "Preis 5 €"]}
    assert messages(table) == ["bytes that are not UTF-8, read as Windows-1252: 2 (after byte 0)"]


def test_ragged_rows_are_counted_and_kept(write: Any) -> None:
    content = "Report of May\n\nid,name\n1,Ann\n2\n3,Cy,x,y\n4,Di\n5,Ed\n"
    table = open_table(write("a.csv", content), "r")
    assert columns(table) == {
        "id": ["Report of May", "1", "4", "5", "2", "3"],
        "name": [None, "Ann", "Di", "Ed", None, "Cy"],
        "(extra)": [None, None, None, None, None, ["x", "y"]],
    }
    assert messages(table) == [f"{RAGGED}: 3 (row 1, row 3, row 4)"]
    assert messages(table) == [f"{RAGGED}: 3 (row 1, row 3, row 4)"]  # and not twice as many


def test_a_quote_that_is_never_closed(write: Any) -> None:
    table = open_table(write("a.csv", 'id,name\n1,Ann\n2,"Bo\n3,Cy\n'))
    assert columns(table) == {"id": ["1", "2", "3"], "name": ["Ann", '"Bo', "Cy"]}
    assert messages(table) == [
        "quotes that are never closed, what follows read by lines: 1 (row 2)"
    ]


def test_blocks_are_cut_between_records(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", 64)
    monkeypatch.setattr(delimited, "_LONGEST", 512)
    monkeypatch.setattr("llmsec_nb.sources.dataset.places.CHUNK", 16)
    draw = random.Random(5)
    rows = [
        (str(n), draw.choice(["plain", "com,ma", "two\nlines\n", 'quo"te', "é" * 40]))
        for n in range(300)
    ]
    body = "".join('{},"{}"\n'.format(a, b.replace('"', '""')) for a, b in rows)
    table = open_table(write("a.csv", "id,text\n" + body))
    assert columns(table) == {"id": [a for a, _ in rows], "text": [b for _, b in rows]}
    assert table.problems == []


def test_every_chunk_length_gives_the_same(write: Any) -> None:
    content = PEOPLE.encode() + "4,Zoë,7\n".encode() + b"5,M\xfcller,8\n"
    expected = [b"".join(as_utf8([content], _problems()))]
    for size in range(1, 9):
        chunks = [content[at : at + size] for at in range(0, len(content), size)]
        assert [b"".join(as_utf8(chunks, _problems()))] == expected
    assert expected[0].decode().endswith("4,Zoë,7\n5,Müller,8\n")


def _problems() -> Any:
    from llmsec_nb.sources.dataset.problems import Problems

    return Problems("x")


def test_a_line_without_end_is_read_in_pieces(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", 1 << 10)
    monkeypatch.setattr(delimited, "_LONGEST", 4 << 10)
    monkeypatch.setattr("llmsec_nb.sources.dataset.places.CHUNK", 1 << 10)
    path = write("a.csv", "a,b\n" + "1,2\n3,4\n" * 20_000 + "x" * 100_000)
    table = open_table(path)
    longest = max(batch.nbytes for batch in table.batches())
    found = columns(table)
    assert sum(value.count("x") for value in found["a"]) == 100_000
    assert longest < 64_000


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "the file is empty"), (b" \n\n", "the file is empty"), (b"a,b\n\0\0\1", "no text")],
)
def test_no_delimited_text(write: Any, content: bytes, message: str) -> None:
    path = write("a.csv", content)
    with pytest.raises(DatasetError, match=f"^{path.as_posix()}: {message}"):
        open_table(path)


# Compression


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz", "zst"])
def test_compressed(write: Any, suffix: str) -> None:
    def packed(data: bytes) -> bytes:
        if suffix == "zst":
            sink = pa.BufferOutputStream()
            with pa.CompressedOutputStream(sink, "zstd") as stream:
                stream.write(data)
            return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]
        return {"gz": gzip, "bz2": bz2, "xz": lzma}[suffix].compress(data)  # type: ignore[no-any-return]

    path = write(f"a.csv.{suffix}", packed(b"a,b\n1,2\n") + packed(b"3,4\n"))
    assert read(path) == {"a": ["1", "3"], "b": ["2", "4"]}
    draw = random.Random(8)
    rows = b"".join(b'{"a": %d}\n' % draw.getrandbits(60) for _ in range(20_000))
    cut = open_table(write(f"b.jsonl.{suffix}", packed(rows)[:-9]))
    assert len(messages(cut)) >= 1
    assert "nothing was read after byte" in messages(cut)[0]
    with pytest.raises(DatasetError, match="damaged or cut off"):
        open_table(write(f"c.csv.{suffix}", b"nonsense"))


def test_a_bomb_is_streamed(write: Any) -> None:
    path = write("bomb.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 4_000_000))
    table = open_table(path)
    first = next(iter(table.batches()))
    assert first.nbytes < 8 << 20
    table.close()


# JSON


def test_json_lines_of_any_kind(write: Any) -> None:
    lines = [
        '{"id": 1, "a": {"b": "x"}}',
        '{"id": "two", "a": {"c": [1]}}',
        "not json",
        '{"id": 3.5, "new": [1, "m", {"k": null}]}',
        "[1, 2]",
        "",
        '{"id": 99999999999999999999, "n": NaN, "s": "\\ud800"}',
    ]
    table = open_table(write("a.jsonl", "\n".join(lines)))
    assert columns(table) == {
        "id": ["1", "two", None, "3.5", None, "99999999999999999999"],
        "a": [{"b": "x", "c": None}, {"b": None, "c": [1]}, None, None, None, None],
        "(unreadable)": [None, None, "not json", None, None, None],
        "new": [None, None, None, ["1", "m", '{"k": null}'], None, None],
        "value": [None, None, None, None, [1, 2], None],
        "n": [None] * 6,
        "s": [None, None, None, None, None, "?"],
    }
    assert messages(table) == ["lines that are not JSON, read as text: 1 (line 3)"]


def test_a_key_that_comes_late_is_not_lost(write: Any) -> None:
    rows = [{"a": n} for n in range(5000)] + [{"a": "x", "late": {"deep": ["y"]}}]
    table = open_table(write("a.ndjson", "\n".join(map(json.dumps, rows))))
    assert "late" not in table.schema.names
    found = columns(table, 1000)
    assert found["a"] == [*range(5000), "x"]
    assert found["late"][-1] == {"deep": ["y"]}
    assert table.schema.names == ["a", "late"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "a.json",
            '[{"a": 1}, {"a": 2, "b": [{"c": "d"}]}]',
            {"a": [1, 2], "b": [None, [{"c": "d"}]]},
        ),
        ("a.json", '[\n  {\n    "a": 1\n  },\n  {"a": 2}\n]\n', {"a": [1, 2]}),
        ("a.json", '{"a": 1}\n{"a": 2}\n', {"a": [1, 2]}),
        ("a.json", '{\n "a": 1\n}\n{\n "a": 2\n}\n', {"a": [1, 2]}),
        ("a.json", '{"data": [{"a": 1}]}', {"data": [[{"a": 1}]]}),
        ("a.json", "[1, 2]", {"value": [1, 2]}),
        ("a.jsonl", '{\n "a": 1\n}\n', {"a": [1]}),
        ("a.jsonl", "[1, 2]\n[3]\n", {"value": [[1, 2], [3]]}),
    ],
)
def test_forms_of_json(write: Any, name: str, content: str, expected: Columns) -> None:
    table = open_table(write(name, content))
    assert columns(table) == expected
    assert table.problems == []


@pytest.mark.parametrize(
    ("content", "rest", "at"),
    [
        ('[{"a": 1}, {"a": broken}, {"a": "kept"}]', '{"a": broken},{"a": "kept"}]', 12),
        ('[{"a": 1}, {"a": "cut', '{"a": "cut', 12),
    ],
)
def test_broken_arrays_are_read_as_text_from_there(
    write: Any, content: str, rest: str, at: int
) -> None:
    table = open_table(write("a.json", content))
    found = columns(table)
    assert found["a"][0] == 1
    assert "".join(filter(None, found["(unreadable)"])) == rest
    assert messages(table) == [f"no JSON from character {at} on: read as text"]


def test_json_over_chunks(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"n": n, "t": "é" * (n % 50)} for n in range(500)]
    whole = json.dumps(rows, ensure_ascii=False).encode()
    for size in (1, 7, 1000):
        chunks = [whole[at : at + size] for at in range(0, len(whole), size)]
        text_chunks = as_utf8(chunks, _problems())
        assert [value for value, _ in jsontext.sequence(text_chunks, _problems())] == rows
    lined = "\n".join(json.dumps(row) for row in rows).encode()
    for size in (1, 7, 1000):
        chunks = [lined[at : at + size] for at in range(0, len(lined), size)]
        assert [value for value, _ in jsontext.lines(chunks, _problems())] == rows
    monkeypatch.setattr(jsontext, "LONGEST", 2000)
    endless = b'{"a": "' + b"x" * 10_000
    problems = _problems()
    pieces = [value for value, _ in jsontext.lines([endless[:3000], endless[3000:]], problems)]
    assert "".join(piece.text for piece in pieces) == endless.decode()


def test_keys_that_are_data_become_a_map(write: Any) -> None:
    path = write("a.jsonl", "\n".join(json.dumps({f"user{n}": n}) for n in range(200)))
    table = open_table(path)
    assert [batch.schema.names for batch in table.batches()] == [["(row)"]]
    paths = [leaf.path for batch in table.batches() for leaf in leaves(batch)]
    assert paths == ["(row){}.key", "(row){}.value"]
    assert columns(table)["(row)"][7] == [("user7", 7)]


def test_deep_nesting_does_not_overflow(write: Any) -> None:
    deep = '{"a":' * 60 + '"needle"' + "}" * 60
    path = write("a.jsonl", f'{{"r": 1}}\n{deep}\n' + "[" * 100_000)
    table = open_table(path)
    texts = [
        value
        for batch in table.batches()
        for leaf in leaves(batch)
        for value in text(leaf.values) or []
    ]
    assert any("needle" in value for value in texts if value)
    assert messages(table) == ["lines that are not JSON, read as text: 1 (line 3)"]


def test_no_json(write: Any) -> None:
    with pytest.raises(DatasetError, match="not JSON"):
        open_table(write("a.jsonl", "hello\nworld\n"))


# Columnar files


def test_columnar_files(tmp_path: Path) -> None:
    table = pa.table({"a": [1, 2, 3], "b": ["x", None, "z"]})
    expected = {"a": [1, 2, 3], "b": ["x", None, "z"]}
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    feather.write_feather(table, tmp_path / "a.feather")
    feather.write_feather(table, tmp_path / "b.feather", compression="zstd")
    with pa.ipc.new_stream(str(tmp_path / "a.arrow"), table.schema) as stream:
        stream.write_table(table)
    stream_bytes = (tmp_path / "a.arrow").read_bytes()
    (tmp_path / "a.arrow.gz").write_bytes(gzip.compress(stream_bytes))
    names = ["a.parquet", "a.feather", "b.feather", "a.arrow", "a.arrow.gz"]
    for name in names:
        opened = open_table(tmp_path / name)
        assert columns(opened) == columns(opened, 2) == expected, name
        assert opened.problems == []
    assert open_table(tmp_path / "a.parquet").rows == 3
    assert open_table(tmp_path / "a.feather").rows == 3


def test_damaged_columnar_files(tmp_path: Path) -> None:
    draw = random.Random(3)
    table = pa.table({"a": [f"{draw.getrandbits(64):x}" for _ in range(3000)]})
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, row_group_size=1000, use_dictionary=False)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    with pytest.raises(DatasetError, match="not a Parquet file, or damaged or encrypted"):
        open_table(path)
    group = pq.ParquetFile(io.BytesIO(whole)).metadata.row_group(1).column(0)
    start = group.data_page_offset
    path.write_bytes(whole[:start] + b"\xff" * 40 + whole[start + 40 :])
    opened = open_table(path)
    values = table["a"].to_pylist()
    assert columns(opened)["a"] == values[:1000] + values[2000:]
    assert messages(opened) == ["rows in damaged row groups, not read: 1000 (row group 1)"]
    stream = tmp_path / "a.arrow"
    with pa.ipc.new_stream(str(stream), table.schema) as sink:
        sink.write_table(table, max_chunksize=1000)
    stream.write_bytes(stream.read_bytes()[:-5000])
    opened = open_table(stream)
    assert columns(opened)["a"] == values[:2000]
    assert messages(opened) == ["the stream is damaged: nothing was read after row 2000"]
    stream.write_bytes(b"nonsense, not arrow at all")
    with pytest.raises(DatasetError, match="not an Arrow file or stream"):
        open_table(stream)


def test_large_values_make_short_batches(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": ["x" * 100_000] * 500}), path)  # a dictionary of one value
    sizes = [batch.nbytes for batch in open_table(path).batches()]
    assert max(sizes) < 2 * BYTES
    assert sum(sizes) >= 50_000_000


# Folders and addresses


def test_a_folder_of_all_sorts(write: Any, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write("data/year=2020/a.csv", "a,b\n1,x\n")
    write("data/year=2021%20b/b.jsonl", '{"c": true}\n')
    write("data/_log/c.csv", "no,no\n1,1\n")
    write("data/.hidden.csv", "no,no\n1,1\n")
    write("data/readme.md", "text")
    write("data/zz.parquet", "no parquet")
    table = open_table(folder, "data")
    parts = [(table.part, batch.to_pydict()) for batch in table.batches()]
    assert parts == [
        ("data/year=2020/a.csv", {"a": ["1"], "b": ["x"], "year": ["2020"]}),
        ("data/year=2021%20b/b.jsonl", {"c": [True], "year": ["2021 b"]}),
    ]
    assert messages(table) == ["data/zz.parquet: not a Parquet file, or damaged or encrypted"]
    assert [skip.message for skip in table.skips] == [
        "hidden data files in the folder (a name with . or _ first), not read: 2",
        "files in the folder that are no tables, not read: 1",
    ]
    assert table.schema.names == ["a", "b", "year", "c"]
    with pytest.raises(DatasetError, match=r"^empty: nothing in it is a table"):
        open_table(write("empty/x.md", "x").parent, "empty")


def test_names_of_data_files() -> None:
    assert is_data_file("A.CSV.gz")
    assert is_data_file("x/a.parquet")
    assert not is_data_file("package.json")
    assert not is_data_file("notes.txt")
    assert not is_data_file("a.parquet.gz")
    assert {".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".feather", ".arrow"} <= DATA_SUFFIXES


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nowhere.csv", "nowhere.csv: no such file or folder"),
        ("nowhere.xlsx", "nowhere.xlsx: no table by its name; what is read ends in .arrow, "),
        ("foo://u:secret@x.csv?sig=secret", "foo://x.csv: no address that fsspec knows"),
        ("memory://nowhere.csv", "memory://nowhere.csv: no such file or folder"),
    ],
)
def test_what_cannot_be_opened_says_why(source: str, message: str) -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(DatasetError) as said:
        open_table(source)
    assert str(said.value).startswith(message)
    assert "secret" not in str(said.value)


def test_addresses() -> None:
    fsspec = pytest.importorskip("fsspec")
    with fsspec.open("memory://d/a.csv", "wb") as file:
        file.write(PEOPLE.encode())
    with fsspec.open("memory://d/b.parquet", "wb") as file:
        pq.write_table(pa.table({"q": [1]}), file)
    with fsspec.open("memory://e/c.csv.gz", "wb") as file:
        file.write(gzip.compress(PEOPLE.encode()))
    assert read("memory://d/a.csv") == PEOPLE_READ
    assert read("memory://d/b.parquet") == {"q": [1]}
    assert read("memory://e/c.csv.gz") == PEOPLE_READ
    both = open_table("memory://d")
    assert columns(both)["q"] == [None, None, None, 1]
    assert both.name == "memory://d"


def test_an_address_without_fsspec_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(DatasetError, match=r"pip install 'llmsec-nb\[remote\]'$"):
        open_table("s3://u:secret@bucket/a.csv")


def test_a_missing_pyarrow_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DatasetError, match=r"pip install 'llmsec-nb\[data\]'$"):
        open_table("a.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_regular_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(DatasetError, match="not a regular file"):
        open_table(tmp_path / "a.csv")


# Memory

GROWTH = """
import sys, pyarrow, pyarrow.csv, pyarrow.parquet, csv, msgspec
from llmsec_nb.sources.dataset import open_table
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024
before = peak()
print(sum(batch.num_rows for batch in open_table(sys.argv[1]).batches()), peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak")
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_memory_stays_constant(tmp_path: Path, kind: str) -> None:
    draw = random.Random(9)
    path = tmp_path / f"a.{kind}"
    chunk = pa.table(
        {name: [f"{draw.getrandbits(80):x}" for _ in range(50_000)] for name in "abcdef"}
    )
    large = pa.concat_tables([chunk] * 20)
    if kind == "csv":
        import pyarrow.csv

        pyarrow.csv.write_csv(large, path)
    else:
        pq.write_table(large, path, row_group_size=1_000_000)  # one group of all rows
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, str(path)], capture_output=True, text=True, check=True
    )
    rows, grown = map(int, done.stdout.split())
    assert rows == 1_000_000
    assert grown < 100


FUZZ = """
import io, random, sys
import pyarrow as pa
from llmsec_nb.sources.dataset import DatasetError, open_table
from llmsec_nb.sources.dataset.leaves import as_text, leaves
words = ["a long string beyond a view's own bytes", "b", None, "c"] * 20
table = pa.table({
    "a": words,
    "l": [["a"], ["b", "c"], None, []] * 20,
    "d": pa.array(words).dictionary_encode(),
    "m": pa.array([[("k", "v")], [], None, [("w", "x")]] * 20, pa.map_(pa.string(), pa.string())),
    "v": pa.array(words, pa.string_view()),
    "n": pa.array([[word] for word in words], pa.list_(pa.string_view())),
})
sink = io.BytesIO()
with getattr(pa.ipc, "new_" + sys.argv[2])(sink, table.schema) as writer:
    writer.write_table(table)
draw = random.Random(4)
told = set()
for _ in range(150):
    data = bytearray(sink.getvalue())
    for _ in range(draw.choice([1, 2, 5, 20])):
        data[draw.randrange(len(data))] = draw.choice([0, 127, 255, draw.randrange(256)])
    with open(sys.argv[1], "wb") as file:
        file.write(data)
    try:
        opened = open_table(sys.argv[1])
        for batch in opened.batches(50):
            for leaf in leaves(batch):
                text = as_text(leaf.values)
                text is None or text.to_pylist()
        told.add("problems" if opened.problems else "read")
    except DatasetError:
        told.add("refused")
print(sorted(told))
"""


@pytest.mark.parametrize("form", ["stream", "file"])
def test_hostile_arrow_files_do_not_end_the_process(tmp_path: Path, form: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FUZZ, str(tmp_path / "a.arrow"), form],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "['problems', 'read', 'refused']\n"), done.stderr


# -- names, metadata, width -----------------------------------------------------------------------


def test_leaves_know_the_names_that_their_paths_are_made_of() -> None:
    value = [{"a.b": [{"c": 1}], "d": 2}]
    batch = pa.RecordBatch.from_arrays([pa.array(value)], names=["u"])
    assert [(leaf.path, leaf.names) for leaf in leaves(batch)] == [
        ("u.a.b[].c", ("u", "a.b", "c")),
        ("u.d", ("u", "d")),
    ]


@pytest.mark.parametrize(
    ("first", "headed"),
    [
        ("name,city", True),
        ("name,sales 2019-2020", True),
        ("name,2019 to 2021 and 2022", True),
        ("Max,DE44 5001 0517 5407 3249 31", False),
        ("Max,+49 (0) 30 / 12 34 rings", False),
        ("name,room 1234 floor 5", True),
        ("name,room 1234 floor 56", False),
    ],
)
def test_a_row_with_many_digits_is_no_header(write: Any, first: str, headed: bool) -> None:
    names = open_table(write("a.csv", f"{first}\nErna,x\n")).schema.names
    assert names == (first.split(",") if headed else ["column 1", "column 2"])


def test_a_row_of_values_is_no_header(write: Any) -> None:
    path = write("a.csv", "Max,secret\nErna,x\n")
    table = open_table(path, is_value=lambda names: "secret" in names)
    assert [batch.to_pydict() for batch in table.batches()] == [
        {"column 1": ["Max", "Erna"], "column 2": ["secret", "x"]}
    ]
    assert table.skips == []


def test_a_header_without_rows_is_told(write: Any) -> None:
    table = open_table(write("a.csv", "name,city\n"), "a.csv")
    assert list(table.batches()) == []
    assert list(table.batches()) == []
    assert [(skip.path, skip.message) for skip in table.skips] == [
        ("a.csv", "the only row is taken for the names of columns: there are no values")
    ]
    folder = open_table(write("f/a.csv", "name,city\n").parent, "f")
    assert list(folder.batches()) == []
    assert [skip.path for skip in folder.skips] == ["f/a.csv"]


def test_metadata_stands_beside_the_rows(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1]})
    frame.attrs = {"by": "me", "deep": {"k": [1]}}
    assert open_table(frame).metadata == ["by: me", 'deep: {"k": [1]}']
    frame.to_parquet(tmp_path / "a.parquet")
    assert open_table(tmp_path / "a.parquet").metadata == ["by: me", 'deep: {"k": [1]}']
    inner = pa.field("b", pa.int64(), metadata={"unit": "m"})
    schema = pa.schema([pa.field("a", pa.struct([inner]))], metadata={"owner": "she"})
    table = pa.table({"a": [{"b": 1}]}, schema=schema)
    assert open_table(table).metadata == ["owner: she", "unit: m"]
    feather.write_feather(table, tmp_path / "a.feather")
    folder = open_table(tmp_path)
    list(folder.batches())
    assert folder.metadata == ["owner: she", "unit: m", "by: me", 'deep: {"k": [1]}']
    long = open_table(table.replace_schema_metadata({"k": "x" * 2_000_000}), "t")
    assert sum(map(len, long.metadata)) == 1_000_000
    assert messages(long) == ["metadata beyond 1,000,000 characters were not looked at"]


def test_a_table_of_very_many_columns_is_cut(write: Any) -> None:
    wide = open_table(pa.table({f"c{n}": [n] for n in range(2003)}), "t")
    (batch,) = wide.batches()
    assert batch.num_columns == 2000
    assert messages(wide) == ["3 more columns than the 2,000 that are judged"]
    frame = open_table(pd.DataFrame([list(range(2003))]), "t")
    assert [batch.num_columns for batch in frame.batches()] == [2000]
    assert messages(frame) == ["3 more columns than the 2,000 that are judged"]
    head = ",".join(f"c{n}" for n in range(2003))
    row = ",".join(map(str, range(2003)))
    text = open_table(write("a.csv", f"{head}\n{row}\n{row},more\n"), "a.csv")
    batches = list(text.batches())
    assert [batch.num_columns for batch in batches] == [1999, 2000]
    assert [batch.to_pylist()[0]["c1998"] for batch in batches] == ["1998", "1998"]
    assert batches[1].to_pylist()[0]["(extra)"] == ["more"]
    assert messages(text)[0] == "4 more columns than the 1,999 that are judged"


def test_a_line_of_a_million_fields_is_read_in_seconds(write: Any) -> None:
    start = time.perf_counter()
    table = open_table(write("a.csv", ",".join(f"c{n}" for n in range(1_000_000)) + "\n" + "1,2\n"))
    assert sum(batch.num_rows for batch in table.batches()) >= 1
    assert time.perf_counter() - start < 10


def test_very_many_keys_lose_no_value(write: Any) -> None:
    keys = {f"k{n}": n for n in range(3000)}
    (batch,) = open_table(write("a.jsonl", json.dumps(keys) + "\n")).batches()
    (row,) = batch.to_pylist()
    assert len(row) == 1999
    assert row["k1997"] == 1997
    assert row["(row)"] == [(f"k{n}", n) for n in range(1998, 3000)]
    (batch,) = open_table(write("b.jsonl", json.dumps({"a": keys}) + "\n")).batches()
    assert [leaf.path for leaf in leaves(batch)] == ["a{}.key", "a{}.value"]


def test_what_is_excluded_in_a_folder_is_told(write: Any) -> None:
    folder = write("f/a.csv", "a,b\n1,x\n").parent
    write("f/sub/b.csv", "a,b\n2,y\n")
    table = open_table(folder, "f", excluded=lambda path: Path(path).name == "b.csv")
    assert [batch.to_pydict() for batch in table.batches()] == [{"a": ["1"], "b": ["x"]}]
    assert [skip.message for skip in table.skips] == ["files excluded by the configuration: 1"]
    none = open_table(folder, "f", excluded=lambda _: True)
    assert list(none.batches()) == []
    assert [skip.message for skip in none.skips] == ["files excluded by the configuration: 2"]


def test_a_list_that_holds_itself_ends() -> None:
    """Arrow would follow it until the process dies."""
    pandas = pytest.importorskip("pandas")
    endless: list[Any] = [1]
    endless.append(endless)
    around: dict[str, Any] = {}
    around["x"] = around
    table = open_table(pandas.DataFrame({"a": [endless, [1]], "d": [around, {"x": 1}]}), "df")
    assert sum(batch.num_rows for batch in table.batches()) == 2
    assert [problem.path for problem in table.problems] == ["df", "df"]
