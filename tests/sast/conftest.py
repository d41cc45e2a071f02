"""The rules of the tools, wherever the list of all rules does not hold them yet."""

from __future__ import annotations

from typing import cast

import pytest

from llmsec_nb.core.rule import Rule
from llmsec_nb.rules import all_rules
from llmsec_nb.sast.rules import RULES


@pytest.fixture(autouse=True, scope="session")
def known_rules() -> None:
    """Rules that a comment or a configuration names have to be known."""
    for rule in RULES:
        cast("dict[str, Rule]", all_rules()).setdefault(rule.id, rule)
