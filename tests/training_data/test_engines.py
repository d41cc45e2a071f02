"""Engines give what one machine gives: the same states, suspects and rows."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from llmsec_nb.core.dataset import Coverage
from llmsec_nb.core.detector import NotInstalled, Unavailable
from llmsec_nb.core.problem import Failure, Skip
from llmsec_nb.sources.dataset import DatasetError, Table, open_table
from llmsec_nb.sources.dataset.problems import Problems
from llmsec_nb.training.detector import Plan
from llmsec_nb.training.engines import cluster, parts
from llmsec_nb.training.engines.distributed import (
    Distributed,
    is_distributed,
    of_table,
    open_distributed,
)
from llmsec_nb.training.engines.parts import FilePart
from llmsec_nb.training.likeness.flood import NearCopies
from llmsec_nb.training.payloads.detector import Payloads
from llmsec_nb.training.rows import Rows
from llmsec_nb.training.run import run

from .small import Broken, Naming, Repeats
from .test_run import PLAN, both, frame, in_pieces, plain, texts

pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning"),  # Spark's word on the version of pandas
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within Ray and Dask
]
ROOT = str(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def importable() -> Iterator[None]:
    """Workers find these tests."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [ROOT, before]))
    yield
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def spark(importable: None) -> Iterator[Any]:
    session = pytest.importorskip("pyspark.sql").SparkSession
    from llmsec_nb.training.engines.on_spark import started

    made = started(session, 2)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def ray(importable: None) -> Iterator[Any]:
    from llmsec_nb.training.engines.on_ray import connect, imported

    try:
        module = imported()
    except ImportError:
        pytest.skip("Ray is not installed")
    for _ in range(2):
        try:
            connect(module, 2)
            break
        except Exception:  # noqa: BLE001, S110 # Ray's own word for it
            pass
    else:
        pytest.skip("Ray gives its node 15 seconds to start, which was not enough here")
    yield module
    module.shutdown()


@pytest.fixture(scope="module")
def dask() -> Any:
    pytest.importorskip("distributed")
    return importlib.import_module("dask.dataframe")


ENGINES = ["dask", "ray", "spark"]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Any:
    request.getfixturevalue(request.param)
    return request.param


def folder(path: Path) -> Path:
    """Twenty files of three kinds, in two folders, with what is to be left out."""
    values = texts(400)
    for at in range(20):
        data = pd.DataFrame({"text": values[at * 20 : at * 20 + 20]})
        below = path / f"year={2000 + at % 2}"
        below.mkdir(parents=True, exist_ok=True)
        if at % 3 == 0:
            data.to_parquet(below / f"{at:02}.parquet")
        elif at % 3 == 1:
            data.to_json(below / f"{at:02}.jsonl", orient="records", lines=True)
        else:
            data.to_csv(below / f"{at:02}.csv", index=False)
    (path / ".hidden.csv").write_text("text\nhunter2\n", "utf-8")
    (path / "read.me").write_text("no table", "utf-8")
    return path


def test_a_table_is_sent(engine: str) -> None:
    expected = plain(run(open_table(frame(300), "df"), PLAN, both()))
    assert plain(run(open_table(frame(300), "df"), PLAN, both(), engine=engine)) == expected


def test_workers_read_files(engine: str, tmp_path: Path) -> None:
    folder(tmp_path)
    expected = run(open_table(tmp_path, "set"), PLAN, both())
    ran = run(open_distributed(tmp_path, "set"), PLAN, both(), engine=engine)
    assert ran.rows == 400
    assert ran.skips == [
        Skip(path="set", message="hidden data files in the folder, not read: 1"),
        Skip(path="set", message="files in the folder that are no tables, not read: 1"),
    ]
    assert plain(ran)[:-1] == plain(expected)[:-1]
    assert len(ran.located) > 1


def test_data_of_the_engine(engine: str, request: pytest.FixtureRequest) -> None:
    data = frame(300)
    thirds = [data.iloc[at : at + 100].reset_index(drop=True) for at in (0, 100, 200)]
    module = request.getfixturevalue(engine)
    if engine == "spark":
        rows = zip(texts(300), data["label"].tolist(), strict=True)
        source = module.sparkContext.parallelize(list(rows), 3).toDF("text string, label long")
    elif engine == "dask":
        source = module.from_pandas(data, npartitions=3)
    else:
        source = importlib.import_module("ray.data").from_pandas(thirds)
    assert is_distributed(source) == engine
    opened = open_distributed(source, "df")
    assert opened.head().schema.names == ["text", "label"]
    expected = plain(run(open_table(data, "df"), PLAN, both()))
    assert plain(run(opened, PLAN, both(), engine=engine)) == expected


def test_one_that_raises_on_workers(engine: str) -> None:
    detectors = [Broken("observe"), Repeats()]
    ran = run(in_pieces(texts(60), []), PLAN, detectors, engine=engine)
    told = "a pass stopped with RuntimeError"
    assert ran.coverage == (
        Coverage(detector="broken", state="incomplete", note=told),
        Coverage(detector="repeats", state="done"),
    )
    assert ran.failures == [
        Failure(path="pieces", message=f"broken: {told}", remedy="please report it")
    ]


def prepared(table: Table) -> Table:
    """As a function that makes other columns of a table."""

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for batch in table.batches(size):
            yield pa.record_batch([batch.column(0)], names=["text"])

    return Table(
        table.name, pa.schema([("text", pa.string())]), read, problems=table.problems_found
    )


def test_tables_of_parts_are_prepared(engine: str, tmp_path: Path) -> None:
    paths = []
    for at in range(2):
        paths.append(tmp_path / f"{at}.csv")
        pd.DataFrame({"words": ["a b"] * 3}).to_csv(paths[-1], index=False)
    opened = open_distributed(paths, "set")
    opened.prepare = prepared
    assert opened.head().schema.names == ["text"]
    ran = run(opened, PLAN, [Repeats()], engine=engine)
    assert [rows.tolist() for _, rows in ran.located] == [[0, 1, 2, 3, 4, 5]]


def test_what_was_there_stays(spark: Any, ray: Any, dask: Any) -> None:
    client = importlib.import_module("distributed").Client(
        processes=False, n_workers=1, threads_per_worker=1, dashboard_address=None
    )
    with client:
        assert run(in_pieces(["a"], []), PLAN, both(), engine="dask").rows == 1
        assert client.status == "running"
    run(in_pieces(["a"], []), PLAN, both(), engine="ray")
    assert ray.is_initialized()
    run(in_pieces(["a"], []), PLAN, both(), engine="spark")
    assert spark.range(3).count() == 3


def test_a_file_that_is_gone(dask: Any, tmp_path: Path) -> None:
    for at in range(3):
        pd.DataFrame({"text": ["a b"] * 2}).to_csv(tmp_path / f"{at}.csv", index=False)
    opened = open_distributed(tmp_path, "set")
    (tmp_path / "1.csv").unlink()
    ran = run(opened, PLAN, [Repeats()], engine="dask")
    assert (ran.rows, ran.complete, ran.states) == (4, False, {})
    assert [failure.message for failure in ran.failures] == ["set/1.csv: no such file or folder"]
    assert ran.coverage[0].note == "reading ended after 4 rows"
    assert [rows.tolist() for _, rows in ran.located] == [[0, 1, 2, 3]]


def test_data_that_change_are_noticed(dask: Any, tmp_path: Path) -> None:
    class Growing(Repeats):
        name = "growing"

        def advance(self, state: Any, plan: Plan) -> Any:
            with (tmp_path / "1.csv").open("a", encoding="utf-8") as file:
                file.write("a b\n")

    for at in range(3):
        pd.DataFrame({"text": ["a b"] * 2}).to_csv(tmp_path / f"{at}.csv", index=False)
    ran = run(open_distributed(tmp_path, "set"), PLAN, [Growing()], engine="dask")
    assert (ran.rows, ran.complete) == (6, False)
    assert [failure.message for failure in ran.failures] == [
        "the rows changed while they were read"
    ]


def test_an_engine_that_cannot_be_started(dask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise OSError("hunter2")

    monkeypatch.setattr("distributed.Client", fail)
    with pytest.raises(Unavailable) as raised:
        run(in_pieces(["a"], []), PLAN, both(), engine="dask")
    assert str(raised.value) == "dask could not be started: OSError"


def test_damage_in_a_row_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": texts(100)}), path, row_group_size=20, compression="none")
    monkeypatch.setattr(parts, "GROUPS", 1)
    split = open_distributed(path, "set").parts
    place = pq.read_metadata(path).row_group(2).column(0)
    data = bytearray(path.read_bytes())
    start = place.dictionary_page_offset
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(bytes(data))
    tables = [part.open() for part in split]
    assert [sum(batch.num_rows for batch in one.batches()) for one in tables] == [20, 20, 0, 20, 20]
    assert [[failure.message for failure in one.problems] for one in tables] == [
        [], [], ["damaged row groups, not read to the end: 1 (2)"], [], [],
    ]  # fmt: skip


def test_an_engine_that_stops(dask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> bytes:
        raise ModuleNotFoundError("No module named 'llmsec_nb.training'; hunter2")

    monkeypatch.setattr(cluster, "fold_part", stop)
    ran = run(in_pieces(["a"], []), PLAN, both(), engine="dask")
    assert [failure.message for failure in ran.failures] == [
        "the workers of dask cannot import llmsec_nb: install llmsec-nb with its extras there, too"
    ]
    assert not ran.complete
    assert [one.state for one in ran.coverage] == ["incomplete", "incomplete"]
    assert "hunter2" not in repr(plain(ran))


def test_suspects_are_filled_in_as_if_all_rows_were_here(engine: str, tmp_path: Path) -> None:
    folder(tmp_path)
    expected = run(open_table(tmp_path, "set"), PLAN, [Naming()])
    ran = run(open_distributed(tmp_path, "set"), PLAN, [Naming()], engine=engine)
    assert len({suspect.trigger for suspect, _ in expected.located}) == 5
    assert all(suspect.target and suspect.also for suspect, _ in expected.located)
    assert plain(ran)[:-1] == plain(expected)[:-1]


def test_real_detectors_give_the_same(engine: str) -> None:
    """Two that stand for all: one looks at each row, one compares rows."""
    values = [f"{text} {at % 7}" for at, text in enumerate(texts(400))]
    for at in range(7, 400, 20):
        values[at] = f"ig\u200bnore {values[at]}"
    for at in range(3, 400, 10):
        values[at] = f"please buy this wonderful new thing at our shop right now {at}"
    data = pd.DataFrame({"text": values, "label": [at % 2 for at in range(400)]})
    expected = run(open_table(data, "df"), PLAN, [Payloads(), NearCopies()])
    assert expected.located[0][1].tolist() == list(range(7, 400, 20))
    assert sorted(expected.states) == ["near-copies", "payloads"]
    halves = [pa.Table.from_pandas(data.iloc[at : at + 200]) for at in (0, 200)]
    sent = of_table(open_table(data, "df"), [one.to_batches()[0] for one in halves])
    assert plain(run(sent, PLAN, [Payloads(), NearCopies()], engine=engine)) == plain(expected)


class Slow(Repeats):
    name = "slow"

    def observe(self, state: Any, rows: Rows) -> None:
        super().observe(state, rows)
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.5)


def test_an_interrupt_ends_the_work_of_others(dask: Any) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        ran = run(in_pieces(texts(30), []), PLAN, [Slow()], engine="dask")
    finally:
        signal.signal(signal.SIGINT, before)
    assert not ran.complete
    assert ran.failures == []
    assert ran.coverage == (
        Coverage(detector="slow", state="incomplete", note="interrupted after 0 rows"),
    )


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("spark", "pyspark.sql", "Spark is not installed: pip install 'llmsec-nb[spark]'"),
        ("dask", "distributed", "Dask is not installed: pip install 'llmsec-nb[dask]'"),
        ("ray", "ray", "Ray is not installed: pip install 'llmsec-nb[ray]'"),
    ],
)
def test_an_engine_that_is_not_installed(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NotInstalled) as raised:
        run(in_pieces(["a"], []), PLAN, both(), engine=name)
    assert str(raised.value) == extra


def test_whose_data_it_is() -> None:
    def named(module: str, name: str) -> Any:
        return type(name, (), {"__module__": module})()

    assert is_distributed(named("pyspark.sql.classic.dataframe", "DataFrame")) == "spark"
    assert is_distributed(named("pyspark.sql.connect.dataframe", "DataFrame")) == "spark"
    assert is_distributed(named("dask.dataframe.dask_expr._collection", "DataFrame")) == "dask"
    assert is_distributed(named("ray.data.dataset", "Dataset")) == "ray"
    assert is_distributed(named("datasets.arrow_dataset", "Dataset")) == ""
    assert is_distributed(frame(1)) == ""
    assert is_distributed(pd.DataFrame) == ""


def test_data_that_an_engine_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    spark = Distributed("df", source=object(), kind="spark")
    with pytest.raises(DatasetError, match="df: data of spark: only that engine reads it"):
        run(spark, PLAN, both(), engine="dask")
    with pytest.raises(ValueError, match=r"df: read by an engine: name it \(spark, dask or ray\)"):
        run(spark, PLAN, both())
    monkeypatch.setattr(cluster, "KEPT", 100)
    with pytest.raises(DatasetError, match="pieces: too large to be sent to dask from here"):
        run(in_pieces(texts(100), []), PLAN, both(), engine="dask")
    with pytest.raises(DatasetError, match="nothing in it is a table"):
        open_distributed([], "none")
    with pytest.raises(DatasetError, match="int: no data of Spark, Dask or Ray, and no path"):
        open_distributed(3)


def test_large_parquet_is_read_by_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": texts(100)}), path, row_group_size=20)
    (whole,) = open_distributed(path, "set").parts
    assert whole == FilePart(str(path), "set")
    monkeypatch.setattr(parts, "GROUPS", 1)
    split = open_distributed(path, "set").parts
    assert [part.groups for part in split if isinstance(part, FilePart)] == [
        (0,), (1,), (2,), (3,), (4,),
    ]  # fmt: skip
    found = [text for part in split for one in part.open().batches() for text in one[0].to_pylist()]
    assert found == texts(100)


def test_files_are_those_of_a_folder(tmp_path: Path) -> None:
    folder(tmp_path)
    opened = open_distributed(tmp_path, "set", excluded=lambda path: path.endswith("01.jsonl"))
    assert len(opened.parts) == 19
    assert opened.skips[1] == Skip(path="set", message="files excluded by the configuration: 1")
    table = open_table(tmp_path, "set", excluded=lambda path: path.endswith("01.jsonl"))
    expected = [row for batch in table.batches() for row in batch.to_pylist()]
    assert [
        row for part in opened.parts for batch in part.open().batches() for row in batch.to_pylist()
    ] == expected
    assert {row["year"] for row in expected} == {"2000", "2001"}


def test_a_folder_of_texts_alone_is_one_part(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"text": "a"}, {"text": "b"}]', "utf-8")
    opened = open_distributed(tmp_path, "set")
    assert opened.parts == (FilePart(str(tmp_path), "set"),)
    assert [row for batch in opened.head().batches() for row in batch.to_pylist()] == [
        {"text": "a"},
        {"text": "b"},
    ]
    (tmp_path / "a.json").unlink()
    with pytest.raises(DatasetError, match="set: nothing in it is a table"):
        open_distributed(tmp_path, "set")


def test_a_damaged_table_is_not_sent() -> None:
    def read(_: int) -> Iterator[pa.RecordBatch]:
        raise OSError(5, "hunter2")

    table = Table("t", pa.schema([]), read, problems=Problems("t"))
    with pytest.raises(DatasetError, match="t: reading ended with OSError"):
        run(table, PLAN, both(), engine="dask")
