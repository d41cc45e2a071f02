"""What rules know beside the code: the packages of the kernel, and those of locks nearby."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.detector import Surroundings
    from .collect import Found
    from .install import Install
    from .requirement import Requirement


_HEAD: Final = lazy(
    r"^\[\[packages?\]\]\nname = \"(?P<name>[\w.-]{1,100})\"\nversion = \"(?P<version>[\w.!+-]{1,100})\"$",
    re.MULTILINE,
)
"""How tools write a package of a lock: a file in which all stand so is read by its heads alone."""
_TAKES_IN: Final = lazy(r"^[ \t]{0,80}(?:-[rc]|--(?:requirement|constraint))", re.MULTILINE)


class Facts(NamedTuple):
    """`environment` are the kernel's packages and their versions, None where it is not known.

    `locked` are versions by name of the lock files in the document, or nearby. `pythons` are
    versions of Python, one of which runs it.
    """

    environment: Mapping[str, str] | None
    locked: Mapping[str, str]
    pythons: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is something to compare a name with."""
        return self.environment is not None or bool(self.locked)

    def version(self, name: str) -> str:
        """The version that would be, or is, installed; empty if nobody knows."""
        return self.locked.get(name, "") or self.installed(name)

    def installed(self, name: str) -> str:
        """The version that the kernel has; empty if it has none, or is not known."""
        return (self.environment or {}).get(name, "")


def facts_of(found: Iterable[Found], around: Surroundings) -> Facts:
    """The facts of one document."""
    from .markers import pythons_of

    own = dict(around.locked)
    found = list(found)
    for one in found:
        for install in one.installs:
            if install.is_lock:
                own |= {each.name: each.version for each in install.requirements if each.version}
    return Facts(around.environment, own, pythons_of(found, around))


def locked_versions(path: str, text: str) -> dict[str, str]:
    """The versions that a lock file, or a requirements file, beside a notebook pins, by name."""
    from .files import installs_of_file, kind_of
    from .requirement import normalized

    if kind_of(path) == "lock":
        heads = [(one["name"], one["version"]) for one in _HEAD.finditer(text)]
        if heads and len(heads) == text.count("\n[[package"):
            return {normalized(name): version for name, version in heads}
    return {
        each.name: each.version
        for install in installs_of_file(path, text)
        for each in install.requirements
        if each.name and each.version and not each.is_conda
    }


def included(path: str, text: str) -> list[str]:
    """The files that a requirements file takes in, by the paths that it names."""
    from .files import installs_of_file, kind_of

    if kind_of(path) != "requirements" or not _TAKES_IN.search(text):
        return []
    return [
        option.value
        for install in installs_of_file(path, text)
        for option in install.options
        if option.name in {"--requirement", "--constraint"}
        and not option.is_open
        and "://" not in option.value
    ]


def requirements(found: Found) -> Iterator[tuple[Install, Requirement]]:
    """All that a unit asks for."""
    for install in found.installs:
        for each in install.requirements:
            yield install, each
