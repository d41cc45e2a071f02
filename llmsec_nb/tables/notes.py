"""What of a table was not looked at, or by samples only: one note of each kind a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.finding import Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .names import Names
    from .state import Column, State

_NAMED: Final = 20


def unseen(name: str, state: State, names: Names) -> Iterator[Skip]:
    """The notes of all columns together."""
    for what, told in _KINDS:
        columns = [
            f"{names.shown(path) or '(no name)'}{words}"
            for path, column in state.columns.items()
            if (words := told(column)) is not None
        ]
        if columns:
            yield Skip(path=name, message=f"{what}: {_listed(columns)}")


def _listed(columns: Sequence[str]) -> str:
    more = len(columns) - _NAMED
    return ", ".join(columns[:_NAMED]) + (f" and {more:,} more columns" if more > 0 else "")


def _unread(column: Column) -> str | None:
    return f" ({column.unread:,})" if column.unread else None


def _firsts(column: Column) -> str | None:
    return "" if column.firsts else None


def _cut(column: Column) -> str | None:
    return "" if column.cut else None


def _sampled(column: Column) -> str | None:
    if not column.sampled:
        return None
    judged, candidates = map(sum, zip(*column.sampled.values(), strict=True))
    return f" ({judged:,} of {candidates:,})"


_KINDS: Final[tuple[tuple[str, Callable[[Column], str | None]], ...]] = (
    ("values without text (binary or of another type), not looked at", _unread),
    ("of lists of floats only the first member was looked at", _firsts),
    ("of texts beyond 2,000 characters only places around an @ or digits were looked at", _cut),
    ("nothing was found in a sample, the other candidates were not judged", _sampled),
)
