"""`python -m tests.benchmarks.models.memory`: what a model of 300 MB takes, in a child process.

The file is a zip archive such as torch writes, made at run time: a pickle, and stored tensors.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

CHILD = """
import resource, sys, time
from llmsec_nb.models import scan_model
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
scan = scan_model(sys.argv[1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"{scan.size / 1e6:.0f} MB, {time.process_time() - start:.2f} s CPU, peak {peak / 1e3:.0f} MB,"
      f" {(peak - before) / 1e3:.0f} MB of it for the scan; complete: {scan.complete},"
      f" issues: {len(scan.issues)}")
"""


def make(path: Path, megabytes: int) -> None:
    """Write such an archive; its pickle calls one function that is never called."""
    block = bytes(range(256)) * 4096
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("m/data.pkl", b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00echo\x85R.")
        archive.writestr("m/version", "3\n")
        for number in range(10):
            with archive.open(f"m/data/{number}", "w") as member:
                for _ in range(megabytes * 1_000_000 // len(block) // 10):
                    member.write(block)


def main() -> None:
    """Print a line for a tenth of the size, and one for the size: the memory must not grow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=300)
    size = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory() as folder:
        for megabytes in (size // 10, size):
            path = Path(folder) / f"{megabytes}.pt"
            make(path, megabytes)
            subprocess.run([sys.executable, "-c", CHILD, str(path)], check=True)
            path.unlink()


if __name__ == "__main__":
    main()
