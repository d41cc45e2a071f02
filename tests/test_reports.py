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
from msgspec.structs import replace

from llmsec_nb.api import Outcome, check_documents
from llmsec_nb.config import Config
from llmsec_nb.core.finding import History
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.display import MIME, Shown
from llmsec_nb.report import render
from llmsec_nb.report.html import render_html
from llmsec_nb.report.json import schema
from llmsec_nb.rules import all_rules
from llmsec_nb.sources.files import read_text

from .samples import FORMATS, TOKEN_RULES, Maker

SHIPPED = Path(__file__).parents[1] / "llmsec_nb" / "report.schema.json"


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
    maker = Maker(seed)
    whole, secret = maker.sample(maker.random.choice(FORMATS[rule]))
    found = outcome(leaky(whole, noise))
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
    assert set(report) == {
        "version", "tool", "findings", "failures", "skips", "tables", "data", "summary",
    }  # fmt: skip
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


def places_of(token: str) -> Outcome:
    """One token at four places of two notebooks, another at one, and a look-alike twice."""
    output = {"output_type": "stream", "name": "stdout", "text": [f"using {token}\n"]}
    first = [
        {"cell_type": "code", "metadata": {}, "outputs": [output], "source": f"k = f('{token}')"},
        {"cell_type": "markdown", "metadata": {}, "source": f"use {token}"},
    ]
    second = [{"cell_type": "code", "metadata": {}, "outputs": [],
               "source": f"p\u0430ss_1 = 1\np\u0430ss_1\nk = '{token}'\nc = C('{Maker(3).token('SEC103')}')"}]  # fmt: skip
    raws = [
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
        for cells in (first, second)
    ]
    documents = [read_text(raw, f"{n}.ipynb") for n, raw in enumerate(raws)]
    return check_documents(documents, Config())


def test_places_of_one_value_share_a_block() -> None:
    token = Maker(1).token("SEC103")
    found = places_of(token)
    assert len(found.report.findings) == 7
    blocks = render(found, "text").split("\n\n")
    assert blocks[0] == (
        "0.ipynb:cell[0]:1:8 SEC103 github-token [critical]\n"
        "   1 | k = f('ghx_***')\n"
        "     |        ^^^^^^^\n"
        "  = GitHub token in clear text: ghx_***\n"
        "  = also 0.ipynb:cell[0] output[0] stdout:1:7\n"
        "  = also 0.ipynb:cell[1]:1:5\n"
        "  = also 1.ipynb:cell[0]:3:6\n"
        "  = help: Revoke it at https://github.com/settings/tokens, then read the new one "
        "from the environment.\n"
        '  = fix: Read it from os.environ["GITHUB_TOKEN"], mask it in the output, '
        "mask it in the text"
    ).replace("ghx_", token[:4])
    assert [block.split(" ")[1] for block in blocks[1:4]] == ["UNI105", "UNI105", "SEC103"]
    assert blocks[4:] == ["7 findings (5 critical, 2 high) in 2 files, 2 secrets at 5 places.\n"]
    html = Shown(found)._repr_mimebundle_()["text/html"]
    assert html.count("<details ") == 4
    assert "cell[0], line 1 and 3 more</span>" in html
    assert '<div class="p">also 1.ipynb:cell[0]:3:6</div>' in html
    assert len(json.loads(render(found, "json"))["findings"]) == 7
    assert len(json.loads(render(found, "sarif"))["runs"][0]["results"]) == 7
    assert len(render(found, "github").splitlines()) == 8


def test_many_places_are_counted() -> None:
    token = Maker(1).token("SEC103")
    found = outcome("\n".join(f"k{n} = '{token}'" for n in range(25)), "a.py")
    shown = render(found, "text")
    assert shown.count("= also a.py:") == 20
    assert "  = also 4 more places\n" in shown


def test_the_worst_leads_and_the_suppressed_stand_alone() -> None:
    token = Maker(1).token("SEC103")
    found = outcome(
        f"a = '{token}'  # llmsec: ignore[SEC103] known\nb = '{token}'\nc = '{token}'", "a.py"
    )
    first, second, third = found.report.findings
    second = replace(second, severity=Severity.LOW)
    changed = Outcome(replace(found.report, findings=(first, second, third)), found.excerpts)
    blocks = render(changed, "text", show_suppressed=True).split("\n\n")
    assert [block.split(" ")[0] for block in blocks[:2]] == ["a.py:1:6", "a.py:3:6"]
    assert "= suppressed by comment: known" in blocks[0]
    assert "= also a.py:2:6\n" in blocks[1]
    assert "a.py:1:6" not in render(changed, "text")


@pytest.mark.parametrize(
    ("history", "line"),
    [
        (History(held=False), "not committed: take it out before you do"),
        (History(held=False, cut="shallow clone"), "not in the part of its history that could be read (shallow clone)"),
        (History(held=True, versions=3, since="2024-01-02", commit="0123456789"),
         "committed since 2024-01-02 (0123456, 3 versions): revoke it first; rewriting history recalls no copy"),
        (History(held=True, versions=1, since="2024-01-02", commit="0123456789", cut="2 s were spent"),
         "committed since 2024-01-02 or earlier (0123456, 1 version, 2 s were spent): revoke it first; rewriting history recalls no copy"),
    ],
)  # fmt: skip
def test_what_is_said_of_history(history: History, line: str) -> None:
    found = outcome(f"a = '{Maker(1).token('SEC103')}'", "a.py")
    (finding,) = found.report.findings
    changed = Outcome(
        replace(found.report, findings=(replace(finding, history=history),)), found.excerpts
    )
    assert f"  = git: {line}\n" in render(changed, "text")
    assert f"<b>Git:</b> {line}</div>" in render_html(changed)


def test_how_a_value_gets_out_where_no_fix_moves_it() -> None:
    found = outcome(f"export T={Maker(1).token('SEC103')}", "a.sh")
    assert found.report.findings[0].fixes[0].kind == "mask"
    told = "  = fix: Read it from the environment variable GITHUB_TOKEN\n"
    assert told in render(found, "text")


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
