"""Fourth pass: the rows of each case, and how the rest of these rows looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from .candidates import Case, cases_of, tests_of
from .model import calibrated, codes_of, scores_of, shares_of, steps_of
from .profile import columns_of, labels_of, row_hashes
from .state import State, places
from .values import mixed, values_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows

    Find = Callable[[State, Rows, Case, NDArray[np.int64]], NDArray[np.int64]]

UNIT: Final = 4096
"""Shares are counted in so many parts: integers add up in any order."""
_PROFILED: Final = 64


def empty(known: dict[str, Any], state: State) -> State:
    """The state of no rows; `state` is that of the third pass."""
    return start(known, state, cases_of(state), tests_of(state))


def start(known: dict[str, Any], state: State, cases: list[Case], tests: int) -> State:
    """The state of no rows for given cases, which are some of `tests` possible ones."""
    import numpy as np

    for name in [name for name in known if name.startswith("pair") or name == "cells"]:
        del known[name]
    known["cases"] = msgspec.msgpack.encode(cases)
    known["tests"] = tests
    known["truth"] = calibrated(state.sums["scores"])
    width = len(known["numeric"])
    chosen = np.unique(np.linspace(0, width - 1, min(width, _PROFILED)).astype(np.int64))
    silent = [at for at in chosen.tolist() if not known["tells"][at]]
    known["profiled"] = np.array(silent, np.int64)
    number = len(cases)
    real = sum(1 for case in cases if not case.size)
    return State(
        phase=4,
        known=known,
        sums={
            "cases": np.zeros((number, 4), np.int64),
            "profile": np.zeros((number, int(known["starts"][-1])), np.int64),
            "overlap": np.zeros((real, real), np.int64),
        },
    ).settle()


def decoded(known: dict[str, Any]) -> list[Case]:
    """The cases that a state is about."""
    return msgspec.msgpack.decode(known["cases"], type=list[Case])


def observe(state: State, rows: Rows, find: Find | None = None) -> None:
    """Look at the rows of each case, which `find` gives: those that have its values, if None."""
    import numpy as np

    known = state.known
    cases = rows.once(("cases", known["cases"]), lambda: decoded(known))
    labels = labels_of(state, rows)
    members = [(find or member)(state, rows, case, labels) for case in cases]
    codes, scores = codes_of(state, rows), scores_of(state, rows)
    copied = places(known["copies"], row_hashes(rows, known["seed"])) >= 0
    for at, (case, mine) in enumerate(zip(cases, members, strict=True)):
        if not mine.size:
            continue
        hits = mine if case.size else mine[labels[mine] == case.target]
        shares = supports(state, case, mine, (codes, scores, labels))
        again = int(copied[mine].sum())
        state.sums["cases"][at] += [len(mine), len(hits), int(np.rint(shares * UNIT).sum()), again]
        flat = codes[known["profiled"]][:, hits].ravel()
        state.sums["profile"][at] += np.bincount(flat, minlength=int(known["starts"][-1]))
    real = [mine for case, mine in zip(cases, members, strict=True) if not case.size]
    state.sums["overlap"] += _overlap(real, len(rows))


def member(state: State, rows: Rows, case: Case, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows of a batch that belong to a case, of those with a label."""
    import numpy as np

    seed = state.known["seed"]
    if case.size:
        drawn = mixed(row_hashes(rows, seed), case.salt) < np.uint64(case.limit)
        return np.flatnonzero(drawn & (labels >= 0) & (labels != case.target))
    columns = columns_of(rows.roles)
    found = values_of(rows, columns[case.first], seed).hashes == np.uint64(case.value)
    if case.second >= 0:
        other = values_of(rows, columns[case.second], seed).hashes
        found = found & (other == np.uint64(case.other))
    return np.flatnonzero(found & (labels >= 0))


def left_out(case: Case) -> tuple[int, ...]:
    """The columns that are no part of the rest of its rows."""
    second = (case.second,) if case.second >= 0 else ()
    return (case.first, *second, *case.bound)


def supports(
    state: State, case: Case, mine: NDArray[np.int64], looks: tuple[Any, Any, NDArray[np.int64]]
) -> NDArray[np.float64]:
    """How far the rest of each row speaks for the label, 0 to 1.

    `looks` are codes, scores and labels of the batch.
    """
    import numpy as np

    codes, scores, labels = looks
    known = state.known
    rest = scores[mine].copy()
    for column in left_out(case):
        rest -= shares_of(known, codes[column][mine], labels[mine])
    if case.near:
        rest += np.array(case.near)
    target = np.full(len(mine), case.target)
    truth: NDArray[np.float64] = known["truth"][case.target][steps_of(rest, target)]
    return truth


def _overlap(members: list[NDArray[np.int64]], size: int) -> NDArray[np.int64]:
    """How many rows two cases share."""
    import numpy as np

    if not members:
        return np.zeros((0, 0), np.int64)
    used = np.unique(np.concatenate(members))
    inside = np.zeros((len(members), len(used)), np.float32)
    for at, mine in enumerate(members):
        inside[at, np.searchsorted(used, mine)] = 1
    shared: NDArray[np.int64] = np.rint(inside @ inside.T).astype(np.int64)
    return shared
