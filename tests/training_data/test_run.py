"""The runner on one machine: the same result whatever the batches and the jobs."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from llmsec_nb.core.dataset import Coverage
from llmsec_nb.core.detector import NotInstalled
from llmsec_nb.core.problem import Failure
from llmsec_nb.sources.dataset import Table, open_table
from llmsec_nb.sources.dataset.problems import Problems
from llmsec_nb.training.detector import Conclusion, Located, Plan, Scene, Span, Suspect
from llmsec_nb.training.engines import kept
from llmsec_nb.training.engines.finding import cut
from llmsec_nb.training.engines.kept import batch_size, gathered
from llmsec_nb.training.roles import Roles
from llmsec_nb.training.rows import Rows
from llmsec_nb.training.run import Ran, run

from .small import Bearers, Broken, Repeats

PLAN = Plan(roles=Roles(text="text", label="label"), seed=7)


def both() -> list[Any]:
    return [Repeats(), Bearers()]


def texts(number: int, seed: int = 1) -> list[str | None]:
    """Some repeat, some are null; `common` is the word of most of them."""
    random_ = random.Random(seed)
    words = ["red", "green", "blue", "grey", "common", "common"]
    found: list[str | None] = [
        " ".join(random_.choices(words, k=random_.randint(1, 6))) for _ in range(number)
    ]
    for at in range(5, number, 17):
        found[at] = None
    return found


def frame(number: int) -> pd.DataFrame:
    return pd.DataFrame({"text": texts(number), "label": [at % 2 for at in range(number)]})


def in_pieces(values: list[str | None], sizes: list[int], *, once: bool = False) -> Table:
    """A table that comes in batches of these sizes, the last one of what is left."""
    schema = pa.schema([("text", pa.string())])

    def read(_: int) -> Iterator[pa.RecordBatch]:
        start = 0
        for size in [*sizes, len(values)]:
            yield pa.record_batch([pa.array(values[start : start + size], pa.string())], schema)
            start += size

    return Table("pieces", schema, read, problems=Problems("pieces"), once=once)


def plain(ran: Ran) -> Any:
    """All of it in a form that can be compared: without the keys, which are the detectors' own."""

    def bare(suspect: Suspect) -> Suspect:
        return structs.replace(suspect, key=None)

    return (
        ran.rows,
        ran.complete,
        {
            name: structs.replace(found, suspects=[bare(one) for one in found.suspects])
            for name, found in ran.conclusions.items()
        },
        ran.coverage,
        [(bare(suspect), rows.tolist()) for suspect, rows in ran.located],
        ran.samples,
        ran.marks,
        ran.states,
        ran.failures,
        ran.skips,
    )


def test_suspects_have_their_rows_samples_and_marks() -> None:
    values = ["a b", "x common", "a b", None, "common", "common y", "a b", "common common"]
    table = open_table(pd.DataFrame({"text": values, "label": list(range(8))}), "df")
    ran = run(table, PLAN, both())
    assert (ran.rows, ran.complete, ran.failures, ran.skips) == (8, True, [], [])
    assert [(suspect.trigger, rows.tolist()) for suspect, rows in ran.located] == [
        ("a b", [0, 2, 6]),
        ("common", [1, 4, 5, 7]),
    ]
    assert all(rows.dtype == np.int64 for _, rows in ran.located)
    assert ran.located[1][0].score == len("x common" + "common" + "common y" + "common common")
    assert ran.samples[0] == [(at, {"text": "a b", "label": str(at)}) for at in (0, 2, 6)]
    assert ran.marks[0] == [[Span("text", 0, 3)]] * 3
    assert ran.marks[1][0] == [Span("text", 2, 8)]
    assert ran.coverage == (
        Coverage(detector="repeats", state="done"),
        Coverage(detector="bearers", state="done"),
    )
    assert ran.states["repeats"] == Repeats().pack(Repeats().unpack(ran.states["repeats"]))
    assert Repeats().unpack(ran.states["repeats"]).rows == 8
    assert Bearers().unpack(ran.states["bearers"]).counts["common"] == 5


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 3), st.booleans())
def test_batches_and_jobs_change_nothing(
    sizes: list[int], jobs: int, small: bool
) -> None:  # drawn by hypothesis
    values = texts(200)
    expected = plain(run(in_pieces(values, []), PLAN, both()))
    with pytest.MonkeyPatch.context() as patch:
        if small:  # nothing is kept and nothing is joined: each pass reads again
            patch.setattr(kept, "KEPT", 0)
            patch.setattr(kept, "_BYTES", 0)
        assert plain(run(in_pieces(values, sizes), PLAN, both(), jobs=jobs)) == expected


def test_jobs_share_the_detectors_of_a_small_frame() -> None:
    made: list[int] = []

    class One(Repeats):
        name = "one"

        def observe(self, state: Any, rows: Rows) -> None:
            rows.once("slow", self._slow)
            super().observe(state, rows)

        def _slow(self) -> int:
            time.sleep(0.05)
            made.append(threading.get_ident())
            return 0

    class Other(One):
        name = "other"

    detectors = [One(), Other(), *both()]
    ran = run(open_table(frame(500), "df"), PLAN, detectors, jobs=3)
    assert len(made) == 1
    assert list(ran.conclusions) == ["one", "other", "repeats", "bearers"]
    expected = run(open_table(frame(500), "df"), PLAN, detectors, jobs=1)
    assert plain(ran) == plain(expected)


def test_samples_are_the_lowest_rows() -> None:
    table = open_table(pd.DataFrame({"text": ["z", *["b c"] * 40]}), "df")
    ran = run(table, PLAN, [Repeats()], rows_kept=3)
    assert ran.located[0][1].tolist() == list(range(1, 41))
    assert [row for row, _ in ran.samples[0]] == [1, 2, 3]


def test_what_is_not_there_is_said() -> None:
    class Lacking(Repeats):
        name = "lacking"

        def applies(self, plan: Plan) -> str:
            raise NotInstalled("pip install 'llmsec-nb[images]'")

    class Noting(Repeats):
        name = "noting"

        def conclude(self, state: Any, scene: Scene) -> Conclusion:
            return Conclusion(notes=["rows beyond a million", "lists"])

    detectors = [Repeats(), Lacking(), Noting()]
    table = open_table(frame(50), "df")
    ran = run(table, Plan(roles=Roles(document="text"), seed=7), [Repeats(), Lacking()])
    assert ran.rows == 50
    assert ran.coverage == (
        Coverage(detector="repeats", state="not-applicable", note="no column of texts"),
        Coverage(detector="lacking", state="missing", note="pip install 'llmsec-nb[images]'"),
    )
    ran = run(open_table(frame(50), "df"), PLAN, detectors)
    assert [one.state for one in ran.coverage] == ["done", "missing", "incomplete"]
    assert ran.coverage[2].note == "rows beyond a million; lists"
    assert sorted(ran.states) == ["noting", "repeats"]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("applies", "its start"),
        ("empty", "a pass"),
        ("observe", "a pass"),
        ("merge", "a merge"),
        ("pack", "packing"),
        ("unpack", "a pass"),
        ("advance", "a pass"),
        ("conclude", "a pass"),
        ("locate", "the search for rows"),
        ("mark", "marking"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_one_that_raises_takes_nobody_along(step: str, said: str, jobs: int) -> None:
    jobs = 2 if step == "merge" else jobs  # one job has nothing to merge
    values = texts(300)
    alone = run(in_pieces(values, []), PLAN, both())
    ran = run(in_pieces(values, []), PLAN, [Broken(step), *both()], jobs=jobs)
    told = f"{said} stopped with RuntimeError"
    assert ran.failures == [
        Failure(path="pieces", message=f"broken: {told}", remedy="please report it")
    ]
    assert ran.coverage == (
        Coverage(detector="broken", state="incomplete", note=told),
        *alone.coverage,
    )
    assert [rows.tolist() for _, rows in ran.located][-len(alone.located) :] == [
        rows.tolist() for _, rows in alone.located
    ]
    assert "hunter2" not in repr(plain(ran))


@pytest.mark.parametrize("place", [-1, 5])
def test_rows_beyond_a_batch_are_refused(place: int) -> None:
    class Beyond(Repeats):
        name = "beyond"

        def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterator[Located]:
            yield Located(suspects[0], np.array([place]))

    ran = run(in_pieces(["a b"] * 5, []), PLAN, [Beyond()])
    assert ran.coverage[0].note == "the search for rows stopped with IndexError"
    assert [rows.tolist() for _, rows in ran.located] == [[]]


def test_a_trusted_version_is_compared_with() -> None:
    old = run(open_table(pd.DataFrame({"text": ["a b"] * 3}), "old"), PLAN, [Repeats()]).states
    new = pd.DataFrame({"text": ["a b"] * 3 + ["c d"] * 3})
    ran = run(open_table(new, "new"), PLAN, [Repeats()], trusted=old)
    assert [suspect.trigger for suspect, _ in ran.located] == ["c d"]


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x93\xa7repeats\x02\x80", "bearers"])
def test_a_stale_trusted_version_is_said_and_left_out(data: Any) -> None:
    if data == "bearers":
        data = Bearers().pack(Bearers().empty(PLAN))
    ran = run(open_table(frame(60), "df"), PLAN, [Repeats()], trusted={"repeats": data})
    assert [failure.message for failure in ran.failures] == [
        "repeats: the state of the trusted version is stale or damaged: nothing was compared with it"
    ]
    assert ran.failures[0].remedy == "record the trusted version again"
    assert ran.coverage[0].state == "done"
    assert ran.located


@pytest.mark.parametrize("small", [False, True])
def test_a_stream_is_read_once(small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if small:
        monkeypatch.setattr(kept, "KEPT", 100)
    values = texts(300)
    ran = run(in_pieces(values, [100], once=True), PLAN, both(), jobs=2)
    if not small:
        assert plain(ran) == plain(run(in_pieces(values, []), PLAN, both()))
        return
    assert ran.rows == 300
    assert not ran.complete
    assert [failure.message for failure in ran.failures] == [
        "a stream can be read only once, make a new one"
    ]
    assert [one.state for one in ran.coverage] == ["done", "incomplete"]
    assert ran.coverage[1].note == "reading ended after 0 rows of pass 2"
    assert [rows.tolist() for _, rows in ran.located] == [[]] * len(ran.located)


def test_damage_ends_the_reading_and_what_was_read_is_judged() -> None:
    schema = pa.schema([("text", pa.string())])

    def read(_: int) -> Iterator[pa.RecordBatch]:
        yield pa.record_batch([pa.array(["common a"] * 4)], schema)
        raise OSError(5, "hunter2")

    table = Table("damaged", schema, read, problems=Problems("damaged"))
    ran = run(table, PLAN, both())
    assert not ran.complete
    assert ran.states == {}
    assert ran.failures == [Failure(path="damaged", message="reading ended with OSError")]
    assert [one.note for one in ran.coverage] == ["reading ended after 4 rows"] * 2
    assert [rows.tolist() for _, rows in ran.located] == [[0, 1, 2, 3]] * 2


def test_rows_that_change_between_passes_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT", 0)
    values: list[str | None] = ["common a"] * 4
    schema = pa.schema([("text", pa.string())])

    def read(_: int) -> Iterator[pa.RecordBatch]:
        yield pa.record_batch([pa.array(list(values))], schema)
        values.append("late")

    ran = run(Table("t", schema, read, problems=Problems("t")), PLAN, both())
    assert [failure.message for failure in ran.failures] == [
        "the rows changed while they were read"
    ]
    assert not ran.complete
    assert [one.state for one in ran.coverage] == ["done", "incomplete"]


class Bar:
    def __init__(self, total: int | None) -> None:
        self.total = total
        self.seen = 0.0
        self.closed = False

    def update(self, n: float) -> None:
        self.seen += n

    def close(self) -> None:
        self.closed = True


def test_progress_is_shown_pass_by_pass() -> None:
    bars: list[Bar] = []

    class Slow(Bearers):
        def observe(self, state: Any, rows: Rows) -> None:
            time.sleep(0.3)
            super().observe(state, rows)

    def progress(total: int | None) -> Bar:
        bars.append(Bar(total))
        return bars[-1]

    run(open_table(frame(300), "df"), PLAN, [Slow()], progress=progress)
    assert len(bars) >= 2
    assert {bar.total for bar in bars} == {300}
    assert bars[-1].seen == 300
    assert all(bar.closed for bar in bars)


class Interrupting(Repeats):
    """Interrupts the main thread when it has seen so many batches."""

    name = "interrupting"

    def __init__(self, after: int) -> None:
        self.left = after

    def observe(self, state: Any, rows: Rows) -> None:
        super().observe(state, rows)
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(signal.SIGINT)
            time.sleep(0.3)


@pytest.fixture
def interruptible() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_leaves_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ROWS", 100)
    values = texts(1000)
    ran = run(in_pieces(values, [100] * 9), PLAN, [Interrupting(3), Bearers()])
    assert ran.rows == 300
    assert not ran.complete
    assert ran.states == {}
    assert sorted(ran.conclusions) == ["interrupting"]
    assert ran.coverage == (
        Coverage(detector="interrupting", state="incomplete", note="interrupted after 300 rows"),
        Coverage(detector="bearers", state="incomplete", note="interrupted after 300 rows"),
    )
    assert {row for _, rows in ran.located for row in rows.tolist()} <= set(range(300))
    assert ran.located


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_of_a_later_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ROWS", 100)

    class Later(Bearers):
        name = "later"

        def observe(self, state: Any, rows: Rows) -> None:
            super().observe(state, rows)
            if state.wanted and rows.start == 200:
                signal.raise_signal(signal.SIGINT)
                time.sleep(0.3)

    ran = run(in_pieces(texts(1000), [100] * 9), PLAN, [Repeats(), Later()])
    assert (ran.rows, ran.complete) == (1000, False)
    assert ran.coverage[0] == Coverage(detector="repeats", state="done")
    assert ran.coverage[1].note == "interrupted after 300 rows of pass 2"
    assert sorted(ran.states) == ["later", "repeats"]


def test_no_rows_and_no_detectors() -> None:
    ran = run(in_pieces([], []), PLAN, both(), jobs=2)
    assert (ran.rows, ran.complete, ran.located) == (0, True, [])
    assert [one.state for one in ran.coverage] == ["done", "done"]
    ran = run(in_pieces(["a"] * 5, [2]), PLAN, [])
    assert (ran.rows, ran.complete, ran.coverage) == (5, True, ())


def test_an_engine_that_nobody_knows() -> None:
    with pytest.raises(ValueError, match="no engine is called 'flink': local, spark, dask and ray"):
        run(in_pieces(["a"], []), PLAN, both(), engine="flink")


def test_what_was_made_of_small_data_is_kept(tmp_path: Path) -> None:
    made: list[int] = []

    class Making(Bearers):
        def observe(self, state: Any, rows: Rows) -> None:
            rows.once("starts", lambda: [made.append(rows.start)])  # type: ignore[func-returns-value]  # called for its effect
            super().observe(state, rows)

    run(open_table(frame(300), "df"), PLAN, [Making()])
    assert made == [0]


def test_what_was_made_of_large_data_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MADE", 9000)
    monkeypatch.setattr(kept, "ROWS", 100)
    reading = kept.Reading(in_pieces(["a"] * 300, [100] * 2), PLAN.roles)
    reading.restart()
    while (piece := reading.next()) is not None:
        piece.once("x", lambda: np.zeros(1000))
        reading.release(piece)
    reading.restart()
    weights = []
    while (piece := reading.next()) is not None:
        weights.append(piece.weight())
    assert weights == [8000, 0, 0]


def test_small_batches_are_joined() -> None:
    schema = pa.schema([("text", pa.string())])

    def batch(number: int, kind: Any = schema) -> pa.RecordBatch:
        return pa.record_batch([pa.array(["a"] * number)], kind)

    other = pa.schema([("other", pa.string())])
    batches = [batch(1), batch(0), batch(2), batch(8), batch(3), batch(1, other), batch(1, other)]
    assert [one.num_rows for one in gathered(batches, 10)] == [3, 8, 3, 2]


@pytest.mark.parametrize(
    ("rows", "jobs", "size"),
    [(None, 2, 65_536), (5_000, 2, 65_536), (100_000, 1, 65_536), (100_000, 2, 50_000),
     (20_000, 2, 10_000), (1_000_000, 2, 62_500), (20_000, 16, 8_192)],
)  # fmt: skip
def test_all_jobs_have_the_same_to_do(rows: int | None, jobs: int, size: int) -> None:
    assert batch_size(rows, jobs) == size


def test_texts_are_cut_around_their_marks() -> None:
    text = "".join(chr(97 + at % 26) for at in range(10_000))
    pieces, spans = cut({"text": text, "label": "1"}, [Span("text", 5000, 5010)])
    assert len(pieces["text"]) == 2000
    assert pieces["label"] == "1"
    (span,) = spans
    assert pieces["text"][span.start : span.end] == text[5000:5010]
    assert 900 < span.start < 1100
    pieces, spans = cut({"text": text}, [Span("text", 100, 110), Span("text", 9990, 12_000)])
    assert pieces["text"] == text[:2000]
    assert spans == [Span("text", 100, 110)]
    pieces, spans = cut({"text": text}, [Span("text", 3000, 9000)])
    assert pieces["text"] == text[2800:4800]
    assert spans == [Span("text", 200, 2000)]
    pieces, spans = cut({"text": text}, [Span("text", 9999, 10_000), Span("text", 7, 7)])
    assert pieces["text"] == text[-2000:]
    assert spans == [Span("text", 1999, 2000)]
    assert cut({"text": "abc"}, [Span("other", 0, 1)]) == ({"text": "abc"}, [])
