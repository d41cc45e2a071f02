"""The detector of what can be said of dependencies by reading alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Incomplete
from .downloads import DOWNLOADED, PIPED, downloads, magics
from .drift import DRIFT, drift
from .facts import facts_of
from .indexes import EXTRA_INDEX, INDEX_CREDENTIALS, PLAIN_HTTP, TRUSTED_HOST, indexes
from .lifetime import ENDED_PYTHON, ended_python, today
from .links import NO_COMMIT, NO_HASH, links
from .names import NOT_A_DISTRIBUTION, TYPOSQUAT, UNKNOWN_NAME, Names
from .pins import UNPINNED, unpinned
from .practice import OTHER_PYTHON, SYSTEM_WIDE, other_python, system_wide
from .system import SYSTEM_UNPINNED, system_packages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...cells.flow import Site
    from ...cells.unit import Unit
    from ...core.detector import Context, Match
    from ...core.rule import Rule
    from .collect import Found

RULES: Final[tuple[Rule, ...]] = (
    UNPINNED,
    TYPOSQUAT,
    UNKNOWN_NAME,
    NOT_A_DISTRIBUTION,
    EXTRA_INDEX,
    PLAIN_HTTP,
    TRUSTED_HOST,
    NO_COMMIT,
    NO_HASH,
    PIPED,
    INDEX_CREDENTIALS,
    OTHER_PYTHON,
    SYSTEM_UNPINNED,
    DOWNLOADED,
    DRIFT,
    ENDED_PYTHON,
    SYSTEM_WIDE,
)
LITERALS: Final = (
    "pip", "conda", "mamba", "uv add", "uvx", "uv tool", "uv run", "easy_install", "uv_", "poetry", "pdm", "pixi", "rye add", "dependencies",
    "requires", "requirements", "constraints", "[packages]", "[[package", "curl", "wget", "aria2c",
    "%run", "%load", "index-url", "dependency-groups", "[[source", "packages]", "apt-get", "apt install",
    "apt -", "aptitude", "apk ", "npm", "yarn add", "brew install", "yum ", "dnf ",
)  # fmt: skip
"""Of cells, scripts and most files. A file of bare names has none: see `files.is_manifest`."""


def read(units: Sequence[Unit], sites: Sequence[Site]) -> list[Found]:
    """What each unit runs and installs; nothing is taken apart for cells that speak of neither."""
    if all(unit.is_cell for unit in units):
        text = "\n".join(unit.source for unit in units).lower()
        if not any(literal in text for literal in LITERALS):
            return []
    from .collect import collect

    return collect(units, sites)


class Dependencies:
    """Installs and downloads in cells, scripts and files."""

    rules: ClassVar[tuple[Rule, ...]] = RULES
    literals: ClassVar[tuple[str, ...]] = LITERALS

    def inspect(
        self, units: Sequence[Unit], sites: Sequence[Site], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """What is wrong with what a document installs.

        Raises Incomplete at the end, if it installs more than can be looked at.
        """
        found = read(units, sites)
        facts = facts_of(found, context.around)
        names = Names(facts)
        named = list(names.of(found))
        yield from named
        yield from unpinned(found, facts, {(number, match.start) for number, match in named})
        yield from downloads(found)
        yield from system_packages(found)
        day = today()
        for one in found:
            yield from indexes(one)
            yield from links(one)
            yield from other_python(one)
            yield from system_wide(one)
            yield from ended_python(one, day)
        yield from drift(found, units, facts)
        yield from magics(units)
        if names.left:
            raise Incomplete(f"{names.left:,} names of packages were not compared with famous ones")
