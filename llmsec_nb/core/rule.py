"""What a rule is: its identity, its weight and the examples that prove it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from typing import Self


class _Ordered(StrEnum):
    """A scale whose first member is the strongest."""

    @property
    def rank(self) -> int:
        """Position on the scale, 0 for the strongest."""
        return list(type(self)).index(self)

    def at_least(self, other: Self) -> bool:
        """Whether this is as strong as `other`, or stronger."""
        return self.rank <= other.rank


class Severity(_Ordered):
    """How bad it is if the finding is true."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Confidence(_Ordered):
    """How sure we are that the finding is true."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Family(StrEnum):
    """The kind of risk, as shown to people and used as a selector."""

    SECRET = "secret"
    PII = "pii"
    POISON = "poison"
    PROMPT = "prompt"
    DEPENDENCY = "dependency"
    MODEL = "model"
    CODE = "code"
    INFRA = "infra"
    HYGIENE = "hygiene"


OF_CODE: Final = ("COD", "DEP", "MOD")
"""How the ids of rules begin that read the code of a document as a whole, from cell to cell."""


OF_MODELS: Final = "MOD"
"""How the ids of rules begin that read model files."""


class Kind(StrEnum):
    """How a text is to be read: what its syntax promises."""

    CODE = "code"
    MARKDOWN = "markdown"
    TEXT = "text"
    STREAM = "stream"
    HTML = "html"
    SCRIPT = "script"
    DATA = "data"
    CONFIG = "config"
    BINARY = "binary"


class Example(Struct, frozen=True, kw_only=True):
    """A text and exactly what is to be flagged in it.

    `source` and `flagged` may hold `{token}`, which is replaced by a fake token
    that is made from the rule's own pattern at run time, so no token stands in a file.
    An example with nothing flagged is a hard negative.
    """

    source: str
    flagged: tuple[str, ...] = ()
    kind: Kind = Kind.CODE


class Rule(Struct, frozen=True, kw_only=True):
    """One thing that can be wrong, said once: the report, the docs and the tests read it here."""

    id: str
    name: str
    family: Family
    summary: str
    why: str
    remediation: str
    severity: Severity
    confidence: Confidence
    cwe: tuple[int, ...] = ()
    owasp: tuple[str, ...] = ()
    atlas: tuple[str, ...] = ()
    reference: str = ""
    since: str = "0.1"
    default: bool = True
    variable: str = ""
    """The environment variable from which the provider's own client reads the secret."""
    examples: tuple[Example, ...] = ()
