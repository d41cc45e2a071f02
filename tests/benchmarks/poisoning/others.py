"""Tables, floods of near-duplicates, leaks, corpora for retrieval, and images.

    python -m tests.benchmarks.poisoning.others DIR [DIR ...]

Corpora are poisoned with the texts of `DIR/poisoned/poisonedrag.parquet` (source, question, text).
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.poisoning.ours import scan, scanned
from tests.benchmarks.poisoning.plants import flooded, leaked, planted, retrieved, stamped
from tests.benchmarks.poisoning.runs import HEAD, Run, kept, lines
from tests.benchmarks.poisoning.score import judged, table
from tests.benchmarks.poisoning.sets import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.poisoning.sets import Data

_PARTS = ("table", "flood", "leak", "corpus", "images")
_TEXTS = {"classification": "text", "pairs": "prompt", "corpus": "document"}


def main() -> None:
    """Print the table; `--out` keeps every run as a JSON line."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.poisoning.others")
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--part", choices=_PARTS, action="append")
    parser.add_argument("--only", default="", help="names of sets, with commas")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("/dev/null"))
    options = parser.parse_args()
    print(table(HEAD, lines(kept(_runs(options), options.out))))


def _runs(options: argparse.Namespace) -> Iterator[Run]:
    parts = {"table": _tables, "flood": _floods, "leak": _leaks, "corpus": _corpora,
             "images": _images}  # fmt: skip
    for part in options.part or _PARTS:
        yield from parts[part](options)


def _sets(options: argparse.Namespace, kind: str) -> list[Data]:
    found = chosen(options.directories, kind)
    return [data for data in found if not options.only or data.name in options.only.split(",")]


def _run(data: Data, kind: str, setting: str, seed: int, **asked: Any) -> Run:
    found = judged(scan(data, **asked), data.bad, data.rows)
    return Run("ours", kind, setting, len(data.bad), data.name, seed, found)


def _tables(options: argparse.Namespace) -> Iterator[Run]:
    for data in _sets(options, "table"):
        for values in (1, 2):
            for count in (20, 50, 100):
                for seed in range(options.seeds):
                    poisoned = planted(data, count, seed, values=values)
                    if poisoned is not None:
                        yield _run(poisoned, "planted", f"{values} values", seed)


def _floods(options: argparse.Namespace) -> Iterator[Run]:
    for kind, column in _TEXTS.items():
        for data in _sets(options, kind):
            for count in (50, 500):
                for seed in range(options.seeds):
                    yield _run(flooded(data, column, count, seed), "flood", kind, seed)


def _leaks(options: argparse.Namespace) -> Iterator[Run]:
    import pyarrow as pa

    for kind in ("classification", "pairs"):
        for data in _sets(options, kind):
            poisoned, texts = leaked(data, _TEXTS[kind], 20, 0)
            against = {"evaluation": pa.table({_TEXTS[kind]: texts})}
            yield _run(poisoned, "leak", kind, 0, against=against)


def _corpora(options: argparse.Namespace) -> Iterator[Run]:
    import pyarrow.parquet

    for directory in options.directories:
        file = directory / "poisoned" / "poisonedrag.parquet"
        if not file.exists():
            print(f"skipped: there is no {file.name} in {file.parent}")
            continue
        known = pyarrow.parquet.read_table(file).to_pylist()
        for data in _sets(options, "corpus"):
            for seed in range(options.seeds):
                asked = {row["question"] for row in known}
                some = set(random.Random(seed).sample(sorted(asked), 20))
                texts = [(row["question"], row["text"]) for row in known if row["question"] in some]
                for headed in (True, False):
                    poisoned = retrieved(data, texts, seed, headed=headed)
                    yield _run(poisoned, "retrieval", "headed" if headed else "bare", seed)


def _images(options: argparse.Namespace) -> Iterator[Run]:
    for directory in options.directories:
        folder = directory / "images"
        for source in sorted(folder.iterdir()) if folder.exists() else []:
            for count in (0, 20, 100):
                with tempfile.TemporaryDirectory() as goal:
                    total, bad = stamped(source, Path(goal), count, 0)
                    outcome = scanned(goal)
                    rows = _numbers(Path(goal), bad)
                    found = judged(outcome, rows, total)
                yield Run("ours", "stamp", "4 x 4", count, source.name, 0, found)


def _numbers(folder: Path, bad: frozenset[str]) -> frozenset[int]:
    """The rows of images, which are read in the order of their paths."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return frozenset(
        row for row, file in enumerate(files) if f"{file.parent.name}/{file.name}" in bad
    )


if __name__ == "__main__":
    main()
