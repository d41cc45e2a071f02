"""Clean sets of every kind: how many alerts, and what share of the rows is flagged.

    python -m tests.benchmarks.poisoning.clean [DIR ...] [--alerts]

At most one alert a set and a thousandth of its rows are wanted.
"""

from __future__ import annotations

import argparse
import gc
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.poisoning.ours import scan
from tests.benchmarks.poisoning.score import table
from tests.benchmarks.poisoning.sets import chosen

if TYPE_CHECKING:
    from tests.benchmarks.poisoning.ours import Outcome
    from tests.benchmarks.poisoning.sets import Data

_KINDS: Final = ("classification", "pairs", "preference", "corpus", "table")
_HEAD: Final = ("kind", "set", "rows", "alerts", "loud", "flagged", "CPU s", "rules")


def main() -> None:
    """Print a line for each set, then the worst ones."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.poisoning.clean")
    parser.add_argument("directories", nargs="*", type=Path)
    parser.add_argument("--kind", choices=_KINDS, action="append")
    parser.add_argument("--only", default="", help="sets whose name holds this")
    parser.add_argument("--alerts", action="store_true", help="print what the alerts say")
    options = parser.parse_args()
    lines = []
    for kind in options.kind or _KINDS:
        for data in chosen(options.directories, kind):
            if options.only not in data.name:
                continue
            outcome = scan(data)
            lines.append(_line(data, outcome))
            print(*lines[-1], flush=True)
            if options.alerts:
                _print_alerts(outcome)
            gc.collect()
    print(table(_HEAD, lines))
    print("sets with more than one alert:", [line[1] for line in lines if int(str(line[3])) > 1])
    print(
        "with more than 0.1 % flagged:", [line[1] for line in lines if float(str(line[5])) > 1e-3]
    )


def _line(data: Data, outcome: Outcome) -> tuple[object, ...]:
    alerts = outcome.alerts
    loud = sum(alert.confidence.name != "LOW" and alert.severity.name != "INFO" for alert in alerts)
    share = len(outcome.flagged) / max(1, data.rows)
    rules = ", ".join(sorted({alert.rule for alert in alerts}))
    return data.kind, data.name, data.rows, len(alerts), loud, round(share, 5), outcome.cpu, rules


def _print_alerts(outcome: Outcome) -> None:
    for alert in outcome.alerts:
        print(
            "   ", alert.id, alert.rule, alert.severity.name, alert.confidence.name, alert.message
        )
    for problem in outcome.problems:
        print("    !", problem)


if __name__ == "__main__":
    main()
