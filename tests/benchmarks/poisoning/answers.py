"""Instruction and preference pairs: recall and precision by attack and number of rows.

    python -m tests.benchmarks.poisoning.answers DIR [DIR ...]

`DIR/poisoned/pairs` holds sets that others poisoned; their own rows are the truth.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.poisoning.ours import scan
from tests.benchmarks.poisoning.replies import KINDS, PREFERENCE, answered, preferred
from tests.benchmarks.poisoning.runs import HEAD, Run, kept, lines
from tests.benchmarks.poisoning.score import judged, table
from tests.benchmarks.poisoning.sets import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.poisoning.sets import Data


def main() -> None:
    """Print the table; `--out` keeps every run as a JSON line."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.poisoning.answers")
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--only", default="", help="names of sets, with commas")
    parser.add_argument("--kinds", default=",".join((*KINDS, *PREFERENCE, "real")))
    parser.add_argument("--rows", default="10,25,100")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("/dev/null"))
    options = parser.parse_args()
    print(table(HEAD, lines(kept(_runs(options), options.out))))


def _runs(options: argparse.Namespace) -> Iterator[Run]:
    kinds = options.kinds.split(",")
    for data in _named(options, options.directories, "pairs"):
        yield from _made(data, [kind for kind in kinds if kind in KINDS], options)
    for data in _named(options, options.directories, "preference"):
        yield from _made(data, [kind for kind in kinds if kind in PREFERENCE], options)
    if "real" in kinds:
        for data in _named(options, [one / "poisoned" for one in options.directories], "pairs"):
            yield _run(data, "real", data.name, 0)


def _named(options: argparse.Namespace, where: list[Path], kind: str) -> list[Data]:
    found = chosen(where, kind)
    return [data for data in found if not options.only or data.name in options.only.split(",")]


def _made(data: Data, kinds: list[str], options: argparse.Namespace) -> Iterator[Run]:
    make = preferred if data.kind == "preference" else answered
    for kind in kinds:
        for count in (int(part) for part in options.rows.split(",")):
            for seed in range(options.seeds):
                poisoned = make(data, kind, count, seed)
                if poisoned is not None:
                    yield _run(poisoned, data.kind, kind, seed)


def _run(data: Data, setting: str, kind: str, seed: int) -> Run:
    found = judged(scan(data), data.bad, data.rows)
    return Run("ours", kind, setting, len(data.bad), data.name, seed, found)


if __name__ == "__main__":
    main()
