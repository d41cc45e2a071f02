"""What the tools see as findings of a report: once, at their place, heeding suppressions."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.api import Outcome, check_paths
from llmsec_nb.config import Config
from llmsec_nb.core.finding import Finding, Suppression
from llmsec_nb.core.location import InCell, InFile
from llmsec_nb.core.rule import Confidence, Family, Severity
from llmsec_nb.policy import Policy
from llmsec_nb.sast.codes import number, rules_like, says_the_same, usual
from llmsec_nb.sast.option import add_sast
from llmsec_nb.sast.second import SecondLook, second_look

from ..samples import Maker
from .made import notebook, write


def checked(folder: Path, *names: str, **settings: Any) -> Outcome:
    """A scan with a second look."""
    config = Config(**settings)
    paths = [str(folder / name) for name in names]
    look = SecondLook(paths, config, folder)
    return check_paths(paths, config, root=folder, inquiries=[look])


def second(outcome: Outcome) -> list[Finding]:
    """What the tools add."""
    return [one for one in outcome.report.findings if one.rule in {"COD901", "COD902"}]


def test_a_finding_is_told_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", "a = 1", "'é😀'; assert a")
    outcome = checked(tmp_path, "a.ipynb")
    (found,) = second(outcome)
    path = str(tmp_path / "a.ipynb")
    place = found.location
    assert isinstance(place, InCell)
    assert (place.path, place.cell, place.cell_id, place.pointer) == (
        path,
        1,
        "c1",
        "/cells/1/source",
    )
    assert (place.line, place.column, place.end_line, place.end_column) == (0, 6, 0, 14)
    raw = (tmp_path / "a.ipynb").read_text()
    assert place.file_column is not None
    assert raw[place.file_column :].startswith("assert a")
    assert (found.rule, found.name, found.family) == ("COD901", "bandit", Family.CODE)
    assert (found.severity, found.confidence) == (Severity.LOW, Confidence.HIGH)
    assert found.message.startswith("bandit B101: Use of assert detected")
    assert [line.text for line in outcome.excerpts[found.fingerprint]] == ["'é😀'; assert a"]
    assert outcome.report.summary.files == 1


def test_a_file_of_python_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "a = 1", "assert a")
    (found,) = second(checked(tmp_path, "a.py"))
    place = found.location
    assert isinstance(place, InFile)
    assert (place.line, place.column, place.end_line, place.end_column) == (1, 0, 1, 8)


def test_what_ours_says_is_not_said_again(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", "import pickle, yaml\npickle.load(f)\nyaml.load(\n  f,\n)\nassert f")
    outcome = checked(tmp_path, "a.ipynb")
    lines = {(one.rule, one.location.line) for one in outcome.report.findings}
    assert {("COD002", 1), ("COD004", 2)} <= lines
    assert [(one.location.line, one.message.split()[1]) for one in second(outcome)] == [
        (0, "B403:"),
        (5, "B101:"),
    ]


def test_what_ours_says_elsewhere_silences_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", "import marshal\nmarshal.load(f)", "\nassert f")
    policy = Policy(Config(), tmp_path)
    (other,) = (
        one
        for one in check_paths([str(tmp_path / "a.ipynb")], Config(), root=tmp_path).report.findings
        if one.rule == "COD002"
    )
    targets = [(tmp_path / "a.ipynb", "other.ipynb")]
    told = second_look(targets, [other], policy)
    assert [one.message.split()[1] for one in told.findings] == ["B302:", "B101:"]


def test_two_words_on_the_same_characters_are_one_finding(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", "import requests\nrequests.get(u, verify=False)")
    told = second_look([(tmp_path / "a.ipynb", "a.ipynb")], [], Policy(Config(), tmp_path))
    (found,) = told.findings
    assert found.message == (
        "bandit B113: Call to requests without timeout; B501: Call to requests with verify=False "
        "disabling SSL certificate checks, security issue"
    )
    assert (found.severity, found.confidence) == (Severity.HIGH, Confidence.HIGH)


WAIVED = Suppression(kind="comment", where="# nosec")
COMMENTS = (
    ("assert a  # llmsec: ignore[COD901] checked", Suppression(kind="comment", reason="checked")),
    ("# llmsec: ignore[bandit]\nassert a", Suppression(kind="comment")),
    ("# llmsec: ignore-cell[COD901]\n\n\nassert a", Suppression(kind="comment")),
    ("assert a  # nosec", WAIVED),
    ("assert a  # nosec B101", WAIVED),
    ("assert a  # nosec: B311, B101", WAIVED),
    ("assert a  # nosec B311", None),
    ("assert a  # noqa: S101", None),
    ("assert a  # llmsec: ignore[COD902]", None),
    ("# nosec\nassert a", None),
    ("assert a  # nosec E101", None),
)


def test_comments_suppress(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", *(cell for cell, _ in COMMENTS))
    outcome = checked(tmp_path, "a.ipynb")
    assert [one.suppression for one in second(outcome)] == [waiver for _, waiver in COMMENTS]
    assert [one.rule for one in outcome.report.findings if one.family is Family.HYGIENE] == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"ignore": ("COD901",)},
            Suppression(kind="config", reason="ignored by the configuration"),
        ),
        (
            {"per_path_ignores": {"*.ipynb": ("bandit",)}},
            Suppression(kind="config", reason="per-path-ignores", where="*.ipynb"),
        ),
    ],
)
def test_the_configuration_suppresses(
    tmp_path: Path, settings: dict[str, Any], expected: Suppression
) -> None:
    write(tmp_path, "a.ipynb", "assert a")
    (found,) = second(checked(tmp_path, "a.ipynb", **settings))
    assert found.suppression == expected


def test_what_is_unsure_is_counted_and_not_told(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", "assert f'select * from {a} where b'")
    outcome = checked(tmp_path, "a.ipynb", ignore=("COD025",))
    assert [one.message.split()[1] for one in second(outcome)] == ["B101:"]
    all_of_it = second_look(
        [(tmp_path / "a.ipynb", "a.ipynb")],
        [],
        Policy(Config(min_confidence=Confidence.LOW), tmp_path),
    )
    assert len(all_of_it.findings) == 2
    usual_look = second_look([(tmp_path / "a.ipynb", "a.ipynb")], [], Policy(Config(), tmp_path))
    assert usual_look.low_confidence == {"a.ipynb": 1}


def test_no_secret_is_told(tmp_path: Path, maker: Maker) -> None:
    token = maker.token("SEC103")
    write(tmp_path, "a.ipynb", f"token = '{token}'; assert open('/tmp/{token}')")
    outcome = checked(tmp_path, "a.ipynb", ignore=("COD064",))
    assert [one.message.split()[1] for one in second(outcome)] == ["B101:"]
    shown = [outcome.excerpts[one.fingerprint][0].text for one in second(outcome)]
    assert shown == ["token = '***'; assert open('/tmp/***')"] or "***" in shown[0]
    told = [*shown, *(one.message + one.evidence.masked for one in second(outcome))]
    assert not [text for text in told if token in text]


def test_findings_go_to_their_files(tmp_path: Path) -> None:
    for name in ("a.ipynb", "b.ipynb", "c.ipynb"):
        write(tmp_path, name, "assert a" if name != "b.ipynb" else "a = 1")
    outcome = checked(tmp_path, "c.ipynb", "a.ipynb", "b.ipynb")
    assert sorted(Path(one.location.path or "").name for one in second(outcome)) == [
        "a.ipynb",
        "c.ipynb",
    ]
    assert len({one.fingerprint for one in second(outcome)}) == 2


def test_fingerprints_are_stable(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", "assert a\nassert b")
    first, again = (second(checked(tmp_path, "a.ipynb")) for _ in range(2))
    assert [one.fingerprint for one in first] == [one.fingerprint for one in again]
    assert len(first) == 2


def test_without_a_second_look_nothing_is_said(tmp_path: Path) -> None:
    file, _ = write(tmp_path, "a.ipynb", "assert a")
    assert check_paths([str(file)], Config(), root=tmp_path).report.findings == ()


def test_standard_input_is_not_looked_at_and_it_is_said(tmp_path: Path) -> None:
    look = SecondLook(["-"], Config(), tmp_path)
    stdin = notebook("assert a").encode()
    report = check_paths(["-"], Config(), root=tmp_path, stdin=stdin, inquiries=[look]).report
    assert [(one.path, one.message) for one in report.skips] == [
        ("-", "standard input was not shown to bandit and ruff")
    ]


def test_what_is_broken_is_said_once(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", "import pickle\n\nx = = 1")
    report = checked(tmp_path, "a.ipynb").report
    path = str(tmp_path / "a.ipynb")
    where = "cell[0] line 3: not valid Python: invalid syntax"
    broken = [(one.path, one.message) for one in report.skips if "line 3" in one.message]
    assert broken == [(path, f"{where}; rules for code read the rest")]
    config = Config(select=("SEC",))
    look = SecondLook([path], config, tmp_path)
    report = check_paths([path], config, root=tmp_path, inquiries=[look]).report
    assert (path, f"{where}; bandit and ruff read the rest") in [
        (one.path, one.message) for one in report.skips
    ]


def test_broken_files_take_nothing_down(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text("{")
    (tmp_path / "b.ipynb").write_bytes(b"\xff\xfe\xfa")
    (tmp_path / "c.ipynb").write_text(json.dumps({"nbformat": 4, "cells": [1, {"source": [2]}]}))
    (tmp_path / "d.ipynb").write_text("[" * 100_000)
    write(tmp_path, "e.ipynb", "assert a")
    names = ("a.ipynb", "b.ipynb", "c.ipynb", "d.ipynb", "e.ipynb", "f.ipynb")
    outcome = checked(tmp_path, *names)
    assert [Path(one.location.path or "").name for one in second(outcome)] == ["e.ipynb"]


def test_the_option() -> None:
    parser = ArgumentParser()
    add_sast(parser)
    assert parser.parse_args(["--sast"]).sast is True
    assert parser.parse_args([]).sast is False


@pytest.mark.parametrize(
    ("rule", "code", "same"),
    [
        ("COD002", "B301", True),
        ("COD002", "S301", True),
        ("COD023", "B602", True),
        ("DEP012", "B605", True),
        ("COD011", "B615", True),
        ("COD011", "B602", False),
        ("COD002", "B101", False),
        ("SEC101", "B602", False),
        ("COD002", "E501", False),
        ("COD071", "B310", True),
        ("COD074", "B615", True),
        ("COD075", "B102", True),
        ("COD073", "B413", True),
        ("COD076", "B103", True),
        ("COD076", "B108", True),
        ("COD076", "B602", False),
        ("COD071", "B602", False),
        ("COD021", "B310", False),
    ],
)
def test_which_rules_say_the_same(rule: str, code: str, *, same: bool) -> None:
    assert says_the_same(rule, code) is same


def test_codes() -> None:
    assert [number(one) for one in ("B602", "S1", "B", "B6x2", "")] == [602, 1, 0, 0, 0]
    assert rules_like("B615") == ("COD010", "COD011")
    assert [usual("S101"), usual("S602")] == [Severity.LOW, Severity.MEDIUM]
