"""Advisories about packages of PyPI, kept on this machine: filled when the user asks, read offline.

The records are those of OSV (https://ossf.github.io/osv-schema/): PYSEC, GHSA and MAL. Their data
come under CC-BY 4.0 and Apache 2.0.
"""

from __future__ import annotations

from .database import Advisory, Damaged, Database, Status, opened, status
from .paths import OLDEST, default_path

__all__ = [
    "OLDEST",
    "Advisory",
    "Damaged",
    "Database",
    "Status",
    "default_path",
    "opened",
    "status",
]
