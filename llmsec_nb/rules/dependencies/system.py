"""DEP015: packages of the system, or of another language, in whatever version there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Severity
from .rules import dependency, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .collect import Found
    from .runs import Run
    from .shell import Word

SYSTEM_UNPINNED: Final = dependency(
    "DEP015",
    "unpinned-system-package",
    "Packages of the system are installed without a version",
    Severity.LOW,
    "The same notebook installs something else tomorrow, as root in most cases.",
    "Put them with their versions into the image that the notebook runs in, or name the version: `ffmpeg=7:4.4.2-0ubuntu0.22.04.1`, `name@1.2.3`.",
    flagged=(
        ("!apt-get install -y ffmpeg graphviz=2.42.2-6", ("ffmpeg",)),
        ("!npm install -g localtunnel", ("localtunnel",)),
    ),
    clean=(
        "!apt-get install -y graphviz=2.42.2-6",
        "!npm install localtunnel@2.0.2",
        "!apt-get update",
        "!npm install",
        "!apt-get remove -y ffmpeg",
    ),
)
_SUBCOMMANDS: Final = {
    "apt": ("install",), "apt-get": ("install",), "aptitude": ("install",), "apk": ("add",),
    "yum": ("install",), "dnf": ("install",), "brew": ("install",), "npm": ("install", "i", "add"),
    "pnpm": ("add", "install", "i"), "yarn": ("add",),
}  # fmt: skip
_VALUED: Final = frozenset(
    {"-t", "-o", "-c", "--target-release", "--prefix", "--registry", "-C", "--dir", "-X",
     "--repository", "-w", "--workspace", "--loglevel"}
)  # fmt: skip
_NAME: Final = lazy(r"(?:@[\w.-]{1,80}/)?[A-Za-z0-9][\w.+:-]{0,100}(?:[=@]\S{0,100})?\Z")
_PINNED: Final = lazy(r".[^=@]{0,180}(?:=|@[v=]?)\d|.[\w.+-]{0,180}-\d[\w.]{0,40}-\d")


def system_packages(found: Iterable[Found]) -> Iterator[tuple[int, Match]]:
    """One match a cell; files have rules of their own."""
    cells: dict[int, list[tuple[Found, Word]]] = {}
    for one in found:
        if one.unit.is_cell or one.unit.name.startswith("."):
            for run in one.runs:
                cells.setdefault(id(one.unit.text), []).extend((one, word) for word in _loose(run))
    for group in cells.values():
        if not group:
            continue
        unit = group[0][0].unit
        spans = [(word.start, word.end) for one, word in group if one.unit is unit]
        names = list(dict.fromkeys(word.value for _, word in group))
        count = "a package" if len(names) == 1 else f"{len(names)} packages"
        yield (
            unit.number,
            Match(
                rule=SYSTEM_UNPINNED,
                start=spans[0][0],
                end=spans[0][1],
                message=f"{count} of the system without a version: {listed(names)}",
                label=listed(names, 3),
                others=tuple(dict.fromkeys(spans[1:])),
            ),
        )


def _loose(run: Run) -> Iterator[Word]:
    """What a command installs without a version."""
    known = _SUBCOMMANDS.get(run.program)
    words = list(run.words[1:]) if known else []
    place = 0
    installs = False
    while place < len(words):
        word = words[place]
        place += 1
        if word.value.startswith("-"):
            place += word.value in _VALUED
        elif not installs:
            if word.value not in (known or ()):
                return
            installs = True
        elif _is_loose(word):
            yield word


def _is_loose(word: Word) -> bool:
    """Whether a word is the name of a package without a version, and no file."""
    text = word.value
    is_name = not word.is_open and _NAME.match(text) is not None
    return is_name and not _PINNED.match(text) and not text.endswith((".deb", ".rpm", ".tgz"))
