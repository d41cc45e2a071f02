"""Fixes of hostile and of large sources, of credentials; a scan that is ended by a signal."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llmsec_nb.core.artifact import Part, Spot
from llmsec_nb.core.finding import Edit, FixKind
from llmsec_nb.core.location import InCell
from llmsec_nb.core.rule import Kind
from llmsec_nb.fixes.code import _reach
from llmsec_nb.fixes.source import Source, applied
from llmsec_nb.sast.ending import at_work, undisturbed, unwinding
from llmsec_nb.sast.process import private_folder
from llmsec_nb.sources.files import read_text

from .code_fixing import Found, look, read_cells
from .growth import grows_within
from .samples import Maker


@pytest.fixture(autouse=True)
def _no_advisories(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path / "none"))


def cut(text: str) -> object:
    source = Source(text)
    return source.tokens, source.raw_tokens


@pytest.mark.parametrize(
    ("before", "filling", "after"),
    [
        ("yaml.load(f)\n!echo", " ", "$X"),
        ("!pip install numpy", " ", "$X"),
        ("!pip install numpy ", " \t", "\x01"),
        ("x = 1", "\t", "?"),
        ("x = 1\n", " ", "$"),
        ("!x ", "\\'", ""),
        ("!x '", "\\'", ""),
        ("", "$ ", ""),
        ("", "!echo    $X\n", ""),
    ],
)
def test_cutting_grows_with_the_text(before: str, filling: str, after: str) -> None:
    """Each of them took the square of its length: a second for a few thousand blanks."""
    short, long = (f"{before}{filling * count}{after}" for count in (1_000, 4_000))
    assert grows_within(8, cut, short, long)


def test_what_is_no_python_is_cut_all_the_same() -> None:
    """A cell of ordinary shell lines, with tokens that are none of Python's, keeps its fixes."""
    shell = "!echo    $X ? `date`  # it's\n%env A=$B\n"
    source = Source(f"{shell * 400}k = 'a' # it is\n")
    assert source.raw_tokens is not None
    assert source.tokens is not None
    assert [source.text[one.start : one.end] for one in source.tokens.literals] == ["'a'"]
    assert source.raw_tokens.in_literal(source.text.index("'a'") + 1)
    assert not source.raw_tokens.in_literal(len(source.text) - 1)


def test_beyond_the_bound_there_is_no_fix_but_no_exception() -> None:
    source = f"import yaml\nyaml.load(f)\n!echo{' ' * 20_000}$X"
    is_read_again = sys.version_info < (3, 12)  # since then the tokenizer reads a blank once
    assert (Source(source).raw_tokens is None) is is_read_again
    (one,) = [one for one in look(read_cells(source)) if one.finding.rule == "COD004"]
    assert one.finding.location.line == 1


def spots(*spans: tuple[int, int]) -> list[Spot]:
    place = InCell(line=0, column=0, end_line=0, end_column=0)
    part = Part(place=place, text="", kind=Kind.CODE)
    return [Spot(part, start, end, exact=True) for start, end in spans]


def edits(*spans: tuple[int, int]) -> tuple[Edit, ...]:
    return tuple(Edit(start=start, end=end, replacement="") for start, end in spans)


@pytest.mark.parametrize(
    ("made", "found", "expected"),
    [
        ([(3, 5)], [(5, 9)], True),
        ([(3, 5)], [(1, 3)], True),
        ([(3, 5)], [(6, 9)], False),
        ([(3, 5)], [(0, 2)], False),
        ([(3, 5), (20, 20)], [(7, 30), (4, 4)], True),
        ([(3, 5), (20, 20)], [(4, 4), (7, 9)], False),
        ([(3, 5), (20, 20)], [(21, 22)], False),
        ([], [(1, 2)], False),
        ([(3, 5)], [], True),
    ],
)
def test_edits_reach_every_span(
    made: list[tuple[int, int]], found: list[tuple[int, int]], expected: bool
) -> None:
    assert _reach(edits(*made), spots(*found)) is expected


def test_the_same_line_many_times_takes_time_that_grows_with_them() -> None:
    def work(text: str) -> object:
        spans = [(4 * at, 4 * at + 2) for at in range(len(text))]
        assert _reach(edits(*spans), spots(*spans))
        return spans

    assert grows_within(8, work, "x" * 4_000, "x" * 16_000)
    line = "!pip install a\n"
    assert grows_within(8, lambda text: look(read_cells(text)), line * 500, line * 2_000)


def credentials(found: list[Found]) -> list[Found]:
    return [one for one in found if one.finding.rule == "DEP013"]


SHELL = "https://ci:$INDEX_PASSWORD@"
LISTED = "https://ci:${INDEX_PASSWORD}@"
GONE = "https://ci@"


@pytest.mark.parametrize(
    ("text", "name", "after"),
    [
        ("!pip install -i {}a.example/s x==1", "", SHELL),
        ('%pip install -i "{}a.example/s" x==1', "", SHELL),
        ("%pip install -i '{}a.example/s' x==1", "", GONE),
        ('!echo "it\'s" && pip install -i {}a.example/s x==1', "", SHELL),
        ("!echo it\\'s && pip install -i {}a.example/s x==1", "", SHELL),
        ("!PIP_INDEX_URL={}a.example/s pip install x==1", "", SHELL),
        ("%env PIP_INDEX_URL={}a.example/s", "", GONE),
        ("%%bash\nls\npip install 'x @ git+{}a.example/s@main'", "", GONE),
        ("%%bash\nls\npip install git+{}a.example/s@main", "", SHELL),
        ("%%writefile requirements.txt\n-i {}a.example/s\nx==1", "", LISTED),
        ("%%writefile a.sh\npip install -i {}a.example/s x==1", "", SHELL),
        ("import os\nos.system('pip install -i {}a.example/s x==1')", "", GONE),
        ("import subprocess\nsubprocess.run(['pip', 'install', '-i', '{}a.example/s'])", "", GONE),
        ("# é\n--extra-index-url {}a.example/s\nx==1\n", "requirements.txt", LISTED),
        ("x @ git+{}a.example/s@main\n", "dev-requirements.in", LISTED),
        ('[[source]]\nurl = "{}a.example/s"\nname = "c"\n', "Pipfile", LISTED),
        ('[[tool.uv.index]]\nname = "c"\nurl = "{}a.example/s"\n', "pyproject.toml", GONE),
        ("[global]\nindex-url = {}a.example/s\n", "pip.conf", GONE),
        (
            "dependencies:\n - python=3.11\n - pip:\n   - -i {}a.example/s\n   - x==1\n",
            "environment.yml",
            LISTED,
        ),
        ("FROM python:3.11\nRUN pip install -i {}a.example/s x==1\n", "Dockerfile", SHELL),
        ("pip install -i {}a.example/s x==1\n", "install.sh", SHELL),
    ],
)
def test_a_password_is_not_replaced_by_stars(
    maker: Maker, text: str, name: str, after: str
) -> None:
    password = maker.password()
    source = text.replace("{}", f"https://ci:{password}@")
    document = read_text(source, name) if name else read_cells(source)
    (one,) = credentials(look(document))
    assert one.fix is not None
    assert (one.fix.kind, one.fix.safe) == (FixKind.REPLACE, False)
    assert "revoke" in one.fix.description
    assert ("set that variable" in one.fix.description) is (after != GONE)
    mended = applied(source, one.fix.edits)
    assert mended == text.replace("{}", after)
    again = look(read_text(mended, name) if name else read_cells(mended))
    assert credentials(again) == []


def test_a_token_in_place_of_a_name() -> None:
    token = "t0k" + "e7" * 9
    for text, after in (
        ("!pip install git+https://{}a.example/b", "$INDEX_TOKEN@"),
        ("import os\nos.system('pip install git+https://{}a.example/b')", ""),
    ):
        source = text.replace("{}", f"{token}@")
        (one,) = credentials(look(read_cells(source)))
        assert one.fix is not None
        assert applied(source, one.fix.edits) == text.replace("{}", after)


def test_each_password_has_a_variable_of_its_own(maker: Maker) -> None:
    first, second = maker.password(), maker.password()
    text = "-i https://a:{}@a.example/s\n--extra-index-url https://b:{}@b.example/s\n# {}\nx==1\n"
    source = text.format(first, second, "")
    found = credentials(look(read_text(source, "requirements.txt")))
    both = [edit for one in found if one.fix for edit in one.fix.edits]
    after = applied(source, both)
    assert after == text.format("${INDEX_PASSWORD}", "${INDEX_PASSWORD_2}", "")
    # One after the other: the variable of the first is not given to the second.
    assert found[0].fix is not None
    one_by_one = applied(source, found[0].fix.edits)
    (left,) = credentials(look(read_text(one_by_one, "requirements.txt")))
    assert left.fix is not None
    assert applied(one_by_one, left.fix.edits) == after
    same = text.format(first, first, "")
    found = credentials(look(read_text(same, "requirements.txt")))
    both = [edit for one in found if one.fix for edit in one.fix.edits]
    assert applied(same, both) == text.format("${INDEX_PASSWORD}", "${INDEX_PASSWORD}", "")


RUNNING = """
import signal, sys, tempfile
for each in (signal.SIGHUP, signal.SIGTERM):
    signal.signal(each, signal.SIG_DFL)  # whoever runs the tests may ignore them
tempfile.tempdir = sys.argv[1]
from llmsec_nb.sast.process import private_folder, run
with private_folder() as folder:
    run(["-c", sys.argv[2]], folder, 600)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("times", [1, 2])
def test_a_signal_leaves_neither_folder_nor_child(
    tmp_path: Path, number: signal.Signals, times: int
) -> None:
    place, held = tmp_path / "temporary", tmp_path / "held"
    place.mkdir()
    child = (
        f"import fcntl, time; file = open({str(held)!r}, 'w')\n"
        "fcntl.flock(file, fcntl.LOCK_EX); file.write('held'); file.flush(); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", RUNNING, str(place), child]) as process:
        try:
            assert eventually(lambda: held.exists() and held.read_text() == "held")
            assert len(list(place.iterdir())) == 1
            for _ in range(times):
                process.send_signal(number)
            assert process.wait(60) == -number
        finally:
            process.kill()
    assert list(place.iterdir()) == []
    with held.open() as file:
        assert eventually(lambda: is_free(file.fileno()))


def eventually(is_so: Callable[[], bool]) -> bool:
    for _ in range(3_000):
        if is_so():
            return True
        time.sleep(0.01)
    return False


def is_free(handle: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def test_what_must_be_whole_is_interrupted_afterwards() -> None:
    """The handler of before is the one that is called, once, when all is done."""
    done: list[str] = []
    handler = signal.signal(signal.SIGTERM, lambda *_: done.append("its own"))

    def interrupted() -> None:
        with unwinding():
            try:
                with at_work(), undisturbed():
                    os.kill(os.getpid(), signal.SIGTERM)
                    os.kill(os.getpid(), signal.SIGTERM)
                    done.append("whole")
                done.append("never")
            finally:
                done.append("tidied")

    try:
        with pytest.raises(SystemExit, match=str(128 + signal.SIGTERM)):
            interrupted()
        assert done == ["whole", "tidied", "its own"]
        with unwinding(), at_work():  # nothing of it is left
            done.append("again")
        os.kill(os.getpid(), signal.SIGTERM)
        assert done[3:] == ["again", "its own"]
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with unwinding(), at_work():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("ignored")
        assert done[5:] == ["ignored"]
    finally:
        signal.signal(signal.SIGTERM, handler)


def test_a_signal_while_the_folder_is_made() -> None:
    handler = signal.signal(signal.SIGTERM, lambda *_: None)

    def interrupted() -> None:
        with unwinding():
            os.kill(os.getpid(), signal.SIGTERM)
            with at_work():
                pytest.fail("it begins all the same")

    try:
        with pytest.raises(SystemExit, match=str(128 + signal.SIGTERM)):
            interrupted()
    finally:
        signal.signal(signal.SIGTERM, handler)


def test_folders_of_runs_that_were_killed_go_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with private_folder() as folder:
        settings = (folder / "pyproject.toml").read_text()
    old = time.time() - 7200

    def left(name: str, mode: int = 0o700, text: str = settings, at: float = old) -> Path:
        made = tmp_path / name
        (made / "n").mkdir(parents=True)
        (made / "pyproject.toml").write_text(text)
        made.chmod(mode)
        os.utime(made, (at, at))
        return made

    stale = left("llmsec-ab12cd_9")
    kept = [
        left("llmsec-ab12cd_8", at=time.time()),
        left("llmsec-ab12cd_7", mode=0o755),
        left("llmsec-ab12cd_6", text="[project]\nname = 'mine'\n"),
        left("llmsec-projects-of-mine"),
        left("other-ab12cd_9"),
    ]
    (tmp_path / "llmsec-ab12cd_5").symlink_to(kept[-1])
    with private_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not stale.exists()
        assert all(one.exists() for one in kept)
        assert (tmp_path / "llmsec-ab12cd_5").is_symlink()
