"""The same text with different labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from msgspec import Struct, field

from ...rules.poisoning.integrity import LABEL_CONFLICT
from .. import packing
from ..detector import Conclusion, Located, Plan, Scene, Span, Suspect
from ..likeness.targets import labels
from ..likeness.wording import identities_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ...core.rule import Rule
    from ..likeness.wording import Hashes
    from ..rows import Rows

_TEXTS: Final = 1 << 19
_SHARE: Final = 0.05
_FEWEST: Final = 20
_ALL: Final = (1 << 64) - 1
_SHOWN: Final = 2000


class Texts(Struct, kw_only=True):
    """Distinct texts in the order of their hashes (uint64): arrays of one length.

    In how many `rows` (int64) each comes; the lowest and the highest hash of its labels (uint64).
    """

    hashes: Any
    rows: Any
    lows: Any
    highs: Any


class State(Struct, kw_only=True):
    """Hashes only; of at most 2 ** 19 texts, those of the lowest hashes (16 MB)."""

    seed: int
    texts: Texts
    rows: int = 0
    limit: int = _ALL
    loose: list[Texts] = field(default_factory=list)


class LabelConflicts:
    """Counts texts that come with two labels or more; case, signs and spaces make no difference.

    It speaks up where that is asked for, `plan.options["labels"]`, or where one row in twenty is
    concerned: honest sets have some.
    """

    name: ClassVar[str] = "label-conflicts"
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = (LABEL_CONFLICT,)

    def applies(self, plan: Plan) -> str:
        """There have to be texts with labels."""
        return "" if plan.roles.text and plan.roles.label else "there are no texts with labels"

    def empty(self, plan: Plan) -> State:
        """No texts."""
        return State(seed=plan.seed, texts=_joined([]))

    def observe(self, state: State, rows: Rows) -> None:
        """Take in the rows that have both."""
        import numpy as np

        hashes = identities_of(rows, rows.roles.text, state.seed)
        taught = labels_of(rows, state.seed)
        chosen = (hashes != 0) & (taught != 0)
        state.rows += int(chosen.sum())
        chosen &= hashes <= np.uint64(state.limit)
        ones = np.ones(int(chosen.sum()), np.int64)
        state.loose.append(
            Texts(hashes=hashes[chosen], rows=ones, lows=taught[chosen], highs=taught[chosen])
        )
        if sum(len(part.hashes) for part in state.loose) > _TEXTS:
            _settle(state)

    def merge(self, left: State, right: State) -> State:
        """The texts of both."""
        left.rows += right.rows
        left.limit = min(left.limit, right.limit)
        left.loose += [right.texts, *right.loose]
        _settle(left)
        return left

    def advance(self, state: State, plan: Plan) -> State | None:
        """One pass is enough."""
        return None

    def pack(self, state: State) -> bytes:
        """In the order of the hashes."""
        _settle(state)
        return packing.pack(self.name, self.version, state)

    def unpack(self, data: bytes) -> State:
        """Raises ValueError on anything else."""
        return packing.unpack(self.name, self.version, data, State)

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """One alert for all texts."""
        _settle(state)
        made = Conclusion()
        texts = state.texts
        rate = (state.limit + 1) / (1 << 64)
        if rate < 1:
            made.notes.append(f"labels were compared of only {_TEXTS:,} different texts")
        torn = texts.lows != texts.highs
        rows = round(int(texts.rows[torn].sum()) / rate)
        many = rows >= max(_FEWEST, _SHARE * state.rows)
        if rows and (many or scene.plan.options.get("labels")):
            count = round(int(torn.sum()) / rate)
            several = f"{count:,} texts come" if count > 1 else "one text comes"
            made.suspects.append(
                Suspect(
                    rule=LABEL_CONFLICT,
                    message=f"{several} with different labels, in {rows:,} rows",
                    columns=(scene.plan.roles.text, scene.plan.roles.label),
                    rows=rows,
                    carriers=rows,
                    identity="label conflicts",
                    key=(state.seed, texts.hashes[torn]),
                )
            )
        return made

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterator[Located]:
        """All rows of these texts."""
        import numpy as np

        for suspect in suspects:
            seed, hashes = suspect.key
            found = np.flatnonzero(np.isin(identities_of(rows, suspect.columns[0], seed), hashes))
            if found.size:
                yield Located(suspect, found)

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """The label."""
        column = suspect.columns[1]
        return [Span(column, 0, min(_SHOWN, len(row.get(column, ""))))]


def labels_of(rows: Rows, seed: int) -> Hashes:
    """The keyed hashes of the labels of a batch, made once for it; 0 where there is none.

    Numbers that are no whole ones are labels, too, as they are written.
    """
    return rows.once(("likeness: labels", seed), lambda: labels(written(rows), seed))


def written(rows: Rows) -> Any:
    """The labels of a batch as `large_string`, null where there is none or a nested one."""
    import pyarrow as pa

    values = rows.column(rows.roles.label)
    if values is not None and (
        pa.types.is_floating(values.type) or pa.types.is_boolean(values.type)
    ):
        texts = rows.texts(rows.roles.label)
        return values.cast(pa.large_string()) if texts.null_count == len(texts) else texts
    return rows.texts(rows.roles.label)


def _settle(state: State) -> None:
    import numpy as np

    if not state.loose:
        return
    texts = _joined([state.texts, *state.loose])
    state.loose = []
    kept = int(np.searchsorted(texts.hashes, np.uint64(state.limit), "right"))
    if kept > _TEXTS:
        kept = _TEXTS
        state.limit = int(texts.hashes[kept - 1])
    state.texts = Texts(
        hashes=texts.hashes[:kept],
        rows=texts.rows[:kept],
        lows=texts.lows[:kept],
        highs=texts.highs[:kept],
    )


def _joined(parts: list[Texts]) -> Texts:
    import numpy as np

    none = np.zeros(0, np.uint64)
    hashes = np.concatenate([none, *(part.hashes for part in parts)])
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    fresh = np.ones(len(hashes), np.bool_)
    fresh[1:] = hashes[1:] != hashes[:-1]
    first = np.flatnonzero(fresh)
    if not first.size:
        return Texts(hashes=none, rows=np.zeros(0, np.int64), lows=none, highs=none)

    def column(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])[order]

    return Texts(
        hashes=hashes[first],
        rows=np.add.reduceat(column("rows"), first),
        lows=np.minimum.reduceat(column("lows"), first),
        highs=np.maximum.reduceat(column("highs"), first),
    )
