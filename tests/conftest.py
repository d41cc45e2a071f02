"""What all tests share: no configuration from outside, no network."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from llmsec_nb.cli import main

from .samples import Maker

# No assertion on wall-clock time: the machines that run the tests are noisy. `make coverage` tries
# more examples than `make unit`, which has to be quick.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "patient"))


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector need not walk it again and again."""
    gc.freeze()


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


@pytest.fixture
def command(tmp_path: Path) -> Run:
    """The same in this process: a start costs more than most scans, and says nothing new."""

    def run(*words: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        said, told = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in "12")
        with chdir(cwd), redirect_stdout(said), redirect_stderr(told):
            code = main(words)
        texts = [stream.buffer.getvalue().decode() for stream in (said, told)]
        return subprocess.CompletedProcess(words, code, *texts)

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


def write_large(path: Path, source: str) -> Path:
    """A notebook of a megabyte, nearly all of it a long line: nine of them are worth processes."""
    return write_notebook(path, f"{source}\n# {'padding ' * 125_000}\n")
