"""Documents for retrieval that were made to be found: headed by a question, or stuffed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace

from ...rules.poisoning.integrity import QUESTION_HEAD, STUFFED_DOCUMENT
from .. import packing
from ..detector import Conclusion, Located, Plan, Scene, Span, Suspect
from .beginnings import (
    CELLS,
    FEWEST,
    MOST,
    Group,
    State,
    beginnings,
    bound,
    count,
    gather,
    join,
    suspects_of,
)
from .questions import heads
from .stuffing import repetitions, stuffed_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.rule import Rule
    from ..rows import Rows

_DENSE: Final = 1 << 19
_ANSWERS: Final = 0.2
"""Where so many documents begin with a question, these are questions and their answers."""


class Packed(Struct, kw_only=True):
    """A state on its way: of cells that are mostly empty, only the others."""

    state: State
    places: Any = None
    values: Any = None


class SharedHeads:
    """Finds documents that share a question as their head, and documents that repeat one.

    Three documents with different texts are enough. A head without the form of a question counts
    if the texts take up most of its words. Heads of news agencies and of licences do neither.
    """

    name: ClassVar[str] = "shared-heads"
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = (QUESTION_HEAD, STUFFED_DOCUMENT)

    def applies(self, plan: Plan) -> str:
        """It is for collections of documents."""
        return "" if plan.roles.document else "these are no documents for retrieval"

    def empty(self, plan: Plan) -> State:
        """No heads."""
        import numpy as np

        return State(seed=plan.seed, column=plan.roles.document, cells=np.zeros(CELLS, np.uint8))

    def observe(self, state: State, rows: Rows) -> None:
        """Count heads; then look at those that come three times."""
        found = beginnings(rows, state.column, state.seed)
        state.rows += len(rows)
        if state.heavy is None:
            state.stuffed += len(stuffed_rows(rows, state.column))
            count(state, found)
            return
        gather(state, found)

    def merge(self, left: State, right: State) -> State:
        """Counts are added, groups joined."""
        import numpy as np

        left.rows += right.rows
        left.asking += right.asking
        left.stuffed += right.stuffed
        left.left_out |= right.left_out
        if left.heavy is None:
            left.cells = np.minimum(left.cells + right.cells, np.uint8(FEWEST))
        for key, group in right.groups.items():
            join(left.groups.setdefault(key, Group()), group)
        bound(left)
        return left

    def advance(self, state: State, plan: Plan) -> State | None:
        """A second pass only where a head comes three times."""
        import numpy as np

        if state.heavy is not None:
            return None
        heavy = np.packbits(state.cells >= FEWEST, bitorder="little")
        if not heavy.any():
            return None
        return State(
            seed=state.seed,
            column=state.column,
            known=(state.rows, state.asking, state.stuffed),
            heavy=heavy,
        )

    def pack(self, state: State) -> bytes:
        """In the order of the hashes."""
        import numpy as np

        state.groups = dict(sorted(state.groups.items()))
        made = Packed(state=state)
        if state.cells is not None:
            places = np.flatnonzero(state.cells).astype(np.uint32)
            if len(places) < _DENSE:
                bare = replace(state, cells=None)
                made = Packed(state=bare, places=places, values=state.cells[places])
        return packing.pack(self.name, self.version, made)

    def unpack(self, data: bytes) -> State:
        """Raises ValueError on anything else."""
        import numpy as np

        made = packing.unpack(self.name, self.version, data, Packed)
        if made.places is not None:
            made.state.cells = np.zeros(CELLS, np.uint8)
            made.state.cells[made.places] = made.values
        return made.state

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """One alert for all heads that are shared, one for all documents that are stuffed."""
        made = Conclusion()
        rows, asking, repeated = (
            state.known if state.heavy is not None else (state.rows, state.asking, state.stuffed)
        )
        chosen = {key: state.groups[key] for key in suspects_of(state.groups)}
        if state.left_out:
            made.notes.append(f"only {MOST:,} heads that documents share were looked at")
        if chosen and asking >= _ANSWERS * rows:
            made.notes.append(
                "questions that several documents begin with: here as many do as in a collection "
                "of questions and answers"
            )
        elif chosen:
            made.suspects.append(_suspect(state, chosen))
        if repeated:
            made.suspects.append(
                Suspect(
                    rule=STUFFED_DOCUMENT,
                    message=f"{_documents(repeated)} one question again and again",
                    columns=(state.column,),
                    rows=repeated,
                    carriers=repeated,
                    identity="stuffed documents",
                )
            )
        return made

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterator[Located]:
        """The documents of the heads in question; their alert is named by the first of them."""
        import numpy as np

        for suspect in suspects:
            column = suspect.columns[0]
            if suspect.rule is STUFFED_DOCUMENT:
                found = stuffed_rows(rows, column)
                places = np.array(list(found), np.int64)
                names = list(found.values())
            else:
                seed, keys = suspect.key
                begun = beginnings(rows, column, seed)
                hit = np.flatnonzero(np.isin(begun.key, keys))
                places = np.unique(begun.row[hit])
                names = [" ".join(begun.heads[at].text.split()) for at in hit.tolist()]
            if places.size:
                _name(suspect, names)
                yield Located(suspect, places)

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """The head, or each time that the question is repeated."""
        column = suspect.columns[0]
        text = row.get(column, "")
        if suspect.rule is QUESTION_HEAD:
            return [Span(column, 0, head.end) for head in heads(text)[:1]]
        return repetitions(column, text)


def _suspect(state: State, chosen: dict[int, Group]) -> Suspect:
    import numpy as np

    rows = sum(group.own for group in chosen.values())
    count = sum(2 * group.own >= group.rows for group in chosen.values())
    several = f"{count:,} questions are" if count > 1 else "one question is"
    return Suspect(
        rule=QUESTION_HEAD,
        message=f"{several} the beginning of three documents or more that go on differently",
        columns=(state.column,),
        rows=rows,
        carriers=rows,
        key=(state.seed, np.array(sorted(chosen), np.uint64)),
    )


def _documents(count: int) -> str:
    return "1 document repeats" if count == 1 else f"{count:,} documents repeat"


def _name(suspect: Suspect, names: list[str]) -> None:
    known = {suspect.trigger, *suspect.also, *names} - {""}
    first, *others = sorted(known)
    suspect.trigger = first
    suspect.also = others[:20]
