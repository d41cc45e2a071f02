"""DEP001: packages that are installed in whatever version there is on that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.detector import Match
from ...core.rule import Severity
from .facts import requirements
from .rules import dependency, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from .collect import Found
    from .facts import Facts
    from .install import Install
    from .requirement import Requirement

UNPINNED: Final = dependency(
    "DEP001",
    "unpinned-install",
    "Packages are installed without an exact version",
    Severity.LOW,
    "The same notebook installs something else tomorrow: a release that breaks it, or one that a thief of an account has put there.",
    "Pin each package to the version that works: the fix takes those of this kernel. Better, install from a lock file with hashes.",
    reference="https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    flagged=(
        ("%pip install numpy pandas==2.2.0", ("numpy",)),
        ("!pip install -q 'torch>=2.1'  # GPU", ("torch>=2.1",)),
    ),
    clean=(
        "%pip install numpy==2.1.0",
        "!pip install -r requirements.txt",
        "%pip install {package}",
        "!pip uninstall -y numpy",
        "# !pip install numpy",
    ),
)
_LOCKING: Final = frozenset({"poetry", "pdm", "pipenv", "pixi", "rye"})
_BY_OTHERS: Final = ("--constraint", "--require-hashes", "--build-constraint")


def unpinned(
    found: Iterable[Found],
    facts: Facts,
    claimed: AbstractSet[tuple[int, int]] = frozenset(),
) -> Iterator[tuple[int, Match]]:
    """One match a cell, however many packages and files it has.

    It stands, if it can, at a package of which nothing else is said: `claimed` are the units and
    first characters of those of which something is.
    """
    cells: dict[int, list[tuple[Found, Requirement]]] = {}
    totals: dict[int, int] = {}
    for one in found:
        cell = id(one.unit.text)
        for install, each in requirements(one):
            if counts(install, each):
                totals[cell] = totals.get(cell, 0) + 1
                if not each.is_pinned:
                    cells.setdefault(cell, []).append((one, each))
    for cell, loose in cells.items():
        free = [one.unit for one, each in loose if (one.unit.number, each.start) not in claimed]
        unit = free[0] if free else loose[0][0].unit
        spans = sorted((each.start, each.end) for one, each in loose if one.unit is unit)
        names = list(dict.fromkeys(each.written for _, each in loose))
        unknown = [each.written for _, each in loose if not facts.version(each.name)]
        message = _message(names, list(dict.fromkeys(unknown)), len(loose), totals[cell])
        spans.sort(key=lambda span: ((unit.number, span[0]) in claimed, span))
        start, end = spans[0]
        others = tuple(dict.fromkeys(spans[1:]))
        yield (
            unit.number,
            Match(
                rule=UNPINNED,
                start=start,
                end=end,
                message=message,
                label=listed(names, 3),
                others=others,
            ),
        )


def _message(names: list[str], unknown: list[str], loose: int, total: int) -> str:
    """How many, which, and of which no version is known by which they could be audited."""
    so = ", so not audited" if unknown == names else ""
    message = f"{loose} of {total} packages without an exact version{so}: {listed(names)}"
    return message if so or not unknown else f"{message}; not audited: {listed(unknown)}"


def counts(install: Install, each: Requirement) -> bool:
    """Whether a requirement ought to say a version: ranges belong into a project's own file."""
    if install.is_loose or install.is_lock or install.tool in _LOCKING:
        return False
    if not each.name or each.url or each.is_open or (each.is_conda and each.name == "pip"):
        return False
    return not any(option.name in _BY_OTHERS for option in install.options)
