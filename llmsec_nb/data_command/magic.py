"""`%llmsec data`: data frames of a kernel, and files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..options import Parser, UsageError
from ..sources.dataset import is_dataset
from ..tabular import with_bar
from .options import add_scan
from .scan import configuration, scanned, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..datasets import DataScan


def scan_variable(words: list[str], space: Mapping[str, Any]) -> DataScan:
    """Scan a variable that holds a data set, or a path. Raises UsageError, in one line."""
    parser = Parser(prog="%llmsec data", add_help=False)
    parser.add_argument("source", metavar="DATAFRAME|PATH")
    add_scan(parser)
    options = parser.parse_args(words)
    config, root = configuration(options)
    value = space.get(options.source)
    source = value if is_dataset(value) else options.source
    if value is not None and source is not value and options.source.isidentifier():
        kind = type(value).__name__
        raise UsageError(f'%llmsec data: "{options.source}" is a {kind}, not a data set')
    options.against = [_known(name, space) for name in options.against]
    scan = scanned(
        source,
        options.source,
        options,
        config=config,
        root=root,
        progress=with_bar(options.source),
    )
    for line in write_rows(scan, options):
        print(f"llmsec: {line}", file=sys.stderr)
    return scan


def _known(name: str, space: Mapping[str, Any]) -> tuple[str, object]:
    """An evaluation set: a variable, or a path."""
    value = space.get(name)
    return name, value if is_dataset(value) else name
