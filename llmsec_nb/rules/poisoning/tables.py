"""POI501-POI504: tables of features and a label."""

from __future__ import annotations

from typing import Final

from ...core.rule import Confidence, Rule, Severity
from .rules import poison

PLANTED: Final = poison(
    "POI501",
    "planted-value",
    "A value, or values together, that come with one label against all other columns",
    Severity.HIGH,
    (
        "The rest of these rows looks like rows drawn at random, but the label does not: so looks "
        "a trigger. A model learns to give the label wherever the values stand."
    ),
)
LEAK: Final = poison(
    "POI502",
    "target-leak",
    "A column alone tells the label",
    Severity.MEDIUM,
    (
        "What is a copy of the label, or was known only after it, makes a model look right in "
        "tests and fail in use; whoever can write the column decides what is predicted."
    ),
    confidence=Confidence.LOW,
    remediation="Leave the column out of training, unless it is known when a model is asked.",
)
OUTLIER: Final = poison(
    "POI503",
    "value-out-of-range",
    "Numbers that lie far beyond all others of their column",
    Severity.LOW,
    "A few of them bend a fit as far as their writer wants; many are codes for what is missing.",
    confidence=Confidence.LOW,
)
REPEATED: Final = poison(
    "POI504",
    "repeated-row",
    "The same features in many rows of a table in which rows hardly repeat",
    Severity.LOW,
    "Copies weigh as much as the rows that they push aside; in two splits, they spoil the test.",
    confidence=Confidence.LOW,
    remediation="Drop the copies: `df.drop_duplicates()`.",
)
RULES: Final[tuple[Rule, ...]] = (PLANTED, LEAK, OUTLIER, REPEATED)
