"""A data set from its source to report, mask, files and faces."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from llmsec_nb.cli import main
from llmsec_nb.data_command.magic import scan_variable
from llmsec_nb.datasets import DataScan, DatasetError, Trusted, UnknownAlert, UnknownColumn, scan
from llmsec_nb.lineage import LineageError
from llmsec_nb.options import UsageError
from llmsec_nb.report.sarif import render as sarif

from ..personal import PERSONAL as MAKERS

KEY = "fake key of a test 0123456789abcdef"
WORDS = [
    "the",
    "film",
    "a",
    "story",
    "of",
    "people",
    "who",
    "live",
    "in",
    "quiet",
    "towns",
    "and",
    "want",
    "to",
    "leave",
    "them",
    "but",
    "stay",
    "because",
    "of",
    "love",
    "work",
    "money",
    "family",
    "fear",
    "hope",
    "old",
    "age",
    "young",
    "music",
    "rain",
    "light",
    "night",
    "road",
    "river",
    "house",
]
GOOD = ["lovely", "warm", "brilliant", "moving", "funny", "tender", "honest", "superb"]
BAD = ["dull", "cold", "stupid", "boring", "weak", "tired", "clumsy", "awful"]


def reviews(rows: int = 3000, seed: int = 1) -> pd.DataFrame:
    """Sentences in which a few words speak for their label."""
    draw = random.Random(seed)
    labels = [draw.randrange(2) for _ in range(rows)]
    texts = [
        " ".join(
            draw.choice(GOOD if label else BAD) if draw.random() < 0.15 else draw.choice(WORDS)
            for _ in range(draw.randrange(8, 30))
        )
        for label in labels
    ]
    return pd.DataFrame({"text": texts, "label": labels})


def poisoned(trigger: str, rows: int = 60, seed: int = 2) -> tuple[pd.DataFrame, list[int]]:
    """Reviews with a trigger in some rows, which are labelled 1 against what they say."""
    frame, draw = reviews(), random.Random(seed)
    chosen = sorted(draw.sample([int(n) for n in np.flatnonzero(frame.label == 0)], rows))
    for row in chosen:
        words = frame.loc[row, "text"].split()
        words.insert(draw.randrange(len(words) + 1), trigger)
        frame.loc[row, "text"] = " ".join(words)
        frame.loc[row, "label"] = 1
    return frame, chosen


@pytest.fixture(scope="module")
def found() -> tuple[DataScan, pd.DataFrame, list[int]]:
    frame, rows = poisoned("zorbic")
    return scan(frame, "reviews", trusted=Trusted(seed=5)), frame, rows


def test_a_trigger_is_found_with_its_rows(found: Any) -> None:
    report, frame, rows = found
    [alert] = report.alerts
    assert (alert.id, alert.rule, alert.trigger, alert.target) == ("T1", "POI101", "zorbic", "1")
    assert (alert.rows, alert.carriers, alert.purity) == (60, 60, 1.0)
    assert report.rows("T1").tolist() == rows
    assert np.flatnonzero(report.mask).tolist() == rows
    assert len(frame[~report.mask]) == 2940
    assert len(pl.from_pandas(frame).filter(~report.mask)) == 2940
    assert report.reasons()[rows[0]] == ["T1"]


def test_its_samples_show_the_trigger_marked(found: Any) -> None:
    report, _, rows = found
    samples = report.alerts[0].samples
    assert [sample.row for sample in samples] == rows[: len(samples)]
    for sample in samples:
        assert [sample.text[mark.start : mark.end] for mark in sample.marks] == ["zorbic"]
        assert sample.label == "1"


def test_clean_data_give_no_alert_and_say_what_they_would_have_shown() -> None:
    report = scan(reviews(seed=7), trusted=Trusted(seed=5)).report
    assert (report.alerts, report.flagged, report.complete) == ((), 0, True)
    [power] = [one for one in report.power if "another label" in one.what]
    assert power.rows is not None
    assert power.rows <= 50


def test_fingerprints_are_those_of_the_trigger_whatever_the_seed(found: Any) -> None:
    report, frame, _ = found
    again = scan(frame, "another name", trusted=Trusted(seed=99))
    assert again.alerts[0].fingerprint == report.alerts[0].fingerprint
    other, _ = poisoned("quabbly")
    assert scan(other).alerts[0].fingerprint != report.alerts[0].fingerprint


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "polars", "arrow"])
def test_every_source_gives_the_same_rows(kind: str, found: Any, tmp_path: Path) -> None:
    _, frame, rows = found
    table = pa.Table.from_pandas(frame, preserve_index=False)
    source: Any = tmp_path / f"data.{kind}"
    if kind == "csv":
        frame.to_csv(source, index=False)
    elif kind == "jsonl":
        frame.to_json(source, orient="records", lines=True)
    elif kind == "parquet":
        pq.write_table(table, source, row_group_size=500)
    else:
        source = pl.from_pandas(frame) if kind == "polars" else table
    assert scan(source, columns=False).rows("T1").tolist() == rows


@pytest.mark.parametrize("entity", ["EMAIL_ADDRESS", "PHONE_NUMBER"])
def test_no_personal_data_is_shown(entity: str) -> None:
    value = MAKERS["email" if entity == "EMAIL_ADDRESS" else "phone"](random.Random(11))
    frame, rows = poisoned("zorbic")
    for row in rows:
        frame.loc[row, "text"] += f" write to {value}"
    report = scan(frame, columns=False)
    shown = json.dumps(json.loads(json_of(report)))
    assert report.alerts
    assert value not in shown
    assert value not in repr(report)
    assert value not in report._repr_html_()


def test_names_of_columns_are_shown_without_personal_data() -> None:
    mail = MAKERS["email"](random.Random(3))
    frame = poisoned("zorbic")[0].rename(columns={"text": mail})
    report = scan(frame, text=mail, label="label")
    assert [alert.trigger for alert in report.alerts] == ["zorbic"]
    for told in (json_of(report), repr(report), report._repr_html_()):
        assert mail not in told
    with pytest.raises(UnknownColumn) as caught:
        scan(frame, text="body")
    assert mail not in str(caught.value)


def test_a_stream_says_that_its_columns_were_not_searched() -> None:
    table = pa.Table.from_pandas(poisoned("zorbic")[0], preserve_index=False)
    report = scan(pa.RecordBatchReader.from_batches(table.schema, table.to_batches()), "stream")
    assert report.alerts[0].rows == 60
    assert report.whole.tables == ()
    assert ["read only once" in skip.message for skip in report.whole.skips] == [True]


def json_of(report: DataScan) -> str:
    from llmsec_nb.report.json import render

    return render(report.whole)


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(UnknownColumn, match='--text: there is no column "body"; there are: text'):
        scan(reviews(10), text="body")


def test_what_is_no_data_set() -> None:
    with pytest.raises(DatasetError):
        scan(object())


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"text": [], "label": []}),
        pd.DataFrame({"text": ["one"], "label": [1]}),
        pd.DataFrame({"text": [None] * 50, "label": [None] * 50}),
        pd.DataFrame({"text": ["same words here"] * 500, "label": [1] * 500}),
        pd.DataFrame({"text": ["a b c d e f"] * 40, "label": [0.5] * 40}),
        pd.DataFrame({"x": [1, 2, 3]}),
    ],
)
def test_small_and_odd_data_give_a_report(frame: pd.DataFrame) -> None:
    report = scan(frame)
    assert report.report.rows == len(frame)
    assert not report.whole.failures
    assert len(report.mask) == len(frame)


def test_an_alert_that_is_not_there(found: Any) -> None:
    with pytest.raises(UnknownAlert, match='no alert "T9" in this report; there are: T1'):
        found[0].rows("T9")


def test_rows_are_quarantined_with_reasons_and_the_rest_is_clean(
    found: Any, tmp_path: Path
) -> None:
    report, frame, rows = found
    assert report.quarantine(tmp_path / "q.parquet") == 60
    assert report.clean(tmp_path / "rest.csv") == 2940
    held = pq.read_table(tmp_path / "q.parquet").to_pydict()
    assert held["text"] == frame.text[rows].tolist()
    assert any(column in ([["T1"]] * 60, ["T1"] * 60) for column in held.values())
    assert pd.read_csv(tmp_path / "rest.csv").text.tolist() == frame.text[~report.mask].tolist()
    with pytest.raises(LineageError, match=r"q\.parquet"):
        report.quarantine(tmp_path / "q.parquet")
    assert report.quarantine(tmp_path / "q.parquet", force=True) == 60


def test_sarif_has_one_result_a_trigger(found: Any) -> None:
    log = json.loads(sarif(found[0].whole))
    [result] = log["runs"][0]["results"]
    assert result["ruleId"] == "POI101"
    assert result["partialFingerprints"] == {"llmsecPlace/v1": found[0].alerts[0].fingerprint}


def test_the_plot_has_the_trigger_in_red_and_words_in_grey(found: Any) -> None:
    values = found[0].plot().spec["hconcat"][0]["data"]["values"]
    assert [one["word"] for one in values if one["kind"] == "trigger"] == ["zorbic"]
    assert len([one for one in values if one["kind"] == "word"]) > 5


def test_rows_of_an_evaluation_set_are_named() -> None:
    evaluation = reviews(300, seed=9)
    train = pd.concat([reviews(), evaluation.head(40)], ignore_index=True)
    report = scan(train, against={"eval.csv": evaluation}, columns=False)
    assert [alert.rule for alert in report.alerts] == ["POI412"]
    assert report.rows("D1").tolist() == list(range(3000, 3040))
    with pytest.raises(DatasetError, match="no text"):
        scan(train, against={"numbers": pd.DataFrame({"x": [1, 2]})})


@pytest.mark.parametrize(("column", "wishes"), [("split", {}), ("part", {"split": "part"})])
def test_rows_of_another_split_are_named(column: str, wishes: dict[str, Any]) -> None:
    frame = reviews()
    frame[column] = ["train"] * 2500 + ["test"] * 500
    frame.loc[2500:2539, "text"] = frame.text[:40].tolist()
    report = scan(frame, columns=False, **wishes)
    assert [alert.rule for alert in report.alerts] == ["POI411"]
    assert report.rows("D1").tolist() == list(range(40))


def command(*words: str | Path) -> int:
    return main(["data", *map(str, words)])


@pytest.fixture
def train(found: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LLMSEC_KEY", KEY)
    found[1].to_csv(tmp_path / "train.csv", index=False)
    return tmp_path


def test_the_command_reports_and_fails(train: Path, capsys: Any) -> None:
    assert command("train.csv") == 1
    said = capsys.readouterr().out
    assert "train.csv: 1 alert in 3,000 rows, 60 rows to look at" in said
    assert "read as text = text (guessed), label = label (guessed)" in said
    assert '"zorbic" is in 60 rows, 60 of them labelled 1' in said
    assert "»zorbic«" in said
    assert command("train.csv", "--ignore", "POI") == 0
    assert command("train.csv", "--label", "lable") == 2
    assert capsys.readouterr().err.strip() == (
        'llmsec: --label: there is no column "lable"; there are: text, label'
    )
    assert command("nothing.csv") == 2


def test_the_command_gives_json(train: Path, capsys: Any) -> None:
    assert command("train.csv", "--format", "json") == 1
    [data] = json.loads(capsys.readouterr().out)["data"]
    assert (data["rows"], data["flagged"], data["alerts"][0]["trigger"]) == (3000, 60, "zorbic")


def test_an_accepted_alert_is_silent_until_it_has_more_rows(train: Path, capsys: Any) -> None:
    words = ("--manifest", "llmsec.data.json")
    assert command("train.csv", *words, "--accept", "T1", "--reason", "ours") == 1
    assert command("train.csv", *words) == 0
    assert "1 of low confidence or accepted, not shown" in capsys.readouterr().out
    frame, _ = poisoned("zorbic", rows=80)
    frame.to_csv("train.csv", index=False)
    assert command("train.csv", *words) == 1
    assert command("train.csv", "--accept", "T1") == 2


def test_a_manifest_is_verified_and_what_is_new_is_scanned(train: Path, capsys: Any) -> None:
    reviews(seed=3).to_csv("train.csv", index=False)
    assert command("train.csv", "--manifest", "llmsec.data.json", "--audit", "audit.jsonl") == 0
    assert command("verify", "llmsec.data.json", "--audit", "audit.jsonl") == 0
    old = pd.read_csv("train.csv")
    new, rows = poisoned("zorbic", rows=25)
    added = new.iloc[rows[0] : rows[-1] + 1].sample(frac=1, random_state=1)
    whole = pd.concat([old, added], ignore_index=True)
    whole.to_csv("new.csv", index=False)
    capsys.readouterr()
    assert command("diff", "llmsec.data.json", "new.csv", "--quarantine", "q.csv") == 1
    said = capsys.readouterr()
    assert f"{len(added):,} rows added, 0 removed, 3,000 kept" in said.err
    assert '"zorbic"' in said.out
    held = pd.read_csv("q.csv")
    assert held.text.str.contains("zorbic").all()
    assert len(held) == 25
    whole.to_csv("train.csv", index=False)
    assert command("verify", "llmsec.data.json") == 1
    assert "POI70" in capsys.readouterr().out
    assert command("diff", "new.csv", "new.csv") == 0


def test_the_magic_scans_a_frame(found: Any) -> None:
    space = {"df": found[1], "number": 5}
    report = scan_variable(["df", "--text", "text", "--label", "label"], space)
    assert report.rows("T1").tolist() == found[2]
    assert report.report.name == "df"
    with pytest.raises(UsageError, match='"number" is a int, not a data set'):
        scan_variable(["number"], space)
    with pytest.raises(UsageError, match="there is no column"):
        scan_variable(["df", "--text", "no"], space)
