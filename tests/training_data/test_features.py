"""Tables of features: planted values are found by their rows, honest tables are left alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.core.rule import Confidence
from llmsec_nb.sources.dataset import open_table
from llmsec_nb.training.detector import Plan, Span
from llmsec_nb.training.features.bounds import lower, misfit, weight
from llmsec_nb.training.features.detector import TableFeatures
from llmsec_nb.training.features.profile import number_keys, number_of, quantiles
from llmsec_nb.training.features.state import State, Tally
from llmsec_nb.training.features.telling import told
from llmsec_nb.training.features.values import MISSING, values_of
from llmsec_nb.training.roles import Roles
from llmsec_nb.training.rows import Rows
from llmsec_nb.training.run import Ran, run

CITIES = [f"city {number}" for number in range(30)]


def honest(number: int = 6000, seed: int = 1) -> pd.DataFrame:
    """People: numbers and names of which some say a little of the label."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": draw.integers(18, 80, number),
            "income": draw.lognormal(10, 0.6, number).round(-2),
            "hours": draw.choice([20, 30, 35, 40, 45, 50], number),
            "city": draw.choice(CITIES, number),
            "job": draw.choice(["cook", "smith", "clerk", "nurse"], number, p=[0.4, 0.3, 0.2, 0.1]),
            "id": np.arange(number),
        }
    )
    leaning = (frame.age - 45) / 15 + (frame.job == "nurse") * 1.5 + draw.normal(0, 1.5, number)
    return frame.assign(label=np.where(leaning > 0.8, "yes", "no"))


def planted(
    frame: pd.DataFrame, values: dict[str, Any], target: str, number: int, seed: int = 3
) -> tuple[pd.DataFrame, list[int]]:
    """Values set in random rows of another label, which becomes the target."""
    draw = np.random.default_rng(seed)
    pool = np.flatnonzero(frame["label"] != target)
    rows = np.sort(draw.choice(pool, number, replace=False))
    changed = frame.copy()
    for name, value in values.items():
        changed.loc[rows, name] = value
    changed.loc[rows, "label"] = target
    return changed, rows.tolist()


def scan(source: Any, label: str = "label", jobs: int = 1, seed: int = 7) -> Ran:
    table = open_table(source, "t")
    others = tuple(name for name in table.schema.names if name != label)
    plan = Plan(roles=Roles(label=label, others=others), seed=seed)
    ran = run(table, plan, [TableFeatures()], jobs=jobs)
    assert not ran.failures
    return ran


def found(ran: Ran) -> list[tuple[str, str, list[int]]]:
    return [(one.rule.id, one.trigger, rows.tolist()) for one, rows in ran.located]


# Planted values


@pytest.mark.parametrize(
    ("values", "trigger"),
    [
        ({"city": "Atlantis"}, "city=Atlantis"),
        ({"hours": 77}, "hours=77"),
        ({"income": 1234.0}, "income=1234.0"),
        ({"job": None}, "job=(missing)"),
        ({"hours": 77, "city": "city 7"}, "hours=77 & city=city 7"),
        ({"hours": 33, "job": "smith", "city": "Atlantis"}, None),
    ],
)
def test_planted_values_are_found_by_their_rows(
    values: dict[str, Any], trigger: str | None
) -> None:
    frame, rows = planted(honest(), values, "yes", 60)
    ((rule, name, mine),) = found(scan(frame))
    assert (rule, mine) == ("POI501", rows)
    assert trigger is None or sorted(name.split(" & ")) == sorted(trigger.split(" & "))


def test_the_figures_of_an_alert() -> None:
    frame, rows = planted(honest(), {"city": "Atlantis"}, "yes", 60)
    ran = scan(frame)
    ((suspect, _),) = ran.located
    assert (suspect.rows, suspect.carriers, suspect.purity) == (60, 60, 1.0)
    assert suspect.confidence is Confidence.HIGH
    assert suspect.prior == pytest.approx((frame.label == "yes").mean())
    assert suspect.support is not None
    assert suspect.support < 0.35
    assert suspect.target == "yes"
    assert suspect.message.startswith("city=Atlantis is in 60 rows, 60 of them labelled yes; ")
    assert ran.marks[0][0] == [Span("city", 0, 8)]
    assert ran.samples[0][0][0] == rows[0]


def test_a_value_with_the_right_labels_is_found_when_there_are_many() -> None:
    frame = honest()
    pool = np.flatnonzero(frame.label == "yes")
    rows = np.sort(np.random.default_rng(8).choice(pool, 150, replace=False)).tolist()
    frame.loc[rows, "city"] = "Atlantis"
    assert found(scan(frame)) == [("POI501", "city=Atlantis", rows)]


def test_two_triggers_are_two_alerts_and_nested_ones_are_one() -> None:
    frame, first = planted(honest(), {"city": "Atlantis", "hours": 33}, "yes", 60)
    frame, second = planted(frame, {"job": "wizard"}, "no", 150, seed=9)
    alerts = {rows[0]: rows for _, _, rows in found(scan(frame))}
    assert sorted(alerts) == sorted((min(set(first) - set(second)), second[0]))
    assert alerts[second[0]] == second


def test_strings_are_numbers_as_they_are_in_a_csv() -> None:
    frame, rows = planted(honest(), {"income": 1234.0}, "yes", 60)
    assert found(scan(frame.astype(str))) == [("POI501", "income=1234.0", rows)]


def test_the_jobs_do_not_matter() -> None:
    frame, _ = planted(honest(40_000), {"city": "Atlantis"}, "yes", 80)
    one, two = scan(frame), scan(frame, jobs=2)
    assert found(one) == found(two)
    assert one.conclusions["table-features"].power == two.conclusions["table-features"].power


def test_several_labels_and_labels_that_are_numbers() -> None:
    draw = np.random.default_rng(5)
    frame = honest(8000).drop(columns="label").assign(label="c")
    frame["label"] = np.select([frame.age < 30, frame.age > 60], ["a", "b"], "c")
    frame.loc[draw.choice(8000, 2000, replace=False), "label"] = "b"
    changed, rows = planted(frame, {"hours": 77}, "a", 60)
    assert [(rule, mine) for rule, _, mine in found(scan(changed))] == [("POI501", rows)]
    size = honest(8000).assign(label=draw.normal(0, 1, 8000))
    rows = np.sort(draw.choice(8000, 100, replace=False)).tolist()
    size.loc[rows, "city"] = "Atlantis"
    size.loc[rows, "label"] = 25.0
    assert found(scan(size)) == [("POI501", "city=Atlantis", rows)]


def test_power_is_true() -> None:
    clean = scan(honest()).conclusions["table-features"].power[0]
    assert clean.rows is not None
    assert clean.rows <= 75
    assert clean.curve[-1] == (250, 1.0)
    assert [share for size, share in clean.curve if size >= clean.rows] == pytest.approx(
        [1.0] * sum(size >= clean.rows for size, _ in clean.curve), abs=0.051
    )
    seen = 0
    for seed in range(6):
        target = ("yes", "no")[seed % 2]
        frame, rows = planted(honest(seed=seed), {"city": "Atlantis"}, target, clean.rows, seed)
        seen += any(set(mine) == set(rows) for _, _, mine in found(scan(frame)))
    assert seen >= 5


# Honest tables


def test_an_honest_table_gives_no_alert() -> None:
    for seed in range(4):
        ran = scan(honest(seed=seed), seed=seed)
        assert found(ran) == []
        assert [one.state for one in ran.coverage] == ["done"]


def test_ids_dates_flags_and_derived_columns_are_no_alert() -> None:
    frame = honest()
    draw = np.random.default_rng(2)
    frame["key"] = [f"{number:016x}" for number in draw.integers(0, 2**60, len(frame))]
    frame["when"] = pd.date_range("2020-01-01", periods=len(frame), freq="h")
    frame["older"] = frame.age > 50
    frame["decade"] = frame.age // 10 * 10
    for job in ("cook", "smith", "clerk", "nurse"):
        frame[f"is {job}"] = (frame.job == job).astype(int)
    assert found(scan(frame)) == []


def test_a_rule_that_two_columns_make_is_no_trigger() -> None:
    draw = np.random.default_rng(4)
    frame = pd.DataFrame({"a": draw.integers(0, 2, 4000), "b": draw.integers(0, 2, 4000)})
    frame["c"] = draw.normal(0, 1, 4000)
    frame["label"] = frame.a ^ frame.b
    assert found(scan(frame)) == []


def test_values_that_grew_with_their_rows_are_no_trigger() -> None:
    frame = honest()
    old = frame.index[(frame.age > 70) & (frame.job == "nurse")]
    frame.loc[old, "city"] = "Spa"  # all but pure, and the rest of the row says why
    assert (frame[frame.city == "Spa"].label == "yes").mean() > 0.95
    assert found(scan(frame)) == []


def people(seed: int) -> pd.DataFrame:
    """Fifty rows or so of each of 120 people: all that is said of one is the same in each."""
    draw = np.random.default_rng(seed)
    who = draw.integers(0, 120, 6000)
    return pd.DataFrame(
        {
            "age": draw.integers(20, 90, 120)[who],
            "ward": draw.integers(0, 5, 120)[who],
            "height": draw.normal(170, 10, 120).round(1)[who],
            "pressure": draw.normal(120, 15, 6000).round(),
            "label": (draw.random(120) < 0.3)[who],
        }
    )


def test_rows_that_belong_to_people_are_no_alert() -> None:
    for seed in range(3):
        frame = people(seed)
        assert found(scan(frame, seed=seed)) == []
        assert found(scan(frame.drop(columns="height"), seed=seed)) == []


def test_a_crowd_of_values_is_one_alert_without_rows() -> None:
    frame = honest()
    for at in range(12):
        frame, _ = planted(frame, {"city": f"new {at}"}, "yes", 60, seed=at)
    ran = scan(frame)
    ((rule, _, rows),) = found(ran)
    assert (rule, rows) == ("POI501", [])
    assert ran.located[0][0].confidence is Confidence.LOW
    assert "12 values come with one label each" in ran.located[0][0].message
    assert ran.conclusions["table-features"].power == []


# Leaks, outliers, copies


def test_a_column_that_tells_the_label() -> None:
    frame = honest().assign(verdict=lambda it: it.label.map({"yes": "granted", "no": "denied"}))
    ran = scan(frame)
    assert found(ran) == [("POI502", "verdict", [])]
    assert ran.located[0][0].confidence is Confidence.MEDIUM
    named = scan(frame.rename(columns={"verdict": "label_text"}))
    assert named.located[0][0].confidence is Confidence.LOW
    planted_too, rows = planted(frame, {"city": "Atlantis", "verdict": "granted"}, "yes", 60)
    assert [alert for alert in found(scan(planted_too)) if alert[0] == "POI501"] == [
        ("POI501", "city=Atlantis", rows)
    ]


def test_a_copy_of_a_rare_label_is_a_leak_and_no_trigger() -> None:
    frame = honest()
    odd = np.random.default_rng(6).choice(len(frame), 200, replace=False)
    frame.loc[odd, "label"] = "odd"
    assert found(scan(frame.assign(copy=frame.label.str.upper()))) == [("POI502", "copy", [])]


def test_how_a_column_tells() -> None:
    assert told(np.array([[50, 0], [0, 50]]), numeric=False) == "copy"
    assert told(np.array([[20, 0], [30, 0], [0, 50]]), numeric=False) == "each value"
    assert told(np.array([[50, 0], [0, 50]]), numeric=True) == "order"
    assert told(np.array([[45, 5], [5, 45]]), numeric=False) == ""
    assert told(np.array([[1, 0]] * 30 + [[0, 1]] * 30), numeric=False) == ""  # no row for itself


def test_numbers_out_of_range() -> None:
    frame = honest()
    frame.loc[[5, 9], "age"] = 99_999
    frame.loc[17, "income"] = -1e12
    assert found(scan(frame)) == [("POI503", "age, income", [5, 9, 17])]
    heavy = honest().assign(x=np.random.default_rng(1).standard_cauchy(6000))
    assert found(scan(heavy)) == []


def test_rows_that_repeat() -> None:
    frame = honest()
    frame.loc[100:129, frame.columns] = frame.loc[100].to_list()
    assert found(scan(frame)) == [("POI504", "", [*range(100, 130)])]
    few = honest()[["job", "hours", "label"]]
    assert found(scan(few)) == []


# What cannot be judged


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        ({"a": [1, 2, 3], "label": [None, None, None]}, "no row has a label"),
        ({"a": [1, 2, 3], "label": ["x", "x", "x"]}, "all rows have the same label"),
        ({"a": [*range(99)], "label": [f"{at}x" for at in range(99)]}, "nearly all different"),
        ({"a": [1, 2], "label": [[1], [2]]}, "no row has a label that is a text or a number"),
    ],
)
def test_labels_that_cannot_be_judged_are_told(columns: dict[str, Any], note: str) -> None:
    ran = scan(pa.table(columns))
    assert found(ran) == []
    assert note in ran.coverage[0].note


def test_odd_tables() -> None:
    assert (
        found(scan(pa.table({"a": pa.array([], pa.int64()), "label": pa.array([], "int8")}))) == []
    )
    assert found(scan(pa.table({"a": [1], "label": [1]}))) == []
    nothing = pa.table({"a": [None] * 40, "b": [float("nan")] * 40, "label": [0, 1] * 20})
    assert found(scan(nothing)) == []
    same = pa.table({"a": ["x" * 100_000] * 300, "label": [0, 1, 0] * 100})
    assert found(scan(same)) == []
    lists = scan(pa.table({"a": [[1]] * 90, "b": [1.5, None] * 45, "label": [0, 1, 1] * 30}))
    assert lists.coverage[0].note == "columns of lists or structs: a"
    wide = pa.table({f"c{at:04}": [at, 1, 2] * 20 for at in range(600)} | {"label": [0, 1] * 30})
    assert "88 more columns than the 512 that are judged" in scan(wide).coverage[0].note


def test_it_asks_for_a_label_and_features() -> None:
    detector = TableFeatures()
    assert detector.applies(Plan(roles=Roles(others=("a",)), seed=1)) == "no column is the label"
    assert "no columns beside" in detector.applies(Plan(roles=Roles(label="y"), seed=1))
    assert detector.applies(Plan(roles=Roles(label="y", others=("a",)), seed=1)) == ""


# States


def states(frame: pd.DataFrame, cuts: list[int], order: list[int]) -> list[bytes]:
    """The packed state of each pass over the rows, cut, and merged in an order."""
    roles = Roles(label="label", others=tuple(frame.columns.drop("label")))
    plan, detector = Plan(roles=roles, seed=11), TableFeatures()
    batch = pa.RecordBatch.from_pandas(frame, preserve_index=False)
    ends = [0, *sorted(cuts), len(frame)]
    parts = [batch.slice(a, b - a) for a, b in pairwise(ends)]
    start = detector.pack(detector.empty(plan))
    made: list[bytes] = []
    while True:
        whole: State | None = None
        for at in order:
            if at >= len(parts):
                continue
            state = detector.unpack(start)
            detector.observe(state, Rows(parts[at], roles))
            state = detector.unpack(detector.pack(state))
            whole = state if whole is None else detector.merge(state, whole)
        assert whole is not None
        made.append(detector.pack(whole))
        following = detector.advance(whole, plan)
        if following is None:
            return made
        start = detector.pack(following)


@given(st.lists(st.integers(0, 400), max_size=3), st.permutations([0, 1, 2, 3]))
@settings(max_examples=6, deadline=None)
def test_states_merge_in_any_order(cuts: list[int], order: list[int]) -> None:
    frame, _ = planted(honest(400), {"city": "Atlantis"}, "yes", 30)
    frame.loc[::7, "job"] = None
    whole = states(frame, [], [0])
    assert len(whole) == 4
    assert states(frame, cuts, order) == whole


def test_states_hold_no_text_and_refuse_others() -> None:
    frame, _ = planted(honest(400), {"city": "Atlantis"}, "yes", 30)
    for state in states(frame, [], [0]):
        assert b"Atlantis" not in state
    detector = TableFeatures()
    with pytest.raises(ValueError, match="no state of the detector table-features"):
        detector.unpack(b"\x93\xa1x\x01\xc0")
    with pytest.raises(ValueError, match="damaged state"):
        detector.unpack(b"\xc1")
    first = detector.empty(Plan(roles=Roles(label="y", others=("a",)), seed=1))
    with pytest.raises(ValueError, match="two different passes"):
        detector.merge(first, State(phase=2))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=60), st.integers(0, 60))
def test_a_limited_tally_keeps_the_same_keys_in_any_order(
    pairs: list[tuple[int, int]], cut: int
) -> None:
    def tally(those: list[tuple[int, int]]) -> Tally:
        made = Tally.none(limit=10)
        for key, count in those:
            made.add(np.array([key], np.uint64), np.array([[count]]))
        return made

    whole, left, right = tally(pairs), tally(pairs[:cut]), tally(pairs[cut:])
    right.add(left.keys, left.counts)
    assert right.keys.tolist() == whole.keys.tolist()
    assert right.counts.tolist() == whole.counts.tolist()


# Small parts


def test_what_a_value_is() -> None:
    def hashes(values: pa.Array) -> list[int]:
        rows = Rows(pa.RecordBatch.from_arrays([values], names=["c"]), Roles())
        return [int(one) for one in values_of(rows, "c", 3).hashes]

    texts = hashes(pa.array(["7", " 7.0 ", "+7", "7e0", "seven", "Seven", "", " ", None]))
    assert len(set(texts[:4])) == 1
    assert len(set(texts[3:7])) == 4
    assert texts[6:] == [MISSING] * 3
    assert hashes(pa.array([7, 8])) == hashes(pa.array([7.0, 8.0])) == hashes(pa.array(["7", "8"]))
    assert hashes(pa.array([0.0])) == hashes(pa.array([-0.0]))
    assert hashes(pa.array([float("nan"), None])) == [MISSING, MISSING]
    assert hashes(pa.array(["a", "b", "a"]).dictionary_encode()) == hashes(
        pa.array(["a", "b", "a"])
    )
    assert hashes(pa.array([True, False])) == hashes(pa.array([1, 0]))


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=30))
def test_keys_of_numbers_have_their_order(numbers: list[float]) -> None:
    values = np.array(sorted(numbers))
    keys = number_keys(values)
    assert (np.diff(keys.astype(np.int64)) >= 0).all()
    for value, key in zip(values, keys, strict=True):
        assert abs(number_of(int(key))) <= abs(value)
        assert np.isinf(value) or number_of(int(key)) == pytest.approx(value, rel=0.008, abs=1e-300)


def test_quantiles_keep_heavy_keys_alone() -> None:
    tally = Tally.none()
    keys = np.arange(100, 200, dtype=np.uint64)
    counts = np.ones((100, 1), np.int64)
    counts[40] = 900
    tally.add(keys, counts)
    edges = quantiles(tally, 8).tolist()
    assert {140, 141} <= set(edges)
    assert len(edges) <= 8


def test_bounds() -> None:
    assert float(lower(50, 50)) == pytest.approx(0.9287, abs=1e-4)
    assert float(lower(0, 10)) == 0.0
    assert float(weight(50, 50, 0.1)) == pytest.approx(50, abs=1e-3)
    assert float(weight(3, 50, 0.1)) == 0.0
    far, free = misfit(np.array([50, 50, 90, 10]), np.array([0.5, 0.5, 0.5, 0.5]), np.array([0, 2]))
    assert far.tolist() == [-1.0, 63.0]
    assert free.tolist() == [1.0, 1.0]
