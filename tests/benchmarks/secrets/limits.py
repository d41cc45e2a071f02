"""How long one cell takes, and one line made to be slow.

    python -m tests.benchmarks.secrets.limits DIRECTORY [--every N] [--literals]

CPU time of this process. Cells: every code cell of the notebooks, read and scanned as the live
checks do, each the quickest of three. Lines: one line of a megabyte, in a cell, printed, and as a
file; `--literals` repeats every literal that any detector looks for as well. Prints; asserts
nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.engine import scan_read, suspects
from llmsec_nb.policy import Policy
from llmsec_nb.rules import detectors_for
from llmsec_nb.sources.files import read_bytes
from llmsec_nb.sources.notebook import read_cell
from tests.benchmarks.secrets.fixtures import in_notebook

if TYPE_CHECKING:
    from collections.abc import Callable

    from llmsec_nb.sources.document import Document

_SIZE: Final = 1_000_000
_SHOWN: Final = 30
_UNITS: Final = {
    "spaces": "",
    "password and spaces": "",
    "a": "a",
    "0": "0",
    "quotes": '"',
    "both quotes": "'\"",
    "backslashes": "\\",
    "open brackets": "(",
    "open braces": "{",
    "equals": "=",
    "lines of a key": "-----BEGIN PRIVATE KEY-----",
    "assignments": "password=a ",
    "quoted assignments": 'api_key="aB3dE5gH7jK9mN1p";',
    "calls": "login(token='x')+",
    "sums": '"a"+',
    "f-strings": 'f"{a}"',
    "urls": "https://a:b@c/",
    "schemes": "postgres://",
    "colons": "a:",
    "ampersands": "key=a&",
    "percent": "%61",
    "base64": "QUJDREVGR0hJSktM",
    "data addresses": "data:image/png;base64,QUJD",
    "escapes": "\\u0061",
    "hexadecimal escapes": "\\x61",
    "colours": "\x1b[31m",
    "tags": "<td>",
    "entities": "&#97;",
    "pipes": "|key|",
    "backticks": "`key`",
    "jwt": "eyJhbGciOiJI.",
    "uuids": "3f2a9c1e-77aa-4b1c-9d2e-",
    "accents": "é",
    "wide": "文",
    "zero width": "\u200b",
    "nul": "\x00",
}


def _scan(path: str, read: Callable[[], Document]) -> float:
    start = time.process_time()
    scanned = scan_read(path, read, _POLICY, _CONCEALER)
    took = time.process_time() - start
    for event in scanned.events:
        if "please report it" in getattr(event, "remedy", ""):
            print(f"stopped: {getattr(event, 'message', '')}")
    return took


_POLICY: Final = Policy(Config())
_CONCEALER: Final = Concealer(b"benchmark")


def cells(files: list[Path]) -> list[float]:
    """Seconds of each code cell."""
    took: list[float] = []
    for file in files:
        tree: Any = json.loads(file.read_bytes())
        for index, cell in enumerate(tree.get("cells") or ()):
            if cell.get("cell_type") == "code":
                source = {"cell_type": "code", "source": cell.get("source", ""), "metadata": {}}
                read = partial(read_cell, source, index, file.name, suspects(_POLICY, file.name))
                took.append(min(_scan(file.name, read) for _ in range(3)))
    return took


def line(unit: str, name: str) -> str:
    """One line of a megabyte."""
    if not unit:
        return f"{name.split(maxsplit=1)[0]}{' ' * _SIZE}x"
    return (unit * (_SIZE // len(unit) + 1))[:_SIZE]


def lines(*, with_literals: bool) -> list[tuple[float, str]]:
    """Seconds of each line in each place, the slowest first."""
    units = dict(_UNITS)
    if with_literals:
        literals = {x for detector in detectors_for(_POLICY.selected) for x in detector.literals}
        units |= {f"literal {literal}": literal for literal in sorted(literals)}
    took: list[tuple[float, str]] = []
    for name, unit in units.items():
        text = line(unit, name)
        forms = {"file": ("a.txt", text.encode())}
        for place in ("code", "markdown", "stdout"):
            forms[place] = ("a.ipynb", in_notebook(text, place)[0])
        for place, (path, data) in forms.items():
            took.append(
                (
                    _scan(path, partial(read_bytes, data, path, suspects(_POLICY, path))),
                    f"{name}, {place}",
                )
            )
    return sorted(took, reverse=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every Nth notebook")
    parser.add_argument("--literals", action="store_true", help="lines of every literal too")
    options = parser.parse_args()
    took = sorted(cells(sorted(options.directory.rglob("*.ipynb"))[:: options.every]))
    middle, high = statistics.median(took), took[len(took) * 99 // 100]
    print(f"{len(took)} code cells: median {middle * 1e6:.0f} µs, ", end="")
    print(f"99 of 100 within {high * 1e3:.2f} ms, slowest {took[-1] * 1e3:.1f} ms")
    slow = lines(with_literals=options.literals)
    print(f"\n{len(slow)} lines of {_SIZE / 1e6:.0f} MB, the slowest")
    for seconds, name in slow[:_SHOWN]:
        print(f"{seconds:8.2f} s  {name}")


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
