"""What would mend a finding, as edits of the text in which it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ...cells.unit import Unit, units_of
from ...core.artifact import Part, Text
from ...core.location import InCell, InFile
from ...core.rule import Kind
from .collect import collect
from .facts import requirements
from .known import IMPORTS
from .names import NOT_A_DISTRIBUTION
from .pins import UNPINNED, counts
from .practice import OTHER_PYTHON, head, is_elsewhere
from .requirement import allows, normalized
from .runs import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...core.location import Location
    from .collect import Found
    from .requirement import Requirement

    Edit = tuple[int, int, str]

_SCHEMES: Final = {
    "http://": "https://", "git+http://": "git+https://", "hg+http://": "hg+https://",
    "svn+http://": "svn+https://",
}  # fmt: skip
_SIGNS: Final = re.compile(r"[<>=!~][^\s'\"#;&|)]{0,200}")
_VERSION: Final = re.compile(r"[A-Za-z0-9][\w.!]{0,60}\Z")
_NOWHERE: Final[dict[str, Any]] = {"line": 0, "column": 0, "end_line": 0, "end_column": 0}


def fix_for(
    rule_id: str,
    source: str,
    start: int,
    end: int,
    environment: Mapping[str, str] | None = None,
    name: str = "",
) -> list[Edit]:
    """Edits `(start, end, replacement)` after which the rule has nothing more to say of it.

    `source` is that of a cell, or of the file `name`; `start` to `end` the span of the finding in
    it. `environment` are the kernel's packages. Empty where there is no such fix.
    """
    if rule_id == UNPINNED.id:
        return _pinned(source, name, environment or {})
    if rule_id == NOT_A_DISTRIBUTION.id:
        right = IMPORTS.get(normalized(source[start:end]), "")
        return [(start, end, right)] if right else []
    if rule_id == OTHER_PYTHON.id:
        return _magic(source)
    secure = _SCHEMES.get(source[start:end].lower(), "")
    return [(start, end, secure)] if rule_id == "DEP008" and secure else []


def _found(source: str, name: str) -> list[Found]:
    """What a cell, or a file, installs. Calls of Python are not followed: they are not mended."""
    place: Location = InFile(**_NOWHERE) if name else InCell(**_NOWHERE)
    part = Part(place=place, text=source, kind=Kind.CONFIG if name else Kind.CODE)
    return collect(units_of([Text.of(part)], name), ())


def _pinned(source: str, name: str, environment: Mapping[str, str]) -> list[Edit]:
    """Each package in the version that the kernel has; nothing, if one of them has none there."""
    edits: list[Edit] = []
    for one in _found(source, name):
        for install, each in requirements(one):
            if not counts(install, each) or each.is_pinned:
                continue
            edit = _pin(one.unit, each, environment, is_shell=install.origin is not Origin.FILE)
            if edit is None:
                return []
            edits.append(edit)
    return sorted(set(edits))


def _pin(
    unit: Unit, each: Requirement, environment: Mapping[str, str], *, is_shell: bool
) -> Edit | None:
    version = environment.get(each.name, "").partition("+")[0]
    text = unit.source
    is_exact = text.startswith(each.written, each.start) and each.name_end > each.start
    if not _VERSION.match(version) or each.is_conda or not is_exact:
        return None
    if not allows(each.specifier, version):
        return None
    first = last = each.name_end
    if each.specifier:
        at = text.find(each.specifier, each.name_end, each.end)
        if at < 0:
            return None
        between = text[each.name_end : at]
        if between.strip(" ("):
            return None
        closing = "(" in between
        last = at + len(each.specifier) + closing
    elif is_shell and each.end == each.name_end:
        # Without quotes the shell takes `>=1.2` for the name of a file that it then writes.
        loose = _SIGNS.match(text, each.end)
        last = loose.end() if loose is not None else last
    return unit.start + first, unit.start + last, f"=={version}"


def _magic(source: str) -> list[Edit]:
    """`%pip` for each `!pip`; nothing, if one of them cannot be written so."""
    edits: list[Edit] = []
    for one in _found(source, ""):
        for install in one.installs:
            if not is_elsewhere(install):
                continue
            start, end = head(install, one.unit.source)
            before = source[source.rfind("\n", 0, start) + 1 : start]
            if before.strip() != "!" or not install.is_alone or install.sudo is not None:
                return []
            sign = start - len(before) + before.index("!")
            edits.append((sign, end, "%pip"))
    return edits
