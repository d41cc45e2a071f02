"""SEC202: JSON Web Tokens."""

from __future__ import annotations

from typing import Final

from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity
from .token import TokenFormat

JWT: Final = Rule(
    id="SEC202",
    name="json-web-token",
    family=Family.SECRET,
    summary="JSON Web Token in clear text",
    why="Until it expires, whoever reads it is logged in as its owner.",
    remediation="End the session or revoke the token at its issuer; fetch tokens at run time.",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(522, 312),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    reference="https://www.rfc-editor.org/rfc/rfc7519",
    examples=(
        Example(source='jwt = "{jwt}"', flagged=("{jwt}",)),
        Example(source="Authorization: Bearer {jwt}", flagged=("{jwt}",), kind=Kind.STREAM),
        Example(source='header = "eyJhbGciOiJIUzI1NiJ9"'),
    ),
)
FORMAT: Final = TokenFormat(
    JWT,
    r"eyJ[A-Za-z0-9_-]{8,2048}\.(?:[A-Za-z0-9_-]{9,8192}\.[A-Za-z0-9_-]{16,2048}|eyJ[A-Za-z0-9_-]{8,8192}\.)",
    check="json_web_token",
)
