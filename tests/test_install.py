"""The wheel: built without Node, it holds panel and server extension, once, and little else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder)]
    path = f"{Path(sys.executable).parent}{os.pathsep}/nowhere"  # no npm, no node
    done = subprocess.run(
        [*command, str(ROOT)],
        env={**os.environ, "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (built,) = folder.glob("*.whl")
    return built


def test_what_the_wheel_holds(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        data = {name.split(".data/data/")[1]: name for name in names if ".data/data/" in name}
        bundle = "share/jupyter/labextensions/llmsec-nb"
        package = json.loads(archive.read(data[f"{bundle}/package.json"]))
        enabled = json.loads(
            archive.read(data["etc/jupyter/jupyter_server_config.d/llmsec_nb.json"])
        )
    assert enabled == {"ServerApp": {"jpserver_extensions": {"llmsec_nb": True}}}
    assert f"{bundle}/install.json" in data
    assert f"{bundle}/schemas/llmsec-nb/plugin.json" in data
    assert f"{bundle}/{package['jupyterlab']['_build']['load']}" in data
    assert not [name for name in names if name.startswith("llmsec_nb/labextension")]
    assert not [name for name in names if "/node_modules/" in name or name.startswith("tests")]
    assert "llmsec_nb/py.typed" in names


def test_the_wheel_is_small(wheel: Path) -> None:
    # Half of it is the names of packages (rules/dependencies/data), which hardly compress.
    assert wheel.stat().st_size < 2_600_000


def test_versions_agree() -> None:
    from llmsec_nb import __version__

    for folder in ("labextension", "llmsec_nb/labextension"):
        assert json.loads((ROOT / folder / "package.json").read_text())["version"] == __version__


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "labextension" / "package-lock.json").read_text()
