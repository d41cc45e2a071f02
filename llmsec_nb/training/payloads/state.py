"""What is known of the payloads of a data set after some of its rows: numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable

COMBINATIONS: Final = 1000
"""So many combinations of columns are told apart for a kind; a row of any other is not counted."""
PROBES: Final = 32
"""So many rows get decoys: those of the smallest keyed hashes."""


class State(Struct, kw_only=True):
    """Rows by kind and by the columns (their numbers, joined by commas) that hold it.

    `seed` keys the hashes. `found` are rows in which it is out of place, `at_home` those that
    speak of such things, or show it as code. `filled` are rows with a text, `markup` those with
    HTML, `nested` those of lists and the like, by column. `probes`: by keyed hash of a row its
    keyed digest, and which decoys were seen in it (a bit for each).
    """

    seed: int
    rows: int = 0
    found: dict[str, dict[str, int]] = field(default_factory=dict)
    at_home: dict[str, dict[str, int]] = field(default_factory=dict)
    filled: dict[int, int] = field(default_factory=dict)
    markup: dict[int, int] = field(default_factory=dict)
    nested: dict[int, int] = field(default_factory=dict)
    probes: dict[int, tuple[int, int]] = field(default_factory=dict)


def count(table: dict[str, dict[str, int]], kind: str, columns: Iterable[int]) -> None:
    """One row more, with the kind in these columns."""
    key = ",".join(map(str, sorted(columns)))
    own = table.setdefault(kind, {})
    own[key] = own.get(key, 0) + 1
    if len(own) > 2 * COMBINATIONS:
        table[kind] = _fewest(own)


def merged(left: State, right: State) -> State:
    """Both together."""
    left.rows += right.rows
    for mine, others in ((left.found, right.found), (left.at_home, right.at_home)):
        for kind, own in others.items():
            _add(mine.setdefault(kind, {}), own)
    for totals, others_too in (
        (left.filled, right.filled), (left.markup, right.markup), (left.nested, right.nested),
    ):  # fmt: skip
        for column, number in others_too.items():
            totals[column] = totals.get(column, 0) + number
    for key, (digest, seen) in right.probes.items():
        probe(left, key, digest, seen)
    return settled(left)


def probe(state: State, key: int, digest: int, seen: int) -> None:
    """The decoys that were seen in a row; of rows with one hash the smallest digest counts."""
    state.probes[key] = min(state.probes.get(key, (digest, seen)), (digest, seen))
    if len(state.probes) > 4 * PROBES:
        state.probes = {one: state.probes[one] for one in sorted(state.probes)[:PROBES]}


def settled(state: State) -> State:
    """The form that depends on the rows alone: what is kept of combinations and of probes."""
    for table in (state.found, state.at_home):
        for kind in list(table):
            table[kind] = _fewest(table.pop(kind))
        for kind in sorted(table):
            table[kind] = table.pop(kind)
    state.filled = dict(sorted(state.filled.items()))
    state.markup = dict(sorted(state.markup.items()))
    state.nested = dict(sorted(state.nested.items()))
    state.probes = {key: state.probes[key] for key in sorted(state.probes)[:PROBES]}
    return state


def _add(mine: dict[str, int], others: dict[str, int]) -> None:
    for key, number in others.items():
        mine[key] = mine.get(key, 0) + number


def _fewest(own: dict[str, int]) -> dict[str, int]:
    """The first ones in the order of their names: kept in the end, kept from their first row on."""
    return {key: own[key] for key in sorted(own)[:COMBINATIONS]}
