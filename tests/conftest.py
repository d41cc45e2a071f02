"""What all tests share: no configuration from outside, no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from .samples import Maker

# No assertion on wall-clock time: the machines that run the tests are noisy. `make coverage` tries
# more examples than `make unit`, which has to be quick.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "patient"))

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LLMSEC_KEY", "NO_COLOR", "FORCE_COLOR", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def maker() -> Maker:
    return Maker(11)


@pytest.fixture
def llmsec(tmp_path: Path) -> Run:
    """The command, run in an empty directory."""

    def run(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONWARNINGS": "error", **more.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "llmsec_nb", *words],
            cwd=more.pop("cwd", tmp_path),
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
            **more,
        )

    return run


def write_notebook(path: Path, *sources: str, **metadata: Any) -> Path:
    """A notebook of code cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{index}",
            "metadata": metadata,
            "execution_count": index + 1,
            "source": source.splitlines(keepends=True),
            "outputs": [],
        }
        for index, source in enumerate(sources)
    ]
    tree = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tree, indent=1), "utf-8")
    return path
