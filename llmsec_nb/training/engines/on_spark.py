"""Spark: each partition by `mapInArrow`, states merged on the executors."""

from __future__ import annotations

import contextlib
import os
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import msgspec

from ...core.detector import NotInstalled
from .cluster import FEW, safe_path
from .parts import BytesPart, FilePart
from .worker import merge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from .distributed import Distributed
    from .fold import Task
    from .watch import Watch

_DATA: Final = "data binary"
_UNKNOWN: Final = 64
"""So many partitions are assumed where nobody says it (Spark Connect)."""


class Spark:
    """On the session of the data, the active one, or a local one that is stopped in the end."""

    name = "spark"

    def __init__(self, data: Distributed, jobs: int, watch: Watch) -> None:
        """Raises NotInstalled."""
        try:
            session = import_module("pyspark.sql").SparkSession
        except ImportError as error:
            raise NotInstalled("Spark is not installed: pip install 'llmsec-nb[spark]'") from error
        source = data.source
        there = session.getActiveSession() if source is None else source.sparkSession
        self.mine = there is None
        self.session: Any = started(session, jobs) if there is None else there
        self.call: Callable[..., Any] = _on_rows
        self.frame: Any = source
        if source is None:
            self.call = _on_parts
            parts = [(at, msgspec.msgpack.encode(part)) for at, part in enumerate(data.parts)]
            rows = self.session.createDataFrame(parts, "number long, part binary")
            self.frame = rows.repartition(max(1, len(parts)), "number")
        self.group = f"llmsec-{uuid4()}"
        watch.cancel = self._cancel

    def fold(self, call: Callable[[int, Any], bytes], task: Task) -> list[bytes]:
        """See Map."""
        given = self.frame.mapInArrow(partial(self.call, call), _DATA)
        left = self._partitions()
        while left > FEW:
            left = -(-left // FEW)
            given = given.repartition(left).mapInArrow(partial(_merging, task), _DATA)
        return self._collected(given)

    def each(self, call: Callable[[int, Any], bytes]) -> list[bytes]:
        """See Map."""
        return self._collected(self.frame.mapInArrow(partial(self.call, call), _DATA))

    def close(self) -> None:
        """See Map."""
        if self.mine:
            self.session.stop()

    def _collected(self, frame: Any) -> list[bytes]:
        with contextlib.suppress(Exception):  # Spark Connect has no context
            self.session.sparkContext.setJobGroup(self.group, "llmsec", interruptOnCancel=True)
        return [bytes(row.data) for row in frame.collect()]

    def _cancel(self) -> None:
        with contextlib.suppress(Exception):  # it may have ended meanwhile
            self.session.sparkContext.cancelJobGroup(self.group)

    def _partitions(self) -> int:
        try:
            return int(self.frame.rdd.getNumPartitions())
        except Exception:  # noqa: BLE001 # Spark Connect has no RDDs
            return _UNKNOWN


def started(session: Any, jobs: int) -> Any:
    """A local session that listens on loopback alone."""
    builder = session.builder.master(f"local[{max(1, jobs)}]").appName("llmsec")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": str(max(1, jobs)),
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    python = os.environ.get("PYSPARK_PYTHON", sys.executable)
    with safe_path(SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=python):
        return builder.getOrCreate()


def _on_parts(
    call: Callable[[int, Any], bytes], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """On an executor: rows name the parts."""
    for batch in batches:
        for row in batch.to_pylist():
            part = msgspec.msgpack.decode(row["part"], type=FilePart | BytesPart)
            yield _blob(call(row["number"], part))


def _on_rows(
    call: Callable[[int, Any], bytes], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """On an executor: the rows of a partition are a part."""
    import pyarrow as pa

    context = import_module("pyspark").TaskContext.get()
    number = 0 if context is None else context.partitionId()
    first = next(batches, None)
    if first is None:
        return
    stream = pa.RecordBatchReader.from_batches(first.schema, _again(first, batches))
    yield _blob(call(number, stream))


def _again(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def _merging(task: Task, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On an executor: what several parts gave becomes one."""
    blobs = [blob.as_py() for batch in batches for blob in batch.column(0)]
    if blobs:
        yield _blob(merge(task, blobs))


def _blob(data: bytes) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.record_batch([pa.array([data], pa.binary())], names=["data"])
