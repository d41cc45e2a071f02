"""The digests of a data set as a fold beside the others, so that they cost no pass of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ..training.detector import Conclusion
from ..training.packing import pack, unpack
from .digests import Digest, digest_of, row_digests, row_secret
from .state import Digests, merged, taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..core.rule import Rule
    from ..training.detector import Located, Plan, Scene, Span, Suspect
    from ..training.rows import Rows

OPTION: Final = "lineage_secret"
"""The option of a plan that holds `row_secret(key)`, so that the key itself stays where it is."""


class DigestDetector:
    """Digests of rows: finds nothing, but says what the rows are. `digest` reads its state.

    The state has some kilobytes, and 32 bytes more for each 4,096 rows.
    """

    name: ClassVar[str] = "digests"
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = ()

    def __init__(self) -> None:
        """Without a key until a plan brings one."""
        self._secret = b""

    def applies(self, plan: Plan) -> str:
        """To everything."""
        return ""

    def empty(self, plan: Plan) -> Digests:
        """The state of no rows."""
        self._secret = plan.options.get(OPTION, b"")
        return Digests()

    def observe(self, state: Digests, rows: Rows) -> None:
        """Take in a batch; all its columns count, those without a role, too."""
        kinds: dict[str, set[str]] = {}
        taken(state, rows.start, row_digests(rows.batch, self._secret, kinds), kinds)

    def merge(self, left: Digests, right: Digests) -> Digests:
        """The state of both."""
        return merged(left, right)

    def advance(self, state: Digests, plan: Plan) -> None:
        """One pass says all."""

    def pack(self, state: Digests) -> bytes:
        """The state in its one form."""
        return pack(self.name, self.version, state)

    def unpack(self, data: bytes) -> Digests:
        """What `pack` wrote. Raises ValueError."""
        return unpack(self.name, self.version, data, Digests)

    def conclude(self, state: Digests, scene: Scene) -> Conclusion:
        """Nothing is suspect here."""
        return Conclusion()

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        """There are none."""
        return ()

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """There is nothing to mark."""
        return []

    def digest(self, state: Digests, key: bytes) -> Digest:
        """What the state comes to; `key` is the one whose `row_secret` the plan held."""
        return digest_of(state, key)


def secret_option(key: bytes) -> dict[str, bytes]:
    """What a plan's options need for digests that are keyed; nothing without a key."""
    return {OPTION: row_secret(key)} if key else {}
