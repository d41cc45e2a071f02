"""DEP002, DEP003, DEP091: requirements and imports against the advisories on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match, NotInstalled, Unavailable
from ...core.rule import Confidence
from .asked import asked_of, is_audited, match_of, merged, source_of
from .detector import LITERALS, read
from .facts import facts_of
from .pins import counts
from .rules import plain
from .unaudited import NOT_AUDITED, gaps, not_audited, unknown
from .verdicts import MALICIOUS, VULNERABLE, unsure, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from ...advisories import Database
    from ...cells.flow import Site
    from ...cells.unit import Unit
    from ...core.detector import Context, Surroundings
    from ...core.rule import Rule
    from .collect import Found
    from .facts import Facts
    from .imports import Imported
    from .requirement import Requirement

RULES: Final[tuple[Rule, ...]] = (VULNERABLE, MALICIOUS, NOT_AUDITED)
_SAID: Final = "NOT AUDITED: "


class Audit:
    """Requirements and imports against the advisories on this machine.

    Where there are none, or they are old, `inspect` ends by raising NotInstalled, after all that
    could be said: a document that needs an audit is then NOT AUDITED, whatever was found.
    """

    rules: ClassVar[tuple[Rule, ...]] = RULES
    literals: ClassVar[tuple[str, ...]] = (*LITERALS, "import ")

    def __init__(self, path: Path | None = None, *, oldest: float | None = None) -> None:
        """`path` is the file of advisories, `oldest` their age in days at which they are old.

        None: the usual ones.
        """
        self.path = path
        self.oldest = oldest

    def inspect(
        self, units: Sequence[Unit], sites: Sequence[Site], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """The versions of a document that are known to be bad."""
        from .imports import brought, imports

        found = read(units, sites)
        facts = facts_of(found, context.around)
        asked, elsewhere = asked_of(found, facts)
        told = {each.name for _, _, each in asked if not each.is_conda}
        used = [one for one in imports(units) if not told & set(_names(one))]
        known = _once([(one, *brought(one.dotted, facts)) for one in used], told)
        missing = [*gaps(found, units, context.around), *elsewhere]
        if not asked and not any(version for _, _, version in known):
            yield from not_audited(missing)
            yield from self._malicious(used, context.around)
            return
        database = self._opened()
        matches: list[tuple[Found, Requirement, Match]] = []
        for one, install, each in asked:
            match = match_of(one, each, facts, database)
            if match is not None:
                matches.append((one, each, match))
            elif not is_audited(each, facts) and (each.is_pinned or not counts(install, each)):
                missing.append(unknown(one, each))  # of the others DEP001 says it
        yield from merged(matches)
        yield from not_audited(missing)
        for module, name, version in known:
            match = _used(module, name, version, facts, database) if version else None
            if match is not None:
                yield module.unit.number, match
        loose = [module for module, _, version in known if not version]
        yield from _evil(loose, context.around, database)
        reason = unsure(database)
        if reason:
            raise NotInstalled(f"{_SAID}{reason}")

    def _opened(self) -> Database:
        from ...advisories import OLDEST, opened

        try:
            return opened(self.path, oldest=OLDEST if self.oldest is None else self.oldest)
        except Unavailable as reason:
            raise type(reason)(f"{_SAID}{reason}") from None

    def _malicious(
        self, used: Sequence[Imported], around: Surroundings
    ) -> Iterator[tuple[int, Match]]:
        """Imports of unknown versions alone need no audit; what is known of them is said."""
        try:
            database = self._opened() if used else None
        except NotInstalled:
            return
        if database is not None:
            yield from _evil(used, around, database)


def _once(
    known: Sequence[tuple[Imported, str, str]], told: AbstractSet[str]
) -> list[tuple[Imported, str, str]]:
    """Imports with the distributions that bring them, each of those once, and none that is told."""
    seen = set(told)
    found = []
    for one, name, version in known:
        if not name or name not in seen:
            found.append((one, name, version))
            seen.add(name)
    return found


def _names(one: Imported) -> tuple[str, ...]:
    from .imports import distributions

    return distributions(one.dotted)


def _used(one: Imported, name: str, version: str, facts: Facts, database: Database) -> Match | None:
    """What is known of a package that is imported."""
    verdict = verdict_of(name, version, database.query(name, version))
    if verdict is None:
        return None
    return Match(
        rule=verdict.rule,
        start=one.start,
        end=one.end,
        message=verdict.message + source_of(name, version, facts),
        severity=verdict.severity,
        rank=2,
        label=plain(one.module, ""),
    )


def _evil(
    used: Sequence[Imported], around: Surroundings, database: Database
) -> Iterator[tuple[int, Match]]:
    """Imports by the names of malicious packages, whatever version; no modules of one's own."""
    for one in used:
        verdict = verdict_of(one.name, "", database.query(one.name))
        if verdict is not None and not _is_local(one.module, around.folder):
            match = Match(
                rule=verdict.rule,
                start=one.start,
                end=one.end,
                message=f"the distribution {verdict.message}, if the module comes from it",
                severity=verdict.severity,
                confidence=Confidence.MEDIUM if around.folder else Confidence.LOW,
                rank=2,
                label=plain(one.module, ""),
            )
            yield one.unit.number, match


def _is_local(module: str, folder: str) -> bool:
    """Whether a file or folder beside the document is the module."""
    from pathlib import Path

    place = Path(folder) / module if folder else None
    return place is not None and (place.is_dir() or place.with_name(f"{module}.py").is_file())
