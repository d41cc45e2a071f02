"""Requirements files and constraints.

Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy
from ..install import Install
from ..options import Option, option_name
from ..origin import Origin
from ..requirement import requirement

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from ..requirement import Requirement

_LINE: Final = lazy(r"(?:[^\n\\]|\\\r?\n|\\)*")
_COMMENT: Final = lazy(r"(?:\A|(?<=\s))#[^\n]*")
_JOIN: Final = lazy(r"\\\r?\n")
_OPTION: Final = lazy(
    r"(?P<name>--[a-z][a-z-]{1,40}|-[rceif])(?:[ \t]{1,20}|=|(?=\S))(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s\"']\S*)?"
)
_TAIL: Final = lazy(r"\s--[a-z]")
_HASH: Final = lazy(r"--hash[= ]\s{0,20}\w{3,10}:[0-9a-fA-F]{32,128}")
_VARIABLE: Final = lazy(r"\$\{\w{1,80}\}|\{\{?\w{1,80}\}\}?")


def read(text: str) -> Iterator[Install]:
    """A requirements file, as one Install."""
    requirements: list[Requirement] = []
    options: list[Option] = []
    place = 0
    while place < len(text):
        found = _LINE.match(text, place)
        if found is None:
            break
        line = _COMMENT.sub(_blanks, _JOIN.sub(_blanks, found[0]))
        start = place + len(line) - len(line.lstrip())
        content = line.strip()
        if content.startswith("-"):
            options += _options(content, start)
            own = _editable(options[-1:], content)
        else:
            own = _requirement(content, start) if content else None
        if own is not None:
            requirements.append(own)
        place = found.end() + 1
    if requirements or options:
        yield Install("pip", Origin.FILE, 0, len(text), (0, 0), tuple(requirements), tuple(options))


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _requirement(content: str, start: int) -> Requirement | None:
    tail = _TAIL.search(content)
    head = content if tail is None else content[: tail.start()]
    is_hashed = tail is not None and _HASH.search(content, tail.start()) is not None
    is_open = _VARIABLE.search(head) is not None
    own = requirement(head, lambda first, last: (start + first, start + last), is_open=is_open)
    return own._replace(is_hashed=own.is_hashed or is_hashed) if own is not None else None


def _options(content: str, start: int) -> Iterator[Option]:
    found = _OPTION.match(content)
    while found is not None:
        value = found["value"] or ""
        first, last = found.span("value") if value else found.span()
        if value[:1] in {'"', "'"}:
            value, first, last = value[1:-1], first + 1, last - 1
        is_open = _VARIABLE.search(value) is not None
        yield Option(option_name(found["name"]), value, start + first, start + last, is_open)
        rest = content[found.end() :]
        found = _OPTION.match(content, found.end() + len(rest) - len(rest.lstrip()))


def _editable(options: list[Option], content: str) -> Requirement | None:
    """What `-e` asks for, where it is no folder."""
    if not options or options[0].name != "--editable":
        return None
    own = options[0]

    def place(first: int, last: int) -> tuple[int, int]:
        return own.start + first, own.start + last

    found = requirement(own.value, place, is_open=own.is_open)
    return found if found is not None and found.url else None
