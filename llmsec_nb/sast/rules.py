"""COD901, COD902: what other programs say of the code. `--sast` asks them; nothing else does."""

from __future__ import annotations

from typing import Final

from ..core.rule import Confidence, Family, Rule, Severity

BANDIT: Final = Rule(
    id="COD901",
    name="bandit",
    family=Family.CODE,
    summary="bandit finds fault with this code",
    why="It looks for more than the rules of this program, and sees each call without the rest.",
    remediation="The page of the check that is named says what is meant and what to write instead.",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    reference="https://bandit.readthedocs.io/en/latest/plugins/",
    default=False,
)
RUFF: Final = Rule(
    id="COD902",
    name="ruff",
    family=Family.CODE,
    summary="ruff finds fault with this code",
    why="It looks for more than the rules of this program, and sees each call without the rest.",
    remediation="The page of the rule that is named says what is meant and what to write instead.",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    reference="https://docs.astral.sh/ruff/rules/#flake8-bandit-s",
    default=False,
)
RULES: Final = (BANDIT, RUFF)
