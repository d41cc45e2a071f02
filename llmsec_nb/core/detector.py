"""The seam between the engine and what it runs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, Protocol

from msgspec import Struct

from .rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

    from .artifact import Text


class Cost(IntEnum):
    """What a face is willing to pay, cheapest first."""

    TYPING = 0
    CELL = 1
    SCAN = 2
    NETWORK = 3


class Unavailable(Exception):
    """A detector cannot run here; the message names the remedy."""


class NotInstalled(Unavailable):
    """What was asked for beyond the usual is not there: it is left out, and the report says so."""


class Incomplete(Exception):
    """A detector could not look at all of a text; the message says at what, and quotes nothing."""


class Sign(NamedTuple):
    """Where one of a detector's literals stands in a text."""

    start: int
    literal: str


Hint = Any
"""What `detect` is told of a text: the signs in it, or what `screen` said of the document."""


class Match(Struct, frozen=True, kw_only=True):
    """A detector's word on a span of a text: offsets only, never the value itself.

    `public` is the leading part of the value that is no secret; `label` replaces the mask
    where the value itself is harmless (a character's name, say). `rank` decides between
    two rules of a family that claim the same characters: the higher one stays. `others` are
    further spans that the match stands for.
    """

    rule: Rule
    start: int
    end: int
    message: str = ""
    public: str = ""
    label: str = ""
    confidence: Confidence | None = None
    severity: Severity | None = None
    rank: int = 0
    others: tuple[tuple[int, int], ...] = ()


class Surroundings(Struct, frozen=True, kw_only=True):
    """What is known of the place where the code of a document runs.

    `environment` are the kernel's packages, normalized names to versions; None where it is not
    known. `locked` are the versions that lock files and requirements beside the document pin.
    `folder` is the absolute path where relative names of files start; empty where no file may be
    looked at. No file outside of `root` is looked at, either. `python` is the version of the
    kernel's Python ("3.11.7"), as the notebook or the kernel says; empty where neither does.
    """

    environment: Mapping[str, str] | None = None
    locked: Mapping[str, str] = {}
    folder: str = ""
    root: str = ""
    python: str = ""


NOWHERE: Final = Surroundings()


class Context(Struct, frozen=True, kw_only=True):
    """What a detector may know beside the text: the file's name, the whole cell's source, where."""

    path: str = ""
    neighbourhood: str = ""
    around: Surroundings = NOWHERE


class Detector(Protocol):
    """Finds matches in texts. Holds no state between two calls."""

    cost: ClassVar[Cost]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that it implements."""

    @property
    def literals(self) -> tuple[str, ...]:
        """Lower-case ASCII literals: a text that holds none of them holds nothing for it.

        Empty for a detector that goes by something else; then `screen` is asked.
        """

    @property
    def unusual(self) -> re.Pattern[str] | None:
        """What must occur in a text for a detector that only looks at what is not ASCII."""

    @property
    def by_fields(self) -> bool:
        """Whether it makes something of the fields of a text."""

    @property
    def searches(self) -> bool:
        """Whether it has something to `search`."""

    def search(self, content: str) -> Iterable[int]:
        """Where in a document, from all of its texts in one string, it has to look, too.

        For what has no literal: each place is a sign with a literal of no meaning.
        """

    def screen(self, content: str) -> Hint:
        """What may occur in a document, from all of its texts in one string; None: nothing.

        Asked of a detector without literals. One search over the whole is much cheaper than one
        over each of a thousand small texts.
        """

    def detect(self, text: Text, hint: Hint, context: Context) -> Iterator[Match]:
        """Yield what is wrong in one text: `hint` are its signs, or what `screen` gave."""


class ByLiterals:
    """What detectors have in common that go by their literals alone."""

    unusual: ClassVar[re.Pattern[str] | None] = None
    by_fields: ClassVar[bool] = False
    searches: ClassVar[bool] = False

    def search(self, content: str) -> Iterable[int]:
        """Never asked."""
        return ()

    def screen(self, content: str) -> Hint:
        """Never asked."""


class ByCharacters:
    """What detectors have in common that look at characters beyond ASCII."""

    literals: ClassVar[tuple[str, ...]] = ()
    by_fields: ClassVar[bool] = False
    searches: ClassVar[bool] = False

    def search(self, content: str) -> Iterable[int]:
        """Never asked."""
        return ()


class CodeDetector(Protocol):
    """Finds matches in the code of a whole document, names followed from cell to cell.

    Holds no state between two calls.
    """

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that it implements."""

    @property
    def literals(self) -> tuple[str, ...]:
        """Lower-case ASCII literals: a document whose code holds none of them is not shown."""

    def inspect(
        self, units: Sequence[Any], sites: Sequence[Any], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """What is wrong, each with the number of its unit; offsets are those of its `source`.

        `units` are cells.unit.Unit, in order. `sites` are cells.flow.Site of all Python in them,
        in the order in which it runs; the `cell` of each is the number of its unit.
        """
