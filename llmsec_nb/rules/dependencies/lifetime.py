"""DEP018: a Python that gets no more fixes.

Source of the dates: https://devguide.python.org/versions/ and
https://devguide.python.org/developer-workflow/development-cycle/; where only a month is told, its
last day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Severity
from .facts import requirements
from .rules import dependency, found_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.detector import Match
    from .collect import Found

ENDED_PYTHON: Final = dependency(
    "DEP018",
    "ended-python",
    "The Python that is asked for gets no more fixes",
    Severity.MEDIUM,
    "Holes that are found in it stay open for good, and packages stop to support it, so theirs stay open, too.",
    "Move to a version that is still supported.",
    cwe=(1104,),
    reference="https://devguide.python.org/versions/",
    flagged=(("!conda create -y -n old python=3.6", ("python=3.6",)),),
    clean=(
        "!conda create -y -n new python",
        "%%writefile pyproject.toml\n[project]\nrequires-python = '>=3.6'",
    ),
)
_ENDS: Final = {
    (2, 6): date(2013, 10, 29), (2, 7): date(2020, 1, 1), (3, 0): date(2009, 6, 27),
    (3, 1): date(2012, 4, 9), (3, 2): date(2016, 2, 20), (3, 3): date(2017, 9, 29),
    (3, 4): date(2019, 3, 18), (3, 5): date(2020, 9, 30), (3, 6): date(2021, 12, 23),
    (3, 7): date(2023, 6, 27), (3, 8): date(2024, 10, 7), (3, 9): date(2025, 10, 31),
    (3, 10): date(2026, 10, 31), (3, 11): date(2027, 10, 31), (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31), (3, 14): date(2030, 10, 31),
}  # fmt: skip
_NEXT: Final = (3, 15)
"""The first of those that nobody has announced the end of."""
_PATCHES: Final = range(31)
_CLAUSE: Final = lazy(
    r"\s*(?P<sign>[<>=!~^]{0,3})\s*(?P<version>\d[\d.]{0,12})(?P<any>\.?\*)?\s*\Z"
)


def today() -> date:
    """The day by which versions are judged."""
    return datetime.now(UTC).date()


def in_use(days: int | None = None, day: date | None = None) -> tuple[str, ...]:
    """The versions of Python whose end is not more than `days` before a day; all if None."""
    known = sorted((*_ENDS, _NEXT))
    if days is not None and day is not None:
        known = [one for one in known if (day - _ENDS.get(one, day)).days <= days]
    return tuple(f"{major}.{minor}" for major, minor in known)


def ended(version: tuple[int, int], day: date) -> date | None:
    """The day on which a version of Python had its end; None if that is still to come."""
    last = _ENDS.get(version)
    return last if last is not None and last < day else None


def ended_python(found: Found, day: date) -> Iterator[tuple[int, Match]]:
    """Requirements of Python that no living version meets."""
    asked = [
        (each.specifier, each.start, each.end)
        for _, each in requirements(found)
        if each.is_conda and each.name == "python" and not each.is_open
    ]
    asked += [
        (option.value, option.start, option.end)
        for install in found.installs
        for option in install.options
        if option.name == "--requires-python" and not option.is_open
    ]
    for specifier, start, end in asked:
        newest = _newest(specifier)
        last = ended(newest, day) if newest is not None else None
        if newest is not None and last is not None:
            name = f"Python {newest[0]}.{newest[1]}"
            message = f"{name} had its last fix in {last:%B %Y}"
            yield found.unit.number, found_at(ENDED_PYTHON, (start, end), message, label=name)


def _newest(specifier: str) -> tuple[int, int] | None:
    """The newest version that a specifier lets in; None where none is, or nobody can say."""
    from .requirement import allows

    whole = specifier_of(specifier)
    for major, minor in sorted((*_ENDS, _NEXT), reverse=True) if whole else ():
        if any(allows(whole, f"{major}.{minor}.{patch}") for patch in _PATCHES):
            return major, minor
    return None


def specifier_of(text: str) -> str:
    """What conda, Poetry or PEP 440 ask of a Python, in the words of the last; empty if unclear."""
    clauses = [_clause(one) for one in text.split(",") if one.strip()]
    return ",".join(clauses) if all(clauses) else ""


def _clause(text: str) -> str:
    """A clause of conda, Poetry or PEP 440 in the words of the last; empty if it is none."""
    found = _CLAUSE.match(text)
    if found is None:
        return ""
    sign, version = found["sign"], found["version"].rstrip(".")
    if sign in {"", "=", "=="}:
        return f"=={version}.*" if version.count(".") < 2 or found["any"] else f"=={version}"
    if sign in {"~", "^"}:
        parts = version.split(".")
        return f">={version}" if sign == "^" else f"=={'.'.join(parts[:2])}.*"
    return f"{sign}{version}" if sign in {">=", "<=", ">", "<", "~=", "!="} else ""
