"""`python -m tests.benchmarks.models.labelled DIRECTORY LABELS`: alerts and CPU beside picklescan.

LABELS is a JSON object: paths relative to DIRECTORY, each `malicious`, `benign` or anything else,
which is read for its cost and not counted. Nothing of the files is loaded.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from llmsec_nb.models import scan_model

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[Path], str]
ROWS = ("critical", "other alert", "not read", "clean")


def ours(path: Path) -> str:
    """The worst that we say of a file."""
    scan = scan_model(path)
    if scan.issues:
        return "critical" if scan.issues[0].severity.value == "critical" else "other alert"
    return "clean" if scan.complete else "not read"


def theirs() -> Reader | None:
    """The same for picklescan; None where it is not installed."""
    try:
        scan = import_module("picklescan.scanner").scan_file_path
    except ImportError:
        return None
    logging.getLogger("picklescan").disabled = True

    def reader(path: Path) -> str:
        with contextlib.redirect_stderr(io.StringIO()):
            try:
                result = scan(str(path))
            except Exception:  # noqa: BLE001 (whatever stops it, the file was not read)
                return "not read"
        if result.issues_count:
            return "critical"
        if result.suspicious_count:
            return "other alert"
        return "not read" if result.scan_err else "clean"

    return reader


def measure(read: Reader, folder: Path, labels: dict[str, str]) -> tuple[float, Counter[str]]:
    """CPU seconds, and how many files of each label got each answer; files were read once before."""
    counts: Counter[str] = Counter()
    start = time.process_time()
    for name, label in labels.items():
        counts[f"{label} {read(folder / name)}"] += 1
    return time.process_time() - start, counts


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("labels", type=Path)
    options = parser.parse_args()
    labels = json.loads(options.labels.read_text())
    readers: dict[str, Reader | None] = {"llmsec": ours, "picklescan": theirs()}
    print(f"{len(labels)} files\n{'':24}" + "".join(f"{name:>12}" for name in readers))
    results = {}
    for name, read in readers.items():
        if read is None:
            print(f"{name} is not installed: pip install picklescan")
            continue
        measure(read, options.directory, labels)
        results[name] = measure(read, options.directory, labels)
    for label in ("malicious", "benign"):
        for row in ROWS:
            cells = "".join(f"{counts[f'{label} {row}']:12}" for _, counts in results.values())
            print(f"{label + ', ' + row:24}{cells}")
    print(f"{'CPU seconds':24}" + "".join(f"{seconds:12.2f}" for seconds, _ in results.values()))


if __name__ == "__main__":
    main()
