"""Data sets in a scan: their columns judged, secrets in their texts, and the table of both."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from .core.finding import Event, Failure, Finding, Skip
from .core.rule import Family
from .data_files import TEXTS, why_unread
from .data_files import holds_data as holds_data  # noqa: PLC0414 (whoever scans asks for these)
from .data_files import is_address as is_address  # noqa: PLC0414 (as above)
from .data_files import is_data as is_data  # noqa: PLC0414 (as above)
from .data_files import is_packed_data as is_packed_data  # noqa: PLC0414 (as above)
from .engine import MOST_FINDINGS, Scanned
from .rules import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from .core.evidence import Concealer
    from .core.table import TableReport
    from .policy import Policy
    from .tables import Examined
    from .tables.run import Progress

Bars = Callable[[str], "Progress"]
"""Gives, for the name of a data set, what makes a bar for its number of rows."""


class Frames(NamedTuple):
    """Data sets in memory by name, and what shows the progress of reading one."""

    tables: Mapping[str, object]
    bars: Bars | None = None


_MISSING: Final = "{} is not installed: the columns of the data were not judged"
_REMEDY: Final = "pip install 'llmsec-nb[data]'"


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
    if not path.exists():
        return as_text(policy)
    if remedy := why_unread(path):
        told = f"{path.suffix} is a kind of table or archive that is not read: nothing was scanned"
        return Scanned(events=[Failure(path=name, message=told, remedy=remedy)])
    if path.suffix.lower() not in TEXTS:
        return scan_table(path, name, policy, concealer)
    package = _missing()
    if package:
        scanned = as_text(policy)
        scanned.events.append(Skip(path=name, message=f"{_MISSING.format(package)}; {_REMEDY}"))
        return scanned
    if not policy.selected & _personal():
        return as_text(policy)
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
    """Judge a data set: a path, an address, an object of a kernel, or a table that is open.

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
    from .sources.dataset import DatasetError, Table, open_table
    from .tables import examine
    from .tables.names import is_data as is_value

    try:
        table = (
            source
            if isinstance(source, Table)
            else open_table(source, name, is_value=is_value, excluded=policy.excludes)
        )
    except DatasetError as error:
        return Scanned(events=[Failure(path=name, message=str(error).removeprefix(f"{name}: "))])
    watch = ColumnSecrets(policy, concealer, name) if secrets else None
    judge = bool(policy.selected & _personal())
    examined = examine(
        table,
        progress=bars(name) if bars else None,
        watch=watch.observe if watch else None,
        judge=judge,
    )
    found = _beside(examined, concealer, secrets=secrets)
    events: list[Event] = list(examined.skips)
    if watch is not None:
        found += watch.findings(examined.names)
        events += watch.failures(examined.names)
    scanned = _judged(examined.report, found, policy, events)
    scanned.tables = scanned.tables if judge else []
    return scanned


def _beside(examined: Examined, concealer: Concealer, *, secrets: bool) -> list[Finding]:
    """What is in the columns, in their names, and beside them.

    Without `secrets` those in names are left out: whoever reads the file as a text finds them.
    """
    from .tables import findings
    from .tables.findings import told_findings

    report, names = examined.report, list(examined.names.found.values())
    if not secrets:
        names = [told for told in names if told.rule.family is not Family.SECRET]
    return [
        *findings(report, concealer=concealer),
        *told_findings(report.name, names, "the name of a column", concealer),
        *told_findings(report.name, examined.metadata, "the metadata", concealer),
    ]


def with_bar(name: str) -> Progress:
    """A bar of the rows of a data set, shown as soon as it takes more than a second."""
    from tqdm.auto import tqdm

    return lambda rows: tqdm(
        total=rows, unit="row", unit_scale=True, desc=name, delay=1, leave=False
    )


def _judged(
    report: TableReport, found: list[Finding], policy: Policy, others: list[Event]
) -> Scanned:
    """What counts of the findings, under the policy."""
    from msgspec.structs import replace

    events: list[Event] = [*report.problems, *others]
    unsure = listed = 0
    for finding in found:
        if finding.rule not in policy.selected:
            continue
        if not finding.confidence.at_least(policy.config.min_confidence):
            unsure += 1
            continue
        listed += 1
        if listed > MOST_FINDINGS:
            continue
        why = policy.suppression(finding.rule, report.name)
        events.append(replace(finding, suppression=why))
    if listed > MOST_FINDINGS:
        events.append(
            Failure(
                path=report.name,
                message=f"{listed - MOST_FINDINGS:,} more findings than the {MOST_FINDINGS:,} "
                "that are listed of one table",
                remedy="mend those and scan again",
            )
        )
    return Scanned(events=events, low_confidence=unsure, tables=[report])


def _personal() -> frozenset[str]:
    return frozenset(rule.id for rule in all_rules().values() if rule.family is Family.PII)


def _missing() -> str:
    """The package that is missing for data sets, if one is."""
    from importlib.util import find_spec

    return next((name for name in ("pyarrow", "numpy") if find_spec(name) is None), "")
