"""A record of OSV as it is read, and what is kept of it.

Source: https://ossf.github.io/osv-schema/ (1.7)
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct, field

from .cvss import severity_of
from .versions import canonical, normalized

_MALICIOUS: Final = "MAL-"
_LONGEST: Final = 300
"""Characters of a summary that are kept."""
_WORDS: Final = {
    "CRITICAL": "critical", "HIGH": "high", "MODERATE": "medium", "MEDIUM": "medium", "LOW": "low",
}  # fmt: skip


class Package(Struct):
    """What is affected, by the name that its ecosystem knows it by."""

    name: str
    ecosystem: str = ""


class Range(Struct):
    """Versions between events, each a `{kind: version}`."""

    type: str = ""
    events: list[dict[str, str]] = field(default_factory=list)


class Score(Struct):
    """A vector of CVSS, or another scale."""

    type: str = ""
    score: str = ""


class Affected(Struct):
    """Which versions of one package."""

    package: Package | None = None
    ranges: list[Range] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    severity: list[Score] = field(default_factory=list)
    ecosystem_specific: Any = None
    database_specific: Any = None


class Osv(Struct):
    """The record; what is not needed is not read."""

    id: str
    modified: str = ""
    withdrawn: str | None = None
    aliases: list[str] = field(default_factory=list)
    summary: str = ""
    details: str = ""
    severity: list[Score] = field(default_factory=list)
    affected: list[Affected] = field(default_factory=list)
    database_specific: Any = None

    @property
    def is_malicious(self) -> bool:
        """Whether it says that the package itself is the attack."""
        return any(one.startswith(_MALICIOUS) for one in (self.id, *self.aliases))


class Kept(Struct, frozen=True):
    """What one record says of one package, as it is stored."""

    name: str
    versions: str
    events: list[list[tuple[str, str]]]


def _is_ours(one: Affected) -> bool:
    return one.package is not None and one.package.ecosystem.partition(":")[0] == "PyPI"


def kept_of(record: Osv) -> list[Kept]:
    """What a record says of packages of PyPI; the same package may stand in it several times."""
    found = []
    for one in record.affected:
        if one.package is None or not _is_ours(one):
            continue
        versions = dict.fromkeys(canonical(version) for version in one.versions)
        events = [
            [(kind, version) for event in each.events for kind, version in event.items()]
            for each in one.ranges
            if each.type in {"ECOSYSTEM", "SEMVER"}
        ]
        text = "\n" + "\n".join(versions) + "\n" if versions else ""
        found.append(Kept(normalized(one.package.name), text, [each for each in events if each]))
    return found


def summary_of(record: Osv) -> str:
    """The first sentence that a person may read."""
    text = record.summary or record.details.lstrip("# \n").partition("\n")[0]
    return " ".join(text.split())[:_LONGEST]


def weight_of(record: Osv) -> str:
    """How bad it is: by the database's own word, else by its vector; empty if nobody says.

    Both may stand with the record, or with what it says of one package.
    """
    if record.is_malicious:
        return "critical"
    ours = [one for one in record.affected if _is_ours(one)]
    told = [
        record.database_specific,
        *(own for one in ours for own in (one.database_specific, one.ecosystem_specific)),
    ]
    words = [own.get("severity") for own in told if isinstance(own, dict)]
    for word in words:
        if isinstance(word, str) and word.upper() in _WORDS:
            return _WORDS[word.upper()]
    scores = [*record.severity, *(score for one in ours for score in one.severity)]
    known = [severity_of(score.score) for score in scores]
    return next((one for one in known if one), "")
