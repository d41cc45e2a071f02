"""Runs over many poisoned sets, and the table of them."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.benchmarks.poisoning.score import Score, mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

HEAD: Final = ("who", "attack", "setting", "rows", "runs", "recall", "least", "worst set",
               "precision", "false rows", "found")  # fmt: skip


class Run(NamedTuple):
    """One poisoned set, as one of those who look for it saw it.

    `bad` is the number of bad rows; below 0 it says that each so-manyth row is bad.
    """

    who: str
    kind: str
    setting: str
    bad: int
    name: str
    seed: int
    score: Score


def kept(runs: Iterable[Run], out: Path) -> Iterator[Run]:
    """The same runs, each written as a JSON line when it is done."""
    with out.open("a", encoding="utf-8") as lines:
        for run in runs:
            lines.write(json.dumps((*run[:-1], *run.score)) + "\n")
            lines.flush()
            yield run


def lines(runs: Iterable[Run]) -> Iterator[tuple[Any, ...]]:
    """One line for each attack and number of rows: means over sets and seeds, and the worst set."""
    groups: dict[tuple[Any, ...], list[Run]] = defaultdict(list)
    for run in runs:
        groups[run.who, run.kind, run.setting, run.bad].append(run)
    for key, group in sorted(groups.items()):
        by_set: dict[str, list[float]] = defaultdict(list)
        for run in group:
            by_set[run.name].append(run.score.recall)
        worst = min(by_set, key=lambda name: mean(by_set[name]))
        scores = [run.score for run in group]
        yield (
            *key,
            len(group),
            mean([one.recall for one in scores]),
            mean(by_set[worst]),
            worst,
            mean([one.precision for one in scores]),
            mean([one.false for one in scores]),
            mean([float(one.found) for one in scores]),
        )
