"""Names of packages, one a line: how many are taken for imitations, unknown or mistaken.

    python -m tests.benchmarks.dependencies.names FILE [--list]

Of names of malicious packages that look like typing errors all should be found; of names that real
notebooks install none. A line may hold a second word, the name that is imitated: then it counts
whether that one is told.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from llmsec_nb.core.detector import Context, Match
from llmsec_nb.rules.dependencies.detector import Dependencies
from tests.dependencies.documents import notebook

RULES = ("DEP004", "DEP005", "DEP006")


def said(name: str) -> list[Match]:
    """What is said of a name by itself."""
    units, sites = notebook(f"%pip install {name}==1.0")
    found = Dependencies().inspect(units, sites, Context())
    return [match for _, match in found if match.rule.id in RULES]


def main() -> None:
    """Look at each name, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("file", type=Path)
    parser.add_argument("--list", action="store_true", help="what is said of each name")
    options = parser.parse_args()
    lines = [line.split() for line in options.file.read_text().splitlines() if line.strip()]
    rules: Counter[str] = Counter()
    told = 0
    started = time.process_time()
    for name, *meant in lines:
        found = said(name)
        rules.update({match.rule.id for match in found} or {"nothing"})
        told += bool(meant) and any(match.message.endswith(f" {meant[0]}") for match in found)
        if options.list:
            print(name, "; ".join(f"{one.rule.id} {one.message}" for one in found) or "-")
    spent = time.process_time() - started
    for rule, count in rules.most_common():
        print(f"{count:6}  {rule}")
    print(f"{len(lines)} names, {told} with the name that is meant, {spent:.2f} s")


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
