"""Where advisories are kept on this machine, in what shape, and for how long they are good."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

VARIABLE: Final = "LLMSEC_DB"
"""The file, or the folder of the file, that advisories are kept in."""
FILE: Final = "advisories.sqlite"
LAYOUT: Final = "1"
"""Of the tables; a file with another one is not read."""
OLDEST: Final = 14
"""Days. OSV has new records for PyPI every day."""

AHEAD: Final = timedelta(days=1)
"""So far ahead of one another clocks may be: what was written later yet was not written then."""


def default_path() -> Path:
    """Where advisories are kept: LLMSEC_DB, or the cache of the platform."""
    named = os.environ.get(VARIABLE, "")
    if named:
        path = Path(named).expanduser()
        return path if path.suffix in {".sqlite", ".db"} else path / FILE
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", "") or Path.home() / "AppData/Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache")
    return base / "llmsec" / FILE


def time_of(text: str) -> datetime | None:
    """A time as records write it, of UTC where it does not say; None for what is no time."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
