"""Where advisories are kept on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "LLMSEC_DB"
"""The file, or the folder of the file, that advisories are kept in."""
FILE: Final = "advisories.sqlite"


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
