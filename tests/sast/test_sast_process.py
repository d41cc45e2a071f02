"""The tools are alone: nothing of what is scanned steers them, nothing of it stays behind."""

from __future__ import annotations

import contextlib
import fcntl
import stat
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from llmsec_nb.sast import look as looking
from llmsec_nb.sast.look import look
from llmsec_nb.sast.process import Stopped, TooSlow, missing, private_folder, run
from llmsec_nb.sast.tools import Answer, Bandit, Ruff
from llmsec_nb.sources.files import read_text

from .made import looked, notebook, spots, write

TRAP = "from pathlib import Path\nPath({marker!r}).write_text('run')\n"


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory in which private ones are made."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_nothing_of_what_is_scanned_steers_the_tools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "marker"
    trap = TRAP.format(marker=str(marker))
    for name in ("bandit", "nbqa", "ruff", "autopep8", "sitecustomize", "usercustomize", "json"):
        (tmp_path / f"{name}.py").write_text(trap)
    (tmp_path / ".bandit").write_text("[bandit]\nskips = B307,B101\n")
    (tmp_path / "setup.cfg").write_text("[bandit]\nskips = B307,B101\n[nbqa]\nexclude = .\n")
    (tmp_path / "pyproject.toml").write_text(
        "[tool.bandit]\nskips = ['B307']\n[tool.nbqa.exclude]\nbandit = '.'\n"
        "[tool.nbqa.addopts]\nbandit = ['--skip=B307']\n[tool.ruff.lint]\nignore = ['S307']\n"
    )
    (tmp_path / "ruff.toml").write_text("exclude = ['*']\n[lint]\nignore = ['S']\n")
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / ".git").mkdir()
    for place in ("", "temporary"):
        (tmp_path / place).mkdir(exist_ok=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    monkeypatch.setenv("RUFF_EXCLUDE", "*")
    monkeypatch.setenv("PATH", str(tmp_path))
    documents = [read_text(notebook("eval(x)"), "a.ipynb")]
    for tool, code in ((Bandit(), "B307"), (Ruff(), "S307")):
        found = look(documents, tools=[tool])
        assert spots(found.seen["a.ipynb"], code) == [(0, 0, 0, 0, 7)]
        assert found.failures == []
    assert not marker.exists()


def test_comments_of_a_cell_do_not_silence_the_tools(tmp_path: Path) -> None:
    cells = [
        "# ruff: noqa\n# flake8: noqa\n# autopep8: off\n# nosec\nassert a  # nosec",
        "# %%NBQA-CELL-SEP000000\nassert b  # noqa",
    ]
    documents = [read_text(notebook(*cells), "a.ipynb")]
    for tool, code in ((Bandit(), "B101"), (Ruff(), "S101")):
        found = look(documents, tools=[tool]).seen["a.ipynb"]
        assert [place[:2] for place in spots(found, code)] == [(0, 4), (1, 1)]


def test_noqa_waives_what_ruff_says() -> None:
    cells = [
        "assert a  # noqa",
        "assert b  # NoQA: E501, S101",
        "assert c  # noqa: E101",
        "assert d",
    ]
    found = look([read_text(notebook(*cells), "a.ipynb")], tools=[Ruff()]).seen["a.ipynb"]
    assert [one.waived for one in found] == ["noqa", "noqa", "", ""]


def test_the_directory_is_private_and_gone(watched: Path) -> None:
    with private_folder() as folder:
        assert folder.parent == watched
        for place in (folder, folder / "n"):
            assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert list(watched.iterdir()) == []


def test_nothing_stays_behind(watched: Path, tmp_path: Path) -> None:
    looked(write(tmp_path, "a.ipynb", "assert a"))
    assert list(watched.iterdir()) == []


def test_nothing_stays_behind_when_it_is_interrupted(
    watched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting(Ruff):
        def answer(self, output: bytes, copies: Sequence[object], token: str) -> Answer:
            raise KeyboardInterrupt

    monkeypatch.setattr(looking, "missing", lambda *_: frozenset())
    with pytest.raises(KeyboardInterrupt):
        look([read_text(notebook("assert a"), "a.ipynb")], tools=[Interrupting()])
    assert list(watched.iterdir()) == []


def test_only_code_is_copied(watched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    class Reading(Ruff):
        def words(self) -> list[str]:
            copied.extend(file.read_text() for file in watched.rglob("*.ipynb"))
            return super().words()

    text = notebook("!pip install of-a-command\n%env A=b\nassert a")
    look([read_text(text, "a.ipynb")], tools=[Reading()])
    (copy,) = copied
    assert "assert a" in copy
    assert "of-a-command" not in copy
    assert "A=b" not in copy


def test_a_run_ends_in_time_with_all_that_it_started(tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.touch()
    child = (
        f"import fcntl, time; file = open({str(held)!r}, 'w')\n"
        "fcntl.flock(file, fcntl.LOCK_EX); file.write('held'); file.flush(); time.sleep(600)"
    )
    code = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "time.sleep(600)"
    )
    with private_folder() as folder, pytest.raises(TooSlow, match="took longer than 3 s"):
        run(["-c", code], folder, 3)
    assert held.read_text() == "held"
    with held.open() as file:
        for _ in range(1000):  # what is killed takes a moment to let go
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(0.01)
    pytest.fail("a process goes on")


def test_too_slow_is_a_failure_of_each_file(tmp_path: Path) -> None:
    targets = [write(tmp_path, name, "assert a") for name in ("a.ipynb", "b.py")]

    class Sleeping(Bandit):
        def words(self) -> list[str]:
            return ["-c", "import time; time.sleep(600)"]

    documents = [read_text(path.read_text(), name) for path, name in targets]
    found = look(documents, 0.2, [Sleeping()])
    message = (
        "bandit took longer than 0.2 s for 2 files together; what it looks for was not scanned"
    )
    assert [(one.path, one.message) for one in found.failures] == [
        ("a.ipynb", message),
        ("b.py", message),
    ]
    assert found.seen == {}


class Choosy(Ruff):
    """Breaks at the sight of a word."""

    def words(self) -> list[str]:
        look_out = (
            "import glob, runpy, sys\n"
            "if any('breaks_it' in open(name).read() for name in glob.glob('n/*')): sys.exit(3)\n"
            f"sys.argv = {['ruff', *super().words()[2:]]!r}\n"
            "runpy.run_module('ruff', run_name='__main__')"
        )
        return ["-c", look_out]


def test_what_breaks_a_tool_costs_itself_alone() -> None:
    cells = {
        "a.ipynb": ("assert a",),
        "b.ipynb": ("assert b", "breaks_it = 1", "assert c"),
        "c.ipynb": ("assert d",),
    }
    documents = [read_text(notebook(*texts), name) for name, texts in cells.items()]
    found = look(documents, tools=[Choosy()])
    places = {name: [one.cell for one in seen] for name, seen in found.seen.items()}
    assert places == {"a.ipynb": [0], "b.ipynb": [0, 2], "c.ipynb": [0]}
    assert [(one.path, one.cell, one.message) for one in found.failures] == [
        ("b.ipynb", 1, "ruff stopped with exit code 3; what it looks for was not scanned")
    ]


@pytest.mark.parametrize("output", [b"", b"null", b'[1, {"results": [{}]}]', b'{"results": [{}]}'])
@pytest.mark.parametrize("tool", [Bandit(), Ruff()])
def test_an_answer_of_another_form_is_no_silence(tool: Bandit | Ruff, output: bytes) -> None:
    class Other(type(tool)):  # type: ignore[misc]  # a class that is known when it runs
        def words(self) -> list[str]:
            return ["-c", f"open('answer', 'wb').write({output!r})"]

    found = look([read_text(notebook("assert a"), "a.ipynb")], tools=[Other()])
    assert [(one.path, one.cell) for one in found.failures] == [("a.ipynb", 0)]


def test_an_answer_without_marks_is_no_silence() -> None:
    class Silent(Ruff):
        def words(self) -> list[str]:
            return ["-c", "open('answer', 'w').write('[]')"]

    found = look([read_text(notebook("a = 1", "b = 1"), "a.ipynb")], tools=[Silent()])
    assert [(one.cell, one.message) for one in found.failures] == [
        (0, "ruff did not read it to its end; what it looks for was not scanned"),
        (1, "ruff did not read it to its end; what it looks for was not scanned"),
    ]


def test_what_is_not_installed_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "missing", lambda _, *names: frozenset(names) & {"bandit", "nbqa"})
    documents = [read_text(notebook("assert a"), f"{name}.ipynb") for name in "abc"]
    found = look(documents)
    assert [(one.path, one.message) for one in found.skips] == [
        (
            "--sast",
            (
                "bandit and nbqa are not installed: nothing was shown to bandit; "
                "pip install 'llmsec-nb[sast]'"
            ),
        )
    ]
    assert [one.code for seen in found.seen.values() for one in seen] == ["S101"] * 3
    assert found.failures == []


def test_missing_modules_are_named() -> None:
    with private_folder() as folder:
        assert missing(folder, "json", "no_such_module_anywhere") == {"no_such_module_anywhere"}


def test_without_an_interpreter_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with private_folder() as folder, pytest.raises(Stopped, match="is not known"):
        run(["-c", ""], folder, 1)
    found = look([read_text(notebook("assert a"), "a.ipynb")], tools=[Ruff()])
    assert [(one.path, one.message) for one in found.failures] == [
        ("--sast", "ruff: the Python that runs this is not known")
    ]
