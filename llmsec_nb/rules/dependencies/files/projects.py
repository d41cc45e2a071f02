"""`pyproject.toml`, `Pipfile` and the header of a script: what a project asks for.

Sources: PEP 621, PEP 735, PEP 723; https://python-poetry.org/docs/pyproject/ and
https://pipenv.pypa.io/en/latest/pipfile.html
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy
from ..install import Install
from ..options import Option
from ..origin import Origin
from ..requirement import Requirement, normalized, requirement
from ..toml import Entry, entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..origin import Place

_OPEN: Final = lazy(r"#[ \t]///[ \t]script[ \t\r]*\Z")
_CLOSE: Final = lazy(r"#[ \t]///[ \t\r]*\Z")
_SIGN: Final = lazy(r"^#", re.MULTILINE)
_POETRY: Final = lazy(r"(?:dependencies|dev-dependencies|group\..{1,80}\.dependencies)\Z")
_OF_PYTHON: Final = frozenset(
    {
        ("project", "requires-python"),
        ("requires-python",),
        ("tool", "poetry", "dependencies", "python"),
        ("requires", "python_version"),
        ("requires", "python_full_version"),
    }
)
_EXACT: Final = lazy(r"={2,3}\s*(?P<version>[\w.!+-]{1,60})\Z")


def pyproject(text: str) -> Iterator[Install]:
    """What a project needs, builds with, and offers as extras and groups."""
    found = list(entries(text))
    asked = [own for entry in found if _is_listed(entry.keys) for own in _listed(entry)]
    asked += _tables(found, ("tool", "poetry"), _POETRY)
    options = [*_indexes(found), *_pythons(found)]
    if asked or options:
        yield _install(asked, options, text)


def _is_listed(keys: tuple[str, ...]) -> bool:
    """Whether a list of requirements stands under these keys."""
    return (
        keys in {("project", "dependencies"), ("build-system", "requires"), ("dependencies",)}
        or keys[:2] == ("project", "optional-dependencies")
        or keys[:1] == ("dependency-groups",)
        or keys[:3] in {("tool", "uv", "dev-dependencies"), ("tool", "pdm", "dev-dependencies")}
    )


def _listed(entry: Entry) -> Iterator[Requirement]:
    own = requirement(entry.value, _shift(entry.start)) if entry.is_string else None
    if own is not None and "include-group" not in entry.keys:
        yield own


def _tables(
    found: Iterable[Entry], above: tuple[str, ...], section: re.Pattern[str]
) -> Iterator[Requirement]:
    """`name = "version"` and `name = {git = "..."}` below the tables of that name."""
    own = [
        entry
        for entry in found
        if entry.keys[: len(above)] == above and _name_at(entry.keys, len(above), section)
    ]
    for name, group in groupby(own, lambda entry: _name_at(entry.keys, len(above), section)):
        if normalized(name) != "python":
            yield _of_table(name, list(group))


def _name_at(keys: tuple[str, ...], above: int, section: re.Pattern[str]) -> str:
    """The name that a value is for; empty when it stands in no table of requirements."""
    for end in range(above + 1, min(len(keys), above + 4)):
        if section.match(".".join(keys[above:end])):
            return keys[end]
    return ""


def _of_table(name: str, group: list[Entry]) -> Requirement:
    values = {entry.keys[-1]: entry for entry in group}
    first = group[0]
    plain = values.get("version", first if len(group) == 1 else None)
    link = next((values[key] for key in ("git", "url", "hg", "file") if key in values), None)
    url, url_start = "", 0
    if link is not None:
        revision = values.get("rev") or values.get("ref") or values.get("tag")
        url = link.value if link.keys[-1] != "git" else f"git+{link.value}"
        url += f"@{revision.value}" if revision is not None else ""
        url_start = link.start
    text = plain.value if plain is not None and link is None else ""
    exact = _EXACT.match(text)
    start, end = (link or plain or first)[2:4]
    return Requirement(
        normalized(name), start, end, end,
        version=exact["version"] if exact else "",
        specifier=text if text[:1] in set("=<>!~") else "",
        url=url, url_start=url_start, written=name,
        marker=values["markers"].value if "markers" in values else "",
    )  # fmt: skip


def _indexes(found: Iterable[Entry]) -> Iterator[Option]:
    """Where packages come from: `[[tool.uv.index]]`, `[[tool.poetry.source]]`, `[[source]]`."""
    own = [
        entry
        for entry in found
        if entry.keys[:3]
        in {("tool", "uv", "index"), ("tool", "poetry", "source"), ("tool", "pdm", "source")}
        or entry.keys[:1] == ("source",)
        or entry.keys[:3] == ("tool", "uv", "extra-index-url")
        or entry.keys[:3] == ("tool", "uv", "index-url")
        or entry.keys[:4] == ("tool", "uv", "pip", "extra-index-url")
        or entry.keys[:3] == ("tool", "uv", "index-strategy")
    ]
    for entry in own:
        key = entry.keys[-1]
        if key in {"url", "index-url"}:
            yield Option("--index-url", entry.value, entry.start, entry.end)
        elif key in {"extra-index-url", "index-strategy"}:
            yield Option(f"--{key}", entry.value, entry.start, entry.end)
        elif key in {"verify_ssl", "verify-ssl"} and entry.value == "false":
            yield Option("--trusted-host", "", entry.start, entry.end)


def _pythons(found: Iterable[Entry]) -> Iterator[Option]:
    """The versions of Python that are asked for."""
    for entry in found:
        if entry.keys in _OF_PYTHON and entry.is_string:
            yield Option("--requires-python", entry.value, entry.start, entry.end)


def pipfile(text: str) -> Iterator[Install]:
    """A Pipfile."""
    found = list(entries(text))
    asked = list(_tables(found, (), re.compile(r"(?:dev-)?packages\Z")))
    options = [*_indexes(found), *_pythons(found)]
    if asked or options:
        yield _install(asked, options, text)


def script(text: str) -> Iterator[Install]:
    """The header of a script, or of a notebook's first cell: PEP 723."""
    for start, end in _headers(text):
        body = _SIGN.sub(" ", text[start:end])
        held = [
            entry._replace(start=entry.start + start, end=entry.end + start)
            for entry in entries(body)
        ]
        asked = [own for entry in held if entry.keys == ("dependencies",) for own in _listed(entry)]
        options = [*_indexes(held), *_pythons(held)]
        if asked or options:
            whole = _install(asked, options, text)
            yield whole._replace(start=start, end=end, is_loose=False)


def _headers(text: str) -> Iterator[tuple[int, int]]:
    """What stands between `# /// script` and `# ///`, comments all of it."""
    start = -1
    place = 0
    for line in text.split("\n"):
        following = place + len(line) + 1
        if start >= 0 and _CLOSE.match(line):
            yield start, place
            start = -1
        elif start < 0 and _OPEN.match(line):
            start = following
        elif not line.startswith("#"):
            start = -1
        place = following


def _install(asked: Iterable[Requirement], options: Iterable[Option], text: str) -> Install:
    return Install(
        "project", Origin.FILE, 0, len(text), (0, 0), tuple(asked), tuple(options), is_loose=True
    )


def _shift(first: int) -> Place:
    return lambda start, end: (first + start, first + end)
