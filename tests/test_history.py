"""Whether git holds what was found, asked of repositories that nobody trusts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.api import Outcome, check_paths
from llmsec_nb.config import Config
from llmsec_nb.core.finding import History, Skip
from llmsec_nb.engine import Scanned
from llmsec_nb.inquiry.git import Git as RunGit
from llmsec_nb.inquiry.git import program, repository
from llmsec_nb.inquiry.history import QUICK, THOROUGH, Historian, Limits
from llmsec_nb.live import Judge
from llmsec_nb.report import render
from llmsec_nb.report.html import render_html
from llmsec_nb.wire import CellInput, ReportRequest, ScanRequest

from .conftest import Run, write_large, write_notebook
from .samples import Maker

Git = Callable[..., str]
NO_HISTORY = History(held=False)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "work tree"
    folder.mkdir()
    return folder


@pytest.fixture
def git(repo: Path) -> Git:
    def run(*words: str, day: int = 1, cwd: Path = repo) -> str:
        date = f"2024-03-{day:02}T12:00:00Z"
        names = {
            f"GIT_{who}_{what}": f"{who}@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        env = {**os.environ, **names, "GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
        env["GIT_CONFIG_GLOBAL"] = os.devnull
        done = subprocess.run(
            ["git", *words], cwd=cwd, env=env, check=True, capture_output=True, encoding="utf-8"
        )
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    return run


def committed(git: Git, message: str = "x", day: int = 1) -> str:
    git("add", "-A")
    git("commit", "-q", "-m", message, day=day)
    return git("rev-parse", "HEAD")


def looked(path: Path, limits: Limits = THOROUGH) -> Outcome:
    return check_paths([str(path)], Config(), inquiries=[Historian(limits)])


def histories(path: Path, limits: Limits = THOROUGH) -> list[History | None]:
    return [finding.history for finding in looked(path, limits).report.findings]


def test_what_was_never_committed(repo: Path, git: Git, maker: Maker) -> None:
    write_notebook(repo / "a.ipynb", "x = 1")
    committed(git)
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    assert histories(repo) == [NO_HISTORY]
    git("add", "-A")  # the index is no history
    assert histories(repo) == [NO_HISTORY]


def test_a_repository_without_a_commit(repo: Path, git: Git, maker: Maker) -> None:
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    assert histories(repo) == [NO_HISTORY]


def test_older_versions_of_the_file(repo: Path, git: Git, maker: Maker) -> None:
    token = maker.token("SEC103")
    path = repo / "deep" / "a b.ipynb"
    write_notebook(path, "x = 1")
    committed(git, day=1)
    write_notebook(path, f"k = '{token}'")
    first = committed(git, day=2)
    write_notebook(path, f"k = '{token}'", "more")
    committed(git, day=3)
    write_notebook(path, "x = 2")
    committed(git, day=4)
    write_notebook(path, f"again = '{token}'")
    expected = History(held=True, versions=2, since="2024-03-02", commit=first)
    assert histories(repo) == [expected]
    assert histories(path, QUICK) == [expected]


def test_other_branches_tags_and_files(repo: Path, git: Git, maker: Maker) -> None:
    tokens = [maker.token("SEC103") for _ in range(3)]
    write_notebook(repo / "a.ipynb", "x = 1")
    committed(git, day=1)
    git("checkout", "-q", "-b", "side")
    (repo / "notes.md").write_text(f"use {tokens[0]}\n")
    on_branch = committed(git, day=2)
    git("checkout", "-q", "main")
    git("checkout", "-q", "--detach")
    (repo / "old.env").write_text(f"TOKEN={tokens[1]}\n")
    on_tag = committed(git, day=3)
    git("tag", "v1")
    git("checkout", "-q", "main")
    write_notebook(repo / "a.ipynb", *(f"k = '{token}'" for token in tokens))
    assert histories(repo) == [
        History(held=True, versions=1, since="2024-03-02", commit=on_branch),
        History(held=True, versions=1, since="2024-03-03", commit=on_tag),
        NO_HISTORY,
    ]


def test_linked_work_trees(repo: Path, git: Git, maker: Maker) -> None:
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    commit = committed(git)
    linked = repo.parent / "linked"
    git("worktree", "add", "-q", str(linked))
    assert (linked / ".git").is_file()
    assert histories(linked) == [
        History(held=True, versions=1, since="2024-03-01", commit=commit),
    ]


def test_grafts_and_replacements_hide_nothing(repo: Path, git: Git, maker: Maker) -> None:
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    first = committed(git, day=1)
    write_notebook(repo / "a.ipynb", "x = 1")
    last = committed(git, day=2)
    (repo / ".git" / "info" / "grafts").write_text(f"{last}\n")
    git("replace", git("rev-parse", f"{first}:a.ipynb"), git("rev-parse", f"{last}:a.ipynb"))
    write_notebook(repo / "b.ipynb", f"k = '{maker.__class__(11).token('SEC103')}'")
    assert histories(repo) == [
        History(held=True, versions=1, since="2024-03-01", commit=first),
    ]


def test_what_only_a_merge_brought_in(repo: Path, git: Git, maker: Maker) -> None:
    token = maker.token("SEC103")
    write_notebook(repo / "a.ipynb", "x = 1")
    committed(git, day=1)
    git("checkout", "-q", "-b", "side")
    (repo / "b").write_text("b")
    committed(git, day=2)
    git("checkout", "-q", "main")
    (repo / "c").write_text("c")
    committed(git, day=3)
    git("merge", "-q", "--no-commit", "side")
    write_notebook(repo / "a.ipynb", f"k = '{token}'")
    merge = committed(git, day=4)
    assert histories(repo) == [
        History(held=True, versions=1, since="2024-03-04", commit=merge),
    ]


def test_a_key_of_several_lines(repo: Path, git: Git, maker: Maker) -> None:
    """A notebook stores each line of it in a string of its own."""
    source = f'key = """{maker.pem()}"""'
    write_notebook(repo / "a.ipynb", source)
    held = committed(git)
    (repo / "plain.py").write_text(source)
    found = looked(repo / "plain.py").report.findings
    assert [f.rule for f in found] == ["SEC201"]
    expected = History(held=True, versions=1, since="2024-03-01", commit=held)
    assert [f.history for f in found] == [expected]


@pytest.mark.parametrize(
    "value", ['Tr0ub"4d\u00e9r!x9', "C:\\Tr0ub4dor\\u00e9", "\U0001f511 Tr0ub4dor"]
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_spellings_of_json(
    repo: Path, git: Git, maker: Maker, value: str, ascii_only: bool
) -> None:
    text = json.dumps({"source": [value]}, ensure_ascii=ascii_only)
    (repo / "a.json").write_text(text, "utf-8")
    held = committed(git)
    (repo / "plain.py").write_text(f"k = '{maker.token('SEC103')}'\n")

    def ask(results: Sequence[Scanned]) -> list[Skip]:
        for result in results:
            result.values = dict.fromkeys(result.values, (value,))
        return Historian(THOROUGH)(results)

    found = check_paths([str(repo / "plain.py")], Config(), inquiries=[ask]).report.findings
    assert [f.history for f in found] == [
        History(held=True, versions=1, since="2024-03-01", commit=held)
    ]


def test_outside_of_a_repository_nothing_is_said(tmp_path: Path, maker: Maker) -> None:
    write_notebook(tmp_path / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    found = looked(tmp_path)
    assert [f.history for f in found.report.findings] == [None]
    assert found.report.skips == ()
    assert "git" not in render(found, "text").split("= ", 2)[1]


def test_short_values_are_not_looked_for(repo: Path, git: Git) -> None:
    (repo / "a.py").write_text("password = 'Xy7#q2!'\n")
    committed(git)
    found = looked(repo / "a.py").report.findings
    assert [(f.rule[:3], f.history) for f in found] == [("SEC", None)]


def test_a_shallow_clone_says_that_it_is_cut(repo: Path, git: Git, maker: Maker) -> None:
    gone, kept = maker.token("SEC103"), maker.token("SEC104")
    write_notebook(repo / "a.ipynb", f"k = '{gone}'")
    committed(git, day=1)
    write_notebook(repo / "a.ipynb", f"k = '{kept}'")
    committed(git, day=2)
    clone = repo.parent / "clone"
    git("clone", "-q", "--depth", "1", f"file://{repo}", str(clone))
    write_notebook(clone / "a.ipynb", f"k = '{gone}'", f"k = '{kept}'")
    found = looked(clone)
    missed, held = (f.history for f in found.report.findings)
    assert missed == History(held=False, cut="shallow clone")
    assert held is not None
    assert (held.held, held.since, held.cut) == (True, "2024-03-02", "shallow clone")
    shown = render(found, "text")
    assert "  = git: not in the part of its history that could be read (shallow clone)\n" in shown
    assert f"committed since 2024-03-02 or earlier ({held.commit[:7]}, 1 version, shallow" in shown


def test_a_spent_budget_is_said(repo: Path, git: Git, maker: Maker) -> None:
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    committed(git)
    found = looked(repo, Limits(30, 10))
    assert [f.history for f in found.report.findings] == [
        History(held=False, cut="there is too much of it")
    ]
    assert [(s.path, s.message) for s in found.report.skips] == [
        (str(repo), "its git history was searched only in part: there is too much of it")
    ]


def test_time_is_bounded_whatever_git_does(
    repo: Path, git: Git, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    committed(git)
    (repo / ".git" / "packed-refs").unlink(missing_ok=True)
    os.mkfifo(repo / ".git" / "packed-refs")  # git waits for a writer that never comes
    found = looked(repo, Limits(0.5, 1_000_000))
    assert [f.history for f in found.report.findings] == [
        History(held=False, cut="0.5 s were spent")
    ]
    assert "searched only in part: 0.5 s were spent" in found.report.skips[0].message


def test_a_repository_of_somebody_else(repo: Path, git: Git, maker: Maker) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    committed(git)
    for path in (repo, repo / ".git"):
        os.chown(path, 12345, 12345)
    found = looked(repo)
    assert [f.history for f in found.report.findings] == [None]
    assert [s.message for s in found.report.skips] == [
        "its git history was not searched: it belongs to somebody else (see git's safe.directory)"
    ]


def test_a_broken_repository_is_said(repo: Path, git: Git, maker: Maker) -> None:
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    (repo / ".git" / "HEAD").write_text("nonsense")
    found = looked(repo)
    assert [f.history for f in found.report.findings] == [None]
    assert [s.message for s in found.report.skips] == [
        "its git history was not searched: git cannot read it"
    ]


def test_without_git_it_is_said(
    repo: Path, git: Git, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    monkeypatch.setenv("PATH", "")
    assert [s.message for s in looked(repo).report.skips] == [
        "its git history was not searched: no program called git"
    ]


def test_a_repository_brings_no_git(repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in the work tree, or one that lies where the command is run, is not git."""
    real = shutil.which("git")
    assert real is not None
    for folder in (repo / "bin", repo):
        folder.mkdir(exist_ok=True)
        fake = folder / "git"
        fake.write_text("#!/bin/sh\n")
        fake.chmod(0o755)
    link = repo.parent / "link"
    link.symlink_to(repo / "bin")
    monkeypatch.chdir(repo)
    path = [".", "", "bin", str(repo / "bin"), str(link), str(Path(real).parent)]
    monkeypatch.setenv("PATH", os.pathsep.join(path))
    assert program(repo) == real
    assert repository(repo / "a" / "b.py") == repo
    assert repository(repo.parent / "x.py") is None


@pytest.fixture
def popen() -> Iterator[list[list[str]]]:
    """What is started, with all of its arguments."""
    started: list[list[str]] = []
    watching = True

    def hook(event: str, words: tuple[Any, ...]) -> None:
        if watching and event == "subprocess.Popen":
            started.append([str(word) for word in words[1]] + [str(words[3])])

    sys.addaudithook(hook)
    yield started
    watching = False


def test_no_argument_holds_a_value(
    repo: Path, git: Git, maker: Maker, popen: list[list[str]]
) -> None:
    tokens = [maker.token(rule) for rule in ("SEC103", "SEC110")]
    write_notebook(repo / "a.ipynb", *(f"k = '{token}'" for token in tokens))
    committed(git)
    popen.clear()
    assert [h and h.held for h in histories(repo)] == [True, True]
    names = [next(w for w in words[1:] if w in _COMMANDS) for words in popen]
    assert names == [
        "rev-parse", "rev-list", "cat-file", "cat-file", "rev-list",
    ]  # fmt: skip
    told = json.dumps(popen)
    assert not any(token in told or token[-12:] in told for token in tokens)
    assert all("protocol.allow=never" in words for words in popen)


_COMMANDS = {"rev-parse", "rev-list", "cat-file"}

_TRAPS = """\
[core]
	repositoryformatversion = 1
	fsmonitor = {trap}
	pager = {trap}
	editor = {trap}
	sshCommand = {trap}
	gitProxy = {trap}
	askPass = {trap}
	hooksPath = {hooks}
	alternateRefsCommand = {trap}
	attributesFile = {attributes}
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::{trap}
	promisor = true
	partialclonefilter = blob:none
	uploadpack = {trap}
	fetch = +refs/heads/*:refs/remotes/origin/*
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[diff]
	external = {trap}
[diff "x"]
	command = {trap}
	textconv = {trap}
[filter "x"]
	clean = {trap}
	smudge = {trap}
	process = {trap}
	required = true
[pager]
	rev-list = {trap}
	cat-file = {trap}
[alias]
	rev-list = !{trap}
	rev-parse = !{trap}
	cat-file = !{trap}
[log]
	showSignature = true
[gpg]
	program = {trap}
[credential]
	helper = !{trap}
[uploadpack]
	packObjectsHook = {trap}
[gc]
	auto = 1
"""


@pytest.fixture
def marker(repo: Path, git: Git, maker: Maker) -> Path:
    """A hostile repository: whatever it names leaves a mark, and an old version is missing."""
    marker = repo.parent / "RAN"
    trap = repo.parent / "trap.sh"
    trap.write_text(f"#!/bin/sh\necho ran >> '{marker}'\nexit 1\n")
    trap.chmod(0o755)
    hooks = repo / "hooks"
    hooks.mkdir()
    (repo / ".gitattributes").write_text("* diff=x filter=x\n")
    write_notebook(repo / "a.ipynb", "missing = 1")
    committed(git, day=1)
    missing = git("rev-parse", "HEAD:a.ipynb")
    write_notebook(repo / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    committed(git, day=2)
    (repo / ".git" / "objects" / missing[:2] / missing[2:]).unlink()
    attributes = repo / "attributes"
    attributes.write_text("* diff=x filter=x\n")
    text = _TRAPS.format(trap=trap, hooks=hooks, attributes=attributes)
    for name in ("reference-transaction", "post-index-change", "fsmonitor-watchman", "pre-auto-gc"):
        shutil.copy(trap, hooks / name)
        shutil.copy(trap, repo / ".git" / "hooks" / name)
    (repo / ".git" / "config").write_text(text)
    (repo / ".git" / "missing").write_text(missing)
    return marker


def test_the_traps_are_sharp(repo: Path, marker: Path) -> None:
    """Else the next test would prove nothing."""
    missing = (repo / ".git" / "missing").read_text()
    subprocess.run(["git", "cat-file", "-p", missing], cwd=repo, check=False, capture_output=True)
    assert marker.exists()
    marker.unlink()
    subprocess.run(["git", "status"], cwd=repo, check=False, capture_output=True)
    assert marker.exists()


def test_nothing_of_a_hostile_repository_runs(repo: Path, marker: Path) -> None:
    found = looked(repo)
    (history,) = (f.history for f in found.report.findings)
    assert history is not None
    assert (history.held, history.versions, history.since) == (True, 1, "2024-03-02")
    assert not marker.exists()


def test_a_missing_object_is_not_fetched(repo: Path, marker: Path) -> None:
    """Not even when it is asked for by name, by a git that knows no GIT_NO_LAZY_FETCH."""
    missing = (repo / ".git" / "missing").read_text().encode()
    name = program(repo)
    assert name is not None
    runner = RunGit(name, repo, time.monotonic() + 20)
    with runner.run("cat-file", "--batch", feed=[missing + b"\n"]) as run:
        assert b"missing" in run.output.read() or not run.succeeded
    assert not marker.exists()


def test_the_environment_of_git_is_not_ours(
    repo: Path, git: Git, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = maker.token("SEC103")
    write_notebook(repo / "a.ipynb", f"k = '{token}'")
    committed(git)
    other = repo.parent / "other"
    git("init", "-q", str(other))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.bare")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    monkeypatch.setenv("GIT_TRACE", str(repo.parent / "trace"))
    (history,) = histories(repo)
    assert history is not None
    assert history.held
    assert not (repo.parent / "trace").exists()


def test_the_command(llmsec: Run, repo: Path, git: Git, maker: Maker) -> None:
    token = maker.token("SEC103")
    write_notebook(repo / "a.ipynb", f"k = '{token}'")
    commit = committed(git)
    line = (
        f"  = git: committed since 2024-03-01 ({commit[:7]}, 1 version): "
        "revoke it first; rewriting history recalls no copy\n"
    )
    assert line in llmsec("check", cwd=repo).stdout
    assert line in llmsec("check", "--history", cwd=repo).stdout
    assert "= git:" not in llmsec("check", "--no-history", cwd=repo).stdout
    (finding,) = json.loads(llmsec("check", "--format", "json", cwd=repo).stdout)["findings"]
    expected = {"held": True, "versions": 1, "since": "2024-03-01", "commit": commit}
    assert finding["history"] == expected
    log = json.loads(llmsec("check", "--format", "sarif", cwd=repo).stdout)
    assert log["runs"][0]["results"][0]["properties"]["history"] == expected
    shown = render_html(looked(repo))
    assert "<b>Git:</b> committed since 2024-03-01" in shown


def test_nobody_asks_while_somebody_edits(
    repo: Path, git: Git, maker: Maker, popen: list[list[str]]
) -> None:
    token = maker.token("SEC103")
    raw = write_notebook(repo / "a.ipynb", f"k = '{token}'").read_text()
    committed(git)
    popen.clear()
    tree = json.loads(raw)
    judge = Judge(repo)
    cell = CellInput(key="a", index=0, cell=tree["cells"][0])
    reply = judge.scan(ScanRequest(path="a.ipynb", cells=(cell,)), 10)
    assert [f.history for f in reply.cells[0].findings] == [None]
    judge.report(ReportRequest(path="a.ipynb", format="text", notebook=tree))
    assert [f.history for f in check_paths([str(repo)], Config()).report.findings] == [None]
    assert popen == []


def test_workers_hand_over_what_is_asked_about(
    llmsec: Run, repo: Path, git: Git, maker: Maker
) -> None:
    for number in range(9):
        write_large(repo / f"n{number}.ipynb", f"k = '{maker.token('SEC103')}'")
    committed(git)
    done = llmsec("check", "--history", "--format", "json", "--jobs", "2", cwd=repo)
    findings = json.loads(done.stdout)["findings"]
    assert [f["location"]["path"] for f in findings] == [f"n{number}.ipynb" for number in range(9)]
    assert [f["history"]["held"] for f in findings] == [True] * 9
