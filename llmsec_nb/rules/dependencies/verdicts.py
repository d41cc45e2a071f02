"""DEP002, DEP003: what is known of a version, as one verdict; a whole environment at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.rule import Rule, Severity
from .rules import dependency, listed, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...advisories import Advisory, Database

VULNERABLE: Final = dependency(
    "DEP002",
    "known-vulnerability",
    "A version of a package has known vulnerabilities",
    Severity.HIGH,
    "How to use the hole is as public as that it is there.",
    "Take the version that mends it, or a newer one.",
    cwe=(1395,),
    reference="https://osv.dev/",
)
MALICIOUS: Final = dependency(
    "DEP003",
    "malicious-package",
    "A package is known to be malicious",
    Severity.CRITICAL,
    "The package was published to attack whoever installs it; most run their code while they are installed.",
    "Do not install it. Where it was installed, treat the machine and all secrets that it could read as lost.",
    cwe=(506,),
    atlas=("AML.T0011.001",),
    reference="https://github.com/ossf/malicious-packages",
)


class Verdict(NamedTuple):
    """What an audit says of one package. `is_some`: not all of its versions are meant."""

    name: str
    version: str
    rule: Rule
    severity: Severity
    message: str
    is_some: bool = False


class Audited(NamedTuple):
    """What an audit says of an environment: the worst first.

    `unsure` says why silence proves nothing; empty when it does.
    """

    verdicts: tuple[Verdict, ...]
    unsure: str


def verdict_of(name: str, version: str, known: Sequence[Advisory]) -> Verdict | None:
    """One verdict on a version, whatever the number of advisories; None where there is none."""
    if not known:
        return None
    shown = plain(name, "a package") + (f" {plain(version, '')}".rstrip() if version else "")
    bad = [one for one in known if one.is_malicious]
    if bad:
        message = f"{shown} is malicious: {listed([one.id for one in bad], 3)}"
        return Verdict(name, version, MALICIOUS, Severity.CRITICAL, message)
    return Verdict(name, version, VULNERABLE, _worst(known), f"{shown} has {_holes(known)}")


def verdict_of_all(name: str, known: Sequence[Advisory]) -> Verdict:
    """The verdict on a requirement of which each version that it lets in is vulnerable."""
    shown = plain(name, "a package")
    message = f"every version of {shown} that this lets in has {_holes(known)}"
    return Verdict(name, "", VULNERABLE, _worst(known), message)


def suspected(name: str, known: Sequence[Advisory]) -> Verdict | None:
    """The verdict on a package of which some versions are malicious, and nobody says which it is."""
    if not known:
        return None
    ids = listed([one.id for one in known], 3)
    message = (
        f"versions of {plain(name, 'a package')} are malicious: {ids}; no version is said here"
    )
    return Verdict(name, "", MALICIOUS, Severity.CRITICAL, message, is_some=True)


def _holes(known: Sequence[Advisory]) -> str:
    """How many, which, and what mends them all."""
    groups = _merged(known)
    ids = [next(iter(_names(group)), group[0].public_id) for group in groups]
    count = "a known vulnerability" if len(groups) == 1 else f"{len(groups)} known vulnerabilities"
    fixed = _mended(known)
    mended = f"mended in {plain(fixed, 'a later version')}" if fixed else "not mended yet"
    return f"{count}: {listed(ids, 5)}; {mended}"


def _worst(known: Sequence[Advisory]) -> Severity:
    return min((one.severity or Severity.MEDIUM for one in known), key=lambda one: one.rank)


def _merged(known: Sequence[Advisory]) -> list[list[Advisory]]:
    """Advisories that speak of the same vulnerability, together."""
    groups: list[tuple[set[str], list[Advisory]]] = []
    for one in known:
        names = {one.id, *one.aliases}
        same = [group for group in groups if group[0] & names]
        joined = (names.union(*(group[0] for group in same)), [])  # type: tuple[set[str], list[Advisory]]
        joined[1].extend(each for group in same for each in group[1])
        joined[1].append(one)
        groups = [group for group in groups if group not in same] + [joined]
    return [group[1] for group in groups]


def _names(group: Sequence[Advisory]) -> list[str]:
    return sorted(one.public_id for one in group if one.public_id.startswith("CVE-"))


def _mended(known: Sequence[Advisory]) -> str:
    """The lowest version that mends all of them; empty when one of them is not mended."""
    from ...advisories.versions import parsed

    highest = ""
    for group in _merged(known):
        own = [one.fixed for one in group if one.fixed]
        if not own:
            return ""
        lowest = min(own, key=lambda text: (parsed(text) is None, parsed(text) or 0))
        if not highest or _is_higher(lowest, highest):
            highest = lowest
    return highest


def _is_higher(left: str, right: str) -> bool:
    from ...advisories.versions import parsed

    one, other = parsed(left), parsed(right)
    return one is not None and (other is None or one > other)


def unsure(database: Database) -> str:
    """Why silence proves nothing: the advisories are old. Empty when they are not."""
    if not database.is_old():
        return ""
    days = database.age()
    age = f"{days:.0f} days old" if days < 1e6 else "of unknown age"
    return f"the advisories on this machine are {age}, so nothing is audited by their silence: `llmsec db update`"


def audited(environment: Mapping[str, str], database: Database) -> Audited:
    """The packages of an environment that are known to be bad."""
    found = [
        verdict
        for name, version in environment.items()
        if (verdict := verdict_of(name, version, database.query(name, version))) is not None
    ]
    found.sort(key=lambda verdict: (verdict.severity.rank, verdict.name))
    return Audited(tuple(found), unsure(database))
