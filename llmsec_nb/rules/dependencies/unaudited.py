"""DEP091: what of a document's packages nobody could look up, said once a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...cells.unit import Unit
from ...core.detector import Match
from ...core.rule import Severity
from .channels import name_of
from .files import kind_of
from .lists import target_of
from .pins import counts
from .rules import dependency, listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...core.detector import Surroundings
    from .collect import Found
    from .install import Install
    from .options import Option
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
_VERSION: Final = "as their versions are not known"
_OPEN: Final = "as their names are only known when it runs"
_CONDA: Final = "as advisories are for packages of PyPI, not of conda"
_ELSEWHERE: Final = "as their markers are for other Pythons than this document's"
_ADDRESS: Final = "as they come from an address"
_FILE: Final = "as the file that lists them is not looked at"
_LISTS: Final = frozenset({"--requirement", "--constraint"})


class Gap(NamedTuple):
    """Characters `start` to `end` of a unit that ask for what was not audited, and why."""

    unit: Unit
    start: int
    end: int
    name: str
    reason: str


def unknown(found: Found, each: Requirement) -> Gap:
    """A package of PyPI in a version that nobody knows."""
    name = each.written or each.name
    return Gap(found.unit, each.start, each.end, name, _VERSION if each.name else _OPEN)


def for_another(found: Found, each: Requirement) -> Gap:
    """A package that is not installed by the Python that runs the document."""
    return Gap(found.unit, each.start, each.end, each.written or each.name, _ELSEWHERE)


def gaps(found: Iterable[Found], units: Sequence[Unit], around: Surroundings) -> Iterator[Gap]:
    """What no index of Python packages has, and files of requirements that nobody reads."""
    written = {unit.name for unit in units if unit.name}
    written |= {target_of(run) for one in found for run in one.runs}
    written = {name.replace("\\", "/").removeprefix("./") for name in written}
    for one in found:
        for install in one.installs:
            for each in install.requirements:
                is_told = counts(install, each) and not each.is_pinned  # by DEP001
                is_channels = each.is_conda and not name_of(each) and not is_told
                reason = _ADDRESS if each.url else _CONDA if is_channels else ""
                if reason and not (each.is_conda and each.name in {"pip", "python"}):
                    yield Gap(one.unit, each.start, each.end, each.written, reason)
            for option in install.options:
                if _is_unread(install, option, written, around.folder):
                    name = plain(option.value.replace("\\", "/").rpartition("/")[2], "")
                    yield Gap(one.unit, option.start, option.end, name, _FILE)


def _is_unread(install: Install, option: Option, written: set[str], folder: str) -> bool:
    """Whether nobody reads a file of requirements.

    The document does not write it, and no scan takes it for one of its own folder or one above.
    """
    is_list = option.name in _LISTS or (install.tool == "conda" and option.name in {"-f", "--file"})
    name = option.value.replace("\\", "/").removeprefix("./")
    if not is_list or not name or option.is_open or name in written:
        return False
    if not folder or "://" in name or not kind_of(name):
        return True
    from pathlib import Path

    own = Path(folder)
    try:
        path = (own / name).resolve()
        return path.parent not in {own, *own.parents} or not path.is_file()
    except (OSError, ValueError, RuntimeError):
        return True


def not_audited(found: Iterable[Gap]) -> Iterator[tuple[int, Match]]:
    """One match a cell, however many packages and reasons."""
    cells: dict[int, list[Gap]] = {}
    for gap in found:
        cells.setdefault(id(gap.unit.text), []).append(gap)
    for group in cells.values():
        unit = group[0].unit
        spans = sorted({(gap.start, gap.end) for gap in group if gap.unit is unit})
        names = list(dict.fromkeys(gap.name for gap in group if gap.name))
        match = Match(
            rule=NOT_AUDITED,
            rank=-1,
            start=spans[0][0],
            end=spans[0][1],
            message="; ".join(_told(group)),
            label=listed(names, 3),
            others=tuple(spans[1:]),
        )
        yield unit.number, match


def _told(group: Sequence[Gap]) -> Iterator[str]:
    """A sentence for each reason."""
    reasons: dict[str, list[str]] = {}
    for gap in group:
        reasons.setdefault(gap.reason, []).append(gap.name)
    for reason, names in reasons.items():
        known = [name for name in dict.fromkeys(names) if name]
        yield f"not audited, {reason}" + (f": {listed(known)}" if known else "")
