"""Data sets in scans: files, folders, frames of a kernel; secrets in columns; redaction by command."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from llmsec_nb import tabular
from llmsec_nb.api import check_paths
from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import Failure, Report
from llmsec_nb.core.rule import Confidence
from llmsec_nb.policy import Policy
from llmsec_nb.tabular import Frames, holds_data, is_address, is_data, scan_table

from .conftest import Run
from .personal import PERSONAL
from .samples import Maker
from .test_kernel import reports, run, texts

ROWS = 300


def frame() -> pd.DataFrame:
    drawn = random.Random(4)
    return pd.DataFrame(
        {
            "id": range(ROWS),
            "contact": [PERSONAL["email"](drawn) for _ in range(ROWS)],
            "notes": ["as agreed" if n != 7 else PERSONAL["card"](drawn) for n in range(ROWS)],
            "score": [drawn.random() for _ in range(ROWS)],
        }
    )


def columns(report: Report) -> list[tuple[str, str, str]]:
    return [
        (f.rule, f.location.column_name, f.message.partition(": ")[2])  # type: ignore[union-attr]
        for f in report.findings
        if f.location.__class__.__name__ == "InColumn"
    ]


FOUND = [("PII101", "contact", "300 of 300 rows"), ("PII201", "notes", "1 of 300 rows")]


@pytest.mark.parametrize(
    "write",
    [
        lambda data, folder: data.to_csv(folder / "p.csv", index=False),
        lambda data, folder: data.to_parquet(folder / "p.parquet"),
        lambda data, folder: data.to_json(folder / "p.jsonl", orient="records", lines=True),
        lambda data, folder: data.to_csv(folder / "p.tsv.gz", sep="\t", index=False),
        lambda data, folder: data.to_feather(folder / "p.feather"),
    ],
)
def test_every_form_gives_the_same(write: Any, tmp_path: Path) -> None:
    write(frame(), tmp_path)
    (file,) = tmp_path.iterdir()
    report = check_paths([str(file)], Config()).report
    assert report.failures == ()
    assert columns(report) == FOUND
    (table,) = report.tables
    assert (table.rows_seen, table.complete) == (ROWS, True)
    assert {f.location.path for f in report.findings} == {file.as_posix()}


def test_a_folder_without_notebooks_is_a_data_set(tmp_path: Path) -> None:
    data = frame()
    data[:100].to_parquet(tmp_path / "a.parquet")
    data[100:].to_parquet(tmp_path / "b.parquet")
    report = check_paths([str(tmp_path)], Config()).report
    assert columns(report) == FOUND
    assert report.skips == ()


def test_frames_in_memory_and_no_raw_value() -> None:
    data = frame()
    outcome = check_paths([], Config(), frames=Frames({"people": data}))
    assert columns(outcome.report) == FOUND
    assert outcome.report.summary.files == 1
    shown = repr(outcome)
    assert not any(value in shown for value in [*data["contact"], data["notes"][7]])


def test_secrets_in_columns_are_found_by_format_and_by_the_name_of_the_column() -> None:
    maker = Maker(3)
    tokens = [maker.token("SEC103") for _ in range(5)]
    passwords = [maker.password() for _ in range(5)]
    data = pd.DataFrame({"log": [f"used {t}" for t in tokens], "password": passwords})
    report = check_paths([], Config(select=("secret",)), frames=Frames({"d": data})).report
    found = {(f.rule, f.location.column_name, f.message) for f in report.findings}  # type: ignore[union-attr]
    assert ("SEC103", "log") in {(rule, column) for rule, column, _ in found}
    assert ("SEC301", "password") in {(rule, column) for rule, column, _ in found}
    assert any(message.endswith("in the column log: 5 values") for _, _, message in found)
    assert not any(value in repr(report) for value in [*tokens, *passwords])


def test_a_secret_in_a_csv_has_its_line(tmp_path: Path) -> None:
    token = Maker(3).token("SEC103")
    (tmp_path / "a.csv").write_text(f"id,log\n1,fine\n2,used {token}\n", "utf-8")
    report = check_paths([str(tmp_path / "a.csv")], Config()).report
    (finding,) = report.findings
    assert (finding.rule, finding.location.line, finding.location.column) == ("SEC103", 2, 7)


def test_configuration_counts(tmp_path: Path) -> None:
    data = frame()
    ignoring = Config(ignore=("PII101",))
    report = check_paths([], ignoring, frames=Frames({"d": data})).report
    assert [f.rule for f in report.active] == ["PII201"]
    assert report.summary.suppressed == 1
    sure = Config(select=("PII2",), min_confidence=Confidence.HIGH)
    assert columns(check_paths([], sure, frames=Frames({"d": data})).report) == FOUND[1:]


def test_what_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    broken = tmp_path / "a.parquet"
    broken.write_bytes(b"PAR1 no parquet")
    report = check_paths([str(broken)], Config()).report
    assert [f.path for f in report.failures] == [broken.as_posix()]
    assert report.findings == ()


def test_without_pyarrow_text_is_scanned_and_the_rest_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "_missing", lambda: "pyarrow")
    data = frame()
    data.to_csv(tmp_path / "p.csv", index=False)
    data.to_parquet(tmp_path / "p.parquet")
    csv = check_paths([str(tmp_path / "p.csv")], Config()).report
    assert {f.rule for f in csv.findings} == {"PII101"}
    assert [skip.message for skip in csv.skips] == [
        (
            "pyarrow is not installed: the columns of the data were not judged; "
            "pip install 'llmsec-nb[data]'"
        )
    ]
    parquet = check_paths([str(tmp_path / "p.parquet")], Config()).report
    assert [(f.message, f.remedy) for f in parquet.failures] == [
        (
            (
                "pyarrow is not installed: the columns of the data were not judged; "
                "nothing of it was scanned"
            ),
            "pip install 'llmsec-nb[data]'",
        )
    ]


def test_a_defect_of_ours_is_a_failure_of_this_data_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a value")

    monkeypatch.setattr("llmsec_nb.tables.examine", broken)
    policy = Policy(Config())
    (failure,) = scan_table(frame(), "d", policy, Concealer()).events
    assert isinstance(failure, Failure)
    assert "KeyError" in failure.message
    assert "a value" not in repr(failure)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.csv", True), ("a.CSV", True), ("a.tsv.gz", True), ("a.parquet", True), ("a.json", False),
        ("a.txt", False), ("a.py", False), ("a.parquet.gz", True), ("csv", False), ("a.gz", False),
        ("a.csv.zip", True), ("a.XLSX", True), ("a.pkl", True), ("a.db", True), ("a.zip", False),
        ("a.py.gz", False), ("a.arrows", True), ("a.tab", True),
    ],
)  # fmt: skip
def test_is_data(name: str, expected: bool) -> None:
    assert is_data(Path(name)) is expected


def test_is_address() -> None:
    assert is_address("s3://bucket/a.parquet")
    assert is_address("memory://a.csv")
    assert not is_address("a.csv")
    assert not is_address("C:/a.csv")
    assert not is_address("://a")


def test_holds_data(tmp_path: Path) -> None:
    assert not holds_data(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.csv").write_text("a,b\n1,2\n", "utf-8")
    assert holds_data(tmp_path)


def test_the_command(llmsec: Run, tmp_path: Path) -> None:
    frame().to_csv(tmp_path / "p.csv", index=False)
    done = llmsec("check", "p.csv")
    assert done.returncode == 1
    assert "p.csv:column contact PII101 email-address [low]" in done.stdout
    assert "p.csv: 2 of 4 columns hold personal data, 300 rows" in done.stdout
    assert done.stderr == ""
    sarif = json.loads(llmsec("check", "p.csv", "--format", "sarif").stdout)
    (place,) = sarif["runs"][0]["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "p.csv"
    assert place["logicalLocations"][0]["name"] == "column contact"
    assert llmsec("check", "p.csv", "--fail-on", "critical").returncode == 0


def test_a_broken_line_makes_the_scan_incomplete(command: Run, tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text('{"a": 1}\n{"a": \n{"a": 3}\n', "utf-8")
    done = command("check", "p.jsonl")
    assert done.returncode == 2
    assert "NOT everything was scanned" in done.stdout


def test_redact_a_notebook(command: Run, tmp_path: Path) -> None:
    mail = PERSONAL["email"](random.Random(8))
    output = {"output_type": "stream", "name": "stdout", "text": [f"sent to {mail}\n"]}
    cell = {
        "cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1,
        "source": ["send()"], "outputs": [output],
    }  # fmt: skip
    tree = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "a.ipynb").write_text(json.dumps(tree), "utf-8")
    done = command("redact", "a.ipynb")
    assert (done.returncode, done.stderr) == (0, "")
    made = (tmp_path / "a.redacted.ipynb").read_text("utf-8")
    assert mail not in made + done.stdout
    assert "sent to <EMAIL_ADDRESS>" in made
    assert command("check", "a.redacted.ipynb").returncode == 0
    missing = command("redact", "b.ipynb")
    assert missing.returncode == 2
    assert missing.stderr == "llmsec: llmsec redact: b.ipynb: no such file\n"


@pytest.mark.filterwarnings("default")
def test_frames_of_a_kernel() -> None:
    made = "from tests.test_tabular import frame\ndf = frame()"
    outputs = run(
        made,
        "%llmsec check df",
        "%llmsec redact df",
        "%llmsec check df_redacted",
        "%llmsec redact nothing",
        "%llmsec check nothing",
        "sorted(set(df.dtypes == df_redacted.dtypes)), len(df_redacted)",
    )
    (report,) = reports(outputs[1])
    assert [f["rule"] for f in report["findings"]] == ["PII101", "PII201"]
    assert report["tables"][0]["name"] == "df"
    assert "the redacted df is in df_redacted" in texts(outputs[2])
    assert [f["rule"] for f in reports(outputs[3])[0]["findings"]] == []
    assert 'there is no variable "nothing"' in texts(outputs[4])
    assert reports(outputs[5])[0]["failures"] == [{"path": "nothing", "message": "no such file"}]
    assert outputs[6][0].data["text/plain"] == "([True], 300)"


# -- what stands beside the values, and what is not read ------------------------------------------


def beside(report: Report) -> list[tuple[str, str, str]]:
    return [(f.rule, f.location.column_name, f.message) for f in report.findings]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["arrow", "frame", "series", "index", "empty"])
def test_an_address_in_the_name_of_a_column(kind: str) -> None:
    mail = PERSONAL["email"](random.Random(9))
    data = {
        "arrow": lambda: pa.table({mail: [1]}),
        "frame": lambda: pd.DataFrame({mail: [1]}),
        "series": lambda: pd.Series([1], name=mail),
        "index": lambda: pd.DataFrame({"a": [1]}, index=pd.Index([7], name=mail)),
        "empty": lambda: pa.table({mail: pa.array([], pa.string())}),
    }[kind]()
    report = check_paths([], Config(), frames=Frames({"d": data})).report
    assert beside(report) == [
        ("PII101", "<EMAIL_ADDRESS>", "E-mail address in the name of a column")
    ]
    assert mail not in repr(report)
    assert (
        check_paths([], Config(select=("SEC",)), frames=Frames({"d": data})).report.findings == ()
    )


def test_a_secret_in_the_name_of_a_column() -> None:
    maker = Maker(3)
    token, inner = maker.token("SEC103"), maker.token("SEC103")
    data = pa.table({token: [inner]})
    report = check_paths([], Config(), frames=Frames({"d": data})).report
    assert [(rule, column) for rule, column, _ in beside(report)] == [("SEC103", "<SECRET>")] * 2
    assert [message.endswith("in the name of a column") for *_, message in beside(report)] == [
        True,
        False,
    ]
    assert report.findings[0].fingerprint != report.findings[1].fingerprint
    assert not any(value in repr(report) for value in (token, inner))


def test_json_whose_keys_are_addresses(command: Run, tmp_path: Path) -> None:
    drawn = random.Random(9)
    mails = [PERSONAL["email"](drawn) for _ in range(30)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({m: 1}) + "\n" for m in mails), "utf-8")
    nested = "".join(json.dumps({"by": {m: [1]}}) + "\n" for m in mails)
    (tmp_path / "b.jsonl").write_text(nested, "utf-8")
    for name, column in (("a.jsonl", "<EMAIL_ADDRESS>"), ("b.jsonl", "by.<EMAIL_ADDRESS>[]")):
        report = check_paths([str(tmp_path / name)], Config()).report
        told = "E-mail address in the name of a column: 30"
        assert beside(report) == [("PII101", column, told)]
        for form in ("text", "json", "sarif"):
            done = command("check", name, "--format", form)
            assert done.returncode == 1
            assert not any(mail in done.stdout + done.stderr for mail in mails)


def test_a_first_row_of_values(tmp_path: Path) -> None:
    token, grouped = Maker(3).token("SEC103"), PERSONAL["iban"](random.Random(2))
    assert " " in grouped
    (tmp_path / "a.csv").write_text(f"Max Muster,{grouped}\n", "utf-8")
    report = check_paths([str(tmp_path / "a.csv")], Config()).report
    assert [(rule, column) for rule, column, _ in beside(report)] == [("PII202", "column 2")]
    (tmp_path / "b.csv").write_text(f"Max Muster,{token}\nErna,x\n", "utf-8")
    report = check_paths([str(tmp_path / "b.csv")], Config()).report
    assert [column.path for column in report.tables[0].columns] == ["column 1", "column 2"]
    assert [f.rule for f in report.findings] == ["SEC103"]
    assert not any(value in repr(report) for value in (token, grouped))
    (tmp_path / "c.csv").write_text("name,city\n", "utf-8")
    report = check_paths([str(tmp_path / "c.csv")], Config()).report
    assert [skip.message for skip in report.skips] == [
        "the only row is taken for the names of columns: there are no values"
    ]


def test_skips_of_a_data_set_are_told(tmp_path: Path) -> None:
    for name in ("a.csv", "_b.csv", ".c.csv", "d.md", "e.csv"):
        (tmp_path / name).write_text("a,b\n1,x\n", "utf-8")
    report = check_paths([str(tmp_path)], Config(exclude=("e.csv",)), root=tmp_path).report
    assert [skip.message for skip in report.skips] == [
        "hidden data files in the folder (a name with . or _ first), not read: 2",
        "files excluded by the configuration: 1",
        "files in the folder that are no tables, not read: 1",
    ]
    assert report.tables[0].rows_seen == 1
    binary = pa.table({"b": [b"\xff"]})
    report = check_paths([], Config(), frames=Frames({"d": binary})).report
    assert [skip.message for skip in report.skips] == [
        "values without text (binary or of another type), not looked at: b (1)"
    ]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a.xlsx", "save it as csv or Parquet"),
        ("a.sqlite3", "save it as csv or Parquet"),
        ("a.sqlite", "save it as csv or Parquet"),
        ("a.csv.zip", "unpack it"),
        ("a.parquet.gz", "unpack it"),
    ],
)
def test_tables_that_are_not_read_fail(
    command: Run, tmp_path: Path, name: str, remedy: str
) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    (failure,) = check_paths([str(tmp_path / name)], Config()).report.failures
    assert failure.remedy.startswith(remedy)
    assert "not read" in failure.message
    assert command("check", name).returncode == 2
    (tmp_path / name).unlink()
    (failure,) = check_paths([str(tmp_path / name)], Config()).report.failures
    assert "no such file" in failure.message


def test_metadata_is_looked_at(tmp_path: Path) -> None:
    mail, token = PERSONAL["email"](random.Random(9)), Maker(3).token("SEC103")
    data = pd.DataFrame({"a": [1]})
    data.attrs = {"owner": mail, "note": f"used {token}"}
    data.to_parquet(tmp_path / "a.parquet")
    for given in ({"frames": Frames({"d": data})}, {}):
        paths = [] if given else [str(tmp_path / "a.parquet")]
        report = check_paths(paths, Config(), **given).report  # type: ignore[arg-type]
        assert beside(report) == [
            ("PII101", "(metadata)", "E-mail address in the metadata"),
            ("SEC103", "(metadata)", "GitHub token in the metadata"),
        ]
        assert mail not in repr(report)
        assert token not in repr(report)


def test_findings_of_a_table_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MOST_FINDINGS", 1)
    report = check_paths([], Config(), frames=Frames({"d": frame()})).report
    assert len(report.findings) == 1
    assert [failure.message for failure in report.failures] == [
        "1 more findings than the 1 that are listed of one table"
    ]


def test_without_a_rule_of_personal_data_there_is_no_table(tmp_path: Path) -> None:
    token = Maker(3).token("SEC103")
    data = frame().assign(log=token)
    data.to_csv(tmp_path / "a.csv", index=False)
    data.to_parquet(tmp_path / "a.parquet")
    secrets = Config(select=("SEC",))
    for paths, frames in (
        ([str(tmp_path / "a.csv")], None),
        ([str(tmp_path / "a.parquet")], None),
        ([], Frames({"d": data})),
    ):
        report = check_paths(paths, secrets, frames=frames).report
        assert {f.rule for f in report.findings} == {"SEC103"}
        assert report.tables == ()
        assert len(check_paths(paths, Config(), frames=frames).report.tables) == 1
