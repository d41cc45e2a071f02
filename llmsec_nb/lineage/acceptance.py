"""Alerts that somebody has accepted, and whether the key stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ..rules.poisoning.lineage import ACCEPTANCE
from .keys import is_signed, sign
from .lock import locked
from .manifest import Acceptance, Manifest, demand_own, entry_of, now, read_manifest, written
from .problems import LineageError, Problem

if TYPE_CHECKING:
    from pathlib import Path


def accept(
    path: Path,
    name: str,
    fingerprint: str,
    reason: str,
    *,
    key: bytes = b"",
    by: str = "",
    rows: int = 0,
    date: str = "",
    version: str = "",
) -> Acceptance:
    """Record in the manifest that an alert of a data set is meant to be there.

    `rows` is how many rows the alert has, `by` who says so (only if they want to be named); the
    reason is stored as it is, so it must not quote the data. Signed with the key if there is one.

    Raises LineageError when there is no such data set, no reason, or the manifest was changed.
    """
    if not reason.strip() or not fingerprint.strip():
        raise LineageError("an alert is accepted with its fingerprint and a reason")
    with locked(path):
        manifest = read_manifest(path)
        demand_own(manifest, key, path)
        name, entry = entry_of(manifest, name, path)
        plain = Acceptance(
            fingerprint=fingerprint, reason=reason.strip(), date=date or now(), rows=rows, by=by
        )
        made = msgspec.structs.replace(plain, signature=sign(key, f"accept {name}", plain))
        entry = msgspec.structs.replace(entry, accepted={**entry.accepted, fingerprint: made})
        data = {**manifest.data, name: entry}
        written(path, data, key=key, version=version or manifest.version)
    return made


def accepted(
    manifest: Manifest, name: str, key: bytes, path: str = ""
) -> tuple[dict[str, Acceptance], list[Problem]]:
    """What counts as accepted in a data set, by fingerprint, and what is wrong with the rest.

    With a key, what bears no signature of it does not count. Without one all count: nobody can
    tell. An alert with more rows than its acceptance says has grown since: the caller compares.
    """
    entry = manifest.data.get(name)
    if entry is None:
        return {}, []
    good: dict[str, Acceptance] = {}
    problems: list[Problem] = []
    for fingerprint, one in entry.accepted.items():
        plain = msgspec.structs.replace(one, signature="")
        signed = not key or is_signed(key, f"accept {name}", plain, one.signature)
        if signed and fingerprint == one.fingerprint:
            good[fingerprint] = one
            continue
        state = "is not signed" if not one.signature else "has a wrong signature"
        message = f"the acceptance of {fingerprint[:16]} {state}: it does not count"
        problems.append(Problem(rule=ACCEPTANCE, message=message, path=path, data=name))
    return good, problems
