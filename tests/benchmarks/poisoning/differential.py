"""A version against the last trusted one: what few bad rows among the new ones are found.

    python -m tests.benchmarks.poisoning.differential [DIR ...]

The last `--new` rows of a set are new; some of them are bad. The rest was scanned before, and its
states are handed on. `whole` is the same data without what was known.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.poisoning.implants import implant
from tests.benchmarks.poisoning.ours import scanned
from tests.benchmarks.poisoning.runs import HEAD, Run, kept, lines
from tests.benchmarks.poisoning.score import judged, table
from tests.benchmarks.poisoning.sets import Data, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLES = {"text": "text", "label": "label"}


def main() -> None:
    """Print the table; `--out` keeps every run as a JSON line."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.poisoning.differential")
    parser.add_argument("directories", nargs="*", type=Path)
    parser.add_argument("--only", default="", help="names of sets, with commas")
    parser.add_argument("--kinds", default="word,phrase")
    parser.add_argument("--settings", default="dirty,clean")
    parser.add_argument("--new", type=int, default=700)
    parser.add_argument("--rows", default="5,10,20")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("/dev/null"))
    options = parser.parse_args()
    print(table(HEAD, lines(kept(_runs(options), options.out))))


def _runs(options: argparse.Namespace) -> Iterator[Run]:
    for data in chosen(options.directories, "classification"):
        if options.only and data.name not in options.only.split(","):
            continue
        yield from _versions(data, options)


def _versions(data: Data, options: argparse.Namespace) -> Iterator[Run]:
    from llmsec_nb import datasets

    cut = max(1, data.rows - options.new)
    before, after = _part(data, 0, cut), _part(data, cut, data.rows)
    first = datasets.scan(before.table(), columns=False, text="text", label="label")
    known = datasets.Trusted(states=first.states, seed=first.seed)
    for kind in options.kinds.split(","):
        for setting in options.settings.split(","):
            for count in (int(part) for part in options.rows.split(",")):
                for seed in range(options.seeds):
                    poisoned = implant(after, kind, setting, count, seed)
                    if poisoned is None:
                        continue
                    whole, bad = _joined(before, poisoned)
                    for who, asked in (("against the last", {"trusted": known}), ("whole", {})):
                        found = scanned(whole.table(), **_ROLES, **asked)
                        yield Run(
                            who, kind, setting, count, data.name, seed,
                            judged(found, bad, whole.rows),
                        )  # fmt: skip


def _part(data: Data, start: int, end: int) -> Data:
    columns = {name: values[start:end] for name, values in data.columns.items()}
    return Data(data.name, data.kind, columns)


def _joined(before: Data, after: Data) -> tuple[Data, frozenset[int]]:
    columns = {name: values + after.columns[name] for name, values in before.columns.items()}
    return Data(before.name, before.kind, columns), frozenset(
        before.rows + row for row in after.bad
    )


if __name__ == "__main__":
    main()
