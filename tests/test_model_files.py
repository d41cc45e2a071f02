"""Model files by the command: what they would do is a finding, what was not read a failure."""

from __future__ import annotations

import json
import os
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.cli import main
from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import Failure
from llmsec_nb.model_files import is_model_name, models_below, scan_model_file
from llmsec_nb.policy import Policy

from .samples import Maker


class Runs:
    """A pickle of it runs a command, when somebody loads it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("echo never",)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(capsys: Any, *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["check", *words, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", ["model.pkl", "model.pt", "notes.txt", "weights.bin"])
def test_a_pickle_that_runs_something_is_critical_under_any_name(name: str, capsys: Any) -> None:
    Path(name).write_bytes(pickle.dumps(Runs()))
    code, report = check(capsys, name)
    assert code == 1
    first = report["findings"][0]
    assert (first["rule"], first["severity"]) == ("MOD001", "critical")
    assert "system('echo never')" in first["message"]
    assert first["location"]["path"] == name


def test_a_pickle_of_plain_values_is_clean(capsys: Any) -> None:
    Path("values.pkl").write_bytes(pickle.dumps({"a": [1, 2.5, "x", None]}))
    code, report = check(capsys, "values.pkl")
    assert (code, report["findings"], report["failures"]) == (0, [], [])


def test_what_cannot_be_read_to_its_end_is_never_clean(capsys: Any) -> None:
    Path("cut.pkl").write_bytes(pickle.dumps(list(range(1000)))[:-40])
    code, report = check(capsys, "cut.pkl")
    assert code in {1, 2}
    assert report["findings"] or report["failures"]


def test_a_configuration_is_read_as_a_text_as_well(capsys: Any) -> None:
    token = Maker(3).token("SEC103")
    Path("config.json").write_text(json.dumps({"auto_map": {"AutoModel": "x.Y"}, "key": token}))
    _, report = check(capsys, "config.json")
    assert {finding["rule"] for finding in report["findings"]} >= {"SEC103", "MOD016"}
    assert token not in json.dumps(report)


def test_a_folder_of_models_is_scanned_and_rules_can_be_ignored(here: Path, capsys: Any) -> None:
    (here / "models" / "deep").mkdir(parents=True)
    (here / "models" / "deep" / "a.pkl").write_bytes(pickle.dumps(Runs()))
    (here / "models" / "b.joblib").write_bytes(pickle.dumps([1]))
    code, report = check(capsys, "models")
    assert code == 1
    assert [finding["location"]["path"] for finding in report["findings"]] == ["models/deep/a.pkl"]
    assert report["summary"]["files"] == 2
    assert check(capsys, "models", "--ignore", "MOD")[0] == 0
    assert check(capsys, "models", "--exclude", "models/deep/")[0] == 0


def test_models_that_git_ignores_are_left_out(here: Path, capsys: Any) -> None:
    (here / ".git").mkdir()
    (here / ".gitignore").write_text("venv/\n")
    (here / "venv").mkdir()
    (here / "venv" / "a.pkl").write_bytes(pickle.dumps(Runs()))
    (here / "b.pkl").write_bytes(pickle.dumps([1]))
    code, report = check(capsys, ".")
    assert (code, report["summary"]["files"]) == (0, 1)


def test_nothing_is_loaded(here: Path, capsys: Any) -> None:
    class Writes:
        def __reduce__(self) -> tuple[Any, ...]:
            return open, (str(here / "ran"), "w")

    Path("writes.pkl").write_bytes(pickle.dumps(Writes()))
    assert check(capsys, "writes.pkl")[0] == 1
    assert not (here / "ran").exists()


def test_secrets_in_what_it_would_run_are_not_shown(capsys: Any) -> None:
    maker = Maker(5)
    tokens = [maker.token("SEC103"), maker.token("SEC101")]
    commands = [f"x {tokens[0]}", f"curl -u joe:{'Hunter' + '2x9pass'} http://x", tokens[1]]

    class Says:
        def __init__(self, command: str) -> None:
            self.command = command

        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (self.command,)

    Path("m.pkl").write_bytes(pickle.dumps([Says(command) for command in commands]))
    _, report = check(capsys, "m.pkl")
    assert len(report["findings"]) == 3
    shown = json.dumps(report)
    assert not [secret for secret in (*tokens, "Hunter2x9pass") if secret in shown]
    assert "curl -u joe:***" in shown
    assert not [secret for secret in tokens if secret[4:16] in shown]


@pytest.mark.parametrize("selected", [("--select", "MOD"), ("--select", "MOD,SEC101"), ()])
def test_secrets_are_not_shown_whatever_is_selected(
    selected: tuple[str, ...], here: Path, capsys: Any
) -> None:
    maker = Maker(8)
    word, token = "Xk9" + maker.of(12), maker.token("SEC103")
    mail = f"jane.doe{maker.of(3).lower()}@{maker.of(6).lower()}-works.de"

    class Says:
        def __init__(self, command: str) -> None:
            self.command = command

        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (self.command,)

    Path("m.pkl").write_bytes(pickle.dumps([Says(f"mysql -p{word} x"), Says(f"mail {mail}")]))
    with zipfile.ZipFile("z.pt", "w") as archive:
        archive.writestr(f"{token}/data.pkl", pickle.dumps(Says(f"PASSWORD={word} x")))
        archive.writestr(f"{token}/a.rar", b"Rar!\x1a\x07\x00" + bytes(500))
    _, report = check(capsys, "m.pkl", "z.pt", *selected)
    messages = [one["message"] for one in (*report["findings"], *report["failures"])]
    assert len(messages) == 4
    for one in (word, mail, token, token[8:]):
        assert one not in json.dumps(report)
    assert [message.count("***") for message in messages] == [1, 1, 2, 1]
    assert len({one["fingerprint"] for one in report["findings"]}) == 3


def test_findings_that_are_told_alike_are_not_the_same(capsys: Any) -> None:
    class Says:
        def __init__(self, command: str) -> None:
            self.command = command

        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (self.command,)

    maker = Maker(9)
    commands = [f"mysql -pXk9{maker.of(12)} x" for _ in range(3)]
    Path("m.pkl").write_bytes(pickle.dumps([Says(command) for command in commands]))
    first = [one["fingerprint"] for one in check(capsys, "m.pkl")[1]["findings"]]
    assert len(set(first)) == 3
    assert [one["fingerprint"] for one in check(capsys, "m.pkl")[1]["findings"]] == first


def test_a_second_opinion_that_cannot_be_had_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picklescan", None)
    monkeypatch.setitem(sys.modules, "picklescan.scanner", None)
    path = Path("m.pkl")
    path.write_bytes(pickle.dumps([1]))
    policy, concealer = Policy(Config(), Path.cwd()), Concealer()
    assert scan_model_file(path, "m.pkl", policy, concealer).events == []
    events = scan_model_file(path, "m.pkl", policy, concealer, second_opinion=True).events
    assert [event.message for event in events if isinstance(event, Failure)] == [
        "INCOMPLETE: no second opinion without picklescan: pip install 'llmsec-nb[models]'"
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("m.pt", True), ("m.pkl.gz", True), ("a.tar.xz", True), ("a.7z", True), ("pytorch_model.bin", True),
        ("t.csv.gz", False), ("log.gz", False), ("x.bin", False), ("a.ipynb", False), ("gz", False),
    ],
)  # fmt: skip
def test_which_names_are_those_of_models(name: str, *, expected: bool) -> None:
    assert is_model_name(name) is expected


def test_models_below_a_folder_are_found_by_name_or_by_content(here: Path) -> None:
    runs = pickle.dumps(Runs())
    folder = here / "models"
    (folder / "deep").mkdir(parents=True)
    for name, data in (
        ("a.pt", b""), ("deep/weights.bin", runs), ("plain.bin", bytes(9)), ("unsafe", runs),
        ("LICENSE", b"Free."), ("c.json", b'{"chat_template": "x"}'), ("d.json", b"{}"),
        ("t.csv", b"a,b"), ("n.txt", runs), ("x.tar.gz", b""),
    ):  # fmt: skip
        (folder / name).write_bytes(data)
    found = [file.path.relative_to(folder).as_posix() for file in models_below(folder, here, [])
             .targets]  # fmt: skip
    assert found == ["a.pt", "c.json", "deep/weights.bin", "unsafe", "x.tar.gz"]
    assert models_below(folder, here, ["models/"]).targets == []
