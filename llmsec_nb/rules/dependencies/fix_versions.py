"""Repairs of versions: pins to what is here, and steps past what is known to be bad."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.detector import Unavailable
from ..repair import Repair, apply
from .facts import requirements
from .fix_of import Asked, found_in
from .known import IMPORTS
from .origin import Origin
from .pins import counts
from .requirement import allows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...cells.unit import Unit
    from ..repair import Edit
    from .install import Install
    from .requirement import Requirement

_SIGNS: Final = re.compile(r"[<>=!~][^\s'\"#;&|)]{0,200}")
_VERSION: Final = re.compile(r"[A-Za-z0-9][\w.!]{0,60}\Z")
_NEWER: Final = re.compile(
    r"--upgrade\Z|--pre\Z|--force-reinstall\Z|-[a-zA-Z]{0,8}[UI][a-zA-Z]{0,8}\Z"
)
"""Options by which something else than what is there is asked for."""


def pinned(asked: Asked) -> Repair | None:
    """Each package in the version that the kernel has; nothing, if one of them has none there."""
    edits: list[Edit] = []
    is_safe = True
    if not asked.packages:
        return None
    for unit, install, each in _loose(asked.source, asked.name):
        is_shell = install.origin is not Origin.FILE
        edit = _pin(unit, each, asked.packages, is_shell=is_shell)
        if edit is None:
            return None
        edits.append(edit)
        newer = any(_NEWER.match(option.name) for option in install.options)
        is_safe = is_safe and is_shell and not newer
    edits = sorted(set(edits))
    if not edits or any(_loose(apply(asked.source, edits), asked.name)):
        return None
    what = "it" if len(edits) == 1 else f"all {len(edits)}"
    return Repair(edits, is_safe, f"pin {what} to the version that is in use here")


def _pin(
    unit: Unit, each: Requirement, packages: Mapping[str, str], *, is_shell: bool
) -> Edit | None:
    version = packages.get(each.name, "").partition("+")[0]
    text = unit.source
    is_exact = text.startswith(each.written, each.start) and each.name_end > each.start
    if not _VERSION.match(version) or each.is_conda or not is_exact:
        return None
    if each.name in IMPORTS:  # first it needs the right name, which has other versions
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


def updated(asked: Asked) -> Repair | None:
    """The lowest version that no advisory on this machine speaks of, where one is pinned."""
    for one in found_in(asked.source, asked.name):
        pinned_here = [
            each
            for install, each in requirements(one)
            if each.version and not install.is_lock and not each.is_conda
        ]
        shift = one.unit.start
        for each in pinned_here:
            if (shift + each.start, shift + each.end) != (asked.start, asked.end):
                continue
            version = _clean(each)
            same = [
                own for own in pinned_here if (own.name, own.version) == (each.name, each.version)
            ]
            edits = [_step(own, asked.source, shift, version) for own in same]
            known = sorted({edit for edit in edits if edit is not None})
            if not version or None in edits:
                return None
            text = f"take {version}, which has no known vulnerability"
            return Repair(known, is_safe=False, description=text)
    return None


def _step(each: Requirement, source: str, shift: int, version: str) -> Edit | None:
    """Another version in the place of the one that stands there, where that is sure."""
    start, end = shift + each.start, shift + each.end
    at = source.rfind(each.version, shift + each.name_end, end)
    if at < 0 or source.find(each.version, start, end) != at:
        return None
    return at, at + len(each.version), version


def _clean(each: Requirement) -> str:
    from packaging.version import Version

    from ...advisories import opened

    try:
        database = opened()
        now = Version(each.version)
        known = database.query(each.name, each.version)
        later = sorted((Version(one.fixed), one.fixed) for one in known if one.fixed)
    except (ValueError, Unavailable):  # no version, or advisories of no use
        return ""
    clean = (text for version, text in later if version > now and _VERSION.match(text))
    return next((text for text in clean if not database.query(each.name, text)), "")


def _loose(source: str, name: str) -> Iterator[tuple[Unit, Install, Requirement]]:
    for one in found_in(source, name):
        for install, each in requirements(one):
            if counts(install, each) and not each.is_pinned:
                yield one.unit, install, each
