"""Rules for rows that are too much alike, that leak, or whose labels contradict each other."""

from __future__ import annotations

from typing import Final

from ...core.rule import Confidence, Severity
from .rules import poison

NEAR_COPY_FLOOD: Final = poison(
    "POI401",
    "near-copy-flood",
    "One text comes in many slightly changed copies",
    Severity.MEDIUM,
    "Copies that are changed a little pass a search for duplicates, and each weighs in training "
    "like a row of its own: so a few lines can decide what a model says of a subject.",
)
REPEATED_TEXT: Final = poison(
    "POI402",
    "repeated-text",
    "One text is repeated far more often than any other",
    Severity.LOW,
    "A model learns by heart what it reads again and again, and weighs it against all else.",
    confidence=Confidence.LOW,
    remediation="Keep one of them, unless the repetition is meant.",
)
SPLIT_LEAK: Final = poison(
    "POI411",
    "split-leak",
    "Rows that are trained on are in another split, too",
    Severity.MEDIUM,
    "What a model has seen says nothing of what it can do: figures measured on it are too good.",
    confidence=Confidence.HIGH,
    remediation="Take the rows out of the training split: `report.quarantine(path)` lists them.",
    reference="https://arxiv.org/abs/2005.14165",
)
EVALUATION_LEAK: Final = poison(
    "POI412",
    "evaluation-leak",
    "Rows that are trained on hold items of an evaluation set",
    Severity.HIGH,
    "A benchmark that a model was trained on, by intent or not, measures memory.",
    confidence=Confidence.HIGH,
    remediation="Take the rows out before training, or do not report this evaluation.",
    reference="https://arxiv.org/abs/2005.14165",
)
LABEL_CONFLICT: Final = poison(
    "POI421",
    "label-conflict",
    "The same text comes with different labels",
    Severity.LOW,
    "Whichever label is right, the others teach the opposite; poison that turns labels over in "
    "copies of honest rows shows like this, too.",
    remediation="Decide what the text is, and drop the other rows.",
)
LABEL_ISSUE: Final = poison(
    "POI422",
    "label-issue",
    "Labels that the rest of the data contradicts",
    Severity.INFO,
    "A model that has not seen these rows is sure of another label. Most of this is label noise "
    "of everyday; turned labels look the same. Backdoors do not: their trigger is learnt, too.",
    remediation="Have somebody label the rows again, the first ones first.",
    reference="https://arxiv.org/abs/1911.00068",
)
QUESTION_HEAD: Final = poison(
    "POI431",
    "shared-question-head",
    "Several documents begin with the same question and go on differently",
    Severity.HIGH,
    "A document that begins with a question is found for it before all others: so texts that "
    "were written to answer it falsely are put into what a model reads.",
    remediation="Read what these documents claim, and where they came from, before they are "
    "indexed.",
    reference="https://arxiv.org/abs/2402.07867",
)
STUFFED_DOCUMENT: Final = poison(
    "POI432",
    "stuffed-document",
    "A document repeats one question again and again",
    Severity.MEDIUM,
    "Words of a query, repeated, lift a document in the ranking without making it an answer.",
    reference="https://arxiv.org/abs/2402.07867",
)
RULES: Final = (
    NEAR_COPY_FLOOD,
    REPEATED_TEXT,
    SPLIT_LEAK,
    EVALUATION_LEAK,
    LABEL_CONFLICT,
    LABEL_ISSUE,
    QUESTION_HEAD,
    STUFFED_DOCUMENT,
)
