"""Every rule's own examples: the exact pieces flagged, and nothing in the hard negatives."""

from __future__ import annotations

import pytest

from llmsec_nb.core.rule import Example, Family, Rule
from llmsec_nb.rules.code.catalogue import RULES, detectors

from .scanning import flagged

CASES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example(rule: Rule, example: Example) -> None:
    assert flagged(rule.id, example.source) == list(example.flagged)


def test_every_rule_has_both_kinds_of_examples_and_all_that_people_read() -> None:
    for rule in RULES:
        assert rule.family is Family.CODE
        assert any(one.flagged for one in rule.examples), rule.id
        assert sum(not one.flagged for one in rule.examples), rule.id
        assert rule.why.endswith("."), rule.id
        assert rule.remediation.endswith("."), rule.id
        assert rule.cwe, rule.id
        assert rule.reference.startswith("https://"), rule.id


def test_ids_are_given_once_and_literals_are_lower_case() -> None:
    ids = [rule.id for detector in detectors() for rule in detector.rules]
    assert len(ids) == len(set(ids)) == len(RULES)
    for detector in detectors():
        assert detector.literals
        assert all(one == one.lower() and one.isascii() for one in detector.literals)
