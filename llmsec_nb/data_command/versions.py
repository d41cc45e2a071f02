"""`llmsec data diff` and `llmsec data verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..api import Outcome
from ..datasets import Trusted
from ..engine import Scanned, assemble
from ..options import UsageError
from .lineage import key, told, trusted
from .scan import configuration, scanned

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from ..config import Config
    from ..datasets import DataScan
    from ..tables.run import Progress


def diff(
    options: argparse.Namespace, bars: Callable[[str], Progress] | None = None
) -> tuple[DataScan | None, Outcome, Config, str]:
    """Scan what is new; the scan, its outcome, the configuration, and a line with the counts.

    Raises UsageError, in one line.
    """
    from ..datasets import DatasetError
    from ..lineage import LineageError, changes, only_new
    from ..lineage.manifest import is_manifest
    from ..sources.dataset import open_table

    config, root = configuration(options)
    secret = key()
    old = Path(options.old)
    try:
        table = open_table(options.new)
        found = changes(options.old, table, secret, name=options.name)
        earlier = trusted(old, options.name) if is_manifest(old) else Trusted()
    except (LineageError, DatasetError) as error:
        raise UsageError(f"llmsec data diff: {error}") from None
    line = (
        f"{options.new}: {found.new:,} rows added, {found.removed:,} removed, {found.kept:,} kept"
        f"{', in another order' if found.reordered else ''}"
    )
    if found.retyped:
        line += f"; other kinds of values in {', '.join(found.retyped)}: their rows count as new"
    if not found.new:
        return None, Outcome(*assemble([Scanned()])), config, line
    scan = scanned(
        only_new(table, found),
        options.new,
        options,
        config=config,
        root=root,
        progress=bars(options.new) if bars else None,
        trusted=earlier,
    ).renumbered(found.numbers(), found.rows, options.new)
    return scan, Outcome(scan.whole, {}), config, line


def verify(options: argparse.Namespace) -> tuple[Outcome, Config]:
    """Compare data with their manifest. Raises UsageError."""
    from ..lineage import LineageError, check
    from ..lineage import verify as compare

    config, _ = configuration(options)
    secret = key()
    try:
        problems = list(compare(Path(options.manifest), key=secret, rows=options.rows))
        if options.audit:
            problems += check(Path(options.audit), secret)
    except LineageError as error:
        raise UsageError(f"llmsec data verify: {error}") from None
    report, excerpts = assemble([Scanned(events=list(told(problems)))])
    return Outcome(report, excerpts), config
