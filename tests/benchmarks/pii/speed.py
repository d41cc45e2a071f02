"""CPU time of our recognizers against Presidio's on the same texts, and of tables.

    python -m tests.benchmarks.pii.speed texts --data DATA --python PYTHON [--rounds N]
    python -m tests.benchmarks.pii.speed verdict [--rows 1000000]
    python -m tests.benchmarks.pii.speed stream --data DATA [--rows 4000000]

texts: PYTHON has presidio-analyzer, which looks for nine kinds, with its engine that does nothing;
ours looks for the same nine, then for all that is on by default, then for all. All take turns on each corpus; what is printed is the
median of the ratios of process CPU time. verdict: a frame of ten columns, read once. stream: a
Parquet file in row groups of 100,000; its memory is what the peak grew by from a first small file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.benchmarks.pii import eval_made
from tests.benchmarks.pii.eval_data import generated, synth, wikigold
from tests.benchmarks.pii.eval_peers import Presidio

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NOTEBOOKS: Final = Path(__file__).parents[4] / "shared" / "data" / "notebooks"
_MOST: Final = 1500
_ENGINES: Final = ("nine", "default", "all")


def _corpora(data: Path) -> Iterator[tuple[str, list[str]]]:
    yield "synth_dataset_v2", [sample.text for sample in synth(data)]
    yield "generated_large", [sample.text for sample in generated(data)][:_MOST]
    yield "wikigold", [sample.text for sample in wikigold(data)][:_MOST]
    yield "made log lines", list(eval_made.lines(_MOST))
    outputs = list(_outputs(_NOTEBOOKS))
    if outputs:
        yield "outputs of notebooks", outputs[:_MOST]


def _outputs(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*.ipynb")):
        for cell in json.loads(path.read_bytes()).get("cells", ()):
            for output in cell.get("outputs", ()):
                text = output.get("text") or output.get("data", {}).get("text/plain") or ""
                shown = "".join(text)
                if shown and len(shown) <= 10_000:
                    yield shown


def _ours(texts: Sequence[str], which: str) -> tuple[int, float]:
    from tests.benchmarks.pii import eval_ours

    start = time.process_time()
    found = eval_ours.texts(texts, which)
    return sum(map(len, found)), time.process_time() - start


class Taken(NamedTuple):
    """CPU seconds of each round, ours and theirs, and how much each found."""

    ours: list[float]
    rival: list[float]
    found: int
    by_rival: int

    def __str__(self) -> str:
        pairs = zip(self.ours, self.rival, strict=True)
        ratio = statistics.median(theirs / max(mine, 1e-9) for mine, theirs in pairs)
        seconds = f"{min(self.ours):8.3f} {min(self.rival):8.3f}"
        return f"{seconds} {ratio:6.1f} {self.found:6} {self.by_rival:8}"


def _turns(presidio: Presidio, texts: Sequence[str], rounds: int) -> Iterator[tuple[str, Taken]]:
    taken: dict[str, Taken] = {}
    for _ in range(rounds):
        found, rival = presidio.find(texts)
        for which in _ENGINES:
            count, cpu = _ours(texts, which)
            one = taken.setdefault(which, Taken([], [], count, sum(map(len, found))))
            one.ours.append(cpu)
            one.rival.append(rival)
    yield from taken.items()


def _texts(data: Path, python: str, rounds: int) -> None:
    head = f"{'texts':>6} {'chars':>8} {'ours s':>8} {'rival s':>8} {'ratio':>6} {'found':>6}"
    print(f"{'':22} {'ours':8} {head} {'by rival':>8}")
    with Presidio(python, "noop") as presidio:
        for which in _ENGINES:
            _ours(["warm up: 192.0.2.1"], which)
        for name, texts in _corpora(data):
            size = f"{len(texts):6} {sum(map(len, texts)):8}"
            for which, taken in _turns(presidio, texts, rounds):
                print(f"{name:22} {which:8} {size} {taken}", flush=True)
        print(f"load {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


def _peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _verdict(rows: int) -> None:
    from tests.benchmarks.pii import eval_ours

    eval_ours.columns(eval_made.frame(1000))
    frame = eval_made.frame(rows)
    before, start = _peak(), time.process_time()
    kinds = eval_ours.columns(frame)
    cpu = time.process_time() - start
    named = {column: verdict.kind for column, verdict in kinds.items()}
    print(f"{rows} rows x {len(frame.columns)}: {cpu:.2f} CPU s, peak +{_peak() - before:.0f} MB")
    print(f"columns: {named}")


def _stream(data: Path, rows: int) -> None:
    from tests.benchmarks.pii import eval_ours

    small, large = data / "stream_small.parquet", data / f"stream_{rows}.parquet"
    for path, count in ((small, 100_000), (large, rows)):
        if not path.exists():
            print(f"writing {path.name}: run once more for clean figures of memory")
            eval_made.write_parquet(path, count)
    eval_ours.columns(small)
    before, start = _peak(), time.process_time()
    eval_ours.columns(large)
    cpu = time.process_time() - start
    size = large.stat().st_size / 1e6
    print(f"{rows} rows, {size:.0f} MB: {cpu:.2f} CPU s, peak +{_peak() - before:.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("what", choices=("texts", "verdict", "stream"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--python")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int)
    arguments = parser.parse_args()
    if arguments.what == "verdict":
        _verdict(arguments.rows or 1_000_000)
    elif arguments.data is None or (arguments.what == "texts" and not arguments.python):
        parser.error(
            f"{arguments.what} needs --data" + " and --python" * (arguments.python is None)
        )
    elif arguments.what == "texts":
        _texts(arguments.data, arguments.python, arguments.rounds)
    else:
        _stream(arguments.data, arguments.rows or 4_000_000)


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the module's docstring."""


if __name__ == "__main__":
    main()
