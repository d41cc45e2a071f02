"""What a column holds: right, wrong and missed, against presidio-structured.

    python -m tests.benchmarks.pii.columns --data DATA --python PYTHON [--only-rivals | --only-ours]

PYTHON is an interpreter with presidio-structured, pandas and openpyxl. Direct identifiers are cards,
e-mail addresses, phone numbers, SSNs, IBANs and IP addresses: a column that is called one of these
and is another thing is wrong. A kind that stands in some cells only is a presence; the type of a
column is the kind of half of its values or more. Names and places are unsure by design, they may
count at any confidence. Two sets: the tables of datahub-classify, and a second one that only
this measurement reads.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.pii import eval_tables
from tests.benchmarks.pii.eval_data import digests
from tests.benchmarks.pii.eval_peers import classify
from tests.benchmarks.pii.eval_tables import DATAHUB_CLASSES, DIRECT, SECOND_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.pii.eval_tables import Table

Found = dict[str, dict[str, str | None]]
_CLASSES: Final = {"datahub": DATAHUB_CLASSES, "second": SECOND_CLASSES}
_NAMES: Final = frozenset({"PERSON", "LOCATION"})
_NO_KINDS: Final[frozenset[str]] = frozenset()
_RIVALS: Final = (
    (0.4, "most_common", False),
    (0.4, "most_common", True),
    (0.4, "mixed", True),
    (0.6, "most_common", True),
)


def _rivals(python: str, which: str, data: Path) -> Iterator[tuple[str, Found, float]]:
    for threshold, strategy, skip in _RIVALS:
        answer = classify(python, which, data, threshold, strategy, skip_numbers=skip)
        numbers = "numbers skipped" if skip else "numbers too"
        failed = f", {answer['failed']} unread" if answer["failed"] else ""
        name = f"presidio-structured {threshold} {strategy}, {numbers}{failed}"
        yield name, answer["found"], answer["cpu"]


def _ours(tables: list[Table]) -> Iterator[tuple[str, Found, float]]:
    from llmsec_nb.core.rule import Confidence
    from tests.benchmarks.pii import eval_ours

    start = time.process_time()
    reports = {table.name: eval_ours.columns(table.frame) for table in tables}
    cpu = time.process_time() - start
    for name, least, share, unsure in (
        ("llmsec presence, all", Confidence.LOW, 0.0, _NAMES),
        ("llmsec presence, medium+", Confidence.MEDIUM, 0.0, _NO_KINDS),
        ("llmsec type, all", Confidence.LOW, 0.5, _NAMES),
        ("llmsec type, medium+", Confidence.MEDIUM, 0.5, _NO_KINDS),
        ("llmsec type, medium+, names at any", Confidence.MEDIUM, 0.5, _NAMES),
    ):
        found: Found = {
            table: {
                column: named.kind
                if named.share >= share
                and (named.confidence.at_least(least) or named.kind in unsure)
                else None
                for column, named in report.items()
            }
            for table, report in reports.items()
        }
        yield name, found, cpu


def _measure(which: str, data: Path, python: str, who: str) -> None:
    tables: list[Table] = getattr(eval_tables, which)(data)
    columns = sum(len(table.frame.columns) for table in tables)
    gold = [label for table in tables for label in table.gold.values()]
    direct = sum(label in DIRECT for label in gold)
    classes = _CLASSES[which]
    several = sum(label in classes for label in gold)
    print(f"\n{which}: {len(tables)} tables, {columns} columns, {direct} direct, {several} of all")
    head = f"{'right':>6} {'wrong':>6} {'missed':>6}   {'P':>5} {'R':>5}"
    print(f"{'':62} {head} | {'P':>5} {'R':>5} all | on empty columns | CPU s")
    finders = [] if who == "ours" else list(_rivals(python, which, data))
    finders += [] if who == "rivals" else _ours(tables)
    for name, found, cpu in finders:
        near = eval_tables.judge(tables, found, DIRECT)
        every = eval_tables.judge(tables, found, classes)
        raised = sum(eval_tables.raised(tables, found).values())
        numbers = f"{near.right:6} {near.wrong:6} {near.missed:6}   "
        numbers += f"{near.precision:5.3f} {near.recall:5.3f} | "
        print(
            f"{name:62} {numbers}{every.precision:5.3f} {every.recall:5.3f}     | {raised:16} | {cpu:.1f}"
        )
    _by_class(tables, [(name, found) for name, found, _ in finders], classes)
    for name, found, _ in finders:
        for title, some in (("direct", DIRECT), ("all classes", classes)):
            print(f"wrong by kind, {title}, {name}: {eval_tables.wrong_kinds(tables, found, some)}")


def _by_class(
    tables: list[Table], finders: list[tuple[str, Found]], classes: frozenset[str]
) -> None:
    order = sorted(classes, key=lambda label: (label not in DIRECT, label))
    print(f"{'right/wrong/missed':62} " + " ".join(f"{label:>10}" for label in order))
    for name, found in finders:
        cells = []
        for label in order:
            verdict = eval_tables.judge(tables, found, frozenset({label}))
            cells.append(f"{verdict.right}/{verdict.wrong}/{verdict.missed}")
        print(f"{name:62} " + " ".join(f"{cell:>10}" for cell in cells))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--python", required=True)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--only-rivals", dest="who", action="store_const", const="rivals")
    only.add_argument("--only-ours", dest="who", action="store_const", const="ours")
    parser.add_argument("--list", action="store_true", help="print the hash of every table")
    arguments = parser.parse_args()
    for which, paths in eval_tables.files(arguments.data).items():
        lines = list(digests(paths))
        if arguments.list:
            print("\n".join(lines))
        whole = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        print(f"{whole}  the hashes of the {len(lines)} tables of {which}")
    labels = arguments.data / "second" / "labels.json"
    print("\n".join(digests([labels])))
    for which in _CLASSES:
        _measure(which, arguments.data, arguments.python, arguments.who or "")


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the module's docstring."""


if __name__ == "__main__":
    main()
