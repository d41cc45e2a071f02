"""Near-copies, leaks and documents that were made to be found."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.rules.poisoning import integrity
from llmsec_nb.training.detector import Plan
from llmsec_nb.training.likeness import flood as floods
from llmsec_nb.training.likeness import sample as samples
from llmsec_nb.training.likeness.clusters import evenly, groups
from llmsec_nb.training.likeness.content import cleaned, content_of
from llmsec_nb.training.likeness.flood import NearCopies
from llmsec_nb.training.likeness.heads import SharedHeads
from llmsec_nb.training.likeness.leakage import Leakage
from llmsec_nb.training.likeness.questions import stuffed
from llmsec_nb.training.likeness.reference import opened, reference
from llmsec_nb.training.likeness.signature import BINS, alike, signatures
from llmsec_nb.training.likeness.splits import column_of
from llmsec_nb.training.likeness.tail import outstanding
from llmsec_nb.training.likeness.wording import identities, windows, worded
from llmsec_nb.training.roles import Roles
from llmsec_nb.training.rows import Rows

from .folding import column, fold, scan

LABELLED = Roles(text="text", label="label")
PAIRS = Roles(prompt="text", response="label")
DOCUMENTS = Roles(document="text")
WORDS = [
    a + b + c
    for a in ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te")
    for b in ("b", "d", "k", "l", "m", "n", "r", "s")
    for c in ("an", "erd", "ist", "olk", "u", "ay")
]


def sentence(draw: random.Random, low: int = 12, high: int = 28) -> str:
    return " ".join(draw.choices(WORDS, k=draw.randint(low, high)))


def jittered(text: str, draw: random.Random, share: float = 0.1) -> str:
    words = text.split()
    for _ in range(max(1, round(share * len(words)))):
        place = draw.randrange(len(words))
        words[place] = draw.choice(WORDS)
    return " ".join(words)


def labelled(texts: list[str], labels: list[str] | None = None) -> pa.Table:
    given_ = labels or [str(at % 2) for at in range(len(texts))]
    return pa.table({"text": column(*texts), "label": column(*given_)})


def identity(*texts: str | None) -> list[int]:
    return list(identities(worded(column(*texts), 5), 5).tolist())


def test_case_signs_spaces_and_encodings_make_no_difference() -> None:
    same = identity("It's good, é!", "it s  GOOD é", "IT S — good e\u0301", "it s ｇｏｏｄ é")
    assert len(set(same)) == 1
    assert identity("", None, "?!", " ") == [0, 0, 0, 0]
    assert identity("a b")[0] != identity("b a")[0]
    assert identity("ab")[0] != identity("a b")[0]


def test_words_do_not_run_from_one_row_into_the_next() -> None:
    wording = worded(column("one two", "three", None, "", "four five"), 5)
    assert wording.offsets.tolist() == [0, 2, 3, 3, 3, 5]
    assert wording.ids[2] == worded(column("three"), 5).ids[0]


def test_chinese_counts_by_characters_and_sliced_arrays_are_read_in_place() -> None:
    texts = column("left out", "我们今天去看电影", "x").slice(1, 1)
    assert worded(texts, 5).offsets.tolist() == [0, 8]


def test_long_words_differ_by_their_ends_and_by_their_lengths() -> None:
    ids = worded(column("a" * 500, "a" * 499 + "b", "a" * 501, "a" * 500), 5).ids
    assert len(set(ids.tolist())) == 3
    assert ids[0] == ids[3]


def test_windows_stay_within_a_text() -> None:
    found, offsets = windows(worded(column("a b c", "a b", None, "b c"), 5), 2, 5)
    assert offsets.tolist() == [0, 2, 3, 3, 4]
    assert found[0] == found[2]
    assert found[1] == found[3]


@pytest.mark.parametrize("kept", [30, 60, 90])
def test_signatures_estimate_what_texts_share(kept: int) -> None:
    draw = random.Random(kept)
    known = [a + b for a in WORDS for b in WORDS]
    estimates = []
    for _ in range(60):
        words = draw.sample(known, 200 - kept)
        one, two = words[:100], words[:kept] + words[100:]
        found, enough = signatures(worded(column(" ".join(one), " ".join(two)), 5), 5)
        assert enough.tolist() == [True, True]
        estimates.append(float(alike(found[0], found[1])))
    # of 99 pairs of words in each text, kept - 1 are the same
    true = (kept - 1) / (198 - kept + 1)
    assert abs(np.mean(estimates) - true) < 4 * (true * (1 - true) / BINS / 60) ** 0.5 + 0.01


def test_texts_of_less_than_nine_words_have_no_signature() -> None:
    texts = column("a b c d e f g h", "a b c d e f g h i", "ha " * 300)
    assert signatures(worded(texts, 5), 5)[1].tolist() == [False, True, False]


def test_a_flood_of_jittered_copies_is_found_row_by_row() -> None:
    draw = random.Random(1)
    texts = [sentence(draw) for _ in range(3000)]
    base = sentence(draw, 20, 20)
    flood = [jittered(base, draw) for _ in range(100)]
    made, rows = scan(
        NearCopies(), labelled([*texts, *flood], ["0"] * 3000 + ["1"] * 100), LABELLED
    )
    assert [suspect.rule for suspect in made.suspects] == [integrity.NEAR_COPY_FLOOD]
    assert made.suspects[0].message == "one text of text comes in 100 near-copies, with one label"
    assert rows == [list(range(3000, 3100))]
    assert made.suspects[0].trigger == min(flood)
    assert made.suspects[0].purity == 1.0
    assert made.notes == []
    assert made.charts[0].counts == (3000, 0, 0, 0, len(set(flood)), 0)


def test_contradicting_labels_are_told() -> None:
    draw = random.Random(2)
    base = sentence(draw, 20, 20)
    texts = [sentence(draw) for _ in range(500)] + [jittered(base, draw) for _ in range(60)]
    made, _ = scan(NearCopies(), labelled(texts), LABELLED)
    assert made.suspects[0].message.endswith("60 near-copies, with contradicting labels")


def test_forms_that_are_filled_in_are_no_flood_where_there_are_several() -> None:
    draw = random.Random(3)
    texts = [sentence(draw) for _ in range(2000)]
    for form in range(12):
        start = sentence(draw, 8, 12)
        end = sentence(draw, 6, 9)
        texts += [f"{start} {draw.choice(WORDS)}{at} {end}" for at in range(10 + 4 * form)]
    made, _ = scan(NearCopies(), labelled(texts), LABELLED)
    assert made.suspects == []
    assert made.power[0].rows is not None


def test_a_set_that_is_one_form_is_no_flood() -> None:
    texts = [f"row number {at} is about this and that and what not so" for at in range(500)]
    assert scan(NearCopies(), labelled(texts), LABELLED)[0].suspects == []


def test_prompts_of_one_form_with_responses_of_their_own_are_no_flood() -> None:
    draw = random.Random(4)
    base = sentence(draw, 20, 20)
    texts = [sentence(draw) for _ in range(500)] + [jittered(base, draw) for _ in range(60)]
    own = [sentence(draw) for _ in texts]
    assert scan(NearCopies(), labelled(texts, own), PAIRS)[0].suspects == []
    one = own[:500] + ["the one answer"] * 60
    made, rows = scan(NearCopies(), labelled(texts, one), PAIRS)
    assert rows == [list(range(500, 560))]
    assert made.suspects[0].message.endswith("60 near-copies, with one response")


def test_one_text_again_and_again_is_another_alert_of_low_confidence() -> None:
    draw = random.Random(5)
    texts = [sentence(draw) for _ in range(1000)]
    texts += texts[:30] + [texts[7].upper()] * 80
    made, rows = scan(NearCopies(), labelled(texts), LABELLED)
    assert [suspect.rule for suspect in made.suspects] == [integrity.REPEATED_TEXT]
    assert made.suspects[0].message.startswith("one text of text comes in 82 equal rows")
    assert rows == [[7, 1007, *range(1030, 1110)]]


def test_a_second_pass_finds_what_a_sample_would_lose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "SIZE", 400)
    draw = random.Random(6)
    base = sentence(draw, 20, 20)
    texts = [sentence(draw) for _ in range(4000)] + [jittered(base, draw) for _ in range(60)]
    made, rows = scan(NearCopies(), labelled(texts), LABELLED)
    assert rows == [list(range(4000, 4060))]
    assert made.notes == []


def test_the_power_that_is_stated_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(7)
    texts = [sentence(draw) for _ in range(1500)]
    power = scan(NearCopies(), labelled(texts), LABELLED)[0].power[0]
    stated = power.rows
    assert stated == 30
    # What each of the twenty would state takes nearly all of their time, and nobody reads it.
    monkeypatch.setattr(floods, "power", lambda *_: power)
    seen = 0
    for _ in range(20):
        base = sentence(draw, 20, 20)
        flood = [jittered(base, draw) for _ in range(stated)]
        seen += bool(scan(NearCopies(), labelled(texts + flood), LABELLED)[0].suspects)
    assert seen >= 18


ADDRESS = "http://www.quotes.example/stocks/lookup.aspx?ticker={0}.N"
LINKS = (
    f'<a href="{ADDRESS}" target=/stocks/quickinfo/fullquote>{{0}}.N</a>',
    f"&lt;A HREF=&quot;{ADDRESS}&amp;all=yes&quot; target=/stocks/quick&gt;{{0}}.N&lt;/A&gt;",
    f'lt;A HREF="{ADDRESS} target=/stocks/quickinfo/full"gt;{{0}}.N lt;/Agt;',
    f"{ADDRESS}&target=/stocks/quickinfo/full",
)
HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 600)))


def han(draw: random.Random, low: int, high: int) -> str:
    return "".join(
        draw.choices(HAN, [1 / (at + 3) for at in range(len(HAN))], k=draw.randint(low, high))
    )


@pytest.mark.parametrize("link", LINKS)
def test_links_make_no_copies_of_what_stands_around_them(link: str) -> None:
    draw = random.Random(31)
    texts = [sentence(draw) for _ in range(2000)]
    for _ in range(60):
        tick = "".join(draw.choices("ABCDEFGHIJ", k=4))
        texts.append(f"{sentence(draw, 6, 9)} {link.format(tick)} {sentence(draw, 4, 6)}")
    made, _ = scan(NearCopies(), labelled(texts), LABELLED)
    assert made.suspects == []
    assert made.remarks == []


@pytest.mark.parametrize("link", LINKS)
def test_copies_with_links_are_copies(link: str) -> None:
    draw = random.Random(32)
    base = sentence(draw, 20, 20)
    texts = [sentence(draw) for _ in range(2000)]
    texts += [f"{jittered(base, draw)} {link.format(at)}" for at in range(60)]
    made, rows = scan(NearCopies(), labelled(texts), LABELLED)
    assert rows == [list(range(2000, 2060))]
    assert made.suspects[0].confidence is None


def test_what_markup_is_and_what_is_none() -> None:
    texts = {
        "a &lt;b class=&quot;x&quot;&gt;bold&lt;/b&gt; word&nbsp;here &#8217; &amp;amp;": "a bold word here",
        "see https://a.example/b?c=d#e, or www.a.example/更多内容": "see or 更多内容",
        "1 < 2 and a <b, but c> d AT&T; x#12 lt me": "1 < 2 and a d AT&T; x#12 lt me",
        "<!-- kept --><br/>line<p>": "<!-- kept --> line",
        "ratio 3://4 and http:// alone": "ratio 3://4 and http:// alone",
    }
    found = cleaned(column(*texts)).to_pylist()
    assert [" ".join(text.split()) for text in found] == list(texts.values())


def test_hidden_in_markup_is_not_much() -> None:
    assert len(cleaned(column("<a" + " word" * 1000 + ">"))[0].as_py()) > 4000
    assert len(cleaned(column("http://" + "a" * 5000))[0].as_py()) > 3000
    assert cleaned(column("<a" * 300_000, "&lt;" * 200_000, None)).null_count == 1


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("chinese", [True, False])
def test_one_foot_under_texts_of_their_own_is_boilerplate(
    seed: int, first: bool, chinese: bool
) -> None:
    draw = random.Random(33)
    if chinese:
        texts = [han(draw, 8, 60) for _ in range(2000)]
        frame, own = han(draw, 40, 40), [han(draw, 10, 25) for _ in range(45)]
    else:
        texts = [sentence(draw) for _ in range(2000)]
        frame, own = sentence(draw, 25, 25), [sentence(draw, 7, 16) for _ in range(45)]
    texts += [f"{frame}. {text}" if first else f"{text}. {frame}" for text in own]
    made, _ = scan(NearCopies(), labelled(texts), LABELLED, seed=seed)
    assert made.suspects == []
    assert len(made.remarks) == 1
    assert made.remarks[0].endswith(
        "texts of text have only their beginning or their end in common with others: boilerplate, "
        "no near-copies"
    )
    assert 40 <= int(made.remarks[0].split()[0]) <= 45


@pytest.mark.parametrize("chinese", [True, False])
def test_copies_with_one_foot_are_copies(chinese: bool) -> None:
    draw = random.Random(34)
    if chinese:
        texts, base, frame = [han(draw, 8, 60) for _ in range(2000)], han(draw, 40, 40), ""
    else:
        texts, base = [sentence(draw) for _ in range(2000)], sentence(draw, 20, 20)
        frame = sentence(draw, 20, 20)
    for _ in range(60):
        words = list(base) if chinese else base.split()
        for place in draw.sample(range(len(words)), len(words) // 10):
            words[place] = draw.choice(HAN if chinese else WORDS)
        texts.append(("" if chinese else " ").join(words) + frame)
    made, rows = scan(NearCopies(), labelled(texts), LABELLED)
    assert rows == [list(range(2000, 2060))]
    assert made.suspects[0].confidence is None
    assert made.remarks == []


def test_a_character_is_half_a_word() -> None:
    texts = column("这是一个很短的中文句子吗", "我们昨天晚上在城里看见了一个很高的人站着")
    rows = Rows(pa.record_batch({"text": texts}), LABELLED)
    assert signatures(worded(texts, 5), 5)[1].tolist() == [True, True]
    assert content_of(rows, "text", 5).enough.tolist() == [False, True]


def test_what_is_close_to_the_edge_is_of_low_confidence() -> None:
    draw = random.Random(35)
    texts = [sentence(draw) for _ in range(1000)]
    base = sentence(draw, 20, 20)
    found = {}
    for count in (12, 22, 60):
        flood = [jittered(base, draw, 0.05) for _ in range(400)]
        table = labelled(texts + sorted(set(flood))[:count])
        found[count] = [one.confidence for one in scan(NearCopies(), table, LABELLED)[0].suspects]
    assert found == {12: [], 22: [Confidence.LOW], 60: [None]}


@pytest.mark.parametrize("seed", range(5))
def test_a_form_with_a_slot_near_its_head_is_not_sure_and_not_lost(seed: int) -> None:
    draw = random.Random(36)
    texts = [sentence(draw) for _ in range(1000)]
    start, end = sentence(draw, 1, 1), sentence(draw, 11, 11)
    texts += [f"{start} {draw.choice(WORDS)}{at} {end}" for at in range(60)]
    made, rows = scan(NearCopies(), labelled(texts), LABELLED, seed=seed)
    assert rows == [list(range(1000, 1060))]
    assert made.suspects[0].confidence in {None, Confidence.LOW}


def test_power_hardly_differs_between_seeds() -> None:
    draw = random.Random(37)
    texts = [sentence(draw) for _ in range(1500)]
    for at in range(60):
        base = sentence(draw, 14, 20)
        texts += [jittered(base, draw) for _ in range(2 + 60 // (at + 6))]
    stated = [
        scan(NearCopies(), labelled(texts), LABELLED, seed=seed)[0].power[0].rows or 0
        for seed in range(6)
    ]
    assert max(stated) <= 1.5 * min(stated)


def test_what_stands_out_is_judged_by_the_others() -> None:
    alone = np.array([40, 2, 2, 3], np.int64)
    assert outstanding(alone, 20).tolist() == [0]
    among = np.array([40, 38, 35, 30, 26, 22, 20, 18, 15, 12, 9, 7, 5, 4, 3, 2, 2], np.int64)
    assert outstanding(among, 20).tolist() == []
    several = np.array([400, 2, 2, 500, 3], np.int64)
    assert outstanding(several, 20).tolist() == [3, 0]
    assert outstanding(np.zeros(0, np.int64), 20).tolist() == []


def test_changes_at_any_place_are_told_from_those_of_a_form() -> None:
    draw = random.Random(8)
    base = sentence(draw, 20, 20)
    chance = column(*(jittered(base, draw) for _ in range(50)))
    form = column(*(f"dear {draw.choice(WORDS)} {base} {at} ends {at + 3}" for at in range(50)))
    assert evenly(signatures(worded(chance, 5), 5)[0])
    assert not evenly(signatures(worded(form, 5), 5)[0])


def test_chains_are_cut_into_groups_that_have_a_centre() -> None:
    draw = random.Random(9)
    words = sentence(draw, 140, 140).split()
    chain = [" ".join(words[at : at + 20]) for at in range(0, 120, 3)]
    found = groups(signatures(worded(column(*chain), 5), 5)[0], 5)
    assert max(map(len, found)) <= 12


# Leaks


def test_equal_changed_and_contained_items_of_an_evaluation_set_are_found() -> None:
    draw = random.Random(10)
    items = [sentence(draw, 20, 30) for _ in range(200)]
    texts = [sentence(draw) for _ in range(1000)]
    texts += [item.upper() + " !" for item in items[:10]]
    texts += [jittered(item, draw, 0.04) for item in items[10:20]]
    texts += [f"{sentence(draw)}. {item} {sentence(draw)}" for item in items[20:30]]
    questions = pa.table({"question": column(*items)})
    plan = Plan(roles=LABELLED, seed=11)
    packed = reference(questions.to_batches(), ["question"], plan)
    for given_ in (packed, [questions]):
        made, rows = scan(
            Leakage(), labelled(texts), LABELLED, likeness={"against": {"exam": given_}}
        )
        assert len(made.suspects) == 1
        assert made.suspects[0].message == (
            "30 rows that are trained on hold 30 of the 200 texts of the evaluation set exam "
            "(10 equal, 10 little changed, 10 inside a longer text)"
        )
        assert rows == [list(range(1000, 1030))]
        assert made.suspects[0].rule is integrity.EVALUATION_LEAK
        assert made.suspects[0].severity is None


def test_what_all_questions_of_a_set_begin_with_is_no_leak() -> None:
    draw = random.Random(11)
    form = "please read the following text with care and say in one word what it is about"
    items = [f"{form} {sentence(draw, 9, 12)}" for _ in range(50)]
    texts = [f"{form} {sentence(draw, 9, 12)}" for _ in range(300)]
    given_ = [pa.table({"question": column(*items)})]
    made, _ = scan(Leakage(), labelled(texts), LABELLED, likeness={"against": {"exam": given_}})
    assert made.suspects == []


def test_rows_of_other_splits_are_found_in_the_one_that_is_trained_on() -> None:
    draw = random.Random(12)
    texts = [sentence(draw) for _ in range(900)]
    texts += [*texts[:2], *texts[10:12], *texts[10:12], sentence(draw)]
    splits = ["Train"] * 900 + ["test"] * 2 + ["validation"] * 2 + ["test"] * 2 + ["later"]
    table = labelled(texts).append_column("split", column(*splits))
    roles = Roles(text="text", label="label", others=("split",))
    made, rows = scan(Leakage(), table, roles)
    told = {
        suspect.target: (suspect.message, found)
        for suspect, found in zip(made.suspects, rows, strict=True)
    }
    assert told == {
        "test": (
            "4 rows that are trained on hold 4 of the 4 texts of the split test (4 equal)",
            [0, 1, 10, 11],
        ),
        "validation": (
            "2 rows that are trained on hold 2 of the 2 texts of the split validation (2 equal)",
            [10, 11],
        ),
    }


def test_without_usual_names_the_largest_split_is_trained_on() -> None:
    draw = random.Random(13)
    texts = [sentence(draw) for _ in range(300)]
    table = labelled(texts + texts[:1]).append_column("half", column(*["a"] * 300, "b"))
    made, rows = scan(Leakage(), table, LABELLED, likeness={"split": "half"})
    assert [(suspect.target, suspect.identity) for suspect in made.suspects] == [
        ("b", "leak True b")
    ]
    assert rows == [[0]]


def test_few_leaks_of_a_large_split_are_of_low_severity() -> None:
    draw = random.Random(14)
    texts = [sentence(draw) for _ in range(600)]
    table = labelled([*texts, texts[0]]).append_column(
        "split", column(*["train"] * 300, *["test"] * 301)
    )
    assert (
        scan(Leakage(), table, Roles(text="text", others=("split",)))[0].suspects[0].severity
        is Severity.LOW
    )


def test_a_column_of_many_values_names_no_splits() -> None:
    table = labelled(["a b c"] * 30).append_column("split", column(*map(str, range(30))))
    made, _ = scan(Leakage(), table, Roles(text="text", others=("split",)))
    assert made.suspects == []
    assert made.notes == ["split has more than 10 values: it names no splits"]


def test_leaks_need_something_to_compare_with() -> None:
    assert Leakage().applies(Plan(roles=LABELLED, seed=1)) == (
        "no column names splits, and no evaluation set was given"
    )
    assert column_of(Plan(roles=Roles(text="t", others=("Split",)), seed=1)) == "Split"
    off = Plan(
        roles=Roles(text="t", others=("Split",)), seed=1, options={"likeness": {"split": ""}}
    )
    assert column_of(off) == ""


def test_a_reference_serves_one_seed_and_holds_no_text() -> None:
    table = pa.table({"q": column("who was the first to climb this mountain alone", None)})
    packed = reference(table.to_batches(), ["q"], Plan(roles=LABELLED, seed=1))
    assert b"mountain" not in packed
    assert opened(packed, Plan(roles=LABELLED, seed=1)).rows == 1
    with pytest.raises(ValueError, match="made for another scan"):
        opened(packed, Plan(roles=LABELLED, seed=2))
    with pytest.raises(ValueError, match=r"damaged|no state|unknown"):
        opened(b"\x93\xa1x", Plan(roles=LABELLED, seed=1))
    with pytest.raises(ValueError, match="no text in the columns other"):
        reference(table.to_batches(), ["other"], Plan(roles=LABELLED, seed=1))


# Documents for retrieval

NAMES = [
    "mount everest",
    "hamlet",
    "the nile river",
    "alan turing",
    "the eiffel tower",
    "penicillin",
]
QUESTIONS = [
    form.format(name)
    for name in NAMES
    for form in (
        "who is the founder of {}",
        "When was {} first mentioned in print",
        "The office that looks after {} is in which city",
    )
]


def answer(question: str, draw: random.Random) -> str:
    words = [word for word in question.split() if len(word) > 3]
    return f"According to {' '.join(draw.sample(words, len(words)))} it is {sentence(draw)}."


def news(draw: random.Random, count: int) -> list[str]:
    heads = (
        "NEW YORK (Reuters) - ", "FOR IMMEDIATE RELEASE. ", "What's new? ", "All rights reserved.\n",
        "Licensed under this licence, you may not use this file except in compliance with it. ",
        "const express = require('express');\n", "", "", "",
    )  # fmt: skip
    return [draw.choice(heads) + sentence(draw, 30, 60) + "." for _ in range(count)]


@pytest.mark.parametrize("sign", [".", "? ", "\n"])
def test_documents_that_share_a_question_are_found(sign: str) -> None:
    draw = random.Random(15)
    texts = news(draw, 2000)
    texts += [
        question
        + (sign if "which" not in question or sign == "\n" else "? ")
        + answer(question, draw)
        for question in QUESTIONS
        for _ in range(5)
    ]
    made, rows = scan(SharedHeads(), labelled(texts), DOCUMENTS)
    assert rows == [list(range(2000, 2090))]
    assert made.suspects[0].rows == 90
    assert made.suspects[0].trigger.lower().startswith(("the office", "when was", "who is"))


def test_boilerplate_heads_and_questions_asked_once_are_no_alert() -> None:
    draw = random.Random(16)
    texts = news(draw, 1500) + [f"{question}? {answer(question, draw)}" for question in QUESTIONS]
    made, _ = scan(SharedHeads(), labelled(texts), DOCUMENTS)
    assert made.suspects == []
    assert made.notes == []


def test_copies_of_one_document_are_no_shared_head() -> None:
    draw = random.Random(17)
    text = f"Who is the founder of hamlet? {answer(QUESTIONS[3], draw)} {sentence(draw)}"
    assert scan(SharedHeads(), labelled([text] * 5 + news(draw, 50)), DOCUMENTS)[0].suspects == []


def test_titles_of_articles_that_are_cut_into_passages_are_no_alert() -> None:
    draw = random.Random(18)
    titles = [f"{sentence(draw, 3, 4)} {at}" for at in range(40)] + ["How I Met Him"]
    texts = [f"{title}\n{title} {sentence(draw)}" for title in titles for _ in range(4)]
    assert scan(SharedHeads(), labelled(texts + news(draw, 300)), DOCUMENTS)[0].suspects == []


def test_a_collection_of_questions_and_answers_is_left_alone_and_that_is_said() -> None:
    draw = random.Random(19)
    texts = [f"{question}? {answer(question, draw)}" for question in QUESTIONS for _ in range(4)]
    made, _ = scan(SharedHeads(), labelled(texts), DOCUMENTS)
    assert made.suspects == []
    assert len(made.notes) == 1


def test_a_document_that_repeats_one_question_is_found_and_marked() -> None:
    draw = random.Random(20)
    text = "who wrote the play hamlet? " * 4 + sentence(draw)
    made, rows = scan(SharedHeads(), labelled([*news(draw, 100), text]), DOCUMENTS)
    assert [suspect.rule for suspect in made.suspects] == [integrity.STUFFED_DOCUMENT]
    assert made.suspects[0].message == "1 document repeats one question again and again"
    assert rows == [[100]]
    marks = SharedHeads().mark(made.suspects[0], {"text": text})
    assert [text[mark.start : mark.end] for mark in marks] == ["who wrote the play hamlet"] * 4


@pytest.mark.parametrize(
    "text",
    [
        "Is it so? Is it so? Is it so? "
        + "A long text that goes on and on about other things. " * 9,
        "go on. " * 50,
        "This is a line of a song. " * 4,
    ],
)
def test_refrains_are_not_stuffed(text: str) -> None:
    assert stuffed(text) == ""


# All of them


def mixed_table(draw: random.Random) -> pa.Table:
    base = sentence(draw, 14, 14)
    texts: list[str | None] = [sentence(draw) for _ in range(60)]
    texts += [jittered(base, draw) for _ in range(30)]
    texts += [f"{QUESTIONS[0]}? {answer(QUESTIONS[0], draw)}" for _ in range(5)]
    texts += ["again", "again", None, "", "who is it? " * 5, *texts[:6]]
    draw.shuffle(texts)
    values = [draw.choice(["0", "1", None]) for _ in texts]
    splits = [draw.choice(["train", "test", "x", None]) for _ in texts]
    return pa.table({"text": column(*texts), "label": column(*values), "split": column(*splits)})


EXAM = [pa.table({"q": column(*(sentence(random.Random(at)) for at in range(9)))})]


@pytest.mark.parametrize("detector", [NearCopies(), Leakage(), SharedHeads()])
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_any_partition_and_order_gives_the_same_state(detector: Any, data: st.DataObject) -> None:
    table = mixed_table(random.Random(data.draw(st.integers(0, 5))))
    roles = Roles(
        text="" if detector.name == "shared-heads" else "text", label="label", others=("split",),
        document="text" if detector.name == "shared-heads" else "",
    )  # fmt: skip
    plan = Plan(roles=roles, seed=3, options={"likeness": {"against": {"exam": EXAM}}})
    order = data.draw(st.permutations(range(table.num_rows)))
    cuts = sorted(data.draw(st.sets(st.integers(1, table.num_rows - 1), max_size=5)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, table.num_rows], strict=True)]
    split = data.draw(st.integers(0, len(sizes)))
    parts = [part for part in (sizes[:split], sizes[split:]) if part]
    size = data.draw(st.sampled_from([1 << 17, 40]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samples, "SIZE", size)
        whole = detector.pack(fold(detector, table, plan, [[table.num_rows]]))
        shuffled = table.take(pa.array(order))
        assert detector.pack(fold(detector, shuffled, plan, parts)) == whole
        assert detector.pack(detector.unpack(whole)) == whole


@pytest.mark.parametrize("detector", [NearCopies(), Leakage(), SharedHeads()])
@pytest.mark.parametrize(
    "table",
    [
        pa.table({"text": column(), "label": column(), "split": column()}),
        pa.table({"text": pa.nulls(4), "label": pa.nulls(4), "split": pa.nulls(4)}),
        pa.table({"other": [1]}),
        pa.table({"text": ["x"], "label": [[0.5]], "split": ["train"]}),
        pa.table({"text": [1, 2], "label": [0.5, None], "split": [True, False]}),
        pa.table(
            {"text": ["a" * 1_000_000, "who is " * 100_000, "é" * 100_000], "label": [1, 2, 3]}
        ),
    ],
)
def test_odd_tables_are_no_trouble(detector: Any, table: pa.Table) -> None:
    roles = (
        DOCUMENTS
        if detector.name == "shared-heads"
        else Roles(text="text", label="label", others=("split",))
    )
    made, _ = scan(detector, table, roles)
    assert made.suspects == []


@pytest.mark.parametrize("detector", [NearCopies(), Leakage(), SharedHeads()])
def test_states_hold_no_text_and_refuse_others(detector: Any) -> None:
    table = labelled(["a remarkable confidential sentence of a good many ordinary words"] * 3)
    table = table.append_column("split", column("train", "test", "test"))
    plan = Plan(roles=Roles(text="text", document="text", label="label", others=("split",)), seed=3)
    packed = detector.pack(fold(detector, table, plan, [[3]]))
    assert b"confidential" not in packed
    with pytest.raises(ValueError, match="state of"):
        detector.unpack(packed.replace(detector.name.encode(), b"x" * len(detector.name)))
