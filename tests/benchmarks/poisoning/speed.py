"""Seconds of CPU and megabytes: what a scan costs.

    python -m tests.benchmarks.poisoning.speed [DIR ...] [--part short|million|cell|near]

`short`: 100,000 short rows with labels; `million`: a million of them; `cell`: a frame of 5,000
rows in a process that has scanned before; `near`: near-copies alone, in a million rows. Rows
are those of the sets, repeated, with two words changed in each.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.poisoning.ours import cpu_seconds, peak_megabytes, scan, scanned
from tests.benchmarks.poisoning.sets import Data, chosen

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORT: Final = 30  # words of a short row, at most
_TRIES: Final = 5


def main() -> None:
    """Print a line for each part."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.poisoning.speed")
    parser.add_argument("directories", nargs="*", type=Path)
    parts = {"short": _short, "cell": _cell, "million": _million, "near": _near}
    parser.add_argument("--part", choices=tuple(parts), action="append")
    options = parser.parse_args()
    sets = chosen(options.directories, "classification")
    if not sets:
        return
    _warm()
    for part in options.part or parts:
        parts[part](sets)


def _warm() -> None:
    """Imports cost once."""
    scan(Data("warm", "classification", {"text": ["a b c"] * 50, "label": ["0", "1"] * 25}))


def _made(sets: list[Data], rows: int) -> Data:
    """So many rows, no two the same."""
    rng = random.Random(rows)
    pool = [
        (str(text).split(), f"{data.name} {label}")
        for data in sets
        for text, label in zip(data.columns["text"], data.columns["label"], strict=True)
        if 2 <= len(str(text or "").split()) <= _SHORT
    ]
    words = sorted({word for text, _ in pool for word in text})
    texts, labels = [], []
    for _ in range(rows):
        text, label = rng.choice(pool)
        copy = list(text)
        for place in rng.sample(range(len(copy)), 2):
            copy[place] = rng.choice(words)
        texts.append(" ".join(copy))
        labels.append(label)
    return Data(f"{rows} rows", "classification", {"text": texts, "label": labels})


def _measured(what: str, run: Callable[[], Any]) -> None:
    wall, cpu, before = time.perf_counter(), cpu_seconds(), peak_megabytes()
    run()
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    more = peak_megabytes() - before
    print(f"{what}: {cpu:.2f} s CPU, {wall:.2f} s wall, {more:.0f} MB more at the peak", flush=True)


def _short(sets: list[Data]) -> None:
    data = _made(sets, 100_000)
    _measured("100,000 short rows", lambda: scan(data))


def _million(sets: list[Data]) -> None:
    data = _made(sets, 1_000_000)
    _measured("1,000,000 short rows", lambda: scan(data))


def _cell(sets: list[Data]) -> None:
    import pandas as pd

    frame = pd.DataFrame(_made(sets, 5_000).columns)
    for _ in range(_TRIES):
        _measured("a frame of 5,000 rows", lambda: scanned(frame, text="text", label="label"))


def _near(sets: list[Data]) -> None:
    from llmsec_nb.sources.dataset import open_table
    from llmsec_nb.training.detector import Plan
    from llmsec_nb.training.likeness.flood import NearCopies
    from llmsec_nb.training.roles import Roles
    from llmsec_nb.training.run import run

    texts = _made(sets, 1_000_000).columns["text"]
    data = Data("near", "corpus", {"document": texts})
    table = open_table(data.table(), "near")
    plan = Plan(roles=Roles(document="document"), seed=1, rows=data.rows)
    _measured("near-copies of 1,000,000 rows", lambda: run(table, plan, [NearCopies()], jobs=2))


if __name__ == "__main__":
    main()
