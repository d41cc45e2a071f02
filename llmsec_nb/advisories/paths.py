"""Where advisories are kept on this machine, in what shape, and for how long they are good."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "LLMSEC_DB"
"""The file, or the folder of the file, that advisories are kept in."""
FILE: Final = "advisories.sqlite"
LAYOUT: Final = "1"
"""Of the tables; a file with another one is not read."""
OLDEST: Final = 14
"""Days. OSV has new records for PyPI every day."""


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
