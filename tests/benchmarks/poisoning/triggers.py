"""Triggers in texts with labels: recall and precision by attack, setting and number of rows.

    python -m tests.benchmarks.poisoning.triggers [DIR ...] [--peers] [--art-python PYTHON]

Three seeds. The worst set stands beside the mean. `--peers` asks the Z-Def rule and cleanlab the
same, `--art-python` the two defences of ART; both for the first seed only, they take long.
"""

from __future__ import annotations

import argparse
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.poisoning import peers
from tests.benchmarks.poisoning.implants import KINDS, SETTINGS, implant
from tests.benchmarks.poisoning.ours import scan
from tests.benchmarks.poisoning.runs import HEAD, Run, kept, lines
from tests.benchmarks.poisoning.score import Score, judged, score, table
from tests.benchmarks.poisoning.sets import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.poisoning.sets import Data


def main() -> None:
    """Print the table; `--out` keeps every run as a JSON line."""
    options = _options()
    wanted = [
        data
        for data in chosen(options.directories, "classification")
        if not options.only or data.name in options.only.split(",")
    ]
    runs = (run for data in wanted for run in _runs(data, options))
    print(table(HEAD, lines(kept(chain(runs, _real(options)), options.out))))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.poisoning.triggers")
    parser.add_argument("directories", nargs="*", type=Path)
    parser.add_argument("--only", default="", help="names of sets, with commas")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--settings", default=",".join(SETTINGS))
    parser.add_argument("--rows", default="20,50,100", help="a share where it is no whole number")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--real", action="store_true", help="also what is below DIR/poisoned")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--art-python", default="")
    parser.add_argument("--no-ours", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("/dev/null"))
    return parser.parse_args()


def _runs(data: Data, options: argparse.Namespace) -> Iterator[Run]:
    for kind in options.kinds.split(","):
        for setting in options.settings.split(","):
            for wanted in (float(part) for part in options.rows.split(",")):
                count = int(wanted if float(wanted).is_integer() else wanted * data.rows)
                for seed in range(options.seeds):
                    poisoned = implant(data, kind, setting, count, seed)
                    if poisoned is None:
                        continue
                    for who, found in _asked(poisoned, options, seed):
                        shown = count if float(wanted).is_integer() else -round(1 / wanted)
                        yield Run(who, kind, setting, shown, data.name, seed, found)


def _real(options: argparse.Namespace) -> Iterator[Run]:
    """Sets that others poisoned, below `poisoned`: style and syntax, which nobody claims to find."""
    if options.real:
        for data in chosen([one / "poisoned" for one in options.directories], "classification"):
            for who, found in _asked(data, options, 0):
                yield Run(who, "real", data.name, len(data.bad), data.name, 0, found)


def _asked(data: Data, options: argparse.Namespace, seed: int) -> Iterator[tuple[str, Score]]:
    if not options.no_ours:
        yield "ours", judged(scan(data), data.bad, data.rows)
    if seed:
        return
    texts = [str(text or "") for text in data.columns["text"]]
    labels = [str(label) for label in data.columns["label"]]
    others: dict[str, peers.Flagged] = {}
    if options.peers:
        others["Z-Def"] = peers.z_defence(texts, labels)
        others["cleanlab"] = peers.cleanlab(texts, labels, seed)
    if options.art_python:
        rate = len(data.bad) / data.rows
        others |= peers.art(options.art_python, texts, labels, rate, seed)
    for who, flagged in others.items():
        yield who, score(flagged.rows, data.bad, data.rows)


if __name__ == "__main__":
    main()
