"""`--fix`: files mended in place, byte for byte but for the fixes, and what is said of it."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.api import Outcome, check_paths
from llmsec_nb.config import Config
from llmsec_nb.core.finding import Edit, Finding, Fix, FixKind, Report
from llmsec_nb.core.location import InCell, InFile
from llmsec_nb.core.rule import Confidence, Family, Severity
from llmsec_nb.fixes.stored import Misplaced, rewritten
from llmsec_nb.fixing import apply as applying
from llmsec_nb.fixing.apply import Fixed, Judge, apply_fixes
from llmsec_nb.fixing.choice import choose
from llmsec_nb.fixing.command import add_fix, run_fix
from llmsec_nb.fixing.diff import diff_of
from llmsec_nb.fixing.files import File, Unfixable
from llmsec_nb.options import UsageError

from .growth import grows_within
from .samples import Maker

LOAD = "import torch\nm = torch.load(f)"
MENDED = "import torch\nm = torch.load(f, weights_only=True)"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path / "none"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "none"))


def mend(*paths: str, unsafe: bool = False, write: bool = True) -> Fixed:
    config = Config()
    report = check_paths(paths, config).report
    return apply_fixes(report, Judge(config, Path.cwd()), unsafe=unsafe, write=write)


def names() -> list[str]:
    return [path.name for path in Path().iterdir()]


def rules(fixed: Fixed) -> list[str]:
    return [one.finding.rule for one in fixed.applied]


def cell(source: str | list[str], *outputs: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 1,
        "id": "a",
        "metadata": {},
        "outputs": list(outputs),
        "source": source,
    }


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"nbformat_minor": 5, "cells": list(cells), "metadata": {"é": "ü"}, "nbformat": 4}


@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize(
    "layout",
    [
        {"indent": 1, "ensure_ascii": False},
        {"indent": 4, "ensure_ascii": True, "sort_keys": True},
        {"indent": "\t", "ensure_ascii": False},
        {"separators": (",", ":"), "ensure_ascii": True},
    ],
)
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_notebook_keeps_its_layout(as_list: bool, layout: dict[str, Any], end: str) -> None:
    def written(source: str) -> str:
        tree = notebook(
            cell("# é \U0001f600"), cell(source.splitlines(keepends=True) if as_list else source)
        )
        return json.dumps(tree, **layout) + end

    file = Path("a.ipynb")
    file.write_bytes(written(LOAD).encode())
    fixed = mend("a.ipynb")
    assert rules(fixed) == ["COD001"]
    assert file.read_bytes() == written(MENDED).encode()
    assert mend("a.ipynb").applied == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_line_more_is_a_string_more(maker: Maker, newline: str) -> None:
    token = maker.token("SEC108")
    tree = notebook(cell(["x = 1\n", f'k = "{token}"']))
    raw = json.dumps(tree, indent=1).replace("\n", newline)
    Path("a.ipynb").write_bytes(raw.encode())
    assert mend("a.ipynb").applied == []
    assert rules(mend("a.ipynb", unsafe=True)) == ["SEC108"]
    lines = ["import os\n", "x = 1\n", 'k = os.environ["OPENAI_API_KEY"]']
    expected = json.dumps(notebook(cell(lines)), indent=1).replace("\n", newline)
    assert Path("a.ipynb").read_bytes() == expected.encode()


def test_a_list_of_one_line_grows_as_it_is_indented(maker: Maker) -> None:
    token = maker.token("SEC108")
    for indent in (2, None):
        raw = json.dumps(notebook(cell([f'k = "{token}"'])), indent=indent)
        Path("a.ipynb").write_text(raw)
        mend("a.ipynb", unsafe=True)
        lines = ["import os\n", 'k = os.environ["OPENAI_API_KEY"]']
        assert Path("a.ipynb").read_text() == json.dumps(notebook(cell(lines)), indent=indent)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_keeps_its_coding_and_its_mode(coding: str) -> None:
    file = Path("a.py")
    file.write_bytes("# é\r\nimport torch\r\ntorch.load(f)\r\n".encode(coding))
    file.chmod(0o640)
    assert rules(mend("a.py")) == ["COD001"]
    after = "# é\r\nimport torch\r\ntorch.load(f, weights_only=True)\r\n"
    assert file.read_bytes() == after.encode(coding)
    assert file.stat().st_mode & 0o777 == 0o640
    assert names() == ["a.py"]


def test_secrets_in_outputs_and_cells(maker: Maker) -> None:
    first, second = maker.token("SEC108"), maker.token("SEC103")
    stream = {"name": "stdout", "output_type": "stream", "text": ["a\n", f"b {second}\n"]}
    Path("a.ipynb").write_text(json.dumps(notebook(cell(f'a = "{first}"\nb = "{second}"', stream))))
    assert rules(mend("a.ipynb")) == ["SEC103"]
    kept = json.loads(Path("a.ipynb").read_text())["cells"][0]
    assert kept["outputs"][0]["text"] == ["a\n", "b ***\n"]
    assert first in kept["source"]
    # Both want to import os: one after the other.
    assert sorted(rules(mend("a.ipynb", unsafe=True))) == ["SEC103", "SEC108"]
    kept = json.loads(Path("a.ipynb").read_text())["cells"][0]
    assert kept["source"] == (
        'import os\na = os.environ["OPENAI_API_KEY"]\nb = os.environ["GITHUB_TOKEN"]'
    )


def test_safe_and_unsafe_are_kept_apart() -> None:
    source = "import requests, yaml\nyaml.load(f)\nrequests.get(u, verify=False)\n"
    Path("a.py").write_text(source)
    assert rules(mend("a.py")) == ["COD004"]
    assert Path("a.py").read_text() == source.replace("yaml.load", "yaml.safe_load")
    assert sorted(rules(mend("a.py", unsafe=True))) == ["COD040", "COD042"]
    assert Path("a.py").read_text().endswith("requests.get(u, timeout=60)\n")


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.load(f)  # llmsec: ignore[COD001] mine\n",
        "from datasets import load_dataset\nload_dataset('a/b')\n",
        "eval(x)\n",
    ],
)
def test_what_nobody_may_mend_for_others(source: str) -> None:
    """What is suppressed, what has to be filled in, what could only be suppressed."""
    Path("a.py").write_text(source)
    fixed = mend("a.py", unsafe=True)
    assert (fixed.applied, fixed.failures, fixed.changes) == ([], [], [])
    assert Path("a.py").read_text() == source


def test_without_writing_nothing_changes() -> None:
    Path("a.py").write_text(LOAD)
    fixed = mend("a.py", write=False)
    assert [(one.before, one.after) for one in fixed.changes] == [(LOAD.encode(), MENDED.encode())]
    assert Path("a.py").read_text() == LOAD
    assert "torch" not in repr(fixed.changes)


def refused(report: Report, since: int | None = None) -> str:
    fixed = apply_fixes(report, Judge(Config(), Path.cwd()), since=since)
    assert (fixed.applied, fixed.changes) == ([], [])
    (failure,) = fixed.failures
    return failure.message


def test_a_link_is_not_followed() -> None:
    Path("real.py").write_text(LOAD)
    Path("a.py").symlink_to("real.py")
    assert "symbolic link" in refused(check_paths(["a.py"], Config()).report)
    assert Path("a.py").is_symlink()
    assert Path("real.py").read_text() == LOAD


def test_a_file_that_has_changed_is_left_alone() -> None:
    file = Path("a.py")
    file.write_text(LOAD)
    report = check_paths(["a.py"], Config()).report
    file.write_text(f"# new\n{LOAD}")
    assert "changed since" in refused(report)
    assert file.read_text() == f"# new\n{LOAD}"
    file.write_text(LOAD)
    now = file.stat().st_mtime_ns
    assert "changed since" in refused(report, since=now - 1)
    file.unlink()
    assert refused(report) == "cannot be read: No such file or directory"


def test_standard_input_is_no_file() -> None:
    report = check_paths(["-"], Config(), stdin=b'k = "a"').report
    assert report.findings == ()
    place = InFile(line=0, column=0, end_line=0, end_column=1, path="-")
    assert "is no file" in refused(Report(findings=(finding(place),)))


def finding(place: InFile | InCell, rule: str = "COD001", at: int = 0) -> Finding:
    from llmsec_nb.core.evidence import Evidence

    edit = Edit(start=at, end=at + 1, replacement="b")
    return Finding(
        rule=rule, name="x", family=Family.CODE, severity=Severity.LOW, confidence=Confidence.HIGH,
        message="", location=place, evidence=Evidence("", ""), fingerprint=f"{rule}{at}",
        fixes=(Fix(kind=FixKind.REPLACE, description="x", edits=(edit,), safe=True),),
    )  # fmt: skip


def test_of_fixes_that_touch_one_is_made_at_a_time() -> None:
    place = InFile(line=0, column=0, end_line=0, end_column=1, path="a.py")
    found = [finding(place, at=at) for at in (0, 1, 4, 5, 7)]
    assert [one.fix.edits[0].start for one in choose(found, unsafe=False)] == [0, 4, 7]


def test_a_file_that_changes_while_it_is_mended_is_not_written_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = Path("a.py")
    file.write_text(LOAD)
    known = File.read(file)
    file.write_text("mine")
    with pytest.raises(Unfixable, match="meanwhile"):
        known.write(b"yours")
    assert file.read_text() == "mine"
    assert names() == ["a.py"]
    known = File.read(file)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unfixable, match="cannot be written: No space left"):
        known.write(b"yours")
    assert file.read_text() == "mine"
    assert names() == ["a.py"]


def test_what_a_scan_does_not_prove_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """One fix of two breaks something: the other is made all the same."""
    Path("a.py").write_text("import torch, yaml\ntorch.load(f)\nyaml.load(f)\n")
    report = check_paths(["a.py"], Config()).report
    judge = Judge(Config(), Path.cwd())

    def suspicious(data: bytes, path: str) -> Report:
        return report if b"safe_load" in data else judge(data, path)

    fixed = apply_fixes(report, suspicious)
    assert rules(fixed) == ["COD001"]
    assert Path("a.py").read_text() == (
        "import torch, yaml\ntorch.load(f, weights_only=True)\nyaml.load(f)\n"
    )
    (failure,) = fixed.failures
    assert failure.message.startswith("1 fixes were not made")
    monkeypatch.setattr(applying, "ROUNDS", 0)
    assert apply_fixes(check_paths(["a.py"], Config()).report, judge).applied == []


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_fix(parser)
    parser.set_defaults(detect_secrets_plugin=[], ner="", paths=["a.ipynb"])
    return parser.parse_args(list(words))


def run(*words: str) -> Outcome:
    config = Config()
    return run_fix(options(*words), lambda: check_paths(["a.ipynb"], config), config, Path.cwd())


def test_the_command(maker: Maker, capsys: pytest.CaptureFixture[str]) -> None:
    token = maker.token("SEC108")
    source = f'key = "{token}"\n{LOAD}\nimport requests; requests.get(u)\nprint("{token}")'
    raw = json.dumps(notebook(cell(source)))
    Path("a.ipynb").write_text(raw)

    outcome = run()
    assert {one.rule for one in outcome.report.findings} == {"COD001", "COD042", "SEC108"}
    assert capsys.readouterr() == ("", "")

    run("--diff", "--unsafe-fixes")
    shown, said = capsys.readouterr()
    assert Path("a.ipynb").read_text() == raw
    assert token not in shown + said
    assert shown.splitlines()[:4] == [
        "--- a.ipynb:cell[0]", "+++ a.ipynb:cell[0]", "@@ -1,5 +1,6 @@", '-key = "<hidden>"',
    ]  # fmt: skip
    assert '+key = os.environ["OPENAI_API_KEY"]' in shown
    assert "+m = torch.load(f, weights_only=True)" in shown
    assert "4 findings would be mended in 1 file: COD001 1, COD042 1, SEC108 2" in said

    outcome = run("--fix")
    shown, said = capsys.readouterr()
    assert (shown, "COD001" in {one.rule for one in outcome.report.findings}) == ("", False)
    assert "1 finding mended in 1 file: COD001 1" in said
    assert "3 more can be mended with --unsafe-fixes" in said

    assert run("--fix", "--unsafe-fixes").report.findings == ()
    assert token not in Path("a.ipynb").read_text()
    assert token not in "".join(capsys.readouterr())
    assert names() == ["a.ipynb"]


def test_files_beside_those_that_were_named_are_left_alone() -> None:
    Path("a.ipynb").write_text(json.dumps(notebook(cell("import numpy\n%pip install sklearn"))))
    Path("requirements.txt").write_text("cv2\n")
    assert "DEP006" in {one.rule for one in run("--fix", "--unsafe-fixes").report.findings}
    assert Path("requirements.txt").read_text() == "cv2\n"
    assert "scikit-learn" in Path("a.ipynb").read_text()
    config = Config()
    words = options("--fix", "--unsafe-fixes")
    words.paths = []
    run_fix(words, lambda: check_paths(["."], config), config, Path.cwd())
    assert Path("requirements.txt").read_text() == "opencv-python\n"


def test_unsafe_fixes_alone_are_a_mistake() -> None:
    with pytest.raises(UsageError, match="--fix or --diff"):
        run("--unsafe-fixes")


def test_what_was_refused_is_a_failure_of_the_outcome() -> None:
    Path("real.ipynb").write_text(json.dumps(notebook(cell(LOAD))))
    Path("a.ipynb").symlink_to("real.ipynb")
    outcome = run("--fix")
    assert [one.message[:18] for one in outcome.report.failures] == ["is a symbolic link"]
    assert outcome.report.summary.failures == 1


def test_a_diff_masks_secrets_beside_what_changes(maker: Maker) -> None:
    token, password = maker.token("SEC103"), maker.password()
    source = f"a = '{token}'\ndb_password = '{password}'\n{LOAD}\n"
    Path("a.py").write_text(source)
    (change,) = mend("a.py", write=False).changes
    shown = "\n".join(diff_of(change))
    assert token not in shown
    assert password not in shown
    assert "+m = torch.load(f, weights_only=True)" in shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "pyproject.toml",
            '[[tool.uv.index]]\nname = "{0}"\nurl = "https://ci:{0}@a.example/s"\n',
        ),
        ("requirements.txt", "-i https://ci:{0}@a.example/simple\n# the old one was {0}\nx==1\n"),
        ("a.py", "import subprocess\nold = '{0}'\nsubprocess.run(['pip', 'install', '-i', 'https://ci:{0}@a.example/s', 'x==1'])\n"),
        ("a.ipynb", "# was {0}\n!pip install -i https://ci:{0}@a.example/s x==1\nprint('{0}')"),
    ],
)  # fmt: skip
def test_a_diff_masks_what_only_the_text_before_tells(maker: Maker, path: str, text: str) -> None:
    """After the fix nothing says any more that the same value elsewhere is a password."""
    password = maker.password()
    source = text.format(password)
    raw = json.dumps(notebook(cell(source))) if path == "a.ipynb" else source
    Path(path).write_text(raw)
    (change,) = mend(path, unsafe=True, write=False).changes
    assert password in change.after.decode()
    shown = list(diff_of(change))
    assert password not in "\n".join(shown)
    assert any("@a.example" in line and line.startswith("+") for line in shown)
    lines = sum(password in line for line in source.split("\n"))
    kept = [line for line in shown if line.startswith((" ", "-")) and "<hidden>" in line]
    assert len(kept) == lines


def test_a_diff_hides_a_short_password_in_its_place() -> None:
    Path("requirements.txt").write_text("-i https://ci:b7x@a.example/simple\n# b7x\nx==1\n")
    (change,) = mend("requirements.txt", unsafe=True, write=False).changes
    assert list(diff_of(change))[3:5] == [
        "--i https://ci:<hidden>@a.example/simple",
        "+-i https://ci:${INDEX_PASSWORD}@a.example/simple",
    ]


def test_a_read_only_file_stays_as_it_is() -> None:
    file = Path("a.py")
    file.write_text(LOAD)
    file.chmod(0o444)
    assert "is read-only" in refused(check_paths(["a.py"], Config()).report)
    assert file.read_text() == LOAD
    assert file.stat().st_mode & 0o777 == 0o444


def test_hard_links_are_not_split() -> None:
    file = Path("a.py")
    file.write_text(LOAD)
    os.link("a.py", "other.txt")
    assert "hard links" in refused(check_paths(["a.py"], Config()).report)
    assert file.read_text() == LOAD
    assert file.samefile("other.txt")
    Path("other.txt").unlink()
    assert rules(mend("a.py")) == ["COD001"]


def test_a_file_keeps_its_owner_or_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path("a.py")
    file.write_text(LOAD)
    known = File.read(file)
    assert known.owner == (file.stat().st_uid, file.stat().st_gid)
    foreign = known._replace(owner=(known.owner[0] + 1, known.owner[1] + 2))
    given: list[tuple[object, ...]] = []
    monkeypatch.setattr(os, "chown", lambda _, *owner: given.append(owner))
    foreign.write(b"new")
    assert given == [foreign.owner]
    assert file.read_bytes() == b"new"

    def forbidden(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", forbidden)
    known = File.read(file)
    known.write(b"own")
    foreign = File.read(file)._replace(owner=foreign.owner)
    with pytest.raises(Unfixable, match="belongs to another user"):
        foreign.write(b"newer")
    assert file.read_bytes() == b"own"
    assert names() == ["a.py"]


def test_what_is_half_written_nobody_else_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed before the last step leaves a private file."""
    file = Path("a.py")
    file.write_text(LOAD)
    file.chmod(0o644)
    known = File.read(file)
    modes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: modes.append(os.fstat(handle).st_mode & 0o777))
    known.write(b"x")
    assert modes == [0o600]
    assert file.stat().st_mode & 0o777 == 0o644


def test_the_next_run_removes_what_was_left_half_written() -> None:
    old = time.time() - 120
    for name in (".llmsec-ab12cd_9.tmp", ".llmsec-notes.tmp", "a.llmsec-ab12cd_9.tmp"):
        Path(name).write_text("x")
        os.utime(name, (old, old))
    Path(".llmsec-new_new1.tmp").write_text("of a run that goes on")
    Path(".llmsec-link1234.tmp").symlink_to("real.py")
    Path(".llmsec-folder12.tmp").mkdir()
    os.utime(".llmsec-folder12.tmp", (old, old))
    Path("a.py").write_text(LOAD)
    before = set(names())
    mend("a.py", write=False)
    assert set(names()) == before
    mend("a.py")
    assert before - set(names()) == {".llmsec-ab12cd_9.tmp"}


def test_many_fixes_are_chosen_in_little_time() -> None:
    place = InFile(line=0, column=0, end_line=0, end_column=1, path="a.py")

    def work(text: str) -> object:
        found = [finding(place, at=3 * at) for at in range(len(text))]
        assert len(choose(found, unsafe=False)) == len(found)
        return found

    assert grows_within(8, work, "x" * 4_000, "x" * 16_000)


TEXTS = st.text(alphabet='a"\\\n\r\té\U0001f600/u', max_size=12)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.data(), st.booleans())
def test_edits_of_any_list_of_strings(lines: list[str], data: st.DataObject, ascii_: bool) -> None:
    whole = "".join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), min_size=2, max_size=6)))
    edits = [
        Edit(start=start, end=end, replacement=data.draw(TEXTS))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    edits = [edit for n, edit in enumerate(edits) if n == 0 or edit.start > edits[n - 1].end]
    expected = whole
    for edit in reversed(edits):
        expected = expected[: edit.start] + edit.replacement + expected[edit.end :]
    for value in (lines, whole):
        tree = {"x": [{"b": lines, "source": value}, 1.50], "y": lines}
        raw = json.dumps(tree, ensure_ascii=ascii_, indent=2) + "\n"
        after = rewritten(raw, {"/x/0/source": edits})
        assert after.startswith(raw[: raw.index('"source"')])
        assert after.endswith(raw[raw.index("1.5") :])
        new = json.loads(after)["x"][0]["source"]
        assert ("".join(new) if isinstance(new, list) else new) == expected
        assert isinstance(new, type(value))


@pytest.mark.parametrize(
    ("pointer", "edit"),
    [
        ("/x/9", (0, 1)), ("/z", (0, 1)), ("/x", (0, 1)), ("/x/0", (0, 9)), ("/y", (0, 1)),
        (None, (0, 999)), ("/x/0", (2, 1)), ("/e", (0, 0)),
    ],
)  # fmt: skip
def test_edits_without_a_place(pointer: str | None, edit: tuple[int, int]) -> None:
    raw = '{"x": ["ab", 1], "y": 1, "e": []}'
    with pytest.raises(Misplaced):
        rewritten(raw, {pointer: [Edit(start=edit[0], end=edit[1], replacement="")]})


def test_a_traceback_has_no_line_feeds_between_its_lines() -> None:
    raw = '{"traceback": ["ab", "cd"]}'
    edit = Edit(start=3, end=5, replacement="***")
    assert rewritten(raw, {"/traceback": [edit]}) == '{"traceback": ["ab", "***"]}'
