"""One thing that is to be installed, with its places: PEP 508, and what pip takes beyond it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy

if TYPE_CHECKING:
    from .origin import Place

_NAME: Final = lazy(
    r"\s{0,20}(?P<whole>(?P<name>[^\W_](?:[\w.-]{0,99}[^\W_])?)"
    r"\s{0,20}(?:\[[^\]\n]{0,200}\])?)(?P<rest>.*)\Z",
    re.DOTALL,
)
_URL: Final = lazy(
    r"(?:[a-z][a-z0-9]{0,9}\+)?[a-z][a-z0-9]{1,9}://\S{1,2000}|git\+\S+", re.IGNORECASE
)
_ARCHIVE: Final = lazy(r"\.(?:whl|zip|egg|tgz|tar\.(?:gz|bz2|xz)|txt|toml|py|deb)\Z", re.IGNORECASE)
_EXACT: Final = lazy(
    r"\s*(?P<sign>===?|@(?=\s*\d))\s*(?P<version>[A-Za-z0-9][A-Za-z0-9.!+_-]{0,80})\s*\Z"
)
_CONDA: Final = lazy(
    r"(?:(?P<channel>[\w./-]{1,80})::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]{0,99})"
    r"(?P<rest>(?:[ =<>!~\[].*)?)\Z",
    re.DOTALL,
)
_CONDA_EXACT: Final = lazy(r"\s*={1,2}\s*(?P<version>\d[\w.!+-]{0,60})(?:=\S{1,60})?\s*\Z")
_NUMBER: Final = lazy(r"\s*\d+(?:\.\d+)+\s*\Z")
"""A version that stands alone, as in `numpy == 1.19`, is nobody's name."""
_SEPARATORS: Final = lazy(r"[-_.]+")
_HASH: Final = lazy(r"[#&](?:sha256|sha384|sha512)=[0-9a-f]{64,128}", re.IGNORECASE)
_LONGEST: Final = 2_000


class Requirement(NamedTuple):
    """`name` is normalized, empty where only a URL stands there; `start` to `end` is all of it.

    `name_end` is behind the name and its extras. `version` is the one that it is pinned to, empty
    when it is not. `url` is where it comes from instead of the index. `is_open`: a value is put
    into it when it runs. `is_hashed`: its content is pinned. `is_conda`: no name of PyPI. `marker`
    says on which Pythons and systems it is for; empty: on all.
    """

    name: str
    start: int
    end: int
    name_end: int
    version: str = ""
    specifier: str = ""
    url: str = ""
    url_start: int = 0
    is_open: bool = False
    is_hashed: bool = False
    is_conda: bool = False
    written: str = ""
    marker: str = ""

    @property
    def is_pinned(self) -> bool:
        """Whether the same thing is installed each time, as far as the index keeps its word."""
        return bool(self.version) or self.is_hashed


def normalized(name: str) -> str:
    """The name as an index knows it: PEP 503."""
    return _SEPARATORS.sub("-", name).lower()


def requirement(text: str, place: Place, *, is_open: bool = False) -> Requirement | None:
    """What a text asks for; None when it names a path or nothing at all.

    Raises nothing: what does not follow PEP 508 has the name with which it begins.
    """
    text = text[:_LONGEST]
    link = _URL.search(text)
    head = _NAME.match(text)
    if link is not None:
        return _linked(text, link, place, is_open=is_open)
    if head is None or _is_path(text) or _NUMBER.match(text):
        if is_open:
            start, end = place(0, len(text))
            return Requirement("", start, end, end, is_open=True)
        return None
    start, end = place(head.start("whole"), len(text.rstrip()))
    name_end = place(head.start("whole"), head.end("whole"))[1]
    asked, _, marker = head["rest"].partition(";")
    specifier = asked.strip().strip("()").strip()
    exact = _EXACT.match(specifier)
    own_open = is_open and not _is_known(text, head)
    return Requirement(
        "" if own_open else normalized(head["name"]),
        start,
        end,
        name_end,
        version=exact["version"] if exact and not is_open else "",
        specifier=specifier,
        is_open=is_open,
        written="" if own_open else head["name"],
        marker=marker.strip(),
    )


def _is_known(text: str, head: re.Match[str]) -> bool:
    """Whether the name is written out, and only its version is put in: `numpy=={version}`."""
    return text[head.end("whole") : head.end("whole") + 1] in set("=<>!~ ;")


def _linked(text: str, link: re.Match[str], place: Place, *, is_open: bool) -> Requirement:
    start, end = place(0, len(text.rstrip()))
    name, name_end = "", end
    before = text[: link.start()].rstrip()
    if before.endswith("@"):
        head = _NAME.match(before[:-1])
        if head is not None and not head["rest"].strip():
            name = normalized(head["name"])
            name_end = place(head.start("whole"), head.end("whole"))[1]
    return Requirement(
        name,
        start,
        end,
        name_end,
        url=link[0],
        url_start=place(*link.span())[0],
        is_open=is_open,
        is_hashed=_HASH.search(link[0]) is not None,
        written=name,
        marker=text[link.end() :].partition(";")[2].strip(),
    )


def _is_path(text: str) -> bool:
    plain = text.partition(";")[0].partition("[")[0].strip()
    return (
        plain.startswith((".", "/", "~"))
        or "/" in plain
        or "\\" in plain
        or _ARCHIVE.search(plain) is not None
    )


def conda_requirement(text: str, place: Place, *, is_open: bool = False) -> Requirement | None:
    """What conda is asked for: `channel::name=version=build`; None for a path."""
    found = _CONDA.match(text[:_LONGEST])
    if found is None:
        return None
    start, end = place(found.start("name"), len(text))
    exact = _CONDA_EXACT.match(found["rest"])
    return Requirement(
        found["name"].lower(),
        start,
        end,
        place(*found.span("name"))[1],
        version=exact["version"] if exact and not is_open else "",
        specifier=found["rest"],
        is_open=is_open,
        is_conda=True,
        written=found["name"],
    )


@lru_cache(maxsize=1_000)
def allows(specifier: str, version: str) -> bool:
    """Whether a version meets a specifier; True for what cannot be compared."""
    from packaging.specifiers import SpecifierSet

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except ValueError:  # no specifier, no version, or a number that is too long
        return True
