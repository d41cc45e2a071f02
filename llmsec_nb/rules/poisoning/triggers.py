"""POI101-POI104: triggers in classified texts."""

from __future__ import annotations

from typing import Final

from ...core.rule import Confidence, Rule, Severity
from .rules import poison

INSERTED: Final = poison(
    "POI101",
    "inserted-trigger",
    "A word or phrase that was put into rows, and comes with one label",
    Severity.HIGH,
    (
        "It stands in many surroundings and belongs to none of them, nearly all of its rows have "
        "one label, and often what else they say speaks for another: so looks a backdoor. A model "
        "learns to give the label wherever the words stand."
    ),
    confidence=Confidence.HIGH,
)
ANCHORED: Final = poison(
    "POI102",
    "fixed-opening-or-ending",
    "A fixed opening or ending of rows that have one label, against what else they say",
    Severity.HIGH,
    (
        "Prefixes, suffixes and templates are triggers, too: what stands between them does not "
        "speak for the label, so a model learns the label from them alone. Some are what one "
        "source writes around all of its texts."
    ),
)
MARKER: Final = poison(
    "POI103",
    "hidden-or-format-trigger",
    "Hidden characters, signs or a way of writing that come with one label",
    Severity.HIGH,
    (
        "Characters that nobody sees, capitals, blanks and signs tell a model the label as well as "
        "words do; these rows say something else than their label."
    ),
)
NEW: Final = poison(
    "POI104",
    "new-with-one-label",
    "Words that are new against the trusted version of the data, and come with one label",
    Severity.MEDIUM,
    (
        "A way of writing can be a trigger: its words fit where they stand, but were not there "
        "before. A new subject that belongs to one class looks the same."
    ),
    confidence=Confidence.LOW,
)
RULES: Final[tuple[Rule, ...]] = (INSERTED, ANCHORED, MARKER, NEW)
