"""Is it true that what is said to be seen is seen?

    python -m tests.benchmarks.poisoning.power [DIR ...] [--runs 100]

A scan of the clean set states from how many rows a trigger would show. So many rows are then
poisoned with a trigger of that kind, made up anew each time, and the set is scanned again. Of 100
runs, 90 have to find it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.poisoning.implants import implant
from tests.benchmarks.poisoning.ours import scan
from tests.benchmarks.poisoning.score import judged, table
from tests.benchmarks.poisoning.sets import chosen

if TYPE_CHECKING:
    from llmsec_nb.core.dataset import Power

_HEAD: Final = ("set", "what", "setting", "stated rows", "runs", "found", "share")


def main() -> None:
    """Print a line for each set and statement, and the sum."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.poisoning.power")
    parser.add_argument("directories", nargs="*", type=Path)
    parser.add_argument("--only", default="", help="names of sets, with commas")
    parser.add_argument("--runs", type=int, default=100, help="a kind of trigger, over all sets")
    options = parser.parse_args()
    sets = [
        data
        for data in chosen(options.directories, "classification")
        if not options.only or data.name in options.only.split(",")
    ]
    each = max(1, round(options.runs / max(1, len(sets))))
    rows: list[tuple[object, ...]] = []
    for data in sets:
        for power in scan(data).power:
            setting = _setting(power)
            if not setting:
                continue
            if power.rows is None:
                print(data.name, "is said to be blind to", power.what)
                continue
            hits = tried = 0
            for seed in range(1000, 1000 + each):
                kind = ("word", "phrase")[seed % 2]
                poisoned = implant(data, kind, setting, power.rows, seed)
                if poisoned is not None:
                    tried += 1
                    hits += judged(scan(poisoned), poisoned.bad, poisoned.rows).found
            share = hits / max(1, tried)
            rows.append((data.name, power.what, setting, power.rows, tried, hits, share))
            print(*rows[-1], flush=True)
    print(table(_HEAD, rows))
    tried, hits = (sum(int(str(row[place])) for row in rows) for place in (4, 5))
    print(f"{hits} of {tried} found")


def _setting(power: Power) -> str:
    """The attack on labels that a statement speaks of; empty: none that is tried here."""
    if "inserted" not in power.what:
        return ""
    return "clean" if "keep" in power.what else "dirty"


if __name__ == "__main__":
    main()
