"""How long one line of a megabyte takes that was made to be slow.

    python tests/benchmarks/secrets/worst.py [--size BYTES]

CPU seconds for each kind of line in a code cell, beside those that detect-secrets' own pattern
needs for a line two thousand times shorter. Prints; asserts nothing.
"""

from __future__ import annotations

import argparse
import time
from typing import Any, Final

from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.engine import scan, suspects
from llmsec_nb.policy import Policy
from llmsec_nb.sources.notebook import read_cell

LINES: Final = {
    "blanks after a name": "password" + " " * 1000,
    "names": "api_key=",
    "names and quotes": "token='",
    "quotes": "'\"",
    "escaped quotes": 'password=\\"',
    "base64": "QUJD/+",
    "one letter": "A",
    "hexadecimal": "3a",
    "escapes": "\\x41",
    "percent": "%41",
    "sums": "'a'+",
    "names in braces": "{a}b_",
    "addresses": "http://a:",
    "at signs": "://a:b@",
    "tags": "<td><th>",
    "open tags": "<td ",
    "braces": "{[(",
    "separators": "-.",
    "prefixes": "sk-ant-ghp_AKIAeyJ",
    "PEM": "-----BEGIN PRIVATE KEY-----",
    "data URIs": "data:text/plain;base64,",
    "columns": "key  secret  ",
    "bars": "| key | token ",
    "prose": "the password is ",
    "digits": "0123456789",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    size = options.size
    policy, concealer = Policy(Config()), Concealer()
    for name, unit in LINES.items():
        if options.only not in name:
            continue
        line = (unit * (size // len(unit) + 1))[:size]
        for kind in ("code", "markdown"):
            cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": f"x = {line}\n"}
            start = time.process_time()
            done = scan(read_cell(cell, 0, "x.ipynb", suspects(policy, "x.ipynb")), policy, concealer)
            took = time.process_time() - start
            print(f"{name:24} {kind:9} {took:7.3f} s  {len(done.events)} events")


if __name__ == "__main__":
    main()
