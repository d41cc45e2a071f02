"""Megabytes of real notebooks a second, one thread: ours by every backend, and other scanners.

    python -m tests.benchmarks.secrets.throughput DIRECTORY... [--peer NAME ...]
        [--path DIRECTORIES] [--every N] [--slow-every N] [--repeat N]

Each scanner runs as a process of its own over the same files, in turn, so that a change in the
machine's speed hits all. CPU seconds of the process less those it takes for one tiny notebook,
which is its start; of several runs the quickest. Scanners that take minutes see every Nth file
(`--slow-every`). Prints figures and ratios; asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from llmsec_nb import prefilter
from tests.benchmarks.secrets import peers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_OURS: Final = """
import sys
from llmsec_nb.api import check
print(check(sys.argv[1]).summary.findings)
"""
_TINY: Final = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
_SLOW: Final = {"credsweeper", "detect-secrets"}


class Scanner(NamedTuple):
    """A scanner, and the files it is to see."""

    name: str
    run: Callable[[Path], peers.Run]
    directory: Path
    size: int


class Figure(NamedTuple):
    """CPU seconds of a start and of the whole run, and what was found."""

    start: float
    whole: float
    findings: int

    @property
    def scan(self) -> float:
        """CPU seconds without those of the start; no less than what can be told apart."""
        return max(self.whole - self.start, 0.01)


def ours(backend: str, directory: Path) -> peers.Run:
    """Scan a directory with our scanner and one backend."""
    environment = {prefilter.VARIABLE: backend}
    return peers.timed([sys.executable, "-c", _OURS, str(directory)], _number, more=environment)


def _number(output: str) -> dict[Path, list[str]]:
    return {Path(): [""] * int(output)}


def _gather(files: Sequence[Path], into: Path) -> int:
    """Copy the files below one directory; their size."""
    into.mkdir()
    for number, file in enumerate(files):
        shutil.copyfile(file, into / f"{number:05}.ipynb")
    return sum(file.stat().st_size for file in files)


def _pictures(files: Sequence[Path]) -> int:
    """Bytes of pictures in the outputs: what a scanner that knows notebooks need not look at."""
    size = 0
    for file in files:
        tree = json.loads(file.read_bytes())
        outputs = (output for cell in tree.get("cells", ()) for output in cell.get("outputs", ()))
        for mime, data in (item for output in outputs for item in output.get("data", {}).items()):
            if mime.startswith("image/") and not mime.endswith("+xml"):
                size += len("".join(data))
    return size


def _measure(scanners: Sequence[Scanner], tiny: Path, repeat: int) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for _ in range(repeat):
        for scanner in scanners:
            try:
                start = scanner.run(tiny).cpu
                whole = scanner.run(scanner.directory)
            except peers.Unusable as reason:
                print(reason)
                continue
            found = sum(map(len, whole.found.values()))
            before = figures.get(scanner.name, Figure(start, whole.cpu, found))
            quickest = min(start, before.start), min(whole.cpu, before.whole)
            figures[scanner.name] = Figure(*quickest, found)
    return figures


def _scanners(options: argparse.Namespace, every: Path, some: Path) -> list[Scanner]:
    sizes = {
        folder: sum(file.stat().st_size for file in folder.iterdir()) for folder in (every, some)
    }
    found = [
        Scanner(f"ours, {backend}", partial(ours, backend), every, sizes[every])
        for backend in prefilter.available()
    ]
    for missing in sorted(set(prefilter.BACKENDS) - set(prefilter.available())):
        print(f"backend {missing}: not installed")
    for peer in options.peer:
        folder = some if peer in _SLOW else every
        found.append(
            Scanner(peer, partial(peers.run, peer, path=options.path), folder, sizes[folder])
        )
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("directory", type=Path, nargs="+")
    parser.add_argument("--peer", action="append", default=[], choices=sorted(peers.PEERS))
    parser.add_argument("--path", default=os.environ.get("PATH", ""), help="where peers are")
    parser.add_argument("--every", type=int, default=1, help="take every Nth notebook")
    parser.add_argument("--slow-every", type=int, default=10, help="of these, for slow scanners")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each")
    options = parser.parse_args()
    files = [file for folder in options.directory for file in sorted(folder.rglob("*.ipynb"))]
    files = files[:: options.every]
    with tempfile.TemporaryDirectory() as temporary:
        every, some, tiny = (Path(temporary, name) for name in ("every", "some", "tiny"))
        size = _gather(files, every)
        _gather(files[:: options.slow_every], some)
        tiny.mkdir()
        (tiny / "tiny.ipynb").write_text(json.dumps(_TINY), "utf-8")
        pictures = _pictures(files) / 1e6
        print(f"{len(files)} notebooks, {size / 1e6:.1f} MB, of which pictures {pictures:.1f}")
        scanners = _scanners(options, every, some)
        figures = _measure(scanners, tiny, options.repeat)
    _print(scanners, figures)


def _print(scanners: Sequence[Scanner], figures: dict[str, Figure]) -> None:
    print(f"{'':20}{'MB':>8}{'start s':>9}{'scan s':>9}{'MB/s':>9}{'findings':>10}{'ratio':>9}")
    measured = [scanner for scanner in scanners if scanner.name in figures]
    best = measured[0].size / figures[measured[0].name].scan if measured else 0.0
    for scanner in measured:
        figure, size = figures[scanner.name], scanner.size / 1e6
        speed = size / figure.scan
        row = f"{scanner.name:20}{size:8.1f}{figure.start:9.2f}{figure.scan:9.2f}{speed:9.2f}"
        print(f"{row}{figure.findings:10}{best / 1e6 / speed:9.2f}")
    print(f"ratio: how many times as fast {measured[0].name} is" if measured else "nothing ran")


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
