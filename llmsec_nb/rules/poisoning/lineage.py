"""Rules for data that are no longer what they were, or what a list says they are."""

from __future__ import annotations

from typing import Final

from ...core.rule import Confidence, Rule, Severity
from .rules import poison

_MANIFEST: Final = (
    "Find out who changed it. If it is meant, scan what is new (`llmsec data diff`) and write the "
    "manifest anew; if not, restore the version that the manifest knows."
)
_CARLINI: Final = "https://arxiv.org/abs/2302.10149"

FILE_CHANGED: Final = poison(
    "POI701",
    "data-file-changed",
    "A data file is gone, changed or new since the manifest was written",
    Severity.HIGH,
    "What was scanned and approved is not what will be trained on: whoever can write to the store "
    "can add a few hundred rows after the review.",
    confidence=Confidence.HIGH,
    remediation=_MANIFEST,
    cwe=(353,),
)
ROWS_CHANGED: Final = poison(
    "POI702",
    "data-rows-changed",
    "Rows of a data set are not those that the manifest knows",
    Severity.HIGH,
    "Rows that nobody has looked at are in a data set that is taken for checked.",
    confidence=Confidence.HIGH,
    remediation=_MANIFEST,
    cwe=(353,),
)
MANIFEST_CHANGED: Final = poison(
    "POI703",
    "data-manifest-changed",
    "The manifest of data, or a file that belongs to it, was changed without the key",
    Severity.HIGH,
    "Whoever changes data and manifest together hides the change from every check that trusts the "
    "manifest.",
    confidence=Confidence.HIGH,
    remediation="Restore the manifest from its history, and look at what it was to hide.",
    cwe=(345,),
)
ACCEPTANCE: Final = poison(
    "POI704",
    "acceptance-not-signed",
    "An accepted alert does not bear the signature of the key",
    Severity.MEDIUM,
    "An acceptance silences an alert. One that nobody with the key has given may be how an attacker "
    "silences the alert about their own rows.",
    confidence=Confidence.HIGH,
    remediation="Look at the alert, then accept it again with the key, or remove the acceptance.",
    cwe=(347,),
)
STATE_STALE: Final = poison(
    "POI705",
    "trusted-state-stale",
    "The stored state of the trusted version does not belong to the data set as it is recorded",
    Severity.LOW,
    "A scan of what is new compares it with this state: an old or foreign one hides what it was "
    "made with.",
    confidence=Confidence.HIGH,
    remediation="Scan the trusted version again and write its state anew.",
    cwe=(345,),
)
AUDIT_BROKEN: Final = poison(
    "POI706",
    "audit-trail-broken",
    "The audit trail was changed, cut or torn",
    Severity.MEDIUM,
    "What was done with the data, and by whom, can no longer be shown.",
    confidence=Confidence.HIGH,
    remediation="Restore the trail from a backup and find out what happened at the named line.",
    cwe=(345,),
)
URL_CHANGED: Final = poison(
    "POI710",
    "url-content-changed",
    "Addresses of a list give other bytes than those that its digests were made of",
    Severity.HIGH,
    "Who buys an expired domain decides what a list of addresses trains a model on (split-view "
    "poisoning): the one who made the list never saw it. Many change innocently; which, nobody "
    "can tell from outside.",
    confidence=Confidence.MEDIUM,
    remediation=(
        "Drop what does not give the recorded bytes; train only on what was fetched and compared."
    ),
    reference=_CARLINI,
    cwe=(494,),
)
URL_UNSAFE: Final = poison(
    "POI711",
    "url-not-public",
    "Addresses of a list lead to the own files, machine or network",
    Severity.MEDIUM,
    "Who downloads the list sends requests to services inside their own network (server-side "
    "request forgery), or reads their own files into the data.",
    confidence=Confidence.MEDIUM,
    remediation="Drop these rows.",
    cwe=(918,),
)

RULES: Final[tuple[Rule, ...]] = (
    FILE_CHANGED,
    ROWS_CHANGED,
    MANIFEST_CHANGED,
    ACCEPTANCE,
    STATE_STALE,
    AUDIT_BROKEN,
    URL_CHANGED,
    URL_UNSAFE,
)
