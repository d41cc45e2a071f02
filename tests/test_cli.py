"""The command as its users meet it: words in, text and exit code out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run, write_large, write_notebook
from .samples import Maker


@pytest.fixture
def token(maker: Maker) -> str:
    return maker.token("SEC103")


def test_clean_found_and_incomplete(llmsec: Run, tmp_path: Path, token: str) -> None:
    write_notebook(tmp_path / "clean.ipynb", "print(1)")
    assert llmsec("check").returncode == 0
    write_notebook(tmp_path / "leak.ipynb", f"k = '{token}'")
    assert llmsec("check").returncode == 1
    (tmp_path / "broken.ipynb").write_text('{"cells": ')
    done = llmsec("check")
    assert done.returncode == 2
    assert "failed broken.ipynb: broken JSON at line 1, column 11" in done.stdout
    assert "SEC103" in done.stdout


def test_text_is_exact(llmsec: Run, tmp_path: Path, token: str) -> None:
    write_notebook(tmp_path / "a.ipynb", f"import x\nk = f('{token}', 1)\n")
    assert llmsec("check", "a.ipynb").stdout == (
        "a.ipynb:cell[0]:2:8 SEC103 github-token [critical]\n"
        "   2 | k = f('ghp_***', 1)\n"
        "     |        ^^^^^^^\n".replace("ghp_", token[:4])
        + f"  = GitHub token in clear text: {token[:4]}***\n"
        "  = help: Revoke it at https://github.com/settings/tokens, then read the new one "
        "from the environment.\n"
        '  = fix: Read it from os.environ["GITHUB_TOKEN"]\n'
        "\n"
        "1 finding (1 critical) in 1 file.\n"
    )


def test_one_bad_file_hides_no_other(llmsec: Run, tmp_path: Path, token: str) -> None:
    write_notebook(tmp_path / "good.ipynb", f"k = '{token}'")
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "latin.ipynb").write_bytes(b'{"a": "\xe9"}')
    (tmp_path / "old.ipynb").write_text('{"nbformat": 1}')
    (tmp_path / "gone.ipynb").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.ipynb")
    with (tmp_path / "huge.ipynb").open("wb") as file:
        file.truncate(200_000_000)
    done = llmsec("check", "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 2
    assert [f["rule"] for f in report["findings"]] == ["SEC103"]
    assert {f["path"]: f["message"] for f in report["failures"]} == {
        "folder.ipynb": "is a directory, not a file",
        "gone.ipynb": "no such file",
        "huge.ipynb": "too large: 200.0 MB, the limit is 100 MB",
        "latin.ipynb": "not valid UTF-8 at byte 7, line 1",
        "old.ipynb": "unknown notebook format: nbformat is 1, 3 and 4 are read",
        "pipe.ipynb": "is not a regular file",
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.py", "# %%\nkey = '{}'\n# %% [markdown]\n"),
        ("a.md", "# Title\n\n    export T={}\n"),
        (".env", "GITHUB={}\n"),
        ("requirements-dev.txt", "git+https://{}@github.com/x/y\n"),
        ("a.yaml", "k: {}\n"),
        ("a.toml", "k = '{}'\n"),
        ("a.json", '{{"k": ["\\u00e9", "{}"]}}'),
        ("broken.json", '{{"k": "{}"'),
    ],
)
def test_other_files_by_name(
    llmsec: Run, tmp_path: Path, token: str, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content.format(token))
    report = json.loads(llmsec("check", name, "--format", "json").stdout)
    (finding,) = [found for found in report["findings"] if found["family"] == "secret"]
    place = finding["location"]
    line = (tmp_path / name).read_text().split("\n")[place["line"]]
    assert place["type"] == "file"
    assert line[place["column"] : place["end_column"]] == token
    assert not llmsec("check", ".").stdout.startswith(name)


def test_directories_honour_gitignore_and_exclude(llmsec: Run, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for name in (
        "a",
        "build/b",
        "deep/c",
        "deep/keep",
        "skip/d",
        ".venv/e",
        ".ipynb_checkpoints/f",
    ):
        write_notebook(tmp_path / f"{name}.ipynb", "1")
    (tmp_path / ".gitignore").write_text("build/\n")
    (tmp_path / "deep/.gitignore").write_text("*.ipynb\n!keep.ipynb\n")
    (tmp_path / "llmsec.toml").write_text('exclude = ["skip/"]\n')
    statistics = llmsec("check", "--format", "json", ".")
    assert json.loads(statistics.stdout)["summary"]["files"] == 3  # a, deep/keep, the checkpoint
    below = json.loads(llmsec("check", "--format", "json", cwd=tmp_path / "deep").stdout)
    assert below["summary"]["files"] == 1
    assert (
        json.loads(llmsec("check", "build/b.ipynb", "--format", "json").stdout)["summary"]["files"]
        == 1
    )


def test_stdin(llmsec: Run, tmp_path: Path, token: str) -> None:
    raw = write_notebook(tmp_path / "a.ipynb", f"k = '{token}'").read_text()
    (finding,) = json.loads(llmsec("check", "-", "--format", "json", input=raw).stdout)["findings"]
    assert finding["location"]["type"] == "cell"
    assert llmsec("check", "-", input=f"x {token}").returncode == 1
    assert llmsec("check", "-", input="nothing").returncode == 0


def test_output_is_atomic_and_statistics(llmsec: Run, tmp_path: Path, token: str) -> None:
    write_notebook(tmp_path / "a.ipynb", f"k = '{token}'")
    done = llmsec("check", "--format", "json", "--output", "r.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert json.loads((tmp_path / "r.json").read_text())["summary"]["findings"] == 1
    assert {p.name for p in tmp_path.iterdir()} == {"a.ipynb", "r.json"}
    done = llmsec("check", "--output", "no/such/dir.json")
    assert done.returncode == 2
    assert done.stderr == "llmsec: no/such/dir.json: cannot be written: No such file or directory\n"
    assert llmsec("check", "--statistics").stdout == (
        "     1  SEC103  github-token  critical\n1 finding (1 critical) in 1 file.\n"
    )
    assert llmsec("check", "--quiet").stdout == "1 finding (1 critical) in 1 file.\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "--select", "githb-token"], 'llmsec: no rule is called "githb-token"; did you mean "github-token"?'),
        (["check", "--format", "xml"], "llmsec check: argument --format: invalid choice"),
        (["explain", "github-tokn"], 'llmsec: no rule is called "github-tokn"; did you mean "github-token"?'),
        (["check", "--config", "no.toml"], "llmsec: no.toml: no such file"),
        (["check", "--jobs", "0"], "argument --jobs: invalid"),
        ([], "the following arguments are required: COMMAND"),
    ],
)  # fmt: skip
def test_bad_usage(llmsec: Run, words: list[str], message: str) -> None:
    done = llmsec(*words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_path_is_no_success(llmsec: Run) -> None:
    done = llmsec("check", "missing")
    assert (done.returncode, "failed missing: no such file" in done.stdout) == (2, True)


def test_empty_directory_is_told(llmsec: Run) -> None:
    done = llmsec("check")
    assert done.returncode == 0
    assert "skipped .: no notebooks in this directory" in done.stdout


def test_fail_on(llmsec: Run, tmp_path: Path, maker: Maker) -> None:
    write_notebook(tmp_path / "a.ipynb", f"k = '{maker.token('SEC118')}'")  # medium
    assert llmsec("check").returncode == 1
    assert llmsec("check", "--fail-on", "high").returncode == 0
    assert llmsec("check", "--select", "SEC1", "--ignore", "stripe-test-key").returncode == 0


def test_color_only_when_asked(llmsec: Run, tmp_path: Path, token: str) -> None:
    write_notebook(tmp_path / "a.ipynb", f"k = '{token}'")
    assert "\x1b" not in llmsec("check").stdout
    assert "\x1b[1;31m" in llmsec("check", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b" not in llmsec("check", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


def test_results_do_not_depend_on_jobs(
    llmsec: Run, tmp_path: Path, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        write_large(tmp_path / f"n{number:02}.ipynb", f"k = '{token}'")
    reports = [
        llmsec("check", "--format", "json", "--jobs", jobs, env={"LLMSEC_KEY": "k"})
        for jobs in ("1", "2")
    ]
    assert reports[0].stdout == reports[1].stdout
    paths = [f["location"]["path"] for f in json.loads(reports[0].stdout)["findings"]]
    assert paths == [f"n{number:02}.ipynb" for number in range(12)]


def test_rules_explain_config_schema(llmsec: Run, tmp_path: Path) -> None:
    rules = llmsec("rules").stdout.splitlines()
    assert [line.split()[0] for line in rules] == sorted(line.split()[0] for line in rules)
    assert "SEC103 github-token (secret)" in llmsec("explain", "SEC103").stdout
    (tmp_path / "pyproject.toml").write_text('[tool.llmsec]\nfail-on = "high"\n')
    shown = llmsec("config")
    assert json.loads(shown.stdout)["fail-on"] == "high"
    assert shown.stderr == f"from {tmp_path / 'pyproject.toml'}\n"
    assert json.loads(llmsec("config", "--schema").stdout)["$ref"]
    assert json.loads(llmsec("schema").stdout)["$ref"]


def test_progress_on_a_terminal_only(tmp_path: Path) -> None:
    # The bar waits for a second before it shows itself: of a clock that goes two at each look.
    (tmp_path / "quick.py").write_text(
        "import itertools, sys, tqdm.std\n"
        "clock = itertools.count(0, 2)\n"
        "tqdm.std.time = lambda: next(clock)\n"
        "from llmsec_nb.cli import main\n"
        "sys.exit(main(['check', '--jobs', '1', 'notebooks']))"
    )
    command = f"stty cols 80 rows 24; exec {sys.executable} quick.py"
    script = f"import pty; pty.spawn(['sh', '-c', {command!r}])"
    for number in range(10):
        write_notebook(tmp_path / "notebooks" / f"n{number}.ipynb", "password = input()")
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert re.search(r"scanning: +\d+%", done.stdout)
    assert "No findings in 10 files" in done.stdout
