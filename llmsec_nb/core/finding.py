"""What a scan says: findings, failures, skips, and the report that holds them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from .dataset import DataReport
from .evidence import Evidence
from .location import Location
from .problem import Failure as Failure  # noqa: PLC0414 (given on, as part of a report)
from .problem import Skip as Skip  # noqa: PLC0414 (as above)
from .rule import Confidence, Family, Severity
from .table import TableReport

REPORT_VERSION: Final = "1"


class Edit(Struct, frozen=True, kw_only=True):
    """Replace a span of the part; offsets count characters of its joined text."""

    start: int
    end: int
    replacement: str


class FixKind(StrEnum):
    """What a fix does to the value that was found."""

    REPLACE = "replace"
    """Something else stands in its place: a read of the environment, a name in ASCII letters."""
    MASK = "mask"
    """Stars stand in its place."""
    DELETE = "delete"
    """The characters are gone."""
    IGNORE = "ignore"
    """It stays, under a suppression; the replacement holds `{reason}` once, to be filled in."""


class Fix(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change after which the finding is gone, or suppressed. Holds no raw value.

    Edits are sorted, do not overlap, and all refer to the text before any of them. `safe` says
    that the code does what it did. `pointer` names the part that is edited (RFC 6901) when it is
    not the one of the finding's location.
    """

    kind: FixKind
    description: str
    edits: tuple[Edit, ...]
    safe: bool = False
    pointer: str | None = None


class Suppression(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a finding does not count: `comment`, `tag`, `config` or `baseline`, and the reason."""

    kind: str
    reason: str = ""
    where: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """One source line as it may be shown, and the marked columns in it."""

    number: int
    text: str
    start: int
    end: int


class Validity(StrEnum):
    """What the provider of a credential says of it."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


class Verification(Struct, frozen=True, kw_only=True):
    """The provider's answer about a value, and in one line how it was given."""

    validity: Validity
    reason: str


class History(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the commits of the file's git repository hold the value, on any branch.

    `versions` counts the contents of files, each once, that hold it; `since` is the date of the
    oldest commit with one of them, `commit` its id. `cut` is why not all of the history was read,
    empty if it was.
    """

    held: bool
    versions: int = 0
    since: str = ""
    commit: str = ""
    cut: str = ""


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong at one place. Holds no raw value."""

    rule: str
    name: str
    family: Family
    severity: Severity
    confidence: Confidence
    message: str
    location: Location
    evidence: Evidence
    fingerprint: str
    fixes: tuple[Fix, ...] = ()
    suppression: Suppression | None = None
    verification: Verification | None = None
    history: History | None = None


Event = Finding | Failure | Skip


class Tool(Struct, frozen=True, kw_only=True):
    """The program that wrote the report."""

    name: str = "llmsec-nb"
    version: str = ""


class Summary(Struct, frozen=True, kw_only=True):
    """Counts. `findings` are those that count; suppressed and unsure ones are counted apart."""

    files: int = 0
    findings: int = 0
    suppressed: int = 0
    low_confidence: int = 0
    failures: int = 0
    skips: int = 0
    by_severity: dict[str, int] = field(default_factory=dict)


class Report(Struct, frozen=True, kw_only=True):
    """Everything that one scan has to say. Stable: new keys may come, none changes its meaning."""

    version: str = REPORT_VERSION
    tool: Tool = field(default_factory=Tool)
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    skips: tuple[Skip, ...] = ()
    tables: tuple[TableReport, ...] = ()
    data: tuple[DataReport, ...] = ()
    summary: Summary = field(default_factory=Summary)

    @property
    def active(self) -> tuple[Finding, ...]:
        """The findings that nobody has suppressed."""
        return tuple(finding for finding in self.findings if finding.suppression is None)
