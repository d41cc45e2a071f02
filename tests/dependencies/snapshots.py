"""Snapshots of advisories, made at run time."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FRESH = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
"""When what is new was written; a time to come is not believed."""


def record(
    id_: str,
    name: str = "pack",
    *,
    versions: tuple[str, ...] = (),
    events: tuple[dict[str, str], ...] = (),
    age: float = 1.0,
    ecosystem: str = "PyPI",
    **more: Any,
) -> dict[str, Any]:
    """A record of OSV, `age` days old."""
    affected: dict[str, Any] = {
        "package": {"name": name, "ecosystem": ecosystem},
        "versions": list(versions),
    }
    if events:
        affected["ranges"] = [{"type": "ECOSYSTEM", "events": list(events)}]
    modified = (NOW - timedelta(days=age)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": id_,
        "modified": modified,
        "summary": f"{id_} in words",
        "affected": [affected],
        **more,
    }


def archive(path: Path, *records: dict[str, Any], **files: bytes) -> Path:
    """A zip file as OSV publishes it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for one in records:
            target.writestr(f"{one['id']}.json", json.dumps(one))
        for name, data in files.items():
            target.writestr(name, data)
    return path


FLASK = record(
    "GHSA-aaaa",
    "Flask_X",
    versions=("1.0", "1.1.0"),
    events=({"introduced": "0"}, {"fixed": "1.2"}),
    aliases=["CVE-2025-0001"],
    database_specific={"severity": "HIGH"},
)
SAME = record("PYSEC-1", "flask-x", versions=("1.1",), aliases=["CVE-2025-0001"])
OTHER = record(
    "PYSEC-2",
    "flask-x",
    events=(
        {"introduced": "1.1"},
        {"fixed": "1.3"},
        {"introduced": "2.0"},
        {"last_affected": "2.5"},
    ),
    severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
)
EVIL = record("MAL-2026-1", "evil-pack", events=({"introduced": "0"},))
TAKEN = record("MAL-2026-2", "taken", versions=("6.6.6",))
GONE = record("PYSEC-3", "flask-x", versions=("1.1",), withdrawn="2026-01-01T00:00:00Z")
NPM = record("GHSA-npm", "left-pad", versions=("1.0",), ecosystem="npm")
ALL = (FLASK, SAME, OTHER, EVIL, TAKEN, GONE, NPM)
