"""Detectors over small tables, split in any way."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from llmsec_nb.training.detector import Conclusion, Plan, Scene
from llmsec_nb.training.roles import Roles
from llmsec_nb.training.rows import Rows


def fold(detector: Any, table: pa.Table, plan: Plan, parts: list[list[int]]) -> Any:
    """The state of the last pass, over parts of given batches, merged from left to right."""
    first = detector.pack(detector.empty(plan))
    while True:
        merged: Any = None
        start = 0
        for part in parts:
            own = detector.unpack(first)
            for size in part:
                batch = table.slice(start, size).combine_chunks().to_batches()
                for one in batch:
                    detector.observe(own, Rows(one, plan.roles, start))
                start += size
            own = detector.unpack(detector.pack(own))
            merged = own if merged is None else detector.merge(merged, own)
        following = detector.advance(merged, plan)
        if following is None:
            return merged
        first = detector.pack(following)


def scan(
    detector: Any, table: pa.Table, roles: Roles, *, seed: int = 11, **options: Any
) -> tuple[Conclusion, list[list[int]]]:
    """What a detector concludes, and the rows of each suspect."""
    plan = Plan(roles=roles, seed=seed, rows=table.num_rows, options=options)
    assert detector.applies(plan) == ""
    state = fold(detector, table, plan, [[table.num_rows]])
    made = detector.conclude(state, Scene(plan))
    found: list[list[int]] = [[] for _ in made.suspects]
    start = 0
    for batch in table.to_batches(max_chunksize=1000):
        for located in detector.locate(made.suspects, Rows(batch, roles, start)):
            place = next(at for at, one in enumerate(made.suspects) if one is located.suspect)
            found[place] += (located.rows + start).tolist()
        start += batch.num_rows
    return made, found


def column(*values: Any) -> pa.Array:
    """A column of texts."""
    return pa.array(values, pa.large_string())
