"""`llmsec data PATH`: scan, report, and write what was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..api import Outcome
from ..config import load
from ..core.detector import Unavailable
from ..engine import assemble
from ..options import UsageError, configured
from .lineage import accept, keep, known, record
from .options import roles

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from ..config import Config
    from ..datasets import DataScan, Trusted
    from ..tables.run import Progress


def scanned(
    source: object,
    name: str,
    options: argparse.Namespace,
    *,
    config: Config,
    root: Path,
    progress: Progress | None,
    trusted: Trusted | None = None,
) -> DataScan:
    """Scan with the wishes that the options hold. Raises UsageError, in one line."""
    from ..datasets import DatasetError, UnknownColumn, scan

    try:
        return scan(
            source,
            name,
            against=dict(options.against),
            split=options.split,
            labels=options.labels,
            columns=options.columns,
            fetch=options.fetch,
            engine=options.engine,
            jobs=options.jobs,
            progress=progress,
            config=config,
            root=root,
            trusted=trusted,
            **roles(options),
        )
    except (DatasetError, UnknownColumn, Unavailable) as error:
        raise UsageError(str(error)) from None


def configuration(options: argparse.Namespace) -> tuple[Config, Path]:
    """The configuration in force with the options laid over it, and where its paths start."""
    named = getattr(options, "config", None)
    config, file = load(Path.cwd(), Path(named) if named else None)
    return configured(config, options), file.parent if file else Path.cwd()


def scan_paths(
    options: argparse.Namespace, bars: Callable[[str], Progress] | None = None
) -> tuple[list[DataScan], Outcome, Config]:
    """Scan each path that is named, and all of it as one report. Raises UsageError."""
    config, root = configuration(options)
    if options.accept and not (options.manifest and options.reason):
        raise UsageError("llmsec data: --accept needs --manifest and --reason")
    if len(options.paths) > 1 and (options.quarantine or options.clean):
        raise UsageError("llmsec data: --quarantine and --clean are for one data set at a time")
    options.against = [(Path(path).name, path) for path in options.against]
    manifest = Path(options.manifest) if options.manifest else None
    scans = [
        scanned(
            path,
            path,
            options,
            config=config,
            root=root,
            progress=bars(path) if bars else None,
            trusted=known(manifest, path) if manifest else None,
        )
        for path in options.paths
    ]
    report, excerpts = assemble([part for scan in scans for part in scan.parts])
    files = replace(report.summary, files=len(scans))
    return scans, Outcome(replace(report, summary=files), excerpts), config


def write_rows(scan: DataScan, options: argparse.Namespace) -> list[str]:
    """Write the rows of alerts and the others to the files that were named; a line for each.

    Raises UsageError, in one line.
    """
    from ..datasets import DatasetError
    from ..lineage import LineageError

    said = []
    try:
        if options.quarantine:
            number = scan.quarantine(options.quarantine, force=options.force)
            said.append(f"{options.quarantine}: {number:,} rows held back")
        if options.clean:
            number = scan.clean(options.clean, force=options.force)
            said.append(f"{options.clean}: {number:,} rows")
    except (LineageError, DatasetError) as error:
        raise UsageError(f"llmsec data: {error}") from None
    return said


def write_records(
    scan: DataScan, source: str, options: argparse.Namespace, action: str = "scan"
) -> list[str]:
    """Write manifest, acceptance and audit trail as asked for; a line for each.

    Raises UsageError, in one line.
    """
    from ..datasets import DatasetError
    from ..lineage import LineageError

    said = []
    root = ""
    try:
        if options.manifest:
            manifest = Path(options.manifest)
            root, line = keep(scan, source, manifest)
            said.append(line)
            said += [
                accept(scan, source, manifest, alert, options.reason) for alert in options.accept
            ]
        if options.audit:
            record(scan, Path(options.audit), root, action)
            said.append(f"{options.audit}: one entry more")
    except (LineageError, DatasetError) as error:
        raise UsageError(f"llmsec data: {error}") from None
    return said
