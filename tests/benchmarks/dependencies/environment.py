"""The packages of this interpreter against a database of advisories: time and findings.

    LLMSEC_DB=FILE python -m tests.benchmarks.dependencies.environment [--most N]

The first time opens the database; the second is what a kernel pays from then on.
"""

from __future__ import annotations

import argparse
import time
from itertools import islice

from llmsec_nb.advisories import opened
from llmsec_nb.rules.dependencies.kernel import environment
from llmsec_nb.rules.dependencies.verdicts import audited


def main() -> None:
    """Audit twice, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--most", type=int, default=84, help="packages; default: 84")
    options = parser.parse_args()
    for word in ("first", "second"):
        started = time.process_time()
        here = environment()
        listed = time.process_time()
        known = dict(islice(here.items(), options.most))
        found = audited(known, opened(oldest=float("inf")))
        done = time.process_time()
        print(
            f"{word}: {len(here)} packages listed in {1e3 * (listed - started):.1f} ms, "
            f"{len(known)} audited in {1e3 * (done - listed):.1f} ms, "
            f"{len(found.verdicts)} with advisories"
        )


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
