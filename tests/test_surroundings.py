"""What lies beside a document: pins of locks and requirements, nearest first, nothing beyond."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb import surroundings as module
from llmsec_nb.core.detector import Surroundings
from llmsec_nb.surroundings import manifests, surroundings

UV = '[[package]]\nname = "{}"\nversion = "{}"\n'


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_locks_weigh_more_than_requirements(tmp_path: Path) -> None:
    write(tmp_path / "requirements.txt", "a==1\nb==1\nc>=1\n")
    write(tmp_path / "constraints-dev.txt", "e==1\n")
    write(tmp_path / "pyproject.toml", "[project]\ndependencies = ['a==0', 'd==0', 'f']\n")
    write(
        tmp_path / "environment.yml", "dependencies:\n  - g=1\n  - pip:\n    - b==0\n    - h==1\n"
    )
    write(tmp_path / "Pipfile", "[packages]\nd = '==5'\nk = '==1'\n")
    write(tmp_path / "Pipfile.lock", '{"default": {"a": {"version": "==2"}}}')
    write(tmp_path / "pylock.dev.toml", UV.format("A", "3").replace("package", "packages"))
    write(tmp_path / "notes.txt", "z==1\n")
    here = surroundings(tmp_path, tmp_path)
    assert here.locked == {"a": "3", "b": "1", "d": "5", "e": "1", "h": "1", "k": "1"}
    assert (here.folder, here.root, here.environment) == (str(tmp_path), str(tmp_path), None)
    write(tmp_path / "uv.lock", UV.format("a", "4"))
    assert surroundings(tmp_path, tmp_path).locked["a"] == "4"


def test_the_nearest_folder_that_pins_something_counts(tmp_path: Path) -> None:
    deep = tmp_path / "project" / "notebooks" / "deep"
    deep.mkdir(parents=True)
    write(tmp_path / "project" / "uv.lock", UV.format("a", "1"))
    write(tmp_path / "uv.lock", UV.format("a", "2"))
    write(deep / "requirements.txt", "a\n")  # pins nothing
    assert surroundings(deep, tmp_path).locked == {"a": "1"}
    assert surroundings(deep, tmp_path / "project").root == str(tmp_path / "project")
    assert surroundings(deep, deep.parent).locked == {}
    (tmp_path / "project" / "notebooks" / ".git").mkdir()
    assert surroundings(deep, tmp_path).locked == {}


def test_nothing_outside_of_the_root_is_read(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "uv.lock", UV.format("a", "1"))
    root = tmp_path / "root"
    write(root / "held" / "locked.txt", "b==2\n")
    (root / "uv.lock").symlink_to(outside)
    (root / "requirements.txt").symlink_to(root / "held" / "locked.txt")
    (root / "poetry.lock").symlink_to(root / "nowhere")
    os.mkfifo(root / "constraints.txt")
    assert surroundings(root, root).locked == {"b": "2"}
    assert [path.name for path in manifests(root)] == ["requirements.txt"]
    # a folder that is not below the root is its own
    assert surroundings(tmp_path / "outside", root).root == str(tmp_path / "outside")
    assert surroundings(tmp_path / "none", root) == Surroundings()


def test_bad_files_say_nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uv.lock").write_bytes(b"[[package]]\nname = \xff\xfe\n[[[[")
    (tmp_path / "requirements.txt").write_bytes("a==1\r\n".encode("utf-16"))
    (tmp_path / "requirements-bom.txt").write_bytes(
        b"\xef\xbb\xbfb==2\r\nc==3 \\\r\n  --hash=x\r\n"
    )
    write(tmp_path / "Pipfile.lock", "{")
    (tmp_path / "pylock.toml").mkdir()
    assert surroundings(tmp_path, tmp_path).locked == {"a": "1", "b": "2", "c": "3"}
    monkeypatch.setattr(module, "LARGEST", 10)
    write(tmp_path / "requirements-bom.txt", "long-name==1\n")
    assert surroundings(tmp_path, tmp_path).locked == {"a": "1"}


def test_a_folder_is_listed_once_and_a_file_read_once_until_they_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "requirements.txt", "a==1\n")
    assert surroundings(tmp_path, tmp_path).locked == {"a": "1"}
    listed: list[str] = []
    scan = os.scandir

    def noted(path: str) -> Any:
        listed.append(path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", noted)
    for _ in range(3):
        assert surroundings(tmp_path, tmp_path).locked == {"a": "1"}
    assert listed == []
    write(file, "a==22\n")
    assert surroundings(tmp_path, tmp_path).locked == {"a": "22"}
    write(tmp_path / "uv.lock", UV.format("a", "3"))
    os.utime(tmp_path, ns=(1, 1))
    assert surroundings(tmp_path, tmp_path).locked == {"a": "3"}
    assert listed == [str(tmp_path)]


def test_the_packages_of_the_kernel_are_handed_on(tmp_path: Path) -> None:
    assert surroundings(tmp_path, tmp_path, {"a": "1"}).environment == {"a": "1"}
    assert surroundings(tmp_path / "none", tmp_path, {"a": "1"}).environment == {"a": "1"}


def test_files_to_look_at(tmp_path: Path) -> None:
    for name in ("requirements.txt", "uv.lock", "setup.sh", "Dockerfile", "a.ipynb", "b.txt"):
        write(tmp_path / name, "")
    write(tmp_path / "sub" / "uv.lock", "")
    assert [path.name for path in manifests(tmp_path)] == [
        "Dockerfile",
        "requirements.txt",
        "setup.sh",
        "uv.lock",
    ]
    assert manifests(tmp_path / "none") == []
