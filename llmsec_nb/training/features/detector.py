"""The detector of tables: four passes over counts, then the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import NotInstalled
from ...rules.poisoning.tables import RULES
from .. import packing
from ..detector import Conclusion, Located, Span
from . import cases, counts, model, pairs, planted, profile
from .oddities import copies, leaks, outliers
from .oddities import rows_of as odd_rows
from .planted import NAME, Key
from .state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...core.rule import Rule
    from ..detector import Plan, Scene, Suspect
    from ..rows import Rows

_OBSERVERS: Final = {
    1: profile.observe,
    2: counts.observe,
    3: pairs.observe,
    4: cases.observe,
}


class TableFeatures:
    """Values that come with a label against the rest of their rows, leaks, and what stands out.

    The state grows with the columns, and with the values that repeat: of a column at most 4,096
    buckets of hashes are counted exactly.
    """

    name: ClassVar[str] = NAME
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = RULES

    def applies(self, plan: Plan) -> str:
        """Asks for a label and features."""
        try:
            import numpy  # noqa: F401, ICN001 # only whether it is there
        except ImportError as error:
            raise NotInstalled("numpy is not installed: pip install 'llmsec-nb[data]'") from error
        if not plan.roles.label:
            return "no column is the label"
        return "" if plan.roles.others else "there are no columns beside those with a role"

    def empty(self, plan: Plan) -> State:
        """The state of no rows."""
        return profile.empty(plan.roles, plan.seed)

    def observe(self, state: State, rows: Rows) -> None:
        """Count a batch, as the pass wants it."""
        if len(rows):
            _OBSERVERS[state.phase](state, rows)

    def merge(self, left: State, right: State) -> State:
        """The state of both."""
        left.absorb(right)
        return left

    def advance(self, state: State, plan: Plan) -> State | None:
        """The next pass; None after the fourth, or when there is nothing to judge."""
        if state.phase == 1:
            known = profile.learned(state)
            return None if known["why"] else counts.empty(known)
        if state.phase == 2:
            return pairs.empty(model.learned(state))
        if state.phase == 3:
            return cases.empty(dict(state.known), state)
        return None

    def pack(self, state: State) -> bytes:
        """Canonical bytes."""
        return packing.pack(self.name, self.version, state.settle())

    def unpack(self, data: bytes) -> State:
        """What `pack` wrote. Raises ValueError."""
        return packing.unpack(self.name, self.version, data, State)

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """Suspects, power, and what was not judged."""
        if state.phase == 1:
            why = profile.learned(state)["why"]
            return Conclusion(notes=[why] if int(state.sums["rows"][0]) else [])
        columns = profile.columns_of(scene.plan.roles)
        found, power = planted.planted(state, scene.plan, columns)
        found += leaks(state, columns) + outliers(state, columns) + copies(state, columns)
        return Conclusion(suspects=found, power=power, notes=_notes(state, scene.plan, columns))

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        """The rows of each suspect; a leak is of a column and has none."""
        for suspect in suspects:
            mine = planted.rows_of if isinstance(suspect.key, Key) else odd_rows
            found = mine(suspect, rows)
            if found.size:
                yield Located(suspect, found)

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """The whole values of its columns."""
        if not isinstance(suspect.key, Key):
            return []
        return [Span(name, 0, len(row[name])) for name in suspect.columns if row.get(name)]


def _notes(state: State, plan: Plan, columns: Sequence[str]) -> list[str]:
    known = state.known
    notes = []
    if more := len(plan.roles.others) - len(columns):
        notes.append(f"{more:,} more columns than the {len(columns):,} that are judged")
    unread = [
        name
        for at, name in enumerate(columns)
        if int(known["kinds"][at, 2]) and not int(known["kinds"][at, 0])
    ]
    if unread:
        notes.append(f"columns of lists or structs: {', '.join(unread[:5])}")
    if lost := known["rows"] - int(known["labels count"].sum()):
        notes.append(f"{lost:,} rows without a label, or with a rare one")
    if known["untold"]:
        notes.append(f"{known['untold']:,} pairs of columns were not looked at together")
    return notes
