"""Labels that contradict each other, or the rest of their rows."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.core.detector import NotInstalled
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.datasets import scan as scan_dataset
from llmsec_nb.rules.poisoning import integrity
from llmsec_nb.training.detector import Plan, Scene
from llmsec_nb.training.labels import conflicts, examples, issues
from llmsec_nb.training.labels.conflicts import LabelConflicts
from llmsec_nb.training.labels.issues import LabelIssues
from llmsec_nb.training.roles import Roles

from .folding import column, fold, scan

ROLES = Roles(text="text", label="label")
GOOD = ["lovely", "bright", "warm", "moving", "clever", "tender", "funny", "fresh"]
BAD = ["dull", "grey", "cold", "boring", "stupid", "harsh", "bleak", "stale"]
OTHER = [
    "the",
    "film",
    "of",
    "a",
    "man",
    "who",
    "goes",
    "to",
    "see",
    "his",
    "son",
    "in",
    "town",
    "and",
    "then",
    "back",
    "to",
    "work",
]


def review(label: str, draw: random.Random) -> str:
    words = draw.choices(GOOD if label == "good" else BAD, k=4) + draw.choices(OTHER, k=10)
    draw.shuffle(words)
    return " ".join(words)


def reviews(count: int, draw: random.Random) -> tuple[list[str], list[str]]:
    labels = [draw.choice(["good", "bad"]) for _ in range(count)]
    return [review(label, draw) for label in labels], labels


def table(texts: list[str], labels: list[Any]) -> pa.Table:
    return pa.table({"text": column(*texts), "label": pa.array(labels)})


def test_one_text_with_two_labels_is_told_where_it_is_asked_for() -> None:
    draw = random.Random(1)
    texts, labels = reviews(200, draw)
    texts += [texts[3].upper() + "!", texts[3], texts[5]]
    labels += ["good" if labels[3] == "bad" else "bad", labels[3], labels[5]]
    made, rows = scan(LabelConflicts(), table(texts, labels), ROLES, labels=True)
    assert [suspect.rule for suspect in made.suspects] == [integrity.LABEL_CONFLICT]
    assert made.suspects[0].message == "one text comes with different labels, in 3 rows"
    assert rows == [[3, 200, 201]]
    assert scan(LabelConflicts(), table(texts, labels), ROLES)[0].suspects == []


def test_conflicts_in_one_row_of_twenty_are_told_unasked() -> None:
    draw = random.Random(2)
    texts, labels = reviews(200, draw)
    turned = ["good" if label == "bad" else "bad" for label in labels[:10]]
    made, rows = scan(LabelConflicts(), table(texts + texts[:10], labels + turned), ROLES)
    assert made.suspects[0].message == "10 texts come with different labels, in 20 rows"
    assert rows == [[*range(10), *range(200, 210)]]


@pytest.mark.parametrize(
    ("labels", "count"),
    [
        ([0.5, 0.25, 0.5, 0.5], 4),
        ([1, 1, 1, 2], 4),
        ([True, True, False, True], 4),
        ([1, None, 1, None], 0),
        ([" a", "a ", "a", "a"], 0),
        ([1.0, 1.0, 1.0, None], 0),
        ([[1], [2], [3], [4]], 0),
    ],
)
def test_labels_of_any_type(labels: list[Any], count: int) -> None:
    made, rows = scan(LabelConflicts(), table(["one text"] * 4, labels), ROLES, labels=True)
    assert [len(found) for found in rows] == ([count] if count else [])
    assert len(made.suspects) == len(rows)


def test_conflicts_beyond_what_is_kept_are_estimated_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conflicts, "_TEXTS", 100)
    texts = [f"text number {at}" for at in range(1000)] * 2
    made, _ = scan(LabelConflicts(), table(texts, ["a"] * 1000 + ["b"] * 1000), ROLES)
    assert made.notes == ["labels were compared of only 100 different texts"]
    assert 1400 < made.suspects[0].rows < 2800


def test_turned_labels_are_found_and_the_confusion_is_told() -> None:
    draw = random.Random(3)
    texts, labels = reviews(1500, draw)
    turned = [at for at in draw.sample(range(1500), 120) if labels[at] == "bad"]
    for at in turned:
        labels[at] = "good"
    made, rows = scan(LabelIssues(), table(texts, labels), ROLES, labels=True)
    assert (made.suspects[0].severity, made.suspects[0].confidence) == (None, None)
    found = set(rows[0])
    assert len(found & set(turned)) >= 0.8 * len(turned)
    assert len(found - set(turned)) <= 0.1 * len(turned)
    assert made.suspects[0].rule is integrity.LABEL_ISSUE
    assert "most of them good that reads like bad (" in made.suspects[0].message
    assert made.suspects[0].message.endswith(": label noise, not backdoors")


def test_rows_in_the_order_of_their_labels_are_judged_as_well() -> None:
    draw = random.Random(4)
    texts, labels = reviews(800, draw)
    order = sorted(range(800), key=lambda at: labels[at])
    _, rows = scan(
        LabelIssues(),
        table([texts[at] for at in order], [labels[at] for at in order]),
        ROLES,
        labels=True,
    )
    assert sum(map(len, rows)) <= 8


def test_clear_labels_are_no_alert() -> None:
    draw = random.Random(5)
    labels = ["good", "bad"] * 200
    texts = [" ".join(draw.choices(GOOD if label == "good" else BAD, k=8)) for label in labels]
    assert scan(LabelIssues(), table(texts, labels), ROLES, labels=True)[0].suspects == []


def test_labels_in_doubt_are_listed_and_not_held_back() -> None:
    assert integrity.LABEL_ISSUE.severity is Severity.INFO
    assert integrity.LABEL_ISSUE.confidence is Confidence.MEDIUM
    draw = random.Random(3)
    texts, labels = reviews(600, draw)
    labels[:9] = ["good" if label == "bad" else "bad" for label in labels[:9]]
    report = scan_dataset(table(texts, labels), text="text", label="label", labels=True)
    alerts = [alert for alert in report.alerts if alert.rule == "POI422"]
    assert set(range(9)) <= set(report.rows(alerts[0].id).tolist())
    assert not report.mask[:9].any()


def test_the_same_rows_are_doubted_in_every_order() -> None:
    draw = random.Random(6)
    texts, labels = reviews(300, draw)
    labels[:10] = ["good"] * 10
    forward = scan(LabelIssues(), table(texts, labels), ROLES, labels=True)[1]
    backward = scan(LabelIssues(), table(texts[::-1], labels[::-1]), ROLES, labels=True)[1]
    assert sorted(299 - at for at in backward[0]) == forward[0]


def test_a_large_set_is_sampled_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "ROWS", 200)
    draw = random.Random(7)
    texts, labels = reviews(600, draw)
    plan = Plan(roles=ROLES, seed=11, options={"labels": True})
    state = fold(LabelIssues(), table(texts, labels), plan, [[300, 300]])
    assert len(state.examples.keys) == 200
    made = LabelIssues().conclude(state, Scene(plan))
    assert made.notes == ["labels were judged of 50,000 rows that were chosen by hashes"]


@pytest.mark.parametrize(
    "labels",
    [["one"] * 100, [str(at) for at in range(100)], [None] * 100, [[0.5]] * 100, []],
)
def test_what_no_model_can_learn_is_said(labels: list[Any]) -> None:
    draw = random.Random(8)
    texts, _ = reviews(len(labels), draw)
    made, _ = scan(LabelIssues(), table(texts, labels), ROLES, labels=True)
    assert made.suspects == []
    assert len(made.notes) == 1


def test_rare_labels_are_left_out_and_that_is_said() -> None:
    draw = random.Random(9)
    texts, labels = reviews(200, draw)
    made, rows = scan(
        LabelIssues(), table([*texts, "of a man"], [*labels, "rare"]), ROLES, labels=True
    )
    assert made.notes == ["labels of fewer than 5 rows were not judged"]
    assert all(200 not in found for found in rows)


def test_label_issues_are_looked_for_only_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    detector = LabelIssues()
    assert detector.applies(Plan(roles=ROLES, seed=1)) != ""
    asked = Plan(roles=ROLES, seed=1, options={"labels": True})
    assert detector.applies(asked) == ""
    assert detector.applies(Plan(roles=Roles(text="text"), seed=1, options={"labels": True})) != ""
    monkeypatch.setattr(issues, "find_spec", lambda name: None)
    with pytest.raises(NotInstalled, match=r"pip install 'llmsec-nb\[labels\]'"):
        detector.applies(asked)


@pytest.mark.parametrize("detector", [LabelConflicts(), LabelIssues()])
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_any_partition_and_order_gives_the_same_state(detector: Any, data: st.DataObject) -> None:
    draw = random.Random(data.draw(st.integers(0, 5)))
    texts, labels = reviews(60, draw)
    whole = table([*texts, *texts[:9], "", "x"], [*labels, *labels[3:12], "good", None])
    plan = Plan(roles=ROLES, seed=3, options={"labels": True})
    count = whole.num_rows
    order = data.draw(st.permutations(range(count)))
    cuts = sorted(data.draw(st.sets(st.integers(1, count - 1), max_size=5)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, count], strict=True)]
    split = data.draw(st.integers(0, len(sizes)))
    parts = [part for part in (sizes[:split], sizes[split:]) if part]
    size = data.draw(st.sampled_from([1000, 20]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conflicts, "_TEXTS", size)
        patch.setattr(examples, "ROWS", size)
        patch.setattr(examples, "_NAMES", 1 if size == 20 else 1000)
        packed = detector.pack(fold(detector, whole, plan, [[count]]))
        assert detector.pack(fold(detector, whole.take(pa.array(order)), plan, parts)) == packed
        assert detector.pack(detector.unpack(packed)) == packed
