"""DEP002, DEP003, DEP091: requirements against the advisories on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...advisories import opened
from ...advisories.database import OLDEST
from ...core.detector import Match, NotInstalled
from ...core.rule import Severity
from .collect import collect
from .detector import LITERALS
from .facts import facts_of, requirements
from .rules import dependency, listed, plain
from .verdicts import MALICIOUS, VULNERABLE, unsure, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ...advisories import Database
    from ...cells.flow import Site
    from ...cells.unit import Unit
    from ...core.detector import Context
    from ...core.rule import Rule
    from .collect import Found
    from .facts import Facts
    from .requirement import Requirement

NOT_AUDITED: Final = dependency(
    "DEP091",
    "not-audited",
    "A package could not be audited",
    Severity.INFO,
    "Its version is not known, so nobody can say whether it has a known vulnerability.",
    "Pin it, or check the kernel's packages: `%llmsec check --env`.",
    cwe=(1395,),
)
RULES: Final[tuple[Rule, ...]] = (VULNERABLE, MALICIOUS, NOT_AUDITED)


class Audit:
    """Requirements against the advisories on this machine.

    Where there are none, or they are old, `inspect` ends by raising NotInstalled, after all that
    could be said: a document that needs an audit is then NOT AUDITED, whatever was found.
    """

    rules: ClassVar[tuple[Rule, ...]] = RULES
    literals: ClassVar[tuple[str, ...]] = LITERALS

    def __init__(
        self,
        path: Path | None = None,
        environment: Mapping[str, str] | None = None,
        locked: Mapping[str, str] | None = None,
        *,
        oldest: float = OLDEST,
    ) -> None:
        """`path` is the file of advisories, `oldest` their age in days at which they are old."""
        self.path = path
        self.environment = environment
        self.locked = locked or {}
        self.oldest = oldest

    def inspect(
        self, units: Sequence[Unit], sites: Sequence[Site], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """The versions of a document that are known to be bad."""
        found = collect(units, sites)
        facts = facts_of(found, self.environment, self.locked)
        asked = [(one, each) for one in found for _, each in requirements(one) if _is_named(each)]
        if not asked:
            return
        database = opened(self.path, oldest=self.oldest)
        unknown: list[tuple[Found, Requirement]] = []
        for one, each in asked:
            version = _version(each, facts)
            match = _match(each, version, database)
            if match is not None:
                yield one.unit.number, match
            elif not version:
                unknown.append((one, each))
        yield from _not_audited(unknown)
        reason = unsure(database)
        if reason:
            raise NotInstalled(reason)


def _is_named(each: Requirement) -> bool:
    return bool(each.name) and not each.is_conda and not each.url


def _version(each: Requirement, facts: Facts) -> str:
    """The version that is meant: pinned, or what the lock or the kernel has; empty if unknown."""
    return each.version or (facts.version(each.name) if not each.is_open else "")


def _match(each: Requirement, version: str, database: Database) -> Match | None:
    known = database.query(each.name, version)
    verdict = verdict_of(each.name, version, known)
    if verdict is None:
        return None
    message = verdict.message
    if version and not each.version:
        message += ", as it is installed here"
    return Match(
        rule=verdict.rule,
        start=each.start,
        end=each.end,
        message=message,
        severity=verdict.severity,
        rank=2,
        label=plain(each.written or each.name, ""),
    )


def _not_audited(unknown: Sequence[tuple[Found, Requirement]]) -> Iterator[tuple[int, Match]]:
    """One match a cell for all packages whose version nobody knows."""
    cells: dict[int, list[tuple[Found, Requirement]]] = {}
    for one, each in unknown:
        cells.setdefault(id(one.unit.text), []).append((one, each))
    for group in cells.values():
        unit = group[0][0].unit
        spans = sorted((each.start, each.end) for one, each in group if one.unit is unit)
        names = list(dict.fromkeys(each.written or each.name for _, each in group))
        message = f"not audited, as their versions are not known: {listed(names)}"
        yield (
            unit.number,
            Match(
                rule=NOT_AUDITED,
                rank=-1,
                start=spans[0][0],
                end=spans[0][1],
                message=message,
                label=listed(names, 3),
                others=tuple(spans[1:]),
            ),
        )
