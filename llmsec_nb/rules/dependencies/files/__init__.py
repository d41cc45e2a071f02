"""Files that say what is installed: which reader is for which name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from . import conda, docker, locks, projects, requirements, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..install import Install
    from ..runs import Run

_NAMES: Final[tuple[tuple[re.Pattern[str], Callable[[str], Iterator[Install]]], ...]] = (
    (
        re.compile(
            r"(?:[\w.-]{0,60}[_.-])?(?:requirements?|constraints?|reqs?)(?:[_.-][\w.-]{0,60})?\.(?:txt|pip|in)\Z"
        ),
        requirements.read,
    ),
    (re.compile(r"[\w.-]{0,60}(?:environment|conda|env)[\w.-]{0,60}\.ya?ml\Z"), conda.read),
    (re.compile(r"pyproject[\w.-]{0,40}\.toml\Z"), projects.pyproject),
    (re.compile(r"pylock(?:\.[\w-]{1,60})?\.toml\Z|(?:uv|poetry|pdm)\.lock\Z"), locks.toml_lock),
    (re.compile(r"\.?pip\.(?:conf|ini)\Z"), settings.read),
    (re.compile(r"pipfile\Z"), projects.pipfile),
    (re.compile(r"pipfile\.lock\Z"), locks.pipfile_lock),
)
_DOCKER: Final = re.compile(
    r"(?:docker|container)file(?:\.[\w.-]{1,60})?\Z|[\w.-]{1,60}\.(?:docker|container)file\Z"
)
_SCRIPT: Final = re.compile(r"[\w.-]{0,80}\.(?:sh|bash|zsh)\Z|postbuild\Z|onstart\Z|start\Z")
_FOLDER: Final = re.compile(r"(?:\A|[/\\])requirements[/\\][\w.-]{1,80}\.(?:txt|in)\Z")


def base_name(path: str) -> str:
    """The last part of a path, in lower case."""
    return path.replace("\\", "/").rpartition("/")[2].lower()


def is_manifest(path: str) -> bool:
    """Whether a file's name says that it lists packages, or commands that may install some."""
    name = base_name(path)
    patterns = (*(pattern for pattern, _ in _NAMES), _DOCKER, _SCRIPT)
    return (
        any(pattern.match(name) for pattern in patterns) or _FOLDER.search(path.lower()) is not None
    )


def installs_of_file(path: str, text: str) -> Iterator[Install]:
    """What a file says is to be installed; nothing for a file that is none of these."""
    name = base_name(path)
    for pattern, reader in _NAMES:
        if pattern.match(name):
            yield from reader(text)
            return
    if _FOLDER.search(path.lower()):
        yield from requirements.read(text)


def runs_of_file(path: str, text: str) -> Iterator[Run]:
    """The commands in a script or a Dockerfile."""
    name = base_name(path)
    if _DOCKER.match(name):
        yield from docker.runs_of(text)
    elif _SCRIPT.match(name):
        yield from docker.runs_of_script(text)
