"""Environments with older versions of JupyterLab: `python -m tests.browser.hosts` makes them."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOSTS = Path(os.environ.get("LLMSEC_HOSTS", ROOT / ".venv" / "hosts"))
VERSIONS = ("4.2", "4.4")
WANTED = os.environ.get("LLMSEC_OLD_HOSTS") != "0"


def environment(version: str) -> Path:
    """The Python of a virtual environment with that JupyterLab and this package."""
    home = HOSTS / version
    python = home / "bin" / "python"
    if not python.is_file():
        venv.create(home, with_pip=True)
    options = ["--quiet", "--disable-pip-version-check"]
    wanted = [f"jupyterlab=={version}.*", "ipykernel", str(ROOT)]
    command = [str(python), "-m", "pip", "install", *options, *wanted]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return python


if __name__ == "__main__" and WANTED:
    for each in VERSIONS:
        environment(each)
