"""Every rule's own examples: the exact pieces flagged, and nothing in the hard negatives."""

from __future__ import annotations

import pytest

from llmsec_nb.api import check_documents
from llmsec_nb.config import Config
from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.detector import Context
from llmsec_nb.core.location import InFile
from llmsec_nb.core.rule import OF_CODE, Confidence, Example, Family, Rule
from llmsec_nb.rules import _all_detectors, all_rules
from llmsec_nb.screen import Screen
from llmsec_nb.sources.decode import views
from llmsec_nb.sources.notebook import read_cell
from llmsec_nb.sources.position import Lines

from .samples import Filler, Maker

SCREEN = Screen(_all_detectors())
CASES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in all_rules().values()
    if not rule.id.startswith(OF_CODE)
    for number, example in enumerate(rule.examples)
]
CODE_CASES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in all_rules().values()
    if rule.id.startswith(OF_CODE)
    for number, example in enumerate(rule.examples)
]


def flagged(rule: Rule, source: str, kind: object) -> list[str]:
    """The pieces of `source` that the rule flags with more than low confidence, or with its own."""
    place = InFile(line=0, column=0, end_line=0, end_column=0)
    part = Part(place=place, text=source, kind=kind)  # type: ignore[arg-type]
    spans = set()
    for text in views(Text.of(part)):
        for detector, texts in SCREEN.assign([text]):
            for _, hint in texts if rule in detector.rules else ():
                for match in detector.detect(text, hint, Context()):
                    weight = match.confidence or rule.confidence
                    sure = weight is not Confidence.LOW or rule.confidence is Confidence.LOW
                    if match.rule is rule and (sure or not rule.default):
                        spot = text.locate(match.start, match.end)
                        spans.add((spot.start, spot.end))
    whole = [s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
    return [source[start:end] for start, end in sorted(whole)]


@pytest.mark.parametrize(("rule", "example"), CASES)
@pytest.mark.parametrize("seed", [0])
def test_example(rule: Rule, example: Example, seed: int) -> None:
    fill = Filler(rule.id, Maker(seed))
    expected = [fill(piece) for piece in example.flagged]
    assert flagged(rule, fill(example.source), example.kind) == expected


@pytest.mark.parametrize(("rule", "example"), CODE_CASES)
def test_example_of_code_through_the_engine(rule: Rule, example: Example) -> None:
    source = example.source  # in it {braces} are IPython's
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    config = Config(select=(rule.id,), min_confidence=Confidence.LOW)
    report = check_documents([read_cell(cell, 0, "a.ipynb")], config).report
    lines = Lines(source)
    found = [
        source[
            lines.span(place.line)[0] + place.column : lines.span(place.end_line)[0]
            + place.end_column
        ]
        for place in (finding.location for finding in report.findings)
    ]
    assert found == list(example.flagged)


def test_every_rule_has_positive_and_negative_examples() -> None:
    raised_by_the_engine = {"HYG001", "HYG002"}
    of_presidio = {"PII900", "PII901"}
    # Their examples are data sets and files: tests/training_data and tests/models make them.
    of_data = {Family.POISON, Family.MODEL}
    # These ask advisories or a kernel: tests/dependencies makes some.
    of_advisories = {"DEP002", "DEP003", "DEP017", "DEP091"}
    for rule in all_rules().values():
        if rule.name in {"bandit", "ruff"}:
            continue  # what these find is in tests/sast
        if rule.id in raised_by_the_engine | of_presidio | of_advisories or rule.name.startswith(
            "ds-"
        ):
            continue
        if rule.family in of_data:
            continue
        assert any(example.flagged for example in rule.examples), rule.id
        assert any(not example.flagged for example in rule.examples), rule.id


def test_ids_and_names_are_unique() -> None:
    rules = all_rules().values()
    assert len({rule.name for rule in rules}) == len(rules)
    assert Config().select == ()
