"""Data sets in a scan: their columns judged, secrets in their texts, and the table of both."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from .core.finding import Event, Failure, Finding, Skip
from .core.rule import Family
from .engine import Scanned
from .rules import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from .core.evidence import Concealer
    from .core.table import TableReport
    from .policy import Policy
    from .tables.run import Progress

Bars = Callable[[str], "Progress"]
"""Gives, for the name of a data set, what makes a bar for its number of rows."""


class Frames(NamedTuple):
    """Data sets in memory by name, and what shows the progress of reading one."""

    tables: Mapping[str, object]
    bars: Bars | None = None


_MISSING: Final = "{} is not installed: the columns of the data were not judged"
_REMEDY: Final = "pip install 'llmsec-nb[data]'"
_TEXTS: Final = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})
_BINARY: Final = frozenset({".parquet", ".pq", ".feather", ".arrow", ".ipc"})
_PACKED: Final = frozenset({".gz", ".bz2", ".xz", ".zst"})
_MOST_FILES: Final = 10_000


def is_address(path: str) -> bool:
    """Whether a path is the URL of a file system, such as `s3://bucket/data.parquet`."""
    scheme, separator, _ = path.partition("://")
    return bool(separator) and scheme.isidentifier()


def is_data(path: Path) -> bool:
    """Whether a file, by its name, holds rows: JSON and text are read as documents."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        return len(suffixes) > 1 and suffixes[-2] in _TEXTS
    return bool(suffixes) and suffixes[-1] in _TEXTS | _BINARY


def holds_data(folder: Path) -> bool:
    """Whether a directory without notebooks is a data set."""
    for number, path in enumerate(folder.rglob("*")):
        if number > _MOST_FILES:
            return False
        if is_data(path) and path.is_file():
            return True
    return False


def scan_data_file(
    path: Path,
    name: str,
    policy: Policy,
    concealer: Concealer,
    as_text: Callable[[Policy], Scanned],
) -> Scanned:
    """Judge the columns of a file, and what of it is text line by line, as all files are.

    `as_text` scans the file as a text. Where columns are judged, personal data is a matter of
    columns alone.
    """
    if path.suffix.lower() not in _TEXTS:
        return scan_table(path, name, policy, concealer)
    package = _missing()
    if package:
        scanned = as_text(policy)
        scanned.events.append(Skip(path=name, message=f"{_MISSING.format(package)}; {_REMEDY}"))
        return scanned
    impersonal = copy.copy(policy)
    impersonal.selected = policy.selected - _personal()
    scanned = as_text(impersonal)
    judged = scan_table(path, name, policy, concealer, secrets=False)
    scanned.events += judged.events
    scanned.tables += judged.tables
    scanned.low_confidence += judged.low_confidence
    return scanned


def scan_table(
    source: object,
    name: str,
    policy: Policy,
    concealer: Concealer,
    bars: Bars | None = None,
    *,
    secrets: bool = True,
) -> Scanned:
    """Judge a data set: a path, an address, or an object of a kernel.

    Whatever is wrong becomes a Failure of this data set alone.
    """
    package = _missing()
    if package:
        told = f"{_MISSING.format(package)}; nothing of it was scanned"
        return Scanned(events=[Failure(path=name, message=told, remedy=_REMEDY)])
    try:
        return _scan(source, name, policy, concealer, bars, secrets=secrets)
    except Exception as error:  # noqa: BLE001 (one data set must not take the others down)
        told = f"the scan stopped with {type(error).__name__}; this data was not scanned"
        return Scanned(events=[Failure(path=name, message=told, remedy="please report it")])


def _scan(
    source: object,
    name: str,
    policy: Policy,
    concealer: Concealer,
    bars: Bars | None,
    *,
    secrets: bool,
) -> Scanned:
    from .column_secrets import ColumnSecrets
    from .sources.dataset import DatasetError, open_table
    from .tables import findings, profile

    try:
        table = open_table(source, name)
    except DatasetError as error:
        return Scanned(events=[Failure(path=name, message=str(error).removeprefix(f"{name}: "))])
    watch = ColumnSecrets(policy, concealer, name) if secrets else None
    report = profile(
        table,
        name,
        progress=bars(name) if bars else None,
        watch=watch.observe if watch else None,
    )
    found: list[Finding] = list(findings(report, concealer=concealer))
    if watch is not None:
        found += watch.findings()
    return _judged(report, found, policy, list(watch.failures() if watch else ()))


def with_bar(name: str) -> Progress:
    """A bar of the rows of a data set, shown as soon as it takes more than a second."""
    from tqdm.auto import tqdm

    return lambda rows: tqdm(
        total=rows, unit="row", unit_scale=True, desc=name, delay=1, leave=False
    )


def _judged(
    report: TableReport, found: list[Finding], policy: Policy, failures: list[Failure]
) -> Scanned:
    """What counts of the findings, under the policy."""
    from msgspec.structs import replace

    events: list[Event] = [*report.problems, *failures]
    unsure = 0
    for finding in found:
        if finding.rule not in policy.selected:
            continue
        if not finding.confidence.at_least(policy.config.min_confidence):
            unsure += 1
            continue
        why = policy.suppression(finding.rule, report.name)
        events.append(replace(finding, suppression=why))
    return Scanned(events=events, low_confidence=unsure, tables=[report])


def _personal() -> frozenset[str]:
    return frozenset(rule.id for rule in all_rules().values() if rule.family is Family.PII)


def _missing() -> str:
    """The package that is missing for data sets, if one is."""
    from importlib.util import find_spec

    return next((name for name in ("pyarrow", "numpy") if find_spec(name) is None), "")
