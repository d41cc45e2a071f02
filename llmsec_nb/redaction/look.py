"""What stands in the columns of a table, as far as a redaction must know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..core.rule import Confidence
from .kinds import is_direct
from .problems import CannotRedact
from .report import Left
from .spans import named_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .encoded import Column

_MOST: Final = 0.5
"""From this share on the column is of the kind; below, the kind only occurs in it."""


class Seen(NamedTuple):
    """A leaf of a column: `kind` is that of the column, `unsure` what it might be.

    `also` are kinds that occur in it, with the number of values. Paths are those of tables.
    """

    path: str
    kind: str = ""
    unsure: str = ""
    values: int = 0
    also: tuple[tuple[str, int], ...] = ()


def look(column: Column) -> tuple[list[Seen], list[str]]:
    """The leaves of a column, by its values and its name, and what could not be read.

    Raises CannotRedact where tables cannot be read at all.
    """
    from ..sources.dataset import DatasetError
    from ..tables import profile

    try:
        report = profile(_named(column), named_apart(column.path))
    except DatasetError as error:
        raise CannotRedact(str(error)) from None
    if not report.complete and not report.problems:
        raise KeyboardInterrupt
    problems = [f"{problem.path}: {problem.message}" for problem in report.problems]
    return [_seen(leaf) for leaf in report.columns], problems


def risk(data: Any) -> list[str]:
    """How well the rows of a table can still be told apart, in a line."""
    from ..tables import profile

    found = profile(data).risk
    if found is None or not found.rows:
        return []
    names = ", ".join(named_apart(trait.path) for trait in found.traits)
    about = "about " if found.estimated else ""
    told = (
        f"By {names} together {about}{found.unique:.0%} of the rows can be told from all others; "
        f"the smallest group has {found.smallest}."
    )
    return [told]


def may_hold(texts: Sequence[str]) -> list[bool]:
    """For each text whether a recognizer may find something in it; quick for many."""
    import pyarrow as pa

    from ..tables.gates import gates, grouped

    try:
        there = [n for n, text in enumerate(texts) if text]
        array = pa.array([texts[n] for n in there], pa.string())
    except (UnicodeEncodeError, pa.ArrowException):
        return [True] * len(texts)
    found = [False] * len(texts)
    for _, places in grouped(array, gates()) if there else ():
        for place in places.tolist():
            found[there[place]] = True
    return found


def _named(column: Column) -> Any:
    """As an object that has the column's name."""
    values = column.values
    if hasattr(values, "rename") and hasattr(values, "iloc"):
        return values.rename(column.path)
    if type(values).__module__.startswith("polars"):
        return values.rename(column.path)
    import pyarrow as pa

    return pa.table({column.path: values})


def _seen(leaf: Any) -> Seen:
    sure = leaf.confidence is not None and leaf.confidence.at_least(Confidence.MEDIUM)
    also = [
        (other.kind, other.hits)
        for other in leaf.also
        if other.confidence.at_least(Confidence.MEDIUM)
    ]
    whole = leaf.share >= _MOST
    if leaf.kind and sure and not whole:
        also.insert(0, (leaf.kind, leaf.hits))
    return Seen(
        leaf.path,
        kind=leaf.kind if sure and whole else "",
        unsure=leaf.kind if leaf.kind and not sure else "",
        values=leaf.hits,
        also=tuple(also),
    )


def as_unsure(leaf: Seen) -> Left:
    """For the report: what was left because it only looks like it."""
    return Left(
        path=named_apart(leaf.path),
        kind=leaf.unsure,
        values=leaf.values,
        direct=is_direct(leaf.unsure),
        why="not sure: if it is, say so with kinds={...}",
    )
