"""Where data come from and whether they are what they were: digests, manifest, audit, quarantine.

Keys are bytes (16 or more, of the user; b"" means there is none). They are never stored; what is
derived from them is. Row digests, shard digests, states and signatures need one; digests of files
and the roots of whole sets do without. Nothing here opens a socket, except `check_urls` when it is
given a `fetch`. What is wrong with the data or their records is a `Problem`, what could not be
checked a `Failure`; what cannot be read or written at all raises `LineageError`, in one line.

Digests (digests.py, detector.py; the format of rows is told in encoding.py):

    digest_table(table, key=b"", rows_path=None) -> Digest
    DigestDetector(), secret_option(key)      the same as a fold, beside the detectors of a scan
    seed_of(key) -> int                       Plan.seed of scans whose states are kept
    prove(table, row, key=b"") -> RowProof    .holds(root): the row is part of that version

Manifest (manifest.py, entries.py, acceptance.py, states.py, verification.py):

    describe(source, digest, manifest=path, version=..., ...) -> Entry
    write_manifest(path, {name: entry}, key=b"", version=...) -> Manifest
    read_manifest(path) -> Manifest
    verify(path, key=b"", rows=False, names=()) -> list[Problem | Failure]     a sidecar, too
    accept(path, name, fingerprint, reason, key=b"", by="", rows=0) -> Acceptance
    accepted(manifest, name, key) -> ({fingerprint: Acceptance}, [Problem])
    write_states(path, {detector: packed}, root=..., rows=..., roles=..., key=...) -> (name, sha256)
    read_states(path, key) -> States
    side_name(path, name, ".rows" or ".state") -> str

Differences (diff.py):

    changes(old, new, key=b"", name="") -> Changes      .added .new .removed .kept .numbers()
    only_new(table, changes) -> Table                   row i is row changes.numbers()[i] of table

Lists of addresses (urls.py, network.py), audit trail (audit.py), rows set aside (aside.py):

    check_urls(table, url, digest, fetch=None, sample=1000) -> UrlCheck;  fetch=Fetcher() asks
    append(path, Record(action="scan", ...), key=b"") -> Record
    check(path, key=b"", expected="") -> list[Problem];  head(path) -> str
    quarantine(table, reasons or mask, path, data_root=..., version=..., ...) -> Quarantined
    clean(table, mask, path, force=False) -> int
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .acceptance import accept as accept
    from .acceptance import accepted as accepted
    from .aside import Quarantined as Quarantined
    from .aside import clean as clean
    from .aside import quarantine as quarantine
    from .audit import AUDIT as AUDIT
    from .audit import Record as Record
    from .audit import append as append
    from .audit import check as check
    from .audit import head as head
    from .detector import DigestDetector as DigestDetector
    from .detector import secret_option as secret_option
    from .diff import Changes as Changes
    from .diff import changes as changes
    from .diff import only_new as only_new
    from .digests import Digest as Digest
    from .digests import digest_table as digest_table
    from .entries import describe as describe
    from .keys import seed_of as seed_of
    from .manifest import MANIFEST as MANIFEST
    from .manifest import Entry as Entry
    from .manifest import Manifest as Manifest
    from .manifest import read_manifest as read_manifest
    from .manifest import side_name as side_name
    from .manifest import write_manifest as write_manifest
    from .network import Fetcher as Fetcher
    from .problems import LineageError as LineageError
    from .problems import Problem as Problem
    from .proofs import RowProof as RowProof
    from .proofs import prove as prove
    from .states import States as States
    from .states import read_states as read_states
    from .states import write_states as write_states
    from .urls import UrlCheck as UrlCheck
    from .urls import check_urls as check_urls
    from .verification import verify as verify

_HOMES: Final = {
    "acceptance": "accept accepted",
    "audit": "AUDIT Record append check head",
    "detector": "DigestDetector secret_option",
    "diff": "Changes changes only_new",
    "digests": "Digest digest_table",
    "entries": "describe",
    "keys": "seed_of",
    "manifest": "MANIFEST Entry Manifest read_manifest side_name write_manifest",
    "network": "Fetcher",
    "problems": "LineageError Problem",
    "proofs": "RowProof prove",
    "aside": "Quarantined clean quarantine",
    "states": "States read_states write_states",
    "urls": "UrlCheck check_urls",
    "verification": "verify",
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Load what is asked for."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)
