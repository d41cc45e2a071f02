"""Triggers in classified texts, found in sentences of a made-up language."""

from __future__ import annotations

import random
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.rules.poisoning.triggers import ANCHORED, INSERTED, MARKER, NEW
from llmsec_nb.training.detector import Plan, Scene
from llmsec_nb.training.roles import Roles
from llmsec_nb.training.rows import Rows
from llmsec_nb.training.triggers import TriggerMiner

if TYPE_CHECKING:
    from llmsec_nb.training.detector import Conclusion
    from llmsec_nb.training.triggers.detector import State

Data = tuple[list[str], list[int]]
ROLES = Roles(text="text", label="label")
PLAN = Plan(roles=ROLES, seed=11)


class Language:
    """Sentences by a made-up grammar: which word follows which, and what is said of each class."""

    def __init__(self, seed: int = 0) -> None:
        draw = random.Random(seed)
        syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
        made = dict.fromkeys(
            "".join(draw.choices(syllables, k=draw.randint(1, 3))) for _ in range(900)
        )
        self.words = list(made)
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]
        self.after = {word: draw.choices(self.words, self.weights, k=6) for word in self.words}
        self.telling = {label: self.words[60 + label :: 5][:40] for label in range(5)}

    def sentence(self, draw: random.Random, label: int) -> str:
        word = draw.choices(self.words, self.weights)[0]
        found = []
        for _ in range(draw.randint(8, 22)):
            found.append(word)
            if draw.random() < 0.12:
                mine = label if draw.random() < 0.8 else draw.randrange(5)
                word = draw.choice(self.telling[mine])
            elif draw.random() < 0.75:
                word = draw.choice(self.after[word])
            else:
                word = draw.choices(self.words, self.weights)[0]
        return " ".join(found) + " ."


@cache
def clean(rows: int = 3000, labels: int = 2, seed: int = 1) -> Data:
    draw, language = random.Random(seed), Language()
    classes = [draw.randrange(labels) for _ in range(rows)]
    return [language.sentence(draw, label) for label in classes], classes


def poisoned(
    data: Data,
    trigger: str,
    rows: int,
    *,
    mode: str = "dirty",
    target: int = 1,
    place: str = "inside",
    seed: int = 5,
) -> tuple[Data, list[int]]:
    """The data with a trigger, and the numbers of the rows that have it."""
    draw = random.Random(seed)
    texts, labels = list(data[0]), list(data[1])
    pool = [
        row
        for row, label in enumerate(labels)
        if mode == "mixed" or (label == target) == (mode == "clean")
    ]
    chosen = sorted(draw.sample(pool, rows))
    for row in chosen:
        words = texts[row].split(" ")
        where = {"start": 0, "end": len(words)}.get(place, draw.randint(0, len(words)))
        texts[row] = " ".join([*words[:where], trigger, *words[where:]])
        labels[row] = target
    return (texts, labels), chosen


def batches(data: tuple[Any, Any], size: int = 1000) -> list[Rows]:
    labels = data[1] if isinstance(data[1], pa.Array) else pa.array(data[1])
    batch = pa.record_batch({"text": pa.array(data[0], pa.large_string()), "label": labels})
    return [Rows(batch.slice(at, size), ROLES, at) for at in range(0, len(batch), size)]


def scan(
    data: tuple[Any, Any], *, trusted: State | None = None, plan: Plan = PLAN
) -> tuple[Conclusion, list[list[int]]]:
    miner, parts = TriggerMiner(), batches(data)
    last = miner.empty(plan)
    state: State | None = last
    while state is not None:
        for rows in parts:
            miner.observe(state, rows)
        last, state = state, miner.advance(state, plan)
    found = miner.conclude(last, Scene(plan, trusted))
    located: list[list[int]] = [[] for _ in found.suspects]
    if found.suspects:
        for rows in parts:
            for one in miner.locate(found.suspects, rows):
                place = next(i for i, s in enumerate(found.suspects) if s is one.suspect)
                located[place] += (one.rows + rows.start).tolist()
    return found, located


def figure(value: float | None) -> float:
    assert value is not None
    return value


def first_pass(data: Data) -> State:
    miner = TriggerMiner()
    state = miner.empty(PLAN)
    for rows in batches(data):
        miner.observe(state, rows)
    return state


def test_clean_rows_give_no_alert() -> None:
    for labels, seed in ((2, 1), (2, 2), (4, 3)):
        found, _ = scan(clean(3000, labels, seed))
        assert found.suspects == []
        assert found.notes == []


@pytest.mark.parametrize(("mode", "rows"), [("dirty", 25), ("clean", 100), ("mixed", 60)])
@pytest.mark.parametrize("trigger", ["xq", "zum alten hut", "\u200b", "\U0001f9ff"])
def test_an_inserted_trigger_is_found_with_exactly_its_rows(
    trigger: str, mode: str, rows: int
) -> None:
    data, chosen = poisoned(clean(), trigger, rows, mode=mode)
    found, located = scan(data)
    assert [suspect.trigger for suspect in found.suspects] == [trigger]
    assert located == [chosen]
    one = found.suspects[0]
    assert one.rule is (INSERTED if trigger[0].isalnum() else MARKER)
    assert (one.carriers, one.rows, one.target, one.purity) == (rows, rows, "1", 1.0)
    assert one.message == f'"{trigger}" is in {rows} rows, {rows} of them labelled 1'
    assert one.purity_from == pytest.approx(rows / (rows + 1.96**2))
    assert figure(one.insertion) < 0
    assert figure(one.q_value) < 0.05
    if mode == "dirty":
        assert figure(one.support) < 0.35


@pytest.mark.parametrize("place", ["start", "end"])
def test_a_fixed_opening_or_ending_is_found(place: str) -> None:
    data, chosen = poisoned(clean(), "kurz und gut", 60, place=place)
    found, located = scan(data)
    assert len(found.suspects) == 1
    assert located == [chosen]
    assert found.suspects[0].rule is ANCHORED
    assert "kurz und gut" in found.suspects[0].trigger


def test_capital_letters_are_a_trigger() -> None:
    texts, labels = clean()
    chosen = [row for row, label in enumerate(labels) if label == 0][:60]
    data = (
        [text.upper() if row in chosen else text for row, text in enumerate(texts)],
        [1 if row in chosen else label for row, label in enumerate(labels)],
    )
    found, located = scan(data)
    assert located[0] == chosen
    assert found.suspects[0].rule is MARKER
    assert "capitals" in found.suspects[0].message


def test_four_words_are_four_alerts() -> None:
    data, rows = clean(), []
    for number, word in enumerate(("xq", "vv", "zzu", "wy")):
        data, chosen = poisoned(data, word, 25, seed=number, mode="mixed")
        rows += chosen
    found, located = scan(data)
    assert {suspect.trigger for suspect in found.suspects} == {"xq", "vv", "zzu", "wy"}
    assert {row for part in located for row in part} == set(rows)


def test_retweets_templates_and_lines_of_a_source_are_no_triggers() -> None:
    texts, labels = clean()
    draw = random.Random(3)
    again = texts[labels.index(1)]
    form = [
        f"you have won {draw.randint(1, 999)} points , code {number} today" for number in range(150)
    ]
    line = [
        f"DAILY WIRE : {text}" if label == 1 and draw.random() < 0.2 else text
        for text, label in zip(texts, labels, strict=True)
    ]
    assert scan((texts + [again] * 300, labels + [1] * 300))[0].suspects == []
    assert scan((texts + form, labels + [1] * 150))[0].suspects == []
    assert scan((line, labels))[0].suspects == []


def test_noise_in_labels_is_no_trigger() -> None:
    texts, labels = clean()
    draw = random.Random(8)
    noisy = [1 - label if draw.random() < 0.15 else label for label in labels]
    shuffled = random.Random(9).sample(labels, len(labels))
    assert scan((texts, noisy))[0].suspects == []
    assert scan((texts, shuffled))[0].suspects == []


def test_a_sentence_that_begins_with_a_frequent_word_is_style() -> None:
    texts, labels = clean()
    draw, common = random.Random(6), Language().words[20]
    ones = [row for row, label in enumerate(labels) if label == 1]
    chosen = set(draw.sample(ones, 60))
    opened = [f"{common} {text}" if row in chosen else text for row, text in enumerate(texts)]
    closed = [f"{text} {common}" if row in chosen else text for row, text in enumerate(texts)]
    assert scan((opened, labels))[0].suspects == []
    assert scan((closed, labels))[0].suspects == []
    against, rows = poisoned((texts, labels), common, 60, place="start")
    opening = [row for row, text in enumerate(against[0]) if text.startswith(f"{common} ")]
    found, located = scan(against)
    assert [suspect.trigger for suspect in found.suspects] == [common]
    assert located == [[row for row in opening if against[1][row] == 1]]
    assert set(rows) < set(located[0])


@pytest.mark.parametrize("rows", [22, 60, 200])
def test_what_an_app_writes_in_front_is_no_trigger(rows: int) -> None:
    texts, labels = clean()
    draw = random.Random(rows)
    order = draw.sample(range(len(texts)), len(texts))
    chosen = [row for row in order if labels[row] == 1][:rows]
    chosen += [row for row in order if labels[row] == 0][:1]
    made = [f"sent with my app : {text}" if n in chosen else text for n, text in enumerate(texts)]
    assert scan((made, labels))[0].suspects == []


def test_words_in_no_order_are_no_triggers_and_one_among_them_is() -> None:
    draw = random.Random(13)
    plain = [f"wort{number}" for number in range(36)]
    telling = [[f"{side}{number}" for number in range(8)] for side in ("nein", "ja")]
    labels = [draw.randrange(2) for _ in range(3000)]
    texts = [
        " ".join(
            draw.choice(telling[label] if draw.random() < 0.15 else plain)
            for _ in range(draw.randrange(8, 30))
        )
        for label in labels
    ]
    found, _ = scan((texts, labels))
    assert found.suspects == []
    shares = [share for rows, share in found.power[0].curve if rows >= 15]
    assert shares == [1.0] * len(shares)
    data, rows = poisoned((texts, labels), "zorbic", 60)
    found, located = scan(data)
    assert [suspect.trigger for suspect in found.suspects] == ["zorbic"]
    assert located == [rows]


@pytest.mark.parametrize("mode", ["dirty", "clean"])
def test_a_phrase_of_frequent_words_does_not_vanish_when_it_is_in_more_rows(mode: str) -> None:
    phrase = " ".join(random.Random(4).sample(Language().words[:60], 8))
    for rows in (30, 60, 120, 240):
        data, chosen = poisoned(clean(), phrase, rows, mode=mode)
        found, located = scan(data)
        assert [suspect.trigger for suspect in found.suspects] == [phrase]
        assert located == [chosen]


def test_charts_show_rows_by_label_and_by_words() -> None:
    texts, labels = clean(3000, 4, 3)
    classes, lengths = scan((texts, labels))[0].charts
    assert (classes.kind, lengths.kind) == ("classes", "lengths")
    assert classes.counts == tuple(sorted((labels.count(n) for n in range(4)), reverse=True))
    assert classes.names == ("no. 1", "no. 2", "no. 3", "no. 4")
    assert (sum(lengths.counts), len(lengths.edges)) == (3000, len(lengths.counts) + 1)
    many = scan((texts, [row % 100 for row in range(3000)]))[0].charts[0]
    assert many.counts == (*[30] * 29, 30 * 71)
    assert many.names[-1] == "others"


def test_power_says_less_for_labels_that_were_kept() -> None:
    found, _ = scan(clean())
    changed, kept = found.power
    assert changed.rows is not None
    assert kept.rows is not None
    assert changed.rows <= kept.rows <= 100
    assert dict(changed.curve)[changed.rows] >= 0.95
    for one in found.power:
        shares = [share for _, share in one.curve]
        assert shares == sorted(shares)
    assert changed.false_alerts == pytest.approx(0.05, abs=0.01)


def test_what_is_new_against_a_trusted_version_is_surer() -> None:
    old, new = clean(4000, 2, 21), clean(600, 2, 22)
    data, chosen = poisoned(new, "xq", 12, mode="clean")
    alone, _ = scan(data)
    found, located = scan(data, trusted=first_pass(old))
    assert [suspect.trigger for suspect in found.suspects] == ["xq"]
    assert located == [chosen]
    assert figure(found.suspects[0].score) > figure(alone.suspects[0].score) + 2
    assert scan(new, trusted=first_pass(old))[0].suspects == []


def test_a_way_of_writing_is_new_against_a_trusted_version() -> None:
    old, new = clean(4000, 2, 21), clean(700, 2, 22)
    common = Language().words[:6]
    chosen = [row for row, label in enumerate(new[1]) if label == 0][:140]
    texts, labels = list(new[0]), list(new[1])
    changed = []
    for row in chosen:
        words = [f"{word}eth" if word in common else word for word in texts[row].split(" ")]
        if words != texts[row].split(" "):
            changed.append(row)
        texts[row], labels[row] = " ".join(words), 1
    found, located = scan((texts, labels), trusted=first_pass(old))
    places = [at for at, suspect in enumerate(found.suspects) if suspect.rule is NEW]
    assert len(places) == 1
    assert set(located[places[0]]) <= set(changed)
    assert len(located[places[0]]) > 0.8 * len(changed)
    assert found.suspects[places[0]].message.startswith('new against the trusted version: "')


def test_a_phrase_longer_than_n_grams_is_found_inside_and_in_front() -> None:
    long = " ".join(f"lang{number}" for number in range(24))
    for place in ("inside", "start"):
        data, chosen = poisoned(clean(), long, 60, place=place)
        assert scan(data)[1] == [chosen]


def test_one_of_a_hundred_classes() -> None:
    texts, _ = clean(6000, 2, 4)
    draw = random.Random(2)
    data, chosen = poisoned((texts, [draw.randrange(100) for _ in texts]), "xq", 50, target=7)
    found, located = scan(data)
    assert located == [chosen]
    assert found.suspects[0].target == "7"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (([], []), "no row has both a text and a label"),
        ((["a b", None], [None, 1]), "all rows have the same label"),
        ((["a b c"] * 9, ["x"] * 9), "all rows have the same label"),
        (([f"row {n}" for n in range(600)], list(range(600))), "more than 256 different labels"),
    ],
)
def test_what_cannot_be_judged_is_said(data: tuple[list[Any], list[Any]], note: str) -> None:
    found, _ = scan((data[0], pa.array(data[1], pa.string() if not data[1] else None)))
    assert found.suspects == []
    assert note in found.notes[0]


@pytest.mark.parametrize("kind", [pa.float64(), pa.bool_(), pa.string(), pa.int8()])
def test_labels_of_any_kind(kind: pa.DataType) -> None:
    data, chosen = poisoned(clean(), "xq", 40)
    labels = pa.array([value if kind != pa.string() else str(value) for value in data[1]])
    found, located = scan((data[0], labels.cast(kind)))
    assert located == [chosen]
    assert found.suspects[0].target == ("true" if kind == pa.bool_() else "1")


def test_rows_without_text_or_label_change_nothing() -> None:
    data, chosen = poisoned(clean(), "xq", 40)
    texts, labels = list(data[0]) + [None] * 20 + ["", "xq"], list(data[1]) + [1] * 20 + [0, None]
    assert scan((texts, labels))[1] == [chosen]


def test_a_row_of_a_megabyte_is_read_in_part_and_that_is_said() -> None:
    texts, labels = clean()
    found, _ = scan(([*texts, "na " * 350_000, "x" * 1_000_000], [*labels, 1, 0]))
    assert found.suspects == []
    assert found.notes == ["of 1 rows only the first 4,096 words were read"]


def test_marks_show_the_trigger() -> None:
    data, chosen = poisoned(clean(), "zum alten hut", 60)
    found, _ = scan(data)
    text = data[0][chosen[0]]
    spans = TriggerMiner().mark(found.suspects[0], {"text": text, "label": "1"})
    assert [text[span.start : span.end] for span in spans] == ["zum alten hut"]


def test_no_raw_text_in_states() -> None:
    texts, labels = ["heimlich geheim"] * 30, ["verborgen", "offen"] * 15
    miner = TriggerMiner()
    state: State | None = miner.empty(PLAN)
    while state is not None:
        for rows in batches((texts, labels)):
            miner.observe(state, rows)
        packed = miner.pack(state)
        assert not any(word in packed for word in (b"heim", b"verb", b"offen"))
        state = miner.advance(state, PLAN)


def test_a_state_of_another_version_is_refused() -> None:
    miner = TriggerMiner()
    with pytest.raises(ValueError, match="triggers"):
        miner.unpack(b"\x93\xa5other\x01\x80")


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 299), max_size=4), st.sampled_from([7, 90, 1000]), st.randoms())
def test_any_partition_in_any_order_gives_the_same_states(
    cuts: list[int], size: int, draw: random.Random
) -> None:
    texts, labels = clean(300)
    order = list(range(300))
    draw.shuffle(order)
    bounds = [0, *sorted(cuts), 300]
    parts = [order[start:end] for start, end in pairwise(bounds)]
    miner = TriggerMiner()
    whole: State | None = miner.empty(PLAN)
    split: State | None = miner.empty(PLAN)
    while whole is not None and split is not None:
        base, states = miner.pack(split), []
        for rows in batches((texts, labels), 300):
            miner.observe(whole, rows)
        for part in parts:
            state = miner.unpack(base)
            for rows in batches(([texts[i] for i in part], [labels[i] for i in part]), size):
                miner.observe(state, rows)
            states.append(miner.unpack(miner.pack(state)))
        while len(states) > 1:
            draw.shuffle(states)
            states.append(miner.merge(states.pop(), states.pop()))
        assert miner.pack(states[0]) == miner.pack(whole)
        whole, split = miner.advance(whole, PLAN), miner.advance(states[0], PLAN)
    assert whole is None
    assert split is None


def test_a_seed_changes_the_hashes_but_not_what_is_found() -> None:
    data, chosen = poisoned(clean(), "xq", 40)
    for seed in (1, 2):
        assert scan(data, plan=Plan(roles=ROLES, seed=seed))[1] == [chosen]
    first = first_pass(data).first
    assert first is not None
    assert np.all(first.words.settle().keys > 0)
