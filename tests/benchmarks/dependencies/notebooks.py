"""What real notebooks install: what is said of it, and which cells with an install were not read.

    python -m tests.benchmarks.dependencies.notebooks DIRECTORY... [--list RULE]

A cell counts as not read when more of its lines, comments left out, speak of an install than
installs are found.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from llmsec_nb.core.detector import Context
from llmsec_nb.rules.dependencies.collect import collect
from llmsec_nb.rules.dependencies.detector import Dependencies
from llmsec_nb.rules.dependencies.facts import requirements
from tests.dependencies.documents import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator

_INSTALL = re.compile(r"(?:pip3?|conda|mamba|uv)\s+(?:install|add)\b")


class Tally:
    """What was seen."""

    def __init__(self, listed: str) -> None:
        """`listed` is the rule whose findings are printed."""
        self.listed = listed
        self.rules: Counter[str] = Counter()
        self.notebooks: Counter[str] = Counter()
        self.names: set[str] = set()
        self.cells = self.read = 0
        self.unread: list[str] = []
        self.spent: list[float] = []

    def look(self, path: Path, cells: list[str]) -> None:
        """One notebook."""
        units, sites = notebook(*cells)
        started = time.process_time()
        found = list(Dependencies().inspect(units, sites, Context()))
        self.spent.append((time.process_time() - started) / len(cells))
        self.rules.update(match.rule.id for _, match in found)
        self.notebooks.update({match.rule.id for _, match in found})
        for number, match in found:
            if match.rule.id == self.listed:
                piece = units[number].source[match.start : match.end]
                print(f"{path.name}: {piece!r} {match.message}")
        asked = [each for one in collect(units, sites) for _, each in requirements(one)]
        self.names |= {each.name for each in asked if each.name and not each.is_conda}
        for cell in cells:
            self._cell(path, cell)

    def _cell(self, path: Path, cell: str) -> None:
        lines = [line for line in cell.split("\n") if not line.lstrip().startswith("#")]
        expected = sum(_INSTALL.search(line) is not None for line in lines)
        self.cells += 1
        if not expected:
            return
        own = sum(bool(each.tool) for one in collect(*notebook(cell)) for each in one.installs)
        self.read += 1
        if own < expected:
            self.unread.append(f"{path}: {own} of {expected}")


def _notebooks(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    for path in sorted(folder.rglob("*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (ValueError, KeyError):
            print(f"not read: {path}")
            continue
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        if code:
            yield path, code


def main() -> None:
    """Read all, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("directories", type=Path, nargs="+")
    parser.add_argument("--list", default="", metavar="RULE")
    options = parser.parse_args()
    tally = Tally(options.list)
    for directory in options.directories:
        for path, cells in _notebooks(directory):
            tally.look(path, cells)
    for line in tally.unread:
        print(f"NOT READ {line}")
    for rule, count in sorted(tally.rules.items()):
        print(f"{count:6}  {rule} in {tally.notebooks[rule]} notebooks")
    spent = sorted(tally.spent)
    slow = spent[int(len(spent) * 0.95)] * 1e3 if spent else 0.0
    print(
        f"{len(spent)} notebooks, {tally.cells} cells, {tally.read} of them install, "
        f"{len(tally.unread)} not read; {len(tally.names)} names; 95 % within {slow:.2f} ms a cell"
    )


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
