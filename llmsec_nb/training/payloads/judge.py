"""From counts to alerts: what is the form of the set, what is out of place in it."""

from __future__ import annotations

from collections import Counter
from math import ceil, log
from typing import TYPE_CHECKING, Final

from ...core.dataset import Power
from ...core.rule import Confidence
from ..detector import Conclusion, Suspect
from .glance import WIDEST, columns_of
from .kinds import KINDS, MARKUP_KINDS
from .probe import DECOYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..roles import Roles
    from .state import State

_FORM: Final = 0.2
"""A kind in so many of a column's rows is its format."""
_FEWEST: Final = 5
"""Fewer rows make no format."""
_STRAYED: Final = 10
"""Where so many rows speak of such things, one more that does not is no wonder."""
_SURE: Final = 0.95
_ALL: Final = 0.98
"""Decoys seen in so many rows count as seen in each: the others are those that have one."""


def conclude(state: State, roles: Roles) -> Conclusion:
    """One alert a kind. A format is a remark."""
    names = columns_of(roles)
    made = Conclusion()
    for kind in KINDS:
        form = _forms(state, kind)
        if form:
            made.remarks.append(_note(kind, tuple(names[number] for number in sorted(form))))
        suspect = _suspect(state, kind, form, names)
        if suspect is not None:
            made.suspects.append(suspect)
    if state.nested:
        nested = tuple(names[number] for number in state.nested)
        made.notes.append(f"lists and the like in {_listed(nested)}: not searched for payloads")
    if len(names) > WIDEST:
        made.notes.append(f"columns beyond the first {WIDEST}: not searched for payloads")
    made.power += _power(state)
    return made


def _suspect(state: State, kind: str, form: set[int], names: tuple[str, ...]) -> Suspect | None:
    rows, by_column = 0, Counter[int]()
    for key, number in state.found.get(kind, {}).items():
        columns = {int(column) for column in key.split(",")} - form
        rows += number if columns else 0
        by_column.update(dict.fromkeys(columns, number))
    one = KINDS[kind]
    if rows < max(one.rows, 1 + _usual(state, kind)):
        return None
    where = tuple(names[column] for column, _ in by_column.most_common())
    plural = "" if rows == 1 else "s"
    accident = rows < one.often or (one.often and rows * 1000 < state.rows)
    return Suspect(
        rule=one.rule,
        message=f"{one.said} in {rows:,} row{plural} of {_listed(where)}",
        columns=where,
        key=(kind, frozenset(by_column)),
        rows=rows,
        confidence=Confidence.LOW if accident else None,
        identity=f"{kind} {' '.join(sorted(where))}",
    )


def _usual(state: State, kind: str) -> int:
    """How many rows may be about such things without saying so."""
    return sum(state.at_home.get(kind, {}).values()) // _STRAYED


def _forms(state: State, kind: str) -> set[int]:
    """The columns in which a kind is how texts are written."""
    by_column: Counter[int] = Counter()
    for table in (state.found, state.at_home):
        for key, number in table.get(kind, {}).items():
            by_column.update(dict.fromkeys(map(int, key.split(",")), number))
    return {
        column
        for column, filled in state.filled.items()
        if by_column[column] >= _FEWEST
        and (
            by_column[column] >= _FORM * filled
            or (kind in MARKUP_KINDS and state.markup.get(column, 0) >= _FORM * filled)
        )
    }


def _note(kind: str, columns: tuple[str, ...]) -> str:
    return f"{KINDS[kind].said} in {_listed(columns)}: taken for its format, not judged"


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 3} more columns" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _power(state: State) -> Iterator[Power]:
    """For each rule that decoys were put in for: the kind of it that is seen worst."""
    worst: dict[str, tuple[float, int, str]] = {}
    probes = state.probes.values()
    for number, (kind, _) in enumerate(DECOYS):
        if not probes:
            return
        share = sum(seen >> number & 1 for _, seen in probes) / len(probes)
        rows = _usual(state, kind)
        known = worst.get(KINDS[kind].rule.id)
        if known is None or (share, -rows) < (known[0], -known[1]):
            worst[KINDS[kind].rule.id] = (share, rows, kind)
    for share, more, kind in worst.values():
        yield _told(share, more, kind, len(state.probes))


def _told(share: float, more: int, kind: str, decoys: int) -> Power:
    needed = None if not share else 1 if share >= _ALL else ceil(log(1 - _SURE) / log(1 - share))
    if needed is not None and more:
        needed = ceil((more + 1) / share) + needed - 1
    tried = (1, 2, 5, 10)
    return Power(
        detector="payloads",
        what=KINDS[kind].said,
        rows=needed,
        share=share,
        decoys=decoys,
        curve=tuple((rows, round(1 - (1 - share) ** rows, 4)) for rows in tried)
        if not more
        else (),
        false_alerts=None,
    )
