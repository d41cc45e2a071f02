"""Reports of every format: valid, exact, and free of any raw value."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmsec_nb.api import Outcome, check_documents
from llmsec_nb.config import Config
from llmsec_nb.core.rule import Confidence
from llmsec_nb.display import MIME, Shown
from llmsec_nb.report import render
from llmsec_nb.report.json import schema
from llmsec_nb.rules import all_rules
from llmsec_nb.rules.secrets.providers import FORMATS
from llmsec_nb.sources.files import read_text

from .samples import Maker

SHIPPED = Path(__file__).parents[1] / "llmsec_nb" / "report.schema.json"
TOKEN_RULES = sorted({entry.rule.id for entry in FORMATS})


def outcome(raw: str, name: str = "x.ipynb", **config: Any) -> Outcome:
    return check_documents([read_text(raw, name)], Config(min_confidence=Confidence.LOW, **config))


def everything(found: Outcome) -> str:
    """All that any face would show or store."""
    formats = [
        render(found, form, show_suppressed=True) for form in ("text", "json", "sarif", "github")
    ]
    colored = render(found, "text", color=True, show_suppressed=True)
    bundle = Shown(found)._repr_mimebundle_()
    return "\n".join(
        [*formats, colored, bundle["text/html"], json.dumps(bundle[MIME]), repr(found)]
    )


def leaky(secret: str, noise: str) -> str:
    """A notebook that holds a secret in every part there is."""
    encoded = base64.b64encode(f"see {secret} here".encode()).decode()
    uri = f'<iframe src="data:text/html;base64,{encoded}"></iframe>'
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": [f"{noise}\x1b[1m{secret}\x1b[0m\n"]},
        {"output_type": "error", "ename": secret, "evalue": f"{noise} {secret}", "traceback": [secret]},
        {"output_type": "display_data", "metadata": {secret: secret},
         "data": {"text/html": f"<p>{noise}<b>{secret}</b></p>{uri}", "application/json": {secret: [secret]}}},
    ]  # fmt: skip
    source = f"# {noise}\nconnect('{secret}', password='{secret}')  # llmsec: ignore[SEC] {secret}"
    cell = {"cell_type": "code", "id": "a", "metadata": {"tags": [f"llmsec: ignore[SEC] {secret}"]},
            "source": source, "outputs": outputs, "execution_count": 1}  # fmt: skip
    text = {"cell_type": "markdown", "id": "b", "metadata": {"k": secret}, "source": f"{noise} {secret}",
            "attachments": {secret: {"text/plain": secret}}}  # fmt: skip
    tree = {"cells": [cell, text], "metadata": {secret: 1}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(tree)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rule=st.sampled_from(TOKEN_RULES),
    seed=st.integers(0, 10_000),
    noise=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20),
)
def test_no_raw_value_in_any_report(rule: str, seed: int, noise: str) -> None:
    secret = Maker(seed).token(rule)
    found = outcome(leaky(secret, noise))
    assert len([f for f in found.report.findings if f.family == "secret"]) >= 10
    assert secret not in everything(found)
    assert secret[-12:] not in everything(found)


@pytest.mark.parametrize("select", [("UNI", "HYG"), ("ALL",)])
def test_unselected_rules_still_mask(select: tuple[str, ...]) -> None:
    maker = Maker(2)
    secret, password = maker.token("SEC103"), maker.password()
    line = f"p\u0430ss = '{secret}'; password = '{password}'"
    shown = everything(outcome(line, "a.py", select=select))
    assert "UNI105" in shown
    assert secret not in shown
    assert password not in shown


def test_values_of_failures_are_not_quoted() -> None:
    secret = Maker(5).token("SEC103")
    shown = everything(outcome('{"cells": [' + secret))
    assert secret not in shown


def test_json_follows_its_schema() -> None:
    found = outcome(leaky(Maker(1).token("SEC103"), "x"))
    report = json.loads(render(found, "json"))
    jsonschema.Draft202012Validator(schema()).validate(report)
    assert report["version"] == "1"
    assert set(report) == {"version", "tool", "findings", "failures", "skips", "summary"}
    cell = next(f for f in report["findings"] if f["location"]["type"] == "cell")
    assert {"line", "column", "end_line", "end_column", "file_line", "file_column", "path", "cell",
            "cell_id"} <= set(cell["location"])  # fmt: skip
    assert "output" not in cell["location"]
    assert set(cell["evidence"]) == {"masked", "digest"}


def test_shipped_schema_is_the_generated_one() -> None:
    assert json.loads(SHIPPED.read_text()) == json.loads(json.dumps(schema()))


def test_digests_are_keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = leaky(Maker(1).token("SEC103"), "x")

    def digests() -> list[str]:
        return [f.evidence.digest for f in outcome(raw).report.findings if f.rule == "SEC103"]

    assert len(set(digests())) == 1
    assert digests() != digests()
    monkeypatch.setenv("LLMSEC_KEY", "a key for this test")
    assert digests() == digests()


def test_fingerprints_are_stable_and_unique() -> None:
    raw = leaky(Maker(1).token("SEC103"), "x")
    prints = [f.fingerprint for f in outcome(raw).report.findings]
    assert prints == [f.fingerprint for f in outcome(raw).report.findings]
    assert len(set(prints)) == len(prints)
    other = [f.fingerprint for f in outcome(leaky(Maker(8).token("SEC103"), "x")).report.findings]
    assert set(other) & set(prints), "the value must not be part of the fingerprint"


def test_sarif_is_valid_and_points_into_the_file() -> None:
    secret = Maker(1).token("SEC103")
    raw = json.dumps(json.loads(leaky(secret, '"\u00e9\U0001f600\t')), indent=2)
    log = json.loads(render(outcome(raw, select=("SEC103",)), "sarif"))
    if "SARIF_SCHEMA" in os.environ:
        official = json.loads(Path(os.environ["SARIF_SCHEMA"]).read_text())
        jsonschema.Draft7Validator(official).validate(log)
    lines = raw.split("\n")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    exact = 0
    for result in run["results"]:
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"]
        text = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        exact += text == secret
        assert place["logicalLocations"][0]["name"]
        assert (
            all_rules()[result["ruleId"]].id
            == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
        )
    assert exact >= len(run["results"]) - 2  # the base64 one, and the one cut by colours


def test_sarif_schema_is_there_in_ci() -> None:
    if os.environ.get("CI"):
        assert Path(os.environ["SARIF_SCHEMA"]).is_file()


def test_github_commands_cannot_be_injected() -> None:
    secret = Maker(1).token("SEC103")
    lines = render(outcome(f"x {secret}", "a\n::error::b,c:d.txt"), "github").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=a%0A%3A%3Aerror%3A%3Ab%2Cc%3Ad.txt,title=SEC103")
    assert ",line=1,endLine=1,col=3," in lines[0]


def test_hostile_text_stays_text() -> None:
    secret = Maker(1).token("SEC103")
    found = outcome(f"<img src=x onerror=alert(1)>\x1b[2J\u202e {secret}", "<script>.txt")
    html = Shown(found)._repr_mimebundle_()["text/html"]
    assert "<img" not in html
    assert "<script" not in html
    assert "\x1b" not in render(found, "text")
    assert "\u202e" not in render(found, "text")


def test_lone_surrogates_do_not_break_a_report() -> None:
    tree = {"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": ["@"]}]}
    secret = Maker(1).token("SEC103")
    raw = json.dumps(tree).replace("@", rf"\ud800 {secret} \udc00")
    found = outcome(raw)
    assert [f.rule for f in found.report.findings] == ["SEC103"]
    for form in ("text", "json", "sarif", "github"):
        render(found, form).encode("utf-8")


def test_our_own_saved_report_is_clean() -> None:
    bundle = Shown(outcome(leaky(Maker(1).token("SEC103"), "x")))._repr_mimebundle_()
    output = {"output_type": "display_data", "metadata": {}, "data": bundle}
    cell = {"cell_type": "code", "source": "%llmsec check", "metadata": {}, "outputs": [output]}
    raw = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]})
    assert outcome(raw).report.findings == ()
