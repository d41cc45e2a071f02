"""Data sets judged column by column: kinds, counts, rare cells, restraint, and no raw value."""

from __future__ import annotations

import hashlib
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.location import InColumn
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.sources.dataset import open_table
from llmsec_nb.tables import (
    ColumnReport,
    TableReport,
    conclude,
    empty,
    examine,
    findings,
    merge,
    observe,
)
from llmsec_nb.tables import profile as profiled
from llmsec_nb.tables.crowd import Crowd
from llmsec_nb.tables.forms import form_of
from llmsec_nb.tables.headers import header_of, is_key
from llmsec_nb.tables.kinds import wilson
from llmsec_nb.tables.mask import masked
from llmsec_nb.tables.names import Names, apart
from llmsec_nb.tables.sample import Sample
from llmsec_nb.tables.show import as_html, as_text, bar
from llmsec_nb.tables.state import Limits, State, pack, settle, unpack
from llmsec_nb.tables.traits import is_trait

from .personal import PERSONAL
from .samples import Maker

ROWS = 2000


def many(name: str, count: int = ROWS, seed: int = 5) -> list[str]:
    draw = random.Random(f"{name}{seed}")
    return [PERSONAL[name](draw) for _ in range(count)]


def folded(table: pa.Table, size: int = 500, **more: Any) -> State:
    state = empty(table.schema, seed=7, **more)
    for batch in table.to_batches(size):
        observe(state, batch)
    return state


def report_of(columns: dict[str, Any]) -> TableReport:
    return conclude(folded(pa.table(columns)), "people.csv")


def column_of(values: Any, name: str = "x") -> ColumnReport:
    return report_of({name: values}).columns[0]


def rules(column: ColumnReport) -> dict[str, int]:
    return {column.rule: column.hits} | {kind.rule: kind.hits for kind in column.also}


def sure(report: TableReport) -> list[tuple[str, str]]:
    """Column and kind of what is at least likely."""
    return [
        (f.location.column_name, f.rule)
        for f in findings(report)
        if f.confidence is not Confidence.LOW and isinstance(f.location, InColumn)
    ]


# -- a fold ---------------------------------------------------------------------------------------

CELL = st.one_of(
    st.none(),
    st.sampled_from(["", "a@b.de", "x" * 50, "0151 2345678", "Kiel", "4 4 4 4 4 4 4 4", "🦊" * 9]),
    st.integers(0, 400).map(lambda n: f"mail{n}@host{n % 7}.org"),
    st.text(max_size=12),
)
ROW = st.fixed_dictionaries(
    {
        "text": CELL,
        "city": st.sampled_from(["Rom", "Kiel", None]),
        "age": st.one_of(st.none(), st.integers(0, 99)),
        "level": st.floats(allow_nan=True, width=32),
        "tags": st.one_of(st.none(), st.lists(CELL, max_size=3)),
        "who": st.fixed_dictionaries({"zip": st.integers(10000, 10020).map(str)}),
    }
)
SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("city", pa.string()),
        ("age", pa.int64()),
        ("level", pa.float64()),
        ("tags", pa.list_(pa.string())),
        ("who", pa.struct([("zip", pa.string())])),
    ]
)


def tight(rows: list[dict[str, Any]], size: int = 1 << 30) -> State:
    """A state with so little room that everything overflows."""
    state = State(seed=3, limits=Limits(12, 3), crowd=Crowd(most=8))
    batch = pa.RecordBatch.from_pylist(rows, schema=SCHEMA)
    for start in range(0, len(rows), size):
        observe(state, batch.slice(start, size))
    return state


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=120), st.data())
def test_any_partition_gives_the_same_state(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    bounds = list(zip([0, *cuts], [*cuts, len(rows)], strict=True))
    merged = tight([])
    for start, end in bounds:
        merged = merge(merged, tight(rows[start:end], data.draw(st.integers(1, 50))))
    assert pack(merged) == pack(tight(rows))


def test_merging_is_neither_left_nor_right() -> None:
    parts = [
        [{**EMPTY, "text": f"a{i}@b{i}.de", "age": i % 9} for i in range(n)] for n in (40, 9, 70)
    ]
    one = merge(merge(tight(parts[0]), tight(parts[1])), tight(parts[2]))
    other = merge(tight(parts[0]), merge(tight(parts[1]), tight(parts[2])))
    assert pack(one) == pack(other)


EMPTY = dict.fromkeys(SCHEMA.names)


def test_a_state_can_be_sent_and_holds_no_value_if_it_shall_not() -> None:
    secret = many("email", 1)[0]
    state = folded(pa.table({"mail": [secret] * 9 + many("email", 40), "city": ["Rom"] * 49}))
    assert pack(unpack(pack(state))) == pack(state)
    assert conclude(unpack(pack(state)), "x") == conclude(state, "x")
    assert secret.encode() in pack(state)
    assert secret.encode() not in pack(state, values=False)
    assert b"Rom" not in pack(state, values=False)


def test_a_sample_knows_how_often_each_kept_value_came_and_how_many_there_are() -> None:
    draw = np.random.default_rng(1)
    codes = draw.integers(0, 50_000, 200_000)
    times = np.bincount(codes, minlength=50_000)
    hashes = draw.integers(0, 2**64 - 1, 50_000, dtype=np.uint64)
    sample = Sample(size=1000)
    for part in np.split(codes, 10):
        sample.offer(hashes[part], None, lambda at, part=part: [str(part[i]) for i in at])  # type: ignore[misc] # a default
    kept = sample.items()
    assert len(kept) == 1000
    assert all(times[int(text)] == count for text, count in kept)
    assert sample.distinct == pytest.approx(np.count_nonzero(times), rel=0.12)
    assert not sample.exact


def test_long_texts_that_differ_anywhere_up_to_250_bytes_are_told_apart() -> None:
    base = "k" * 250
    texts = [base[:i] + "X" + base[i + 1 :] for i in range(250)]
    assert column_of(texts).distinct == 250


# -- kinds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "header", "rule"),
    [
        ("email", "x", "PII101"),
        ("email", "contact", "PII101"),
        ("card", "x", "PII201"),
        ("card_plain", "x", "PII201"),
        ("card_plain", "creditCard", "PII201"),
        ("iban", "x", "PII202"),
        ("phone", "x", "PII102"),
        ("phone_us", "home_phone", "PII102"),
        ("us_ssn", "ssn", "PII301"),
        ("ip", "client_ip", "PII401"),
    ],
)
def test_a_column_of_one_kind(name: str, header: str, rule: str) -> None:
    column = column_of(many(name), header)
    assert (column.rule, column.hits, column.share) == (rule, ROWS, 1.0)
    assert column.confidence in {Confidence.HIGH, Confidence.MEDIUM}
    assert column.also == ()


def test_hits_are_exact_while_the_distinct_values_are_kept() -> None:
    column = column_of([*many("email", 1880), *["n/a"] * 80, *[None] * 40], "email")
    assert (column.hits, column.exact, column.nulls, column.rows) == (1880, True, 40, 2000)
    assert column.share == pytest.approx(1880 / 1960)


def test_numbers_are_judged_by_proof_or_by_name() -> None:
    cards = [int(text) for text in many("card_plain")]
    assert column_of(cards).rule == "PII201"
    draw = random.Random(1)
    dialled = [4930 * 10**7 + draw.randrange(10**6, 10**7) for _ in range(ROWS)]
    assert column_of(dialled, "n").rule == ""
    assert column_of(dialled, "phone").rule == "PII102"
    with_gaps = pa.array([None if i % 3 == 0 else float(n) for i, n in enumerate(dialled)])
    column = column_of(with_gaps, "phone")
    assert (column.rule, column.hits, column.nulls) == ("PII102", 1333, 667)
    assert "judged by a sample" not in column.note


def test_a_name_and_a_form_are_likely_even_if_the_check_says_no() -> None:
    draw = random.Random(2)
    drawn = [f"4{draw.randrange(10**15):015}" for _ in range(ROWS)]
    column = column_of(drawn, "card_number")
    assert (column.rule, column.confidence) == ("PII201", Confidence.MEDIUM)
    assert column.note.startswith("by name and form")


def test_check_digits_that_never_fit_are_of_pseudonyms() -> None:
    draw = random.Random(2)
    wrong: list[str] = []
    while len(wrong) < ROWS:
        digits = f"4{draw.randrange(10**14):014}"
        right = sum(
            sum(divmod(2 * int(d), 10)) if i % 2 == 0 else int(d) for i, d in enumerate(digits)
        )
        wrong.append(digits + str((1 - right) % 10))
    column = column_of(wrong, "card_number")
    assert (column.rule, column.confidence) == ("PII201", Confidence.LOW)
    assert column.note.startswith("by name and form")
    assert column_of(wrong, "card_id").rule == ""
    assert column_of(wrong, "x").rule == ""


def test_check_digits_that_fit_by_chance_prove_nothing() -> None:
    draw = random.Random(3)
    numbers = [str(draw.randrange(4 * 10**15, 5 * 10**15)) for _ in range(5000)]
    for values in (numbers, list(map(int, numbers)), [f"order {n} shipped" for n in numbers]):
        assert sure(report_of({"order": values})) == []


def test_check_digits_that_always_fit_are_of_things_if_the_name_says_so() -> None:
    values = [text[:9] for text in many("ca_sin_plain")]
    assert column_of(values).confidence is Confidence.MEDIUM
    assert column_of(values, "product").confidence in {None, Confidence.LOW}


def test_rare_cells_are_found_and_counted() -> None:
    values = [f"Item {n} of the list" for n in range(100_000)]
    numbers = [f"{n:09}" for n in range(100_000)]
    mails, cards, phones = many("email", 100), many("card", 7), many("phone", 9)
    for at, mail in enumerate(mails):
        values[at * 997] = f"ask {mail}" if at % 2 else mail
    for at, card in enumerate(cards):
        numbers[at * 13_001] = card
        values[at * 13_001 + 1] = card
    for at, phone in enumerate(phones):
        numbers[at * 9_001 + 5] = phone
    first, second = report_of({"title": values, "sku": numbers}).columns
    assert (first.rule, first.hits, first.exact) == ("PII101", 100, True)
    assert [(kind.rule, kind.hits, kind.exact) for kind in first.also] == [("PII201", 7, True)]
    assert (rules(second)["PII201"], rules(second)["PII102"]) == (7, 9)


def test_texts_that_hold_something() -> None:
    mails = many("email", 50)
    notes = [
        f"please write to {mails[i // 40]} soon" if i % 40 == 0 else f"call {i}"
        for i in range(2000)
    ]
    column = column_of(notes, "note")
    assert (column.rule, column.hits, column.exact) == ("PII101", 50, True)
    assert column.note == "inside of longer texts"


def test_a_text_of_a_megabyte_is_looked_at_where_something_may_stand() -> None:
    mail, phone = many("email", 1)[0], many("phone", 1)[0]
    long = ["lorem ipsum " * 90_000 for _ in range(4)]
    long[1] = long[1][:500_000] + f" {mail} " + long[1]
    long[2] = long[2][:700_000] + f" {phone} " + long[2]
    column = column_of(long, "body")
    assert rules(column) == {"PII101": 1, "PII102": 1}
    assert "beyond 2,000 characters" in column.note


def test_a_column_of_names() -> None:
    column = column_of(many("person", 400), "x")
    assert column.kind == "PERSON"
    assert column_of(many("person", 400), "patient").confidence is Confidence.MEDIUM


def test_two_kinds_share_a_column() -> None:
    column = column_of([*many("email", 1500), *many("phone", 500)], "contact")
    assert (column.rule, column.hits) == ("PII101", 1500)
    assert [kind.rule for kind in column.also] == ["PII102"]
    assert column.also[0].hits == pytest.approx(500, abs=40)


def test_nested_values_and_categories() -> None:
    mails = many("email", 400)
    table = {
        "user": [{"mail": mail, "tags": ["a", mail]} for mail in mails],
        "kind": pa.array(["x", "y"] * 200).dictionary_encode(),
        "mails": pa.array(mails).dictionary_encode(),
        "map": pa.array([[("k", mail)] for mail in mails], pa.map_(pa.string(), pa.string())),
    }
    report = report_of(table)
    assert [(c.path, c.rule, c.hits) for c in report.columns if c.rule] == [
        ("user.mail", "PII101", 400),
        ("user.tags[]", "PII101", 400),
        ("mails", "PII101", 400),
        ("map{}.value", "PII101", 400),
    ]
    told = [f.message for f in findings(report)]
    assert told[0] == "E-mail address in column `user.mail`: 400 of 400 rows"
    assert told[1] == "E-mail address in column `user.tags[]`: 400 of 800 values"


# -- restraint ------------------------------------------------------------------------------------


def numbers() -> dict[str, Any]:
    draw = np.random.default_rng(9)
    made = random.Random(9)
    size = 3000
    hexed = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(size)]
    uuids = [f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:32]}" for h in hexed]
    stamps = draw.integers(1_500_000_000, 1_700_000_000, size)
    return {
        "id": np.arange(size),
        "customer_id": np.arange(100_000_000, 100_000_000 + size),
        "index": [str(i) for i in range(1, size + 1)],
        "created_at": stamps,
        "created_ms": stamps * 1000,
        "when": pa.array(stamps, pa.timestamp("s")),
        "iso": [f"2023-0{i % 9 + 1}-1{i % 9} 0{i % 9}:12:3{i % 9}" for i in range(size)],
        "year": draw.integers(1950, 2024, size),
        "price": np.round(draw.random(size) * 1000, 2),
        "price_text": [f"{made.random() * 1000:.2f}" for _ in range(size)],
        "score": draw.normal(size=size),
        "score_text": [repr(made.gauss(0, 1)) for _ in range(size)],
        "count": draw.integers(0, 10**6, size),
        "big": draw.integers(10**9, 10**10, size),
        "bigger": draw.integers(10**15, 10**16, size),
        "digits9": [str(made.randrange(10**8, 10**9)) for _ in range(size)],
        "digits11": [str(made.randrange(10**10, 10**11)) for _ in range(size)],
        "digits16": [str(made.randrange(10**15, 10**16)) for _ in range(size)],
        "sha": hexed,
        "md5": [h[:32] for h in hexed],
        "commit": [h[:7] for h in hexed],
        "uuid": uuids,
        "version": [f"{i % 9}.{i % 20}.{i % 31}" for i in range(size)],
        "python": [f"v3.{i % 12}.{i % 10}rc{i % 3}" for i in range(size)],
        "share": [f"{made.random() * 100:.1f}%" for _ in range(size)],
        "flag": draw.random(size) > 0.5,
        "category": [("red", "green", "blue")[i % 3] for i in range(size)],
        "product": [f"Model {i % 900} plus" for i in range(size)],
        "ean": [ean(made) for _ in range(size)],
        "sku": [f"SKU-{i:06}-{'ABC'[i % 3]}" for i in range(size)],
        "text": [f"The loss after epoch {i} was {made.random():.6f}" for i in range(size)],
        "embedding": [draw.normal(size=4).tolist() for _ in range(size)],
        "vector": [str(draw.normal(size=3).round(8).tolist()) for _ in range(size)],
        "shape": [f"({i}, {i % 768}, 3)" for i in range(size)],
        "path": [f"/data/run_{i}/model-{i % 7}.ckpt" for i in range(size)],
        "nothing": pa.nulls(size),
    }


def ean(draw: random.Random) -> str:
    body = f"4{draw.randrange(10**11):011}"
    return body + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10)


def test_numbers_ids_times_hashes_and_versions_are_nobodys() -> None:
    assert sure(report_of(numbers())) == []


def test_statistics_of_a_frame_are_nobodys() -> None:
    import pandas as pd

    frame = pd.DataFrame({k: v for k, v in numbers().items() if isinstance(v, np.ndarray)})
    assert sure(profiled(frame.describe().reset_index(), "stats")) == []


@pytest.mark.parametrize(
    ("values", "rows", "distinct", "form"),
    [
        ([str(i) for i in range(100)], 100, 100, "counter"),
        ([str(1_600_000_000 + 7919 * i) for i in range(100)], 100, 100, "timestamp"),
        (["1.5", "2", "-0.25e-3"], 3, 3, "number"),
        (["1.2.3", "v2.0.1rc1"], 9, 2, "version"),
        (["2024-01-31T10:00:00Z"], 9, 1, "time"),
        (["2024-01-31", "2023-12-01"], 9, 2, "date"),
        (["a", "b"], 100, 2, "category"),
        (["one two three four five", "six seven eight nine ten"], 2, 2, "text"),
        ([], 0, 0, "empty"),
    ],
)
def test_forms(values: list[str], rows: int, distinct: int, form: str) -> None:
    assert form_of(values, "string", rows, distinct) == form


# -- every type -----------------------------------------------------------------------------------


def test_no_type_of_arrow_stops_it() -> None:
    import decimal

    one = decimal.Decimal("4.20")
    made: list[tuple[Any, pa.DataType]] = [
        (True, pa.bool_()), (1, pa.int8()), (1, pa.uint64()), (2**64 - 1, pa.uint64()),
        (1.5, pa.float16()), (1.5, pa.float32()), (one, pa.decimal128(9, 2)), (one, pa.decimal256(40, 2)),
        ("x", pa.large_string()), ("x", pa.string_view()), (b"x", pa.binary()), (b"\xff", pa.large_binary()),
        (b"abcd", pa.binary(4)), (b"\xff", pa.binary_view()), (1, pa.date32()), (86_400_000, pa.date64()),
        (1, pa.time32("s")), (1, pa.time64("ns")), (1, pa.timestamp("us", "Europe/Berlin")),
        (1, pa.duration("ms")), ((1, 2, 3), pa.month_day_nano_interval()), (["x"], pa.large_list(pa.string())),
        (["x"], pa.list_(pa.string(), 1)), ({"a": 1}, pa.struct([("a", pa.int32())])),
        ([[b"x"]], pa.list_(pa.list_(pa.binary()))), (None, pa.null()),
    ]  # fmt: skip
    table = {f"c{at}": pa.array([value, None], kind) for at, (value, kind) in enumerate(made)}
    report = report_of(table)
    assert len(report.columns) == len(made)
    unread = {c.path: c.note for c in report.columns if "not looked at" in c.note}
    assert sorted(unread) == ["c11", "c13", "c20"]
    assert all(
        c.nulls == (2 if c.dtype == "null" else 1) for c in report.columns if "[]" not in c.path
    )


def test_a_column_may_come_later_or_change_its_type() -> None:
    state = empty(seed=1)
    observe(state, pa.record_batch({"a": pa.array([1, 2])}))
    observe(state, pa.record_batch({"a": pa.array(["x", None]), "city": pa.array(["Rom", "Rom"])}))
    report = conclude(state, "t")
    assert [(c.path, c.dtype, c.rows, c.nulls) for c in report.columns] == [
        ("a", "int64 | string", 4, 1),
        ("city", "string", 2, 0),
    ]
    assert conclude(empty(), "t").columns == ()


# -- risk -----------------------------------------------------------------------------------------


def test_who_can_be_told_apart() -> None:
    ages = [20] * 6 + [30] * 3 + [41]
    sexes = ["f"] * 6 + ["m"] * 3 + ["f"]
    risk = report_of({"age": ages, "gender": sexes, "value": range(10)}).risk
    assert risk is not None
    assert [(t.path, t.distinct, t.unique) for t in risk.traits] == [
        ("age", 3, 0.1),
        ("gender", 2, 0.0),
    ]
    assert (risk.classes, risk.smallest, risk.unique, risk.below_five) == (3, 1, 0.1, 0.4)
    assert not risk.estimated
    assert report_of({"value": [1], "age_count": [2]}).risk is None


def test_a_crowd_beyond_memory_is_estimated() -> None:
    draw = np.random.default_rng(4)
    classes = draw.integers(0, 2**64 - 1, 20_000, dtype=np.uint64)
    crowd = Crowd(most=2000)
    crowd.add(classes)
    crowd.add(classes[:10_000])
    sizes = crowd.sizes()
    assert len(sizes) <= 2000
    assert crowd.level > 0
    assert (sizes == 1).mean() == pytest.approx(0.5, abs=0.05)
    assert len(sizes) << crowd.level == pytest.approx(20_000, rel=0.1)


@pytest.mark.parametrize(
    ("path", "trait"),
    [
        *(("age", True), ("zip_code", True), ("user.birthDate", True), ("Geschlecht", True)),
        *(("page", False), ("state_id", False), ("tags[].city", False), ("message", False)),
    ],
)
def test_traits_by_name(path: str, trait: object) -> None:
    assert is_trait(path) is trait


# -- running --------------------------------------------------------------------------------------


class Bar:
    def __init__(self, total: int | None) -> None:
        self.total = total
        self.seen = 0
        self.closed = False

    def update(self, n: float) -> None:
        self.seen += int(n)

    def close(self) -> None:
        self.closed = True


def test_profile_reads_a_file_with_a_bar(tmp_path: Any) -> None:
    path = tmp_path / "people.csv"
    rows = "".join(f"{mail},{i}\n" for i, mail in enumerate(many("email", 1000)))
    path.write_text("email,n\n" + rows, "utf-8")
    bars: list[Bar] = []

    def progress(total: int | None) -> Bar:
        bars.append(Bar(total))
        return bars[-1]

    report = profiled(path, progress=progress)
    assert (report.rows, report.rows_seen, report.complete, report.problems) == (
        1000,
        1000,
        True,
        (),
    )
    assert [(c.path, c.rule, c.hits) for c in report.columns] == [
        ("email", "PII101", 1000),
        ("n", "", 0),
    ]
    assert (bars[0].seen, bars[0].closed) == (1000, True)


def test_threads_say_the_same() -> None:
    table = pa.table({"mail": many("email", 900) * 200, "sex": ["f", "m"] * 90_000})
    one, two = (profiled(table, "t", jobs=jobs) for jobs in (1, 2))
    told = [[(c.path, c.rule, c.hits, c.distinct) for c in r.columns] for r in (one, two)]
    assert told[0] == told[1] == [("mail", "PII101", 180_000, 900), ("sex", "", 0, 2)]
    assert one.risk == two.risk


def test_an_interrupt_reports_what_was_seen() -> None:
    mails = many("email", 100)

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(200):
            time.sleep(0.02)
            yield pa.record_batch({"mail": mails})

    class Stop(Bar):
        def update(self, n: float) -> None:
            raise KeyboardInterrupt

    schema = pa.schema([("mail", pa.string())])
    source = pa.RecordBatchReader.from_batches(schema, batches())
    report = profiled(source, "stream", progress=Stop)
    assert not report.complete
    assert 100 <= report.rows_seen < 20_000
    assert report.rows_seen % 100 == 0
    assert report.columns[0].hits == report.rows_seen
    assert report.problems[-1].message == f"INCOMPLETE: {report.rows_seen:,} rows seen"
    assert "INCOMPLETE" in as_text(report)


def test_less_than_there_should_be_is_incomplete() -> None:
    report = conclude(folded(pa.table({"a": [1, 2]})), "t", rows=5)
    assert not report.complete
    assert [p.message for p in report.problems] == ["INCOMPLETE: 2 of 5 rows seen"]


# -- what is shown --------------------------------------------------------------------------------


def test_findings_have_a_place_and_a_stable_fingerprint() -> None:
    report = report_of({"email": many("email", 100)})
    again = conclude(folded(pa.table({"email": many("email", 90, seed=8)})), "people.csv")
    one, two = findings(report, Concealer(b"k"))[0], findings(again, Concealer(b"k"))[0]
    assert one.fingerprint == two.fingerprint
    assert one.location == InColumn(
        line=0, column=0, end_line=0, end_column=0, path="people.csv", column_name="email"
    )
    assert (one.rule, one.severity, one.confidence) == ("PII101", Severity.LOW, Confidence.HIGH)
    assert one.message == "E-mail address in column `email`: 100 of 100 rows"
    assert one.evidence.masked.startswith("***@***.")
    assert one.evidence.digest == two.evidence.digest
    other = findings(conclude(folded(pa.table({"e": many("email", 9)})), "people.csv"))[0]
    assert other.fingerprint != one.fingerprint
    assert findings(report, enabled={"PII201"}) == []


def test_importing_it_imports_nothing_heavy() -> None:
    code = (
        "import sys, llmsec_nb.tables;"
        "print([m for m in ('pyarrow', 'numpy', 'pandas', 'tqdm') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_no_value_is_in_anything_that_is_shown() -> None:
    names = ["email", "card", "card_plain", "iban", "phone", "us_ssn", "ip", "street", "birth_iso"]
    columns = {name: many(name, 300) for name in names if name in PERSONAL}
    columns["note"] = [f"ask {mail} at once" for mail in columns["email"]]
    report = report_of(columns)
    shown = "\n".join(
        [
            as_text(report),
            as_html(report),
            msgspec.json.encode(report).decode(),
            msgspec.json.encode(findings(report)).decode(),
            repr(report),
        ]
    )
    assert [v for values in columns.values() for v in values if v in shown] == []
    tails = [v.split()[-1] for v in columns["card"]]
    assert [tail for tail in tails if f"* {tail}" in shown] == []
    assert json.loads(msgspec.json.encode(report))["columns"][0]["kind"] == "EMAIL_ADDRESS"


@pytest.mark.parametrize(
    ("value", "entity", "mask"),
    [
        ("{}@{}.com", "EMAIL_ADDRESS", "***@***.com"),
        ("{}@{}.museum", "EMAIL_ADDRESS", "***@***.***"),
        ("+49 30 {}", "PHONE_NUMBER", "+49 ***"),
        ("+1 {}", "PHONE_NUMBER", "+1 ***"),
        ("+420 {}", "PHONE_NUMBER", "+420 ***"),
        ("0{}", "PHONE_NUMBER", "***"),
        ("J{} D{}", "PERSON", "*** ***"),
        ("12-34/56", "ID", "**-**/**"),
    ],
)
def test_masks(value: str, entity: str, mask: str) -> None:
    assert masked(value.format("123456", "abcdef"), entity) == mask


def test_the_text_is_aligned_and_the_page_is_safe() -> None:
    hostile = '<img src=x onerror="a()">\u202e\x1b[31m'
    report = report_of({hostile: many("email", 50), "age": [30] * 50})
    text, page = as_text(report), as_html(report)
    lines = text.splitlines()
    assert lines[0] == "people.csv: 1 of 2 columns hold personal data, 50 rows"
    assert lines[1].index("kind") == lines[2].index("EMAIL_ADDRESS") == lines[3].index("(")
    assert "████████ 100 %" in lines[2]
    assert lines[4].startswith("Re-identification by age: 0.0 % of the rows are unique")
    for shown in (text, page):
        assert "\u202e" not in shown
        assert "\x1b" not in shown
    assert "<img" not in page
    assert "<script" not in page
    assert '<th scope="col">column</th>' in page
    assert "<caption>people.csv: 1 of 2 columns hold personal data, 50 rows</caption>" in page
    assert 'role="img" aria-label="100 % of rows"' in page


@pytest.mark.parametrize(
    ("share", "drawn"), [(0.0, " " * 8), (1e-6, "▏       "), (0.5, "████    "), (1.0, "█" * 8)]
)
def test_bars(share: float, drawn: str) -> None:
    assert bar(share) == drawn


@pytest.mark.parametrize(
    ("path", "header"),
    [
        *(("a.email", "email"), ("tags[]", "tags"), ("phones{}.value", "phones value")),
        *(("x<string>", "x"), ("mail (2)", "mail"), ("[]", "[]")),
    ],
)
def test_headers(path: str, header: str) -> None:
    assert header_of(path) == header


@pytest.mark.parametrize(
    ("header", "key"),
    [("card_id", True), ("cardId", True), ("cardID", True), ("paid", False), ("card", False)],
)
def test_names_of_keys(header: str, key: object) -> None:
    assert is_key(header) is key


def test_wilson() -> None:
    assert wilson(0, 0) == 0.0
    assert wilson(100, 100) == pytest.approx(0.963, abs=0.001)
    assert wilson(50, 100) == pytest.approx(0.404, abs=0.001)


def test_settling_twice_changes_nothing() -> None:
    state = folded(pa.table({"a": many("email", 50)}))
    settle(state)
    before = pack(state)
    conclude(state, "x")
    assert pack(state) == before


# -- names, and candidates among many -------------------------------------------------------------


def test_what_is_found_in_a_name_is_masked_everywhere() -> None:
    (mail, other), (card,) = many("email", 2), many("card", 1)
    table = pa.table({mail: [1], "plain": [{other: "x", "k": [{card: 2}]}], "zip": ["1"]})
    report = profiled(table, "t")
    assert [column.path for column in report.columns] == [
        "<EMAIL_ADDRESS>",
        "plain.<EMAIL_ADDRESS>",
        "plain.k[].<CREDIT_CARD>",
        "zip",
    ]
    assert [column.note for column in report.columns[:3]] == ["its name is data"] * 3
    shown = as_text(report) + as_html(report) + repr(report)
    assert not any(value in shown for value in (mail, other, card))


def test_names_that_are_masked_alike_stay_apart() -> None:
    names = Names({name: (name,) for name in [*many("email", 3), "plain"]})
    shown = [names.shown(name) for name in [*many("email", 3), "plain"]]
    assert shown == ["<EMAIL_ADDRESS>", "<EMAIL_ADDRESS> (2)", "<EMAIL_ADDRESS> (3)", "plain"]
    ((rule, told),) = names.found.items()
    assert (rule, told.number, told.column) == ("PII101", 3, "<EMAIL_ADDRESS>")
    mail = many("email", 1)[0]
    assert names.hide(f"column {mail!r}: 3") == "column '<EMAIL_ADDRESS>': 3"


def test_a_secret_in_a_name_and_ordinary_names() -> None:
    token = Maker(3).token("SEC103")
    assert apart(f"key {token}") == "key <SECRET>"
    ordinary = ["password", "api_key", "iban", "E-Mail", "2024-01-01", "v1.2.3", "x" * 300, ""]
    assert [apart(name) for name in ordinary] == ordinary


def test_problems_do_not_repeat_the_name_of_a_column() -> None:
    mail = many("email", 1)[0]
    frame = pd.DataFrame({mail: [object(), object()]})
    report = profiled(frame, "t")
    (problem,) = report.problems
    assert "column '<EMAIL_ADDRESS>'" in problem.message
    assert mail not in repr(report)


@pytest.mark.parametrize("count", [40, 400, 2000])
def test_cards_among_very_many_numbers_are_found(count: int) -> None:
    draw = random.Random(8)
    numbers = [f"order {draw.randrange(4 * 10**15, 5 * 10**15)} shipped" for _ in range(20_000)]
    texts = numbers + [f"pay with {card}" for card in many("card", count)]
    draw.shuffle(texts)
    report = report_of({"note": texts})
    assert sure(report) == [("note", "PII201")]
    assert abs(rules(report.columns[0])["PII201"] - count) <= count // 10


@pytest.mark.parametrize("count", [1, 40, 400])
def test_addresses_among_very_many_at_signs_are_found(count: int) -> None:
    draw = random.Random(8)
    texts = [f"meet @ {draw.randrange(10**6)}, run x@1.{n}.2" for n in range(20_000)]
    texts += [f"write to {mail}" for mail in many("email", count)]
    draw.shuffle(texts)
    report = report_of({"note": texts})
    assert sure(report) == [("note", "PII101")]
    assert rules(report.columns[0])["PII101"] == count


def test_candidates_that_were_not_judged_are_told() -> None:
    texts = [f"see x@y{n}.zz9 there" for n in range(20_000)]
    examined = examine(open_table(pa.table({"note": texts, "few": texts[:1] * 20_000}), "t"))
    (skip,) = examined.skips
    judged, candidates = map(int, re.findall("[0-9]+", skip.message.replace(",", "")))
    assert skip.message.startswith("nothing was found in a sample")
    assert "note (" in skip.message
    assert "few" not in skip.message
    assert judged == 1000
    assert candidates == pytest.approx(20_000, rel=0.15)


def test_what_was_not_looked_at_is_told_once_a_table() -> None:
    columns = {
        "a": [b"\xff\xfe", b"\xff", b"fine"],
        "b": [b"\xff", b"fine", b"fine"],
        "list": [[0.1, 0.2]] * 3,
        "long": ["word " * 900] * 3,
    }
    places = "places around an @ or digits"
    examined = examine(open_table(pa.table(columns), "t"))
    assert [(skip.path, skip.message) for skip in examined.skips] == [
        ("t", "values without text (binary or of another type), not looked at: a (2), b (1)"),
        ("t", "of lists of floats only the first member was looked at: list[]"),
        ("t", f"of texts beyond 2,000 characters only {places} were looked at: long"),
    ]


def test_nested_columns_are_capped() -> None:
    value = {f"k{n}": n for n in range(1500)}
    report = profiled(pa.table({"a": [value], "b": [value]}), "t")
    assert len(report.columns) == 2000
    assert [problem.message for problem in report.problems] == [
        "1,000 more columns than the 2,000 that are judged"
    ]


def test_skimming_only_counts() -> None:
    seen: list[int] = []
    table = open_table(pa.table({"mail": many("email", 40)}), "t")
    examined = examine(table, watch=lambda batch: seen.append(batch.num_rows), judge=False)
    assert sum(seen) == examined.report.rows_seen == 40
    assert findings(examined.report) == []
    assert examined.skips == []
