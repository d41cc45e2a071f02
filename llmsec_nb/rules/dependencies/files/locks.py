"""Lock files: every package with the version, and most with the digest, that is installed.

Sources: PEP 751; https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile;
https://pipenv.pypa.io/en/latest/pipfile.html
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy
from ..install import Install
from ..options import Option
from ..origin import Origin
from ..requirement import Requirement, normalized
from ..toml import entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..toml import Entry

_PACKAGE: Final = lazy(
    r"\"(?P<name>[A-Za-z0-9][\w.-]{0,100})\"\s{0,50}:\s{0,50}\{(?P<body>[^{}]{0,20000})\}"
)
_VERSION: Final = lazy(r"\"version\"\s{0,50}:\s{0,50}\"===?(?P<version>[\w.!+-]{1,60})\"")
_LINK: Final = lazy(r"\"(?P<key>git|file|url|ref)\"\s{0,50}:\s{0,50}\"(?P<value>[^\"\s]{1,1000})\"")

_LOCAL: Final = frozenset(
    {("source", key) for key in ("editable", "virtual", "directory", "path")}
    | {("directory", "path"), ("archive", "path")}
)
_LARGEST: Final = 50_000
"""Characters of one package."""


def toml_lock(text: str) -> Iterator[Install]:
    """`uv.lock`, `poetry.lock`, `pdm.lock` and `pylock.toml`."""
    found = [entry for entry in entries(text) if entry.keys[:1] in {("package",), ("packages",)}]
    asked: list[Requirement] = []
    options: dict[str, Option] = {}
    for _, group in groupby(found, lambda entry: entry.keys[:1] and _table(entry.group, text)):
        held = list(group)
        plain = {entry.keys[1]: entry for entry in reversed(held) if len(entry.keys) == 2}
        name, version = plain.get("name"), plain.get("version")
        if name is not None and version is not None and not any(map(_is_local, held)):
            marker = plain.get("marker") or plain.get("markers")
            own = _pinned(name.value, version.value, name.start, version.end)
            asked.append(own._replace(marker=marker.value if marker is not None else ""))
        for entry in held:
            if entry.keys[2:] == ("registry",) or entry.keys[1:] == ("index",):
                options.setdefault(
                    entry.value, Option("--index-url", entry.value, entry.start, entry.end)
                )
            elif entry.keys[2:] == ("git",) and name is not None:
                link = Requirement(
                    normalized(name.value), entry.start, entry.end, entry.end,
                    url=f"git+{entry.value.replace('#', '@')}", url_start=entry.start,
                )  # fmt: skip
                asked.append(link)
    yield from _lock(asked, list(options.values()), text)


def _is_local(entry: Entry) -> bool:
    """Whether it says that a package is a folder or a file of the project: no index knows it."""
    if entry.keys[2:] == ("type",) and entry.keys[1] == "source":
        return entry.value in {"directory", "file"}
    return entry.keys[1:] in _LOCAL


def _table(group: int, text: str) -> int:
    """The place of the `[[package]]` that a value belongs to, inline tables and all."""
    if text.startswith("[[", group):
        return group
    return text.rfind("[[package", max(0, group - _LARGEST), group)


def _pinned(name: str, version: str, start: int, end: int) -> Requirement:
    return Requirement(
        normalized(name), start, end, start, version=version, specifier=f"=={version}",
        is_hashed=True, written=name,
    )  # fmt: skip


def pipfile_lock(text: str) -> Iterator[Install]:
    """`Pipfile.lock`."""
    asked: list[Requirement] = []
    for found in _PACKAGE.finditer(text):
        version = _VERSION.search(found["body"])
        start, end = found.span("name")
        if version is not None:
            last = found.start("body") + version.end("version")
            asked.append(_pinned(found["name"], version["version"], start, last))
            continue
        links = {link["key"]: link["value"] for link in _LINK.finditer(found["body"])}
        if "git" in links:
            url = f"git+{links['git']}@{links.get('ref', '')}"
            asked.append(Requirement(normalized(found["name"]), start, end, end, url=url))
    yield from _lock(asked, [], text)


def _lock(asked: list[Requirement], options: list[Option], text: str) -> Iterator[Install]:
    if asked or options:
        yield Install(
            "lock", Origin.FILE, 0, len(text), (0, 0), tuple(asked), tuple(options), is_lock=True
        )
