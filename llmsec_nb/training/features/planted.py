"""Alerts for planted values: nested cases as one, with the power of the search for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ...core.dataset import Power
from ...core.rule import Confidence
from ...rules.poisoning import tables as rules
from ..detector import Suspect
from .candidates import SIZES
from .judge import Verdict, threshold, verdicts
from .profile import labels_of
from .values import values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ..detector import Plan
    from ..rows import Rows
    from .state import State

NAME: Final = "table-features"
_WHAT: Final = "a value planted in random rows with another label"
_SAME: Final = 0.7
_SEEN: Final = 0.95
_MOST: Final = 8
"""More values than so many that look planted tell of groups to which rows belong."""
_MANY: Final = 25
"""In fewer rows chance may make a label look pure, and the rest of the rows random."""


class Key(Struct, frozen=True, kw_only=True):
    """What rows of a suspect are known by.

    `values` are columns with the hashes of their values, `known` what tells labels; `target` is
    the number of the label.
    """

    seed: int
    values: tuple[tuple[str, int], ...]
    target: int
    known: dict[str, Any]
    nested: tuple[tuple[tuple[str, int], ...], ...] = ()


def planted(state: State, plan: Plan, columns: Sequence[str]) -> tuple[list[Suspect], list[Power]]:
    """What was found, strongest first, and what would have been."""
    every = verdicts(state)
    real = [verdict for verdict in every if not verdict.case.size]
    groups = groups_of(real, state.sums["overlap"])
    if len(groups) > _MOST:
        return [_crowd(groups, columns)], []
    found = [_suspect(state, plan, columns, group) for group in groups]
    return found, power_of(NAME, _WHAT, [verdict for verdict in every if verdict.case.size])


def groups_of(real: list[Verdict], overlap: NDArray[np.int64]) -> list[list[Verdict]]:
    """Cases that share most of their rows, the one that says it best first."""
    order = sorted(
        (at for at, verdict in enumerate(real) if verdict.planted),
        key=lambda at: (-real[at].weight, at),
    )
    groups: list[list[int]] = []
    for at in order:
        for group in groups:
            head = group[0]
            least = min(real[at].carriers, real[head].carriers)
            if overlap[at, head] >= _SAME * least:
                group.append(at)
                break
        else:
            groups.append([at])
    return [_best_first([real[at] for at in group]) for group in groups]


def _best_first(group: list[Verdict]) -> list[Verdict]:
    """A pair rather than one of its values, if it says nearly as much."""
    head = group[0]
    pairs = [
        verdict
        for verdict in group
        if verdict.case.second >= 0
        and verdict.weight >= _SAME * head.weight
        and verdict.hits * head.carriers >= head.hits * verdict.carriers
    ]
    first = pairs[0] if head.case.second < 0 and pairs else head
    return [first, *(verdict for verdict in group if verdict is not first)]


def _crowd(groups: list[list[Verdict]], columns: Sequence[str]) -> Suspect:
    """One suspect for many values, which has no rows: more likely they are people or sessions."""
    return Suspect(
        rule=rules.PLANTED,
        message=(
            f"{len(groups)} values come with one label each: rows seem to belong to groups, such "
            "as people or sessions, and a planted value cannot be told from those"
        ),
        columns=tuple(sorted({columns[group[0].case.first] for group in groups})),
        identity="groups",
        confidence=Confidence.LOW,
    )


def _suspect(state: State, plan: Plan, columns: Sequence[str], group: list[Verdict]) -> Suspect:
    head, known = group[0], state.known
    labels = known["labels count"]
    prior = float(labels[head.case.target] / max(1, labels.sum()))
    values = _values(head, columns)
    purity = head.hits / max(1, head.carriers)
    names = ("binned", "labels", "label edges", "seed")
    return Suspect(
        rule=rules.PLANTED,
        message=f"values of {' and '.join(name for name, _ in values)} come with one label",
        columns=tuple(name for name, _ in values),
        key=Key(
            seed=known["seed"],
            values=values,
            target=head.case.target,
            known={name: known[name] for name in names if name in known},
            nested=tuple(dict.fromkeys(_values(verdict, columns) for verdict in group[1:])),
        ),
        rows=head.hits,
        confidence=confidence_of(group),
        carriers=head.carriers,
        purity=purity,
        purity_from=head.purity_from,
        prior=prior,
        lift=purity / max(prior, 1e-9),
        support=head.support,
        score=head.weight,
        q_value=min(1.0, 10.0 ** (threshold(known) - 5 - head.weight)),
    )


def confidence_of(group: list[Verdict]) -> Confidence:
    """How sure a group of cases is."""
    if not any(verdict.sure for verdict in group):
        return Confidence.LOW
    return Confidence.HIGH if group[0].carriers >= _MANY else Confidence.MEDIUM


def _values(verdict: Verdict, columns: Sequence[str]) -> tuple[tuple[str, int], ...]:
    case = verdict.case
    first = (columns[case.first], case.value)
    return (first,) if case.second < 0 else (first, (columns[case.second], case.other))


def power_of(name: str, what: str, decoys: list[Verdict]) -> list[Power]:
    """From how many rows on nearly all decoys were seen; nothing where rows are too much alike.

    Rows are drawn by their hashes: where many are the same, draws are of other sizes than wanted.
    """
    curve: list[tuple[int, float]] = []
    numbers: dict[int, int] = {}
    for size in SIZES:
        drawn = [one for one in decoys if one.case.size == size]
        mine = [one for one in drawn if size <= 2 * one.carriers <= 4 * size]
        if mine and 2 * len(mine) >= len(drawn):
            numbers[size] = len(mine)
            curve.append((size, sum(one.planted and one.sure for one in mine) / len(mine)))
    if not curve:
        return []
    enough = None
    for size, share in reversed(curve):
        if share < _SEEN:
            break
        enough = size
    shown = enough or curve[-1][0]
    return [
        Power(
            detector=name,
            what=what,
            rows=enough,
            share=dict(curve)[shown],
            decoys=numbers[shown],
            curve=tuple(curve),
        )
    ]


def rows_of(suspect: Suspect, rows: Rows) -> NDArray[np.int64]:
    """The rows of a batch that have the values and the label; names them for people."""
    import numpy as np

    from .state import State

    key: Key = suspect.key
    found = _carriers(key, key.values, rows)
    labels = labels_of(State(phase=0, known=key.known), rows)
    mine = np.flatnonzero(found & (labels == key.target))
    if mine.size and not suspect.trigger:
        _name(suspect, rows, int(mine[0]))
    return mine


def _carriers(key: Key, values: tuple[tuple[str, int], ...], rows: Rows) -> NDArray[np.bool_]:
    import numpy as np

    found = np.ones(len(rows), bool)
    for column, value in values:
        found &= values_of(rows, column, key.seed).hashes == np.uint64(value)
    return found


def _name(suspect: Suspect, rows: Rows, row: int) -> None:
    """Fill in what only a row can say."""
    import numpy as np

    key: Key = suspect.key
    suspect.trigger = _told(key.values, rows, row)
    label = rows.roles.label
    suspect.target = written(rows, label, row)
    if key.known["binned"]:
        suspect.target = f"{label} like {suspect.target}"
    for values in key.nested:
        those = np.flatnonzero(_carriers(key, values, rows))
        if those.size:
            suspect.also.append(_told(values, rows, int(those[0])))
    suspect.message = (
        f"{suspect.trigger} is in {suspect.carriers:,} rows, {suspect.rows:,} of them labelled "
        f"{suspect.target}; the rest of these rows says so of {suspect.support:.0%}"
    )


def _told(values: tuple[tuple[str, int], ...], rows: Rows, row: int) -> str:
    return " & ".join(f"{column}={written(rows, column, row)}" for column, _ in values)


def written(rows: Rows, column: str, row: int) -> str:
    """One value as people write it."""
    values = rows.column(column)
    value = None if values is None else values[row].as_py()
    return "(missing)" if value is None else str(value)
