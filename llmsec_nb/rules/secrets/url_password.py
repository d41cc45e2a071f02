"""SEC203: a password inside a URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import ByLiterals, Context, Cost, Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity
from .values import Strength, is_placeholder, strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.artifact import Text

URL_PASSWORD: Final = Rule(
    id="SEC203",
    name="url-password",
    family=Family.SECRET,
    summary="Password inside a URL",
    why="Database and repository addresses with a password give access to whoever reads them.",
    remediation="Change the password; build the address from environment variables.",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(798, 312),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    examples=(
        Example(source='create_engine("postgresql://ada:{password}@db.corp/x")', flagged=("{password}",)),
        Example(source="git clone https://ada:{password}@git.corp/x.git", flagged=("{password}",), kind=Kind.STREAM),
        Example(source='url = f"postgresql://{user}:{secret}@{host}/db"'),
        Example(source='"postgresql://postgres:postgres@localhost:5432/db"'),
        Example(source='"redis://user:password@host:6379"'),
        Example(source="http://localhost:8888/?token=abc and mail@host.org", kind=Kind.STREAM),
    ),
)  # fmt: skip
_URL: Final = lazy(
    r"://(?P<user>[^\s:/?#@\[\]\"'<>{}|\\^`]{0,128}):"
    r"(?P<secret>[^\s/\"'<>{}|\\`]{3,256})@(?P<host>[A-Za-z0-9_.\[\]-]{1,253}|[%${])"
)
_NOBODY: Final = lazy(
    r"(?:user(?:name)?|usr|login|name|john\.doe|jane\.doe|me|you|foo|bar)[0-9]?\Z", re.IGNORECASE
)
_NOWHERE: Final = lazy(
    r"(?:[\w.-]{1,200}\.)?(?:example(?:\.[a-z]{2,10})?|invalid|test)\Z|(?:your)?-?_?host(?:name)?[0-9]?\Z",
    re.IGNORECASE,
)


class UrlPasswords(ByLiterals):
    """Addresses of the form scheme://user:password@host."""

    rules: ClassVar = (URL_PASSWORD,)
    literals: ClassVar = ("://",)
    cost: ClassVar[Cost] = Cost.TYPING

    def screen(self, content: str) -> bool | None:
        """Whether there is an address and an at sign."""
        return ("://" in content and "@" in content) or None

    def detect(self, text: Text, hint: bool, context: Context) -> Iterator[Match]:
        """Look behind each `://`."""
        content = text.text
        position = content.find("://") if "@" in content else -1
        while position >= 0:
            found = _URL.match(content, position)
            confidence = _judged(found["user"], found["secret"], found["host"]) if found else None
            if found and confidence:
                start, end = found.span("secret")
                yield Match(rule=URL_PASSWORD, start=start, end=end, confidence=confidence, rank=20)
            position = content.find("://", position + 3)


def _judged(user: str, secret: str, host: str) -> Confidence | None:
    """How sure it is that somebody uses the password at that host."""
    if is_placeholder(user + "@@") or secret.startswith("$") or set(secret) <= set("*.x-_"):
        return None
    kind = strength(secret)
    if secret.lower() == user.lower() or secret.isdecimal() or kind is Strength.KNOWN:
        return Confidence.LOW
    if kind is Strength.NONE and is_placeholder(secret):
        return None
    if _NOWHERE.match(host) or (_NOBODY.match(user) and kind is not Strength.MIXED):
        return Confidence.LOW
    if host in {"%", "$", "{"} or kind is Strength.PLAIN:
        return Confidence.MEDIUM
    return Confidence.HIGH
