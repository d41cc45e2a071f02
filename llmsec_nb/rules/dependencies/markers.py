"""Markers: on which Pythons and systems a requirement is for, and which Python a document has.

Source: https://packaging.python.org/en/latest/specifications/dependency-specifiers/
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .lifetime import in_use, specifier_of, today
from .requirement import allows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.detector import Surroundings
    from .collect import Found

_VERSION: Final = lazy(r"(?P<minor>[23]\.\d{1,2})(?:\.\d{1,3})?(?=\D|\Z)")
_EXTRA: Final = lazy(r"\bextras?\b|\bdependency_groups\b")
_SYSTEM: Final = lazy(r"platform_|sys_platform|os_name|sys\.|os\.|platform\.")
_LONGEST: Final = 300
"""Characters of a marker."""
_STILL_USED: Final = 3 * 365
"""Days that kernels of a Python go on after its end."""
_SYSTEMS: Final = (
    ("posix", "linux", "Linux", "x86_64"), ("posix", "linux", "Linux", "aarch64"),
    ("posix", "darwin", "Darwin", "arm64"), ("posix", "darwin", "Darwin", "x86_64"),
    ("nt", "win32", "Windows", "AMD64"),
)  # fmt: skip
"""`os_name`, `sys_platform`, `platform_system` and `platform_machine` of those that run notebooks."""


def pythons_of(found: Iterable[Found], around: Surroundings) -> tuple[str, ...]:
    """The versions of Python that may run a document: its own, if it says so, else all in use."""
    # The notebook's own metadata say it, where whoever reads them hands it on.
    told = _VERSION.match(around.python)
    if told is not None:
        return (told[0],)
    asked = [text for one in found if one.unit.is_cell for text in _asked(one)]
    return _narrowed(tuple(asked)) or in_use(_STILL_USED, today())


def pythons_in(found: Found, pythons: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a unit: a file may be for other ones than the document that writes it."""
    own = () if found.unit.is_cell else _narrowed(tuple(_asked(found)))
    return own or pythons


def _asked(found: Found) -> Iterator[str]:
    """What a unit says of the Python that it needs."""
    for install in found.installs:
        if install.tool == "conda":
            own = [each for each in install.requirements if each.name == "python"]
            yield from (each.specifier for each in own if not found.unit.is_cell)
        yield from (one.value for one in install.options if one.name == "--requires-python")


@lru_cache(maxsize=100)
def _narrowed(asked: tuple[str, ...]) -> tuple[str, ...]:
    """The versions that meet all of some specifiers; none where there is nothing to meet."""
    known = [text for one in asked if (text := specifier_of(one))]
    if not known:
        return ()
    whole = ",".join(known)
    return tuple(one for one in in_use() if allows(whole, f"{one}.99"))


@lru_cache(maxsize=1_000)
def applies(marker: str, pythons: tuple[str, ...]) -> bool | None:
    """Whether a marker holds on all of these Pythons and all systems; None: on some."""
    if not marker:
        return True
    if _EXTRA.search(marker):
        return None  # it depends on who asks
    from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        own = Marker(marker[:_LONGEST])
        held: set[bool] = set()
        for place in _places(pythons, is_any=_SYSTEM.search(marker) is None):
            held.add(own.evaluate(_environment(*place)))
            if len(held) > 1:
                return None
    except (ValueError, RecursionError, UndefinedComparison, UndefinedEnvironmentName):
        return None  # no marker, or one of something else
    return held.pop() if held else None


@lru_cache(maxsize=10)
def _places(
    pythons: tuple[str, ...], *, is_any: bool
) -> list[tuple[str, tuple[str, str, str, str]]]:
    """The environments to be tried, the most different first; `is_any`: of one system."""
    systems = _SYSTEMS[:1] if is_any else _SYSTEMS
    turned = [pythons[0], pythons[-1], *pythons[1:-1]] if len(pythons) > 1 else list(pythons)
    return [(python, system) for system in reversed(systems) for python in turned]


def _environment(python: str, system: tuple[str, str, str, str]) -> dict[str, str]:
    parts = python.split(".")
    full = python if len(parts) > 2 else f"{python}.99"
    os_name, sys_platform, platform_system, machine = system
    return {
        "python_version": ".".join(parts[:2]),
        "python_full_version": full,
        "implementation_name": "cpython",
        "implementation_version": full,
        "platform_python_implementation": "CPython",
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": platform_system,
        "platform_machine": machine,
    }
