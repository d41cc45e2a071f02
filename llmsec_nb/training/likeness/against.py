"""Sets to compare with: what they are, how much of them was met, and how that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec import field as member

from .matching import Kind
from .reference import Reference, opened, reference, settle

if TYPE_CHECKING:
    from ..detector import Plan


class Against(Struct, kw_only=True):
    """One set to compare with, and what was met of it so far.

    `split`: the hash of the split that it is, 0 for an evaluation set of that `name`. `counts` are
    rows by Kind; `met` (bool, one an item).
    """

    name: str
    split: int
    made: Reference
    met: Any
    counts: list[int] = member(default_factory=lambda: [0, 0, 0, 0])


def wished(plan: Plan) -> dict[str, Any]:
    """The evaluation sets that the user named, in the order of their names."""
    told = plan.options.get("likeness") or {}
    return dict(sorted((told.get("against") or {}).items()))


def named_sets(plan: Plan) -> list[Against]:
    """These sets, as they are compared with. Raises ValueError where one cannot be."""
    found = []
    for name, given in wished(plan).items():
        if not isinstance(given, bytes):
            columns = list(dict.fromkeys(name for table in given for name in table.schema.names))
            batches = [batch for table in given for batch in table.to_batches()]
            given = reference(batches, columns, plan)  # noqa: PLW2901 # in the other form
        found.append(compared(name, 0, opened(given, plan)))
    return found


def compared(name: str, split: int, made: Reference) -> Against:
    """A set of which nothing was met so far."""
    import numpy as np

    settle(made)
    return Against(
        name=name, split=split, made=made, met=np.zeros(len(made.items.hashes), np.bool_)
    )


def title(against: Against) -> str:
    """What to call it."""
    if not against.split:
        return f"the evaluation set {against.name}"
    return f"the split {against.name}" if against.name else "another split"


def told(against: Against) -> str:
    """How many rows hold how much of it, in one line."""
    rows, met = sum(against.counts[1:]), int(against.met.sum())
    how = (
        (against.counts[Kind.EQUAL], "equal"),
        (against.counts[Kind.NEAR], "little changed"),
        (against.counts[Kind.INSIDE], "inside a longer text"),
    )
    kinds = ", ".join(f"{count:,} {kind}" for count, kind in how if count)
    verb = "row that is trained on holds" if rows == 1 else "rows that are trained on hold"
    return (
        f"{rows:,} {verb} {met:,} of the {len(against.met):,} texts of {title(against)} ({kinds})"
    )
