"""Manifest, differences, verification and audit trail of data sets, as the command wants them."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .. import __version__
from ..core.evidence import STARS, Concealer, Evidence
from ..core.finding import Failure, Finding
from ..core.location import InFile
from ..core.rule import Confidence
from ..datasets import Trusted
from ..datasets.keys import lineage_key
from ..options import UsageError
from ..redaction.problems import CannotRedact
from ..training.show import power_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..core.finding import Event
    from ..datasets import DataScan
    from ..lineage.manifest import Acceptance
    from ..lineage.problems import Problem


def key() -> bytes:
    """The user's key for manifests; b"" where there is none. Raises UsageError on a weak one."""
    try:
        return lineage_key()
    except CannotRedact as error:
        raise UsageError(f"llmsec data: {error}") from None


def known(manifest: Path, source: str) -> Trusted:
    """What a manifest says of a data set before it is scanned again: what was accepted, the seed.

    Raises LineageError.
    """
    from ..lineage import accepted, read_manifest, seed_of

    secret = key()
    seed = seed_of(secret) if secret else None
    if not manifest.exists():
        return Trusted(seed=seed)
    good, problems = accepted(read_manifest(manifest), name_of(manifest, source), secret)
    if problems:
        raise UsageError(f"{manifest.name}: {problems[0].message}")
    return Trusted(seed=seed, accepted=_reasons(good))


def trusted(manifest: Path, name: str) -> Trusted:
    """What a manifest says of the last version, with the states of its scan.

    Raises LineageError.
    """
    from ..lineage import LineageError, accepted, read_manifest, read_states
    from ..lineage.manifest import entry_of
    from ..lineage.storage import inside

    secret = key()
    whole = read_manifest(manifest)
    name, entry = entry_of(whole, name, manifest)
    good, _ = accepted(whole, name, secret)
    reasons = _reasons(good)
    if not entry.states_file or not secret:
        return Trusted(accepted=reasons)
    states = read_states(inside(manifest.parent, entry.states_file), secret)
    if states.root != entry.root:
        raise LineageError(f"{entry.states_file}: is of another version of {name}: scan it again")
    return Trusted(states.states, states.seed, reasons)


def _reasons(accepted: Mapping[str, Acceptance]) -> dict[str, tuple[str, int]]:
    return {mark: (one.reason, one.rows) for mark, one in accepted.items()}


def keep(scan: DataScan, source: str, manifest: Path) -> tuple[str, str]:
    """Write a data set and what its scan said into a manifest; its root, and a line that says so.

    Raises LineageError, DatasetError.
    """
    from ..lineage import describe, digest_table, write_manifest, write_states
    from ..lineage.manifest import side_name
    from ..sources.dataset import open_table

    secret = key()
    name = name_of(manifest, source)
    rows_file = side_name(manifest, name, ".rows") if secret else ""
    beside = manifest.parent / rows_file if rows_file else None
    digest = digest_table(open_table(source), secret, beside)
    states = ("", "")
    if secret:
        states = write_states(
            manifest.parent / side_name(manifest, name, ".state"),
            scan.states,
            root=digest.root,
            rows=digest.rows,
            roles=scan.report.roles,
            key=secret,
        )
    entry = describe(
        Path(source),
        digest,
        manifest=manifest,
        version=__version__,
        alerts=dict(Counter(alert.severity.value for alert in scan.alerts)),
        power=power_lines(scan.report.power),
        rows_file=rows_file,
        states=states,
    )
    write_manifest(manifest, {name: entry}, key=secret, version=__version__)
    more = "" if secret else "; without LLMSEC_KEY it is not signed and keeps no digests of rows"
    return digest.root, f"{manifest}: {name}, {digest.rows:,} rows{more}"


def accept(scan: DataScan, source: str, manifest: Path, alert: str, reason: str) -> str:
    """Record that an alert is meant to be there; a line that says so. Raises UsageError."""
    from ..datasets import UnknownAlert
    from ..lineage import LineageError

    try:
        scan.accept(alert, reason, manifest, data=name_of(manifest, source))
    except (UnknownAlert, LineageError) as error:
        raise UsageError(f"llmsec data: {error}") from None
    return f"{manifest}: {alert} is accepted"


def record(scan: DataScan, path: Path, root: str, action: str = "scan") -> None:
    """Add a scan to an audit trail. Raises LineageError."""
    from ..lineage import Record, append

    report = msgspec.json.encode(scan.report)
    append(
        path,
        Record(
            action=action,
            data=scan.report.name,
            root=root,
            report=hashlib.sha256(report).hexdigest(),
            counts={
                "rows": scan.report.rows,
                "alerts": len(scan.alerts),
                "flagged": scan.report.flagged,
            },
            version=__version__,
        ),
        key(),
    )


def name_of(manifest: Path, source: str) -> str:
    """What a manifest calls a data set: its path from there. Raises UsageError if it is outside."""
    try:
        return Path(source).resolve().relative_to(manifest.resolve().parent).as_posix()
    except ValueError:
        raise UsageError(
            f"{manifest}: a manifest is about data in its own folder or below, not about {source}"
        ) from None


def told(problems: Iterable[Problem | Failure]) -> Iterator[Event]:
    """Problems of a manifest or an audit trail as findings."""
    concealer = Concealer()
    for problem in problems:
        if isinstance(problem, Failure):
            yield problem
            continue
        mark = f"{problem.rule.id}|{problem.path}|{problem.data}|{problem.message}"
        yield Finding(
            rule=problem.rule.id,
            name=problem.rule.name,
            family=problem.rule.family,
            severity=problem.harm,
            confidence=Confidence.HIGH,
            message=problem.message,
            location=InFile(line=0, column=0, end_line=0, end_column=0, path=problem.path),
            evidence=Evidence(masked=problem.data or STARS, digest=concealer.digest(mark)),
            fingerprint=hashlib.sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()[:24],
        )
