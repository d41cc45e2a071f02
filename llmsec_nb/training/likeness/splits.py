"""Which rows are trained on, and which are kept to measure with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from .reference import Reference, absorb, add, no_items, settle
from .targets import labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..detector import Plan
    from ..rows import Rows
    from .wording import Hashes, Wording

MOST: Final = 10
"""A column of more values than this does not name splits."""
_NAMES: Final = (
    "test", "testing", "valid", "validation", "val", "dev", "development", "eval", "evaluation",
    "holdout", "heldout", "held_out", "hold_out", "heldout_test", "validate", "unused",
)  # fmt: skip
_TRAINING: Final = ("train", "training", "trn", "train_sft", "train_prefs", "fit")
_COLUMNS: Final = ("split", "data_split")


class Splits(Struct, kw_only=True):
    """Rows by the keyed hash of their split, at most MOST of them: the lowest.

    `many`: there are more. `sets` hold the texts of all that are not named like the training split.
    """

    rows: dict[int, int] = field(default_factory=dict)
    sets: dict[int, Reference] = field(default_factory=dict)
    many: bool = False


def column_of(plan: Plan) -> str:
    """The column that names splits, as the user said or by its name; empty if there is none."""
    told = plan.options.get("likeness") or {}
    if "split" in told:
        return str(told["split"] or "")
    return next((name for name in plan.roles.others if name.lower() in _COLUMNS), "")


def split_hashes(rows: Rows, column: str, seed: int) -> Hashes:
    """One hash a row of the split it is in, shape (n,); 0 where that is not said."""
    import pyarrow.compute as pc

    values: pa.Array = rows.texts(column)
    return rows.once(
        ("likeness: split", column, seed),
        lambda: labels(pc.utf8_lower(pc.utf8_trim_whitespace(values)), seed),
    )


def take(splits: Splits, hashes: Hashes, wordings: Sequence[Wording], seed: int) -> None:
    """Count rows, and keep the texts of those that are not trained on."""
    import numpy as np

    trained = named(_TRAINING, seed)
    values, counts = np.unique(hashes[hashes != 0], return_counts=True)
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        splits.rows[value] = splits.rows.get(value, 0) + count
        if value not in trained and not splits.many and len(values) <= MOST:
            made = splits.sets.setdefault(value, no_items(seed))
            for wording in wordings:
                add(made, chosen(wording, hashes == np.uint64(value)), seed)
    _bound(splits)


def merge(left: Splits, right: Splits) -> Splits:
    """Both in one."""
    left.many |= right.many
    for value, count in right.rows.items():
        left.rows[value] = left.rows.get(value, 0) + count
    for value, made in right.sets.items():
        if value in left.sets:
            absorb(left.sets[value], made)
        else:
            left.sets[value] = made
    _bound(left)
    return left


def ordered(splits: Splits) -> None:
    """The form that depends on the rows alone."""
    splits.rows = dict(sorted(splits.rows.items()))
    splits.sets = dict(sorted(splits.sets.items()))
    for made in splits.sets.values():
        settle(made)


def training(splits: Splits, seed: int) -> list[int]:
    """The hashes of the splits that are trained on: by their names, or else the largest."""
    known = [value for value in splits.rows if value in named(_TRAINING, seed)]
    if known or not splits.rows:
        return sorted(known)
    return [min(splits.rows, key=lambda value: (-splits.rows[value], value))]


def named(names: Sequence[str], seed: int) -> dict[int, str]:
    """Names by their hashes."""
    import pyarrow as pa

    found = labels(pa.array(names, pa.large_string()), seed)
    return dict(zip(found.tolist(), names, strict=True))


def name_of(value: int, seed: int) -> str:
    """The usual name of a split, empty if it has another one."""
    return named(_NAMES, seed).get(value, "")


def chosen(wording: Wording, which: NDArray[np.bool_]) -> Wording:
    """The words of some of the texts."""
    import numpy as np

    from .wording import Wording

    sizes = wording.sizes[which]
    kept = np.repeat(which, wording.sizes)
    return Wording(wording.ids[kept], np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))


def _bound(splits: Splits) -> None:
    if len(splits.rows) > MOST:
        splits.many = True
    if splits.many:
        splits.sets = {}
        splits.rows = {value: splits.rows[value] for value in sorted(splits.rows)[:MOST]}
