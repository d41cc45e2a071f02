"""The trigger miner: three passes over texts and labels, without a model."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import Struct

from ...core.detector import NotInstalled
from ...rules.poisoning.triggers import RULES
from .. import packing
from ..detector import Conclusion, Located, Plan, Scene, Span, Suspect
from . import first, second, third
from .charts import charts
from .choice import choose
from .conclude import NAME, concluded, unfit
from .first import First, known
from .locate import located, marked, message
from .second import Second
from .stream import streams
from .third import Third

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...core.rule import Rule
    from ..rows import Rows

_LEAST: Final = 8
"""Fewer rows are no trigger that could be told from chance."""
_GROWTH: Final = 25
"""In a set of n rows at least sqrt(n) / 25 of them, so that large sets stay small in memory."""


class State(Struct, kw_only=True):
    """One of the three passes; the lengths of rows are carried along."""

    seed: int
    first: First | None = None
    second: Second | None = None
    third: Third | None = None
    unfit: str = ""


class TriggerMiner:
    """Finds words, phrases, fixed openings and ways of writing that carry a label.

    Up to 8 million different words and pairs of neighbours are told apart, 20,000 words and phrases
    are looked at closely.
    """

    name: ClassVar[str] = NAME
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = RULES

    def applies(self, plan: Plan) -> str:
        """Needs a text and a label."""
        if not (plan.roles.text and plan.roles.label):
            return "needs a text and a label column"
        if find_spec("numpy") is None or find_spec("pyarrow") is None:
            raise NotInstalled("numpy and pyarrow are missing: pip install 'llmsec-nb[data]'")
        return ""

    def empty(self, plan: Plan) -> State:
        """Before the first pass."""
        return State(seed=plan.seed, first=first.nothing())

    def observe(self, state: State, rows: Rows) -> None:
        """Count in the rows of a batch."""
        if state.first is not None:
            first.read(state.first, rows, state.seed)
            return
        for stream in streams(rows, state.seed):
            if state.second is not None:
                second.observe(state.second, stream)
            elif state.third is not None:
                third.observe(state.third, stream)

    def merge(self, left: State, right: State) -> State:
        """The sums of both."""
        if left.first is not None and right.first is not None:
            left.first = first.merged(left.first, right.first)
        elif left.second is not None and right.second is not None:
            left.second = second.merged(left.second, right.second)
        elif left.third is not None and right.third is not None:
            left.third = third.merged(left.third, right.third)
        return left

    def advance(self, state: State, plan: Plan) -> State | None:
        """Words, then phrases, then what stands around them."""
        if state.first is not None:
            why = unfit(state.first)
            if why:
                return None
            least = max(_LEAST, int(state.first.rows**0.5 / _GROWTH))
            return State(seed=plan.seed, second=second.nothing(known(state.first, least)))
        if state.second is not None:
            facts = state.second.known
            chosen = choose(facts, state.second.grams.settle())
            return State(seed=plan.seed, third=third.nothing(facts, chosen))
        return None

    def pack(self, state: State) -> bytes:
        """The state in its one form."""
        if state.first is not None:
            first.settle(state.first)
        if state.second is not None:
            state.second.grams.settle()
        if state.third is not None:
            third.settle(state.third)
        return packing.pack(self.name, self.version, state)

    def unpack(self, data: bytes) -> State:
        """What `pack` wrote."""
        return packing.unpack(self.name, self.version, data, State)

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """Judge what was counted."""
        if state.third is not None:
            return concluded(state.third, scene)
        if state.first is None:
            return Conclusion(notes=["the search for triggers ended before its last pass"])
        why = unfit(state.first) or "the search for triggers ended after its first pass"
        rows = state.first.labels.values[:, 0]
        return Conclusion(notes=[why], charts=charts(rows, state.first.lengths))

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        """The rows with a trigger and its label; names both."""
        for found in located(suspects, rows):
            message(found.suspect)
            yield found

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """Where the trigger stands."""
        column = suspect.columns[0]
        return marked(suspect, column, row.get(column, ""))
