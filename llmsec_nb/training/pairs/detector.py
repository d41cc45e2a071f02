"""The miner of instruction pairs and preference pairs, as a detector of three passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from msgspec import Struct, structs

from ...rules.poisoning.pairs import RULES
from .. import packing
from ..detector import Conclusion, Located, Plan, Scene, Suspect
from . import find, first, second, third
from .report import NAME, concluded, named
from .view import columns, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...core.rule import Rule
    from ..detector import Span
    from ..rows import Rows

Later = TypeVar("Later", second.Second, third.Third)


class State(Struct, kw_only=True):
    """One pass over each side (`response`, or `chosen` and `rejected`); the others are empty."""

    seed: int
    sides: list[str]
    first: list[first.First]
    second: list[second.Second]
    third: list[third.Third]


class PairMiner:
    """Finds words that were put into prompts and call up odd responses. See TableDetector.

    Bounds: three arrays of counts whose size hangs on the number of rows (16 MB each at most),
    the 100,000 most common runs of words, and the rows of some hundreds of them, as hashes.
    """

    name: ClassVar[str] = NAME
    version: ClassVar[int] = 2
    rules: ClassVar[tuple[Rule, ...]] = RULES

    def applies(self, plan: Plan) -> str:
        """Where there are prompts and responses, or two answers of which one was preferred."""
        roles = plan.roles
        if (roles.prompt and roles.response) or (roles.chosen and roles.rejected):
            return ""
        return "no prompts with responses, no chosen with rejected answers"

    def empty(self, plan: Plan) -> State:
        """The state of no rows, for the first pass."""
        sides = list(columns(plan.roles)[1])
        counts = [first.empty(plan) for _ in sides]
        return State(seed=plan.seed, sides=sides, first=counts, second=[], third=[])

    def observe(self, state: State, rows: Rows) -> None:
        """Take in a batch."""
        for place, side in enumerate(state.sides):
            if state.third:
                third.observe(state.third[place], rows, state.seed, side)
            elif state.second:
                second.observe(state.second[place], rows, state.seed, side)
            else:
                first.observe(state.first[place], rows, state.seed, side)

    def merge(self, left: State, right: State) -> State:
        """The state of both."""
        left.first = list(map(first.merge, left.first, right.first))
        left.second = list(map(second.merge, left.second, right.second))
        left.third = list(map(third.merge, left.third, right.third))
        return left

    def advance(self, state: State, plan: Plan) -> State | None:
        """The next pass: of counts to runs of words, of those to rows."""
        if state.third:
            return None
        if state.second:
            rows = [third.begin(second.settled(one)) for one in state.second]
            return structs.replace(state, second=[], third=rows)
        return structs.replace(state, first=[], second=list(map(second.begin, state.first)))

    def pack(self, state: State) -> bytes:
        """The state in its one canonical form, with the version."""
        settled = structs.replace(
            state,
            first=list(map(first.stored, state.first)),
            second=[_stored(second.settled(one)) for one in state.second],
            third=[_stored(third.settled(one)) for one in state.third],
        )
        return packing.pack(self.name, self.version, settled)

    def unpack(self, data: bytes) -> State:
        """What `pack` wrote. Raises ValueError on another version or anything else."""
        state = packing.unpack(self.name, self.version, data, State)
        state.first = list(map(first.revived, state.first))
        for second_ in state.second:
            second_.lore = first.revived(second_.lore)
        for third_ in state.third:
            third_.lore = first.revived(third_.lore)
        return state

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """Judge the rows that were kept."""
        return concluded(state.third, state.sides, scene)

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        """Which rows of a batch belong to which suspect; tells what their triggers are."""
        seen: dict[str, find.Seen] = {}
        for suspect in suspects:
            finder: find.Finder = suspect.key
            pairs = pairs_of(rows, finder.seed)
            if finder.side not in seen:
                seen[finder.side] = find.seen(pairs, finder.side, finder.lore, finder.seed)
            found = find.belongs(finder, pairs, seen[finder.side])
            if len(found):
                named(suspect, rows, int(found[0]))
            yield Located(suspect, found)

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """The trigger in the prompt, and the phrase in the response."""
        return find.spans(suspect.key, row)


def _stored(state: Later) -> Later:
    return structs.replace(state, lore=first.stored(state.lore))
