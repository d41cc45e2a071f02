"""The detector of payloads: one pass, and its state is counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...rules.poisoning import payloads as rules
from .. import packing
from ..detector import Located, Span
from .glance import answers_of, columns_of, glance, look, nested_in, texts_of
from .judge import conclude
from .kinds import FAMILIES, MARKUP
from .probe import probe_rows
from .state import State, count, merged, settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...core.rule import Rule
    from ..detector import Conclusion, Plan, Scene, Suspect
    from ..rows import Rows

_SHOWN: Final = 2000


class Payloads:
    """Hidden text, active content, control tokens, instructions, encoded or not.

    The state grows with kinds and columns, not with rows, and holds numbers only.
    """

    name: ClassVar[str] = "payloads"
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = rules.RULES

    def applies(self, plan: Plan) -> str:
        """There must be some column that may hold text."""
        return "" if columns_of(plan.roles) else "there is no column with text"

    def empty(self, plan: Plan) -> State:
        """No rows."""
        return State(seed=plan.seed)

    def observe(self, state: State, rows: Rows) -> None:
        """Count the rows by what is in them."""
        import numpy as np
        import pyarrow.compute as pc

        state.rows += len(rows)
        texts = texts_of(rows)
        for number in nested_in(rows):
            state.nested[number] = state.nested.get(number, 0) + len(rows)
        for number, values in texts.items():
            filled = len(values) - values.null_count
            state.filled[number] = state.filled.get(number, 0) + filled
            tagged = pc.fill_null(pc.match_substring(values, "<"), fill_value=False)
            some = values.filter(tagged)
            if len(some):
                marked = int(
                    np.sum(pc.match_substring_regex(some, MARKUP).to_numpy(zero_copy_only=False))
                )
                state.markup[number] = state.markup.get(number, 0) + marked
        for seen in glance(rows).values():
            for kind, columns in seen.found.items():
                count(state.found, kind, columns)
            for kind, columns in seen.at_home.items():
                count(state.at_home, kind, columns)
        probe_rows(state, texts, state.seed)

    def merge(self, left: State, right: State) -> State:
        """Sums, and the probes of the smallest hashes."""
        return merged(left, right)

    def advance(self, state: State, plan: Plan) -> State | None:
        """One pass is enough."""
        return None

    def pack(self, state: State) -> bytes:
        """See packing.py."""
        return packing.pack(self.name, self.version, settled(state))

    def unpack(self, data: bytes) -> State:
        """See packing.py."""
        return packing.unpack(self.name, self.version, data, State)

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """See judge.py."""
        return conclude(settled(state), scene.plan.roles)

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        """The rows in which the kind is out of place; the first one says what it looks like."""
        import numpy as np

        seen = glance(rows)
        for suspect in suspects:
            kind, columns = suspect.key
            places = [
                place
                for place in sorted(seen)
                if not columns.isdisjoint(seen[place].found.get(kind, ()))
            ]
            if places:
                if not suspect.trigger:
                    suspect.trigger = self._trigger(kind, columns, rows, places[0])
                yield Located(suspect, np.array(places, np.int64))

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """The places of the kind in a row."""
        kind, _ = suspect.key
        spans = []
        for name in suspect.columns:
            text = row.get(name) or ""
            for family in FAMILIES:
                spans += [
                    Span(name, hit.start, hit.end)
                    for hit in look(text, family, answer=True)
                    if hit.kind == kind
                ]
        return spans

    def _trigger(self, kind: str, columns: frozenset[int], rows: Rows, place: int) -> str:
        """What a row holds of a kind, decoded if it is hidden."""
        names = columns_of(rows.roles)
        for number, values in texts_of(rows).items():
            text: str = (values[place].as_py() if number in columns else None) or ""
            for family in FAMILIES:
                for hit in look(text, family, answer=names[number] in answers_of(rows.roles)):
                    if hit.kind == kind:
                        return (hit.decoded or text[hit.start : hit.end])[:_SHOWN]
        return ""
