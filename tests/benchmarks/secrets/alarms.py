"""What is reported in real notebooks, by rule and place, without any value.

    python -m tests.benchmarks.secrets.alarms DIRECTORY [--low] [--every N]

Every finding is to be judged by eye: `--low` lists those of low confidence too. What could not be
scanned is listed as well, since silence about it proves nothing.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.secrets.scanning import findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llmsec_nb.core.finding import Finding


def _line(name: str, finding: Finding) -> str:
    place = finding.location
    line = "" if place.file_line is None else f":{place.file_line + 1}"
    where = place.pointer or ""
    shown = f"{finding.confidence.value:6} {finding.rule} {finding.name}: {name}{line} {where}"
    return f"{shown} {finding.evidence.masked} {finding.evidence.digest}"


def _count(files: Sequence[Path], root: Path, *, with_low: bool) -> None:
    rules: dict[str, Counter[str]] = {"medium or higher": Counter(), "low": Counter()}
    digests: dict[str, set[str]] = {level: set() for level in rules}
    size = 0
    for file in files:
        data = file.read_bytes()
        size += len(data)
        name = str(file.relative_to(root))
        try:
            found = list(findings(data, name))
        except RuntimeError as error:
            print(f"FAILED {name}: {error}")
            continue
        for finding in found:
            level = "low" if finding.confidence.value == "low" else "medium or higher"
            rules[level][f"{finding.rule} {finding.name}"] += 1
            digests[level].add(finding.evidence.digest)
            if with_low or level != "low":
                print(_line(name, finding))
    for level, counts in rules.items():
        print(f"\n{level}: {counts.total()} findings, {len(digests[level])} different values")
        for rule, count in counts.most_common():
            print(f"{count:6}  {rule}")
    print(f"\n{len(files)} notebooks, {size / 1e6:.1f} MB")


def main() -> None:
    """Scan and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--low", action="store_true", help="list findings of low confidence too")
    parser.add_argument("--every", type=int, default=1, help="take every Nth notebook")
    options = parser.parse_args()
    files = sorted(options.directory.rglob("*.ipynb"))[:: options.every]
    _count(files, options.directory, with_low=options.low)


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
