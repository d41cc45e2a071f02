"""Rows that are trained on and measured with: between splits, and against evaluation sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from msgspec import field as member

from ...core.rule import Severity
from ...rules.poisoning.integrity import EVALUATION_LEAK, SPLIT_LEAK
from .. import packing
from ..detector import Conclusion, Located, Plan, Scene, Span, Suspect
from .against import Against, compared, named_sets, title, told, wished
from .matching import Index, Kind
from .reference import ITEMS
from .splits import (
    MOST,
    Splits,
    column_of,
    merge,
    name_of,
    ordered,
    split_hashes,
    take,
    training,
)  # fmt: skip
from .targets import input_of
from .wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ...core.rule import Rule
    from ..rows import Rows

_SHOWN = 2000


class Stored(Struct, kw_only=True):
    """What is packed. `splits` in the first pass, `against` in the last one; hashes only."""

    seed: int
    column: str
    texts: tuple[str, ...]
    splits: Splits | None = None
    against: list[Against] = member(default_factory=list)
    trained: list[int] = member(default_factory=list)
    many: bool = False


@dataclass
class State:
    """`indices` are made from what is stored, once for a process."""

    stored: Stored
    indices: list[Index] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sought:
    """What a suspect's rows are known by."""

    index: Index
    stored: Stored
    split: int


class Leakage:
    """Compares what is trained on with what is measured with.

    `plan.options["likeness"]`: `split` names the column of splits (else one called `split` is
    taken), `against` holds evaluation sets by their names: packed ones, see `reference`, which
    serve many processes, or lists of Arrow tables, all of whose texts are items. Up to 2 ** 17
    items a set are kept.
    """

    name: ClassVar[str] = "leakage"
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = (SPLIT_LEAK, EVALUATION_LEAK)

    def applies(self, plan: Plan) -> str:
        """There have to be texts, and something to compare with."""
        if not input_of(plan.roles):
            return "there is no column of text"
        if not column_of(plan) and not wished(plan):
            return "no column names splits, and no evaluation set was given"
        return ""

    def empty(self, plan: Plan) -> State:
        """Splits are gathered first; without any, evaluation sets are met at once."""
        texts = (input_of(plan.roles), *plan.roles.texts)
        stored = Stored(seed=plan.seed, column=column_of(plan), texts=tuple(dict.fromkeys(texts)))
        if stored.column:
            stored.splits = Splits()
            return State(stored)
        stored.against = named_sets(plan)
        return State(stored)

    def observe(self, state: State, rows: Rows) -> None:
        """Gather splits, or count the rows that hold items."""
        import numpy as np

        stored = state.stored
        if stored.splits is not None:
            hashes = split_hashes(rows, stored.column, stored.seed)
            wording = wording_of(rows, stored.texts[0], stored.seed)
            take(stored.splits, hashes, [wording], stored.seed)
            return
        chosen = _trained(stored, rows)
        for against, index in zip(stored.against, _indices(state), strict=True):
            found = index.hits(rows, stored.texts, chosen)
            counts = np.bincount(found.kinds, minlength=len(Kind))
            against.counts = [a + int(b) for a, b in zip(against.counts, counts, strict=True)]
            against.met[found.items] = True

    def merge(self, left: State, right: State) -> State:
        """Splits are joined, counts are added."""
        one, two = left.stored, right.stored
        if one.splits is not None and two.splits is not None:
            one.splits = merge(one.splits, two.splits)
        for mine, other in zip(one.against, two.against, strict=True):
            mine.counts = [a + b for a, b in zip(mine.counts, other.counts, strict=True)]
            mine.met |= other.met
        return left

    def advance(self, state: State, plan: Plan) -> State | None:
        """After the splits are known, what is trained on is compared with them."""
        stored = state.stored
        if stored.splits is None:
            return None
        ordered(stored.splits)
        trained = training(stored.splits, stored.seed)
        against = [
            compared(name_of(value, stored.seed), value, made)
            for value, made in stored.splits.sets.items()
            if value not in trained
        ]
        return State(
            Stored(
                seed=stored.seed,
                column=stored.column,
                texts=stored.texts,
                against=[*(one for one in against if len(one.met)), *named_sets(plan)],
                trained=trained,
                many=stored.splits.many,
            )
        )

    def pack(self, state: State) -> bytes:
        """What is stored, in order."""
        if state.stored.splits is not None:
            ordered(state.stored.splits)
        return packing.pack(self.name, self.version, state.stored)

    def unpack(self, data: bytes) -> State:
        """Raises ValueError on anything else."""
        return State(packing.unpack(self.name, self.version, data, Stored))

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """One alert a set of which anything was met."""
        stored = state.stored
        made = Conclusion()
        if stored.many:
            made.notes.append(f"{stored.column} has more than {MOST} values: it names no splits")
        for against, index in zip(stored.against, _indices(state), strict=True):
            if against.made.limit < (1 << 64) - 1:
                made.notes.append(f"only {ITEMS:,} texts of {title(against)} were compared with")
            if sum(against.counts[1:]):
                made.suspects.append(_suspect(against, Sought(index, stored, against.split)))
        return made

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterator[Located]:
        """The rows that hold items of each suspect's set."""
        import numpy as np

        for suspect in suspects:
            sought: Sought = suspect.key
            stored = sought.stored
            found = sought.index.hits(rows, stored.texts, _trained(stored, rows))
            places = np.flatnonzero(found.kinds)
            if sought.split and not suspect.target:
                _name_split(suspect, rows, sought)
            if places.size:
                yield Located(suspect, places)

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """The text that is compared, as far as it is shown."""
        column = suspect.columns[0]
        return [Span(column, 0, min(_SHOWN, len(row.get(column, ""))))]


def _indices(state: State) -> list[Index]:
    stored = state.stored
    if len(state.indices) != len(stored.against):
        state.indices = [Index(against.made, stored.seed) for against in stored.against]
    return state.indices


def _trained(stored: Stored, rows: Rows) -> NDArray[np.bool_]:
    """Which rows of a batch are trained on; all where there are no splits."""
    import numpy as np

    if not stored.column or not stored.trained:
        return np.ones(len(rows), np.bool_)
    hashes = split_hashes(rows, stored.column, stored.seed)
    return np.isin(hashes, np.array(stored.trained, np.uint64))


def _name_split(suspect: Suspect, rows: Rows, sought: Sought) -> None:
    """Another name than the usual ones is only known where the rows are seen."""
    import numpy as np

    column = sought.stored.column
    hashes = split_hashes(rows, column, sought.stored.seed)
    places = np.flatnonzero(hashes == np.uint64(sought.split))
    if places.size:
        suspect.target = str(rows.texts(column)[int(places[0])].as_py()).strip()
        suspect.identity = f"leak True {suspect.target}"


def _suspect(against: Against, sought: Sought) -> Suspect:
    rows, share = sum(against.counts[1:]), float(against.met.mean())
    return Suspect(
        rule=SPLIT_LEAK if against.split else EVALUATION_LEAK,
        message=told(against),
        columns=sought.stored.texts,
        rows=rows,
        carriers=rows,
        target=against.name,
        identity=f"leak {bool(against.split)} {against.name}",
        severity=None if share >= 0.01 else Severity.LOW,
        score=share,
        key=sought,
    )
