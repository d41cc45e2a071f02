"""Files that say what is installed: which reader is for which name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping

    from ..install import Install
    from ..runs import Run

    Reader = Callable[[str], Iterator[Install]]

_NAMES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        lazy(
            r"(?:[\w.-]{0,60}[_.-])?(?:requirements?|constraints?|reqs?)(?:[_.-][\w.-]{0,60})?\.(?:txt|pip|in)\Z"
        ),
        "requirements",
    ),
    (lazy(r"[\w.-]{0,60}(?:environment|conda|env)[\w.-]{0,60}\.ya?ml\Z"), "conda"),
    (lazy(r"pyproject[\w.-]{0,40}\.toml\Z"), "pyproject"),
    (lazy(r"pylock(?:\.[\w-]{1,60})?\.toml\Z|(?:uv|poetry|pdm)\.lock\Z"), "lock"),
    (lazy(r"\.?pip\.(?:conf|ini)\Z"), "settings"),
    (lazy(r"pipfile\Z"), "pipfile"),
    (lazy(r"pipfile\.lock\Z"), "pipfile lock"),
)
_DOCKER: Final = lazy(
    r"(?:docker|container)file(?:\.[\w.-]{1,60})?\Z|[\w.-]{1,60}\.(?:docker|container)file\Z"
)
_SCRIPT: Final = lazy(r"[\w.-]{0,80}\.(?:sh|bash|zsh)\Z|postbuild\Z|onstart\Z|start\Z")
_FOLDER: Final = lazy(r"(?:\A|[/\\])requirements[/\\][\w.-]{1,80}\.(?:txt|in)\Z")


@cache
def _readers() -> Mapping[str, Reader]:
    """The readers; imported for the first file that needs one."""
    from . import conda, locks, projects, requirements, settings

    return {
        "requirements": requirements.read,
        "conda": conda.read,
        "pyproject": projects.pyproject,
        "lock": locks.toml_lock,
        "settings": settings.read,
        "pipfile": projects.pipfile,
        "pipfile lock": locks.pipfile_lock,
    }


def base_name(path: str) -> str:
    """The last part of a path, in lower case."""
    return path.replace("\\", "/").rpartition("/")[2].lower()


def kind_of(path: str) -> str:
    """What lists packages by that name: `lock`, `requirements`, ...; empty for other files."""
    name = base_name(path)
    for pattern, kind in _NAMES:
        if pattern.match(name):
            return kind
    return "requirements" if _FOLDER.search(path.lower()) else ""


def is_manifest(path: str) -> bool:
    """Whether a file's name says that it lists packages, or commands that may install some."""
    name = base_name(path)
    return bool(kind_of(path) or _DOCKER.match(name) or _SCRIPT.match(name))


def installs_of_file(path: str, text: str) -> Iterator[Install]:
    """What a file says is to be installed; nothing for a file that is none of these."""
    kind = kind_of(path)
    if kind:
        yield from _readers()[kind](text)


def runs_of_file(path: str, text: str) -> Iterator[Run]:
    """The commands in a script or a Dockerfile."""
    name = base_name(path)
    if _DOCKER.match(name):
        from .docker import runs_of

        yield from runs_of(text)
    elif _SCRIPT.match(name):
        from .docker import runs_of_script

        yield from runs_of_script(text)
