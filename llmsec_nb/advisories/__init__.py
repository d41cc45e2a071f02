"""Advisories about packages of PyPI, kept on this machine: filled when the user asks, read offline.

The records are those of OSV (https://ossf.github.io/osv-schema/): PYSEC, GHSA and MAL. Their data
come under CC-BY 4.0 and Apache 2.0.
"""

from __future__ import annotations

from .database import Advisory, Database, Status, opened, status
from .paths import default_path
from .update import OSV_URL, BadSource, Update, update

__all__ = [
    "OSV_URL",
    "Advisory",
    "BadSource",
    "Database",
    "Status",
    "Update",
    "default_path",
    "opened",
    "status",
    "update",
]
