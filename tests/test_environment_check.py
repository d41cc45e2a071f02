"""The packages of an interpreter against the advisories: known to be bad, or not audited."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.advisories.update import update
from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import Failure, Finding
from llmsec_nb.core.rule import Severity
from llmsec_nb.engine import Scanned
from llmsec_nb.environment_check import check_environment
from llmsec_nb.policy import Policy
from llmsec_nb.rules.dependencies import lifetime

from .dependencies.snapshots import ALL, FRESH, archive

OLD = "2020-01-01T00:00:00Z"
Check = Callable[..., Scanned]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Checks a folder of three packages; `fresh` advisories, old ones, or none at all."""
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path / "a.sqlite"))
    monkeypatch.setattr(lifetime, "today", lambda: date(2000, 1, 1))
    for name in ("flask_x-1.2", "evil_pack-1", "fine-1.0"):
        (tmp_path / "site" / f"{name}.dist-info").mkdir(parents=True)

    def run(*, fresh: bool | None = True, **config: Any) -> Scanned:
        if fresh is not None:
            day = FRESH if fresh else OLD
            records = [{**one, "modified": day} for one in ALL]
            update(archive(tmp_path / "all.zip", *records), tmp_path / "a.sqlite")
        policy = Policy(Config(**config))
        return check_environment(policy, Concealer(b"0" * 32), [str(tmp_path / "site")])

    return run


def test_one_finding_a_package(check: Check) -> None:
    evil, flask = check().events
    assert isinstance(evil, Finding)
    assert isinstance(flask, Finding)
    assert (evil.rule, evil.severity, evil.evidence.masked) == (
        "DEP003",
        Severity.CRITICAL,
        "",
    )
    assert flask.message == "flask-x 1.2 has a known vulnerability: PYSEC-2; mended in 1.3"
    assert (flask.location.path, flask.location.line) == ("environment", 0)
    assert evil.fingerprint != flask.fingerprint
    assert [one.fingerprint for one in check().events] == [evil.fingerprint, flask.fingerprint]  # type: ignore[union-attr]  # all of them are findings, as was just seen


def test_what_is_not_selected_or_is_ignored(check: Check) -> None:
    evil, flask = check(ignore=("DEP003",)).events
    assert isinstance(evil, Finding)
    assert isinstance(flask, Finding)
    assert evil.suppression is not None
    assert (evil.suppression.kind, flask.suppression) == ("config", None)
    [only] = check(select=("DEP002",)).events
    assert isinstance(only, Finding)
    assert only.rule == "DEP002"


def test_without_advisories_the_answer_is_not_audited(check: Check) -> None:
    [failure] = check(fresh=None).events
    assert isinstance(failure, Failure)
    assert failure.path == "environment"
    assert failure.message.startswith("NOT AUDITED: no advisories on this machine")
    assert failure.message.endswith("`llmsec db update` fetches them")


def test_old_advisories_say_what_they_know_and_that_they_are_old(check: Check) -> None:
    *findings, failure = check(fresh=False).events
    assert [one.rule for one in findings if isinstance(one, Finding)] == ["DEP003", "DEP002"]
    assert isinstance(failure, Failure)
    assert failure.message.startswith("NOT AUDITED: the advisories on this machine are")


def test_a_python_that_gets_no_more_fixes(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifetime, "today", lambda: date(2999, 1, 1))
    monkeypatch.setattr(sys, "version_info", (3, 11, 0, "final", 0))
    first = check().events[0]
    assert isinstance(first, Finding)
    assert (first.rule, first.severity) == ("DEP018", Severity.MEDIUM)
    assert first.message == "Python 3.11 runs here, and had its last fix in October 2027"
