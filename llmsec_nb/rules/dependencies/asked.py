"""What a document asks for, each requirement against the advisories on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ...advisories.versions import canonical
from ...core.detector import Match
from ...core.rule import Confidence
from .channels import bounds_of, name_of
from .facts import requirements
from .known import ranks
from .markers import applies, pythons_in
from .rules import plain
from .unaudited import for_another
from .verdicts import suspected, verdict_of, verdict_of_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...advisories import Database
    from .collect import Found
    from .facts import Facts
    from .install import Install
    from .requirement import Requirement
    from .unaudited import Gap
    from .verdicts import Verdict

_MOST_OTHERS: Final = 200


def asked_of(
    found: Sequence[Found], facts: Facts
) -> tuple[list[tuple[Found, Install, Requirement]], list[Gap]]:
    """What is for an index to know; and what is for other Pythons than the document's."""
    asked, elsewhere = [], []
    for one in found:
        pythons = pythons_in(one, facts.pythons)
        for install, each in requirements(one):
            if each.url or not (each.name or each.is_open):
                continue
            if each.is_conda and not name_of(each):
                continue
            if applies(each.marker, pythons) is False:
                elsewhere.append(for_another(one, each))
            else:
                asked.append((one, install, each))
    return asked, elsewhere


def is_audited(each: Requirement, facts: Facts) -> bool:
    """Whether silence means that nothing is known of it."""
    return bool(version_of(each, facts))


def version_of(each: Requirement, facts: Facts) -> str:
    """The version that is meant: pinned, or what the lock or the kernel has; empty if unknown."""
    if each.is_conda:
        return each.version if bounds_of(each) is None else ""
    return each.version or (facts.version(each.name) if not each.is_open else "")


def source_of(name: str, version: str, facts: Facts) -> str:
    """Who says that this version of a package is the one."""
    if facts.installed(name) == version:
        return ", as it is installed here"
    return ", as it is locked here"


def match_of(found: Found, each: Requirement, facts: Facts, database: Database) -> Match | None:
    """What is known of one requirement, as far as it says which versions it lets in."""
    version = version_of(each, facts)
    verdict, confidence, more = _judged(each, version, database), None, ""
    if verdict is None:
        return None
    if each.is_conda:
        more = f", if conda's {plain(each.written, 'package')} is the {verdict.name} of PyPI"
        confidence = Confidence.MEDIUM
    elif version and not each.version:
        more = source_of(each.name, version, facts)
    elif not version and verdict.is_some:
        confidence = Confidence.MEDIUM
    if applies(each.marker, pythons_in(found, facts.pythons)) is None:
        more += ", where its marker holds"
        confidence = Confidence.MEDIUM
    return Match(
        rule=verdict.rule,
        start=each.start,
        end=each.end,
        message=verdict.message + more,
        severity=verdict.severity,
        confidence=confidence,
        rank=2,
        label=plain(each.written or each.name, ""),
    )


def _judged(each: Requirement, version: str, database: Database) -> Verdict | None:
    name = name_of(each) if each.is_conda else each.name
    known = database.query(name, version)
    if each.is_conda:  # what is malicious on PyPI is not what a channel has
        known = [one for one in known if not one.is_malicious]
    if known or version:
        return verdict_of(name, version, known)
    bounds = bounds_of(each)
    if bounds is not None:
        known = [one for one in database.query_all(name, bounds) if not one.is_malicious]
        return verdict_of_all(name, known) if known else None
    # A famous name has a good version again by now; the others have had bad ones only.
    is_famous = each.is_conda or each.is_open or name in ranks()
    return None if is_famous else suspected(name, database.malicious(name))


def merged(
    matches: Sequence[tuple[Found, Requirement, Match]],
) -> Iterator[tuple[int, Match]]:
    """One match for each version of a package in a unit, wherever it stands there."""
    first: dict[tuple[int, str, str, str], Match] = {}
    for one, each, match in matches:
        key = one.unit.number, each.name, canonical(each.version), match.rule.id
        known = first.get(key)
        if known is None:
            first[key] = match
        elif len(known.others) < _MOST_OTHERS and match.start != known.start:
            first[key] = replace(known, others=(*known.others, (match.start, match.end)))
    for (number, *_), match in first.items():
        yield number, match
