"""Scan a data set before it is trained on."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict

from ..config import Config
from ..core.evidence import Concealer
from ..core.finding import Skip
from ..engine import Scanned
from ..policy import Policy
from ..sources.dataset import Table
from ..tabular import scan_table
from ..training.engines.distributed import is_distributed
from .opening import LOCAL, opened
from .present import findings, presented
from .references import references
from .result import DataScan
from .urls import add_urls

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Unpack

    from ..core.dataset import DataReport
    from ..tables.run import Progress
    from ..training.detector import Plan
    from ..training.engines.distributed import Distributed
    from ..training.roles import Roles

_NO_COLUMNS: Final = (
    "personal data and secrets in columns are not looked for in {}: "
    "scan the files, or a part of them"
)


class Columns(TypedDict, total=False):
    """Names of columns by role, see training.roles.Roles."""

    text: str
    label: str
    prompt: str
    response: str
    chosen: str
    rejected: str
    document: str
    url: str
    digest: str
    image: str


class Trusted(NamedTuple):
    """What is known of an earlier version.

    `states` are those of its scan, made under `seed`; `accepted` are, by fingerprint, why
    somebody wants an alert as it is, and how many rows it had then (0: any number).
    """

    states: Mapping[str, bytes] = MappingProxyType({})
    seed: int | None = None
    accepted: Mapping[str, tuple[str, int]] = MappingProxyType({})


def scan(  # noqa: PLR0913 (wishes of people, all but the source by keyword)
    source: object,
    name: str = "",
    *,
    against: Mapping[str, object] | None = None,
    split: str = "",
    labels: bool = False,
    columns: bool = True,
    fetch: bool = False,
    engine: str = LOCAL,
    jobs: int | None = None,
    progress: Progress | None = None,
    config: Config | None = None,
    root: Path | None = None,
    trusted: Trusted | None = None,
    **roles: Unpack[Columns],
) -> DataScan:
    """Look for poisoned samples, payloads, duplicates and leaks in a data set.

    `source` is an object of pandas, polars, Arrow, DuckDB or Hugging Face, a path or an address.
    `text`, `label`, `prompt`, ... name columns by role (`a+b` joins two); what is not named is
    guessed, and the report says how. `against` are evaluation sets by name, of which nothing may
    be in this one; `split` is the column that tells training rows from others. `labels` looks for
    wrong labels (cleanlab). `columns` looks for personal data and secrets as well. `fetch` asks the
    addresses of a list of URLs. `trusted` is
    what is known of an earlier version: what is new against it needs less evidence.

    Raises DatasetError when it cannot be opened, UnknownColumn for a name that is not there.
    """
    from ..training.catalogue import detectors
    from ..training.run import run

    known = trusted or Trusted()
    said = {role: column for role, column in roles.items() if isinstance(column, str) and column}
    policy, concealer = Policy(config or Config(), root), Concealer()
    engine = engine if engine != LOCAL else is_distributed(source) or LOCAL
    table, found, guessed = opened(source, name, said, policy, engine)
    options: dict[str, Any] = {"labels": labels}
    plan = _plan(table.rows, found, known.seed, options)
    options["likeness"] = {"against": references(against or {}, plan, policy)}
    if split:
        options["likeness"]["split"] = split
    ran = run(
        table,
        plan,
        detectors(),
        engine=engine,
        jobs=jobs or os.cpu_count() or 1,
        progress=progress,
        trusted=known.states,
    )
    if found.url and found.digest:
        add_urls(ran, table, plan, fetch=fetch)
    made = presented(ran, table.name, found.named(), guessed, policy, known.accepted, engine)
    own = _own(made.report, policy, concealer)
    scans = [own]
    why_not = _unsearched(table, source, engine)
    if columns and why_not:
        own.events.append(Skip(path=table.name, message=why_not))
    elif columns:
        scans.append(scan_table(source, table.name, policy, concealer))
    return DataScan(made, scans, source, ran.states, plan.seed)


def _own(report: DataReport, policy: Policy, concealer: Concealer) -> Scanned:
    """What a report says, as one scan among others."""
    found = list(findings(report, concealer))
    sure = [one for one in found if one.confidence.at_least(policy.config.min_confidence)]
    return Scanned(
        events=[*sure, *report.problems, *report.skips],
        low_confidence=len(found) - len(sure),
        data=[report],
    )


def _unsearched(table: Table | Distributed, source: object, engine: str) -> str:
    """Why columns cannot be searched for personal data and secrets, empty if they can."""
    if is_distributed(source):
        return _NO_COLUMNS.format(f"data sets of {engine}")
    if isinstance(table, Table) and table.once:
        return _NO_COLUMNS.format("a stream that can be read only once")
    return ""


def _plan(rows: int | None, roles: Roles, seed: int | None, options: dict[str, Any]) -> Plan:
    from ..training.detector import Plan

    drawn = secrets.randbits(63) if seed is None else seed
    return Plan(roles=roles, seed=drawn, rows=rows, options=options)
