import random
from functools import cache
from itertools import pairwise

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

ROLES = Roles(text="text", label="label")
PLAN = Plan(roles=ROLES, seed=11)


class Language:
    """Sentences by a made-up grammar: which word follows which, and what is said of each class."""

    def __init__(self, seed=0):
        draw = random.Random(seed)
        syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
        made = dict.fromkeys(
            "".join(draw.choices(syllables, k=draw.randint(1, 3))) for _ in range(900)
        )
        self.words = list(made)
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]
        self.after = {word: draw.choices(self.words, self.weights, k=6) for word in self.words}
        self.telling = {label: self.words[60 + label :: 5][:40] for label in range(5)}

    def sentence(self, draw, label):
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
def clean(rows=3000, labels=2, seed=1):
    draw, language = random.Random(seed), Language()
    classes = [draw.randrange(labels) for _ in range(rows)]
    return [language.sentence(draw, label) for label in classes], classes


def poisoned(data, trigger, rows, *, mode="dirty", target=1, place="inside", seed=5):
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


def batches(data, size=1000):
    labels = data[1] if isinstance(data[1], pa.Array) else pa.array(data[1])
    batch = pa.record_batch({"text": pa.array(data[0], pa.large_string()), "label": labels})
    return [Rows(batch.slice(at, size), ROLES, at) for at in range(0, len(batch), size)]


def scan(data, *, trusted=None, plan=PLAN):
    miner, parts = TriggerMiner(), batches(data)
    state = last = miner.empty(plan)
    while state is not None:
        for rows in parts:
            miner.observe(state, rows)
        last, state = state, miner.advance(state, plan)
    found = miner.conclude(last, Scene(plan, trusted))
    located = [[] for _ in found.suspects]
    if found.suspects:
        for rows in parts:
            for one in miner.locate(found.suspects, rows):
                place = next(i for i, s in enumerate(found.suspects) if s is one.suspect)
                located[place] += (one.rows + rows.start).tolist()
    return found, located


def first_pass(data):
    miner = TriggerMiner()
    state = miner.empty(PLAN)
    for rows in batches(data):
        miner.observe(state, rows)
    return state


def test_clean_rows_give_no_alert():
    for labels, seed in ((2, 1), (2, 2), (4, 3)):
        found, _ = scan(clean(3000, labels, seed))
        assert found.suspects == []
        assert found.notes == []


@pytest.mark.parametrize(("mode", "rows"), [("dirty", 25), ("clean", 100), ("mixed", 60)])
@pytest.mark.parametrize("trigger", ["xq", "zum alten hut", "\u200b", "\U0001f9ff"])
def test_an_inserted_trigger_is_found_with_exactly_its_rows(trigger, mode, rows):
    data, chosen = poisoned(clean(), trigger, rows, mode=mode)
    found, located = scan(data)
    assert [suspect.trigger for suspect in found.suspects] == [trigger]
    assert located == [chosen]
    one = found.suspects[0]
    assert one.rule is (INSERTED if trigger[0].isalnum() else MARKER)
    assert (one.carriers, one.rows, one.target, one.purity) == (rows, rows, "1", 1.0)
    assert one.message == f'"{trigger}" is in {rows} rows, {rows} of them labelled 1'
    assert one.purity_from == pytest.approx(rows / (rows + 1.96**2))
    assert one.insertion < 0
    assert one.q_value < 0.05
    if mode == "dirty":
        assert one.support < 0.35


@pytest.mark.parametrize("place", ["start", "end"])
def test_a_fixed_opening_or_ending_is_found(place):
    data, chosen = poisoned(clean(), "kurz und gut", 60, place=place)
    found, located = scan(data)
    assert len(found.suspects) == 1
    assert located == [chosen]
    assert found.suspects[0].rule is ANCHORED
    assert "kurz und gut" in found.suspects[0].trigger


def test_capital_letters_are_a_trigger():
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


def test_four_words_are_four_alerts():
    data, rows = clean(), []
    for number, word in enumerate(("xq", "vv", "zzu", "wy")):
        data, chosen = poisoned(data, word, 25, seed=number, mode="mixed")
        rows += chosen
    found, located = scan(data)
    assert {suspect.trigger for suspect in found.suspects} == {"xq", "vv", "zzu", "wy"}
    assert {row for part in located for row in part} == set(rows)


def test_retweets_templates_and_lines_of_a_source_are_no_triggers():
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


def test_noise_in_labels_is_no_trigger():
    texts, labels = clean()
    draw = random.Random(8)
    noisy = [1 - label if draw.random() < 0.15 else label for label in labels]
    shuffled = random.Random(9).sample(labels, len(labels))
    assert scan((texts, noisy))[0].suspects == []
    assert scan((texts, shuffled))[0].suspects == []


def test_power_says_less_for_labels_that_were_kept():
    found, _ = scan(clean())
    changed, kept = found.power
    assert changed.rows is not None
    assert kept.rows is not None
    assert changed.rows <= kept.rows <= 100
    assert dict(changed.curve)[changed.rows] >= 0.95
    assert changed.false_alerts == pytest.approx(0.05, abs=0.01)


def test_what_is_new_against_a_trusted_version_is_surer():
    old, new = clean(4000, 2, 21), clean(600, 2, 22)
    data, chosen = poisoned(new, "xq", 12, mode="clean")
    alone, _ = scan(data)
    found, located = scan(data, trusted=first_pass(old))
    assert [suspect.trigger for suspect in found.suspects] == ["xq"]
    assert located == [chosen]
    assert found.suspects[0].score > alone.suspects[0].score + 2
    assert scan(new, trusted=first_pass(old))[0].suspects == []


def test_a_way_of_writing_is_new_against_a_trusted_version():
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


def test_a_phrase_longer_than_n_grams_is_found_inside_and_in_front():
    long = " ".join(f"lang{number}" for number in range(24))
    for place in ("inside", "start"):
        data, chosen = poisoned(clean(), long, 60, place=place)
        assert scan(data)[1] == [chosen]


def test_one_of_a_hundred_classes():
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
def test_what_cannot_be_judged_is_said(data, note):
    found, _ = scan((data[0], pa.array(data[1], pa.string() if not data[1] else None)))
    assert found.suspects == []
    assert note in found.notes[0]


@pytest.mark.parametrize("kind", [pa.float64(), pa.bool_(), pa.string(), pa.int8()])
def test_labels_of_any_kind(kind):
    data, chosen = poisoned(clean(), "xq", 40)
    labels = pa.array([value if kind != pa.string() else str(value) for value in data[1]])
    found, located = scan((data[0], labels.cast(kind)))
    assert located == [chosen]
    assert found.suspects[0].target == ("true" if kind == pa.bool_() else "1")


def test_rows_without_text_or_label_change_nothing():
    data, chosen = poisoned(clean(), "xq", 40)
    texts, labels = list(data[0]) + [None] * 20 + ["", "xq"], list(data[1]) + [1] * 20 + [0, None]
    assert scan((texts, labels))[1] == [chosen]


def test_a_row_of_a_megabyte_is_read_in_part_and_that_is_said():
    texts, labels = clean()
    found, _ = scan(([*texts, "na " * 350_000, "x" * 1_000_000], [*labels, 1, 0]))
    assert found.suspects == []
    assert found.notes == ["of 1 rows only the first 4,096 words were read"]


def test_marks_show_the_trigger():
    data, chosen = poisoned(clean(), "zum alten hut", 60)
    found, _ = scan(data)
    text = data[0][chosen[0]]
    spans = TriggerMiner().mark(found.suspects[0], {"text": text, "label": "1"})
    assert [text[span.start : span.end] for span in spans] == ["zum alten hut"]


def test_no_raw_text_in_states():
    texts, labels = ["heimlich geheim"] * 30, ["verborgen", "offen"] * 15
    miner = TriggerMiner()
    state = miner.empty(PLAN)
    while state is not None:
        for rows in batches((texts, labels)):
            miner.observe(state, rows)
        packed = miner.pack(state)
        assert not any(word in packed for word in (b"heim", b"verb", b"offen"))
        state = miner.advance(state, PLAN)


def test_a_state_of_another_version_is_refused():
    miner = TriggerMiner()
    with pytest.raises(ValueError, match="triggers"):
        miner.unpack(b"\x93\xa5other\x01\x80")


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 299), max_size=4), st.sampled_from([7, 90, 1000]), st.randoms())
def test_any_partition_in_any_order_gives_the_same_states(cuts, size, draw):
    texts, labels = clean(300)
    order = list(range(300))
    draw.shuffle(order)
    bounds = [0, *sorted(cuts), 300]
    parts = [order[start:end] for start, end in pairwise(bounds)]
    miner, whole = TriggerMiner(), TriggerMiner().empty(PLAN)
    split = miner.empty(PLAN)
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


def test_a_seed_changes_the_hashes_but_not_what_is_found():
    data, chosen = poisoned(clean(), "xq", 40)
    for seed in (1, 2):
        assert scan(data, plan=Plan(roles=ROLES, seed=seed))[1] == [chosen]
    states = [first_pass(data).first.words.settle().keys, TriggerMiner().empty(PLAN)]
    assert np.all(states[0] > 0)
