"""`environment.yml`, line by line: what stands in it need not be whole or valid.

Source: https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy
from ..install import Install
from ..options import Option
from ..origin import Origin
from ..requirement import conda_requirement
from . import requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..origin import Place
    from ..requirement import Requirement

_ITEM: Final = lazy(r"(?P<indent>[ \t]*)-[ \t]+(?P<quote>[\"']?)(?P<value>(?:[^\n#]|(?<=\S)#)*)")
_HEAD: Final = lazy(r"(?P<key>[A-Za-z_-]{1,40})[ \t]*:(?P<value>[^\n]*)")
_PIP: Final = lazy(r"[ \t]*-[ \t]+pip[ \t]*:[ \t\r]*(?:#.*)?\Z")


def read(text: str) -> Iterator[Install]:
    """What conda installs, and what pip does for it; nothing for another YAML file."""
    conda: list[Requirement] = []
    pip: list[tuple[int, str]] = []
    section = ""
    pip_indent: int | None = None
    channels: list[Option] = []
    place = 0
    for line in text.split("\n"):
        head = _HEAD.match(line)
        item = _ITEM.match(line)
        if head is not None:
            section, pip_indent = head["key"], None
        elif section == "dependencies" and _PIP.match(line):
            pip_indent = len(line) - len(line.lstrip())
        elif item is not None:
            if pip_indent is not None and len(item["indent"]) <= pip_indent:
                pip_indent = None
            first = place + item.start("value")
            value = item["value"].partition(item["quote"] or "\n")[0].rstrip()
            if section == "channels":
                channels.append(Option("--channel", value, first, first + len(value)))
            elif section == "dependencies" and pip_indent is not None:
                pip.append((first, value))
            elif section == "dependencies":
                own = conda_requirement(value, _shift(first))
                conda += [own] if own is not None else []
        place += len(line) + 1
    if conda:
        yield Install("conda", Origin.FILE, 0, len(text), (0, 0), tuple(conda), tuple(channels))
    yield from _pip(pip, len(text))


def _pip(items: list[tuple[int, str]], length: int) -> Iterator[Install]:
    """The list below `pip:` is a requirements file."""
    asked: list[Requirement] = []
    options: list[Option] = []
    for first, value in items:
        for install in requirements.read(value):
            asked += [own._replace(
                start=own.start + first, end=own.end + first, name_end=own.name_end + first,
                url_start=own.url_start + first,
            ) for own in install.requirements]  # fmt: skip
            options += [
                option._replace(start=option.start + first, end=option.end + first)
                for option in install.options
            ]
    if asked or options:
        yield Install("pip", Origin.FILE, 0, length, (0, 0), tuple(asked), tuple(options))


def _shift(first: int) -> Place:
    return lambda start, end: (first + start, first + end)
