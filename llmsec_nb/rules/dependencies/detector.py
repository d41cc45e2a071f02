"""The detector of what can be said of dependencies by reading alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from .collect import collect
from .downloads import DOWNLOADED, PIPED, downloads, magics
from .facts import facts_of
from .indexes import EXTRA_INDEX, INDEX_CREDENTIALS, PLAIN_HTTP, TRUSTED_HOST, indexes
from .links import NO_COMMIT, NO_HASH, links
from .names import NOT_A_DISTRIBUTION, TYPOSQUAT, UNKNOWN_NAME, names
from .pins import UNPINNED, unpinned
from .practice import OTHER_PYTHON, SYSTEM_WIDE, other_python, system_wide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...cells.flow import Site
    from ...cells.unit import Unit
    from ...core.detector import Context, Match
    from ...core.rule import Rule

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
    DOWNLOADED,
    SYSTEM_WIDE,
)
LITERALS: Final = (
    "pip", "conda", "mamba", "uv add", "uvx", "uv_", "poetry", "pdm", "rye add", "dependencies",
    "requires", "requirements", "constraints", "[packages]", "[[package", "curl", "wget", "aria2c",
    "%run", "%load", "index-url", "dependency-groups", "[[source", "packages]",
)  # fmt: skip
"""Of cells, scripts and most files. A file of bare names has none: see `files.is_manifest`."""


class Dependencies:
    """Installs and downloads in cells, scripts and files."""

    rules: ClassVar[tuple[Rule, ...]] = RULES
    literals: ClassVar[tuple[str, ...]] = LITERALS

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        locked: Mapping[str, str] | None = None,
    ) -> None:
        """`environment` are the kernel's packages, `locked` those of a lock file nearby."""
        self.environment = environment
        self.locked = locked or {}

    def inspect(
        self, units: Sequence[Unit], sites: Sequence[Site], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """What is wrong with what a document installs."""
        found = collect(units, sites)
        facts = facts_of(found, self.environment, self.locked)
        named = [match for one in found for match in names(one, facts)]
        yield from named
        yield from unpinned(found, {(number, match.start) for number, match in named})
        yield from downloads(found)
        for one in found:
            yield from indexes(one)
            yield from links(one)
            yield from other_python(one)
            yield from system_wide(one)
        yield from magics(units)
