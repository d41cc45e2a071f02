"""SEC201, SEC114: private keys in PEM form, alone or in a Google service account."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import ByLiterals, Context, Cost, Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity
from .pem import key_in

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from ...core.artifact import Text
    from .pem import Key

PRIVATE_KEY: Final = Rule(
    id="SEC201",
    name="private-key",
    family=Family.SECRET,
    summary="Private key in clear text",
    why="Whoever reads it can sign, decrypt and log in as its owner.",
    remediation="Replace the key pair and load the new key from a file outside the repository.",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(321, 312),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    examples=(
        Example(source="{pem}", flagged=("{pem}",), kind=Kind.STREAM),
        Example(source='pem = """{pem}"""', flagged=("{pem}",)),
        Example(source='if "-----BEGIN " + "PRIVATE KEY-----" in text: raise ValueError'),
        Example(source='HEADER = "-----BEGIN RSA PRIVATE KEY-----"'),
        Example(source="-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"),
    ),
)
SERVICE_ACCOUNT: Final = Rule(
    id="SEC114",
    name="google-service-account",
    family=Family.SECRET,
    summary="Google service account key in clear text",
    why="Whoever reads it can act as the service account, with all of its roles.",
    remediation=(
        "Delete the key at https://console.cloud.google.com/iam-admin/serviceaccounts "
        "and use application default credentials."
    ),
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(321, 312),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    reference="https://cloud.google.com/iam/docs/keys-create-delete",
    examples=(
        Example(
            source='info = {"type": "service_account", "private_key": """{pem}"""}',
            flagged=("{pem}",),
        ),
        Example(source='info = {"type": "service_account", "private_key": "..."}'),
    ),
)
_ANCHOR: Final = "-----BEGIN "
_PEM: Final = lazy(
    r"-----BEGIN (?P<label>(?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?)-----"
    r"(?P<body>(?:[A-Za-z0-9+/=,.:;() \t\r\n\"']|-(?!-)|\\[nrt]|\\\r?\n){16,16384})"
    r"-----END (?P=label)-----"
)
_UNFINISHED: Final = lazy(
    r"-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:\s|\\[nrt]|[\"'+]){1,16}(?:[A-Za-z0-9+/=]{32,76}(?:\s|\\[nrt]|[\"'+]){0,16}){1,400}"
)
_AROUND: Final = 2500


class PrivateKeys(ByLiterals):
    """PEM blocks, whole or cut off after the first lines."""

    rules: ClassVar = (PRIVATE_KEY, SERVICE_ACCOUNT)
    literals: ClassVar = (_ANCHOR.lower(),)
    cost: ClassVar[Cost] = Cost.TYPING

    def screen(self, content: str) -> bool | None:
        """Whether a block begins anywhere."""
        return _ANCHOR in content or None

    def detect(self, text: Text, hint: bool, context: Context) -> Iterator[Match]:
        """Find each block."""
        content = text.text
        position = content.find(_ANCHOR)
        while position >= 0:
            found = _PEM.match(content, position) or _UNFINISHED.match(content, position)
            if found and "..." not in found[0]:
                yield self._match(content, found, key_in(found[0]))
            position = content.find(_ANCHOR, found.end() if found else position + 1)

    def _match(self, content: str, found: re.Match[str], key: Key) -> Match:
        around = content[max(0, found.start() - _AROUND) : found.end() + _AROUND]
        rule = SERVICE_ACCOUNT if "service_account" in around else PRIVATE_KEY
        return Match(
            rule=rule,
            start=found.start(),
            end=found.end(),
            public=_ANCHOR.rstrip(),
            confidence=key.confidence,
            severity=Severity.HIGH if key.encrypted else None,
            message=f"{rule.summary}, under a passphrase" if key.encrypted else "",
            rank=40,
        )
