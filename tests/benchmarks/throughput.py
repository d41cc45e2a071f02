"""How many times faster than detect-secrets, on the same notebooks, one core, in one run.

    python tests/benchmarks/throughput.py DIRECTORY [--every N]

CPU seconds of this process; both see the same files from disk, file by file in turn, so that a
change in the machine's speed hits both. Prints the ratio; asserts nothing.
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from llmsec_nb.api import check_paths
from llmsec_nb.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    files = sorted(options.directory.rglob("*.ipynb"))[:: options.every]
    size = sum(file.stat().st_size for file in files) / 1e6

    from detect_secrets.core.secrets_collection import SecretsCollection
    from detect_secrets.settings import default_settings

    warm = str(files[0])
    check_paths([warm], Config())
    ours = theirs = 0.0
    found_ours = found_theirs = 0
    with default_settings():
        for file in files:
            name = str(file)
            secrets = SecretsCollection()
            ours += seconds(partial(check_paths, [name], Config()))
            theirs += seconds(partial(secrets.scan_file, name))
            found_ours += check_paths([name], Config()).report.summary.findings
            found_theirs += sum(len(found) for found in secrets.data.values())
    print(f"{len(files)} notebooks, {size:.1f} MB")
    print(f"llmsec-nb       {ours:8.2f} s  {size / ours:8.2f} MB/s  {found_ours} findings")
    print(f"detect-secrets  {theirs:8.2f} s  {size / theirs:8.2f} MB/s  {found_theirs} findings")
    print(f"ratio           {theirs / ours:8.1f}")


if __name__ == "__main__":
    main()
