"""The seam between the runner and what it runs: a fold over batches, in one or more passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeVar

from msgspec import Struct, field

from ..core.dataset import Chart, Point, Power
from ..core.rule import Confidence, Rule, Severity
from .roles import Roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from .rows import Rows

State = TypeVar("State")


class Plan(Struct, frozen=True, kw_only=True):
    """What all states of one scan share.

    `seed` keys all hashes: states merge only under the same one. `rows` is the number of rows if
    it is known. `options` are wishes of the user by name of the detector.
    """

    roles: Roles
    seed: int
    rows: int | None = None
    options: dict[str, Any] = field(default_factory=dict)


class Span(NamedTuple):
    """Characters `start` to `end` of the text of a column, in one row."""

    column: str
    start: int
    end: int


class Suspect(Struct, kw_only=True):
    """An alert in the making: raw, memory only.

    `key` is what the detector knows its rows by; `trigger` and `target` are raw texts, and may be
    filled in by `locate`, when rows are seen again. `identity` is what the fingerprint is made of,
    and must be the same in every scan of the same data: never a keyed hash; empty: `trigger` and
    `target`. `also` are nested triggers, raw. `rows` and all the figures: see core.dataset.Alert.
    """

    rule: Rule
    message: str
    columns: tuple[str, ...]
    key: Any = None
    rows: int = 0
    trigger: str = ""
    target: str = ""
    identity: str = ""
    severity: Severity | None = None
    confidence: Confidence | None = None
    carriers: int | None = None
    purity: float | None = None
    purity_from: float | None = None
    prior: float | None = None
    lift: float | None = None
    support: float | None = None
    insertion: float | None = None
    score: float | None = None
    q_value: float | None = None
    also: list[str] = field(default_factory=list)
    remedy: str = ""


class Conclusion(Struct, kw_only=True):
    """What a detector has to say after the last pass.

    `notes` complete "NOT everything was looked at: ..."; they make the coverage `incomplete`.
    `remarks` are said as well, and leave it `done`.
    `points` may name a suspect by its place in `suspects`, as text, in `alert`.
    """

    suspects: list[Suspect] = field(default_factory=list)
    power: list[Power] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Located:
    """Rows of a batch, by their places in it (int64), that belong to a suspect."""

    suspect: Suspect
    rows: NDArray[np.int64]


class Scene(NamedTuple):
    """What `conclude` may know beside the state: the plan, and the trusted version's state."""

    plan: Plan
    trusted: Any = None


class TableDetector(Protocol[State]):
    """A mergeable fold.

    For any split of the rows, in any order, `merge(state(A), state(B))` equals `state(A + B)`:
    `pack` of both gives the same bytes. Sums are therefore integers (floats are not associative)
    and what is kept of the rows is chosen by hashes, never by order. `state` grows with what is
    distinct, within a bound that is stated; it holds no raw text, so that it may be stored, unless
    the docstring says "memory only".

    A detector that needs several passes gives in `advance` the empty state of the next one,
    which holds what the merged state of the last one taught; None after the last pass. Between
    passes states are packed and sent to other processes and machines: small is good.

    `conclude` judges. `locate` is then called for each batch in a last pass, if there are suspects,
    in the same process: it gives the rows of each suspect, and may fill in what only rows can say.
    `mark` gives the spans to highlight in one row, by column.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    rules: ClassVar[tuple[Rule, ...]]

    def applies(self, plan: Plan) -> str:
        """Empty if there is something to look at; otherwise why not, in one line.

        May raise core.detector.NotInstalled, whose message names the remedy.
        """
        ...

    def empty(self, plan: Plan) -> State:
        """The state of no rows, for the first pass."""
        ...

    def observe(self, state: State, rows: Rows) -> None:
        """Take in a batch. Releases the interpreter where it can: threads share the work."""
        ...

    def merge(self, left: State, right: State) -> State:
        """The state of both. Both may be used up."""
        ...

    def advance(self, state: State, plan: Plan) -> State | None:
        """The empty state of the next pass, None after the last one."""
        ...

    def pack(self, state: State) -> bytes:
        """The state in its one canonical form, with the version."""
        ...

    def unpack(self, data: bytes) -> State:
        """What `pack` wrote. Raises ValueError on another version or anything else."""
        ...

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """Judge the merged state of the last pass."""
        ...

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        """Which rows of a batch belong to which suspect."""
        ...

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """What to highlight in a row that was located; `row` holds its texts by column."""
        ...
