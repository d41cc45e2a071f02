"""DEP012, DEP016: what is downloaded runs at once, whatever it is by then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Severity
from .addresses import address_of, is_host
from .bound import with_values
from .rules import dependency, found_at, plain
from .shell import SHELLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...cells.unit import Unit
    from ...core.detector import Match
    from .collect import Found
    from .runs import Run
    from .shell import Word

PIPED: Final = dependency(
    "DEP012",
    "download-piped-to-shell",
    "A download goes straight into a shell",
    Severity.HIGH,
    "Whoever holds the address, or the host behind it, runs any command here, and nothing of it is kept to look at afterwards.",
    "Download it, check its digest (`sha256sum -c`), read it, then run it; or install a package of a pinned version.",
    cwe=(494,),
    atlas=("AML.T0011",),
    flagged=(
        (
            "!curl -fsSL https://get.example/install.sh | sh",
            ("curl -fsSL https://get.example/install.sh | sh",),
        ),
        (
            '%%bash\nbash -c "$(wget -qO- https://get.example/x)"',
            ('bash -c "$(wget -qO- https://get.example/x)"',),
        ),
    ),
    clean=(
        "!curl -s https://data.example/a.json | python -m json.tool",
        "!wget -qO- https://data.example/a.tar.gz | tar xz",
    ),
)
DOWNLOADED: Final = dependency(
    "DEP016",
    "download-and-run",
    "What was just downloaded is run unchecked",
    Severity.HIGH,
    "Whoever holds the address runs any command here.",
    "Check the digest of the file before it runs (`sha256sum -c`), or keep a copy beside the notebook.",
    cwe=(494,),
    atlas=("AML.T0011",),
    flagged=(
        ("!wget https://get.example/setup.sh\n!bash setup.sh", ("bash setup.sh",)),
        ("%run https://get.example/setup.py", ("https://get.example/setup.py",)),
    ),
    clean=(
        "!wget https://get.example/a.mp3\n!X=./a.mp3 && ls",
        "!wget https://get.example/setup.sh\n!echo '0123  setup.sh' | sha256sum -c && bash setup.sh",
        "!wget https://data.example/a.csv\n!python train.py a.csv",
    ),
)
_FETCHERS: Final = frozenset({"curl", "wget", "http", "https", "aria2c", "fetch", "lwp-download"})
_INTERPRETER: Final = lazy(r"(?:python|pypy|perl|ruby|node|php|Rscript)[\d.]{0,6}\Z")
_TO: Final = {
    "curl": ("-o", "--output"),
    "wget": ("-O", "--output-document"),
    "aria2c": ("-o", "--out"),
}
_CHECKS: Final = lazy(r"(?:sha\d{1,3}sum|shasum|md5sum|b2sum|gpg2?|cosign|minisign|openssl)\Z")
_SOURCES: Final = frozenset({"source", "."})
_RUN_MAGIC: Final = lazy(r"https?://\S{1,1000}")
_LONGEST_VALUE: Final = 1_000
_STDIN: Final = frozenset({"-", "-s", "/dev/stdin", "--"})
_PYTHON_VALUED: Final = frozenset({"-W", "-X"})


def downloads(found: Iterable[Found]) -> Iterator[tuple[int, Match]]:
    """Downloads that run, in the order of the document; a file may run cells later."""
    files: dict[str, str] = {}
    for one in found:
        number = one.unit.number
        for match in (*_piped(one.runs), *_ran(one.runs, files)):
            yield number, match


def magics(units: Iterable[Unit]) -> Iterator[tuple[int, Match]]:
    """`%run https://...`."""
    for unit in units:
        for command in unit.program.commands if unit.program is not None and unit.is_cell else ():
            if command.sign == "%" and command.name in {"run", "load", "loadpy"}:
                link = _RUN_MAGIC.search(unit.source, command.start, command.end)
                if link is not None:
                    message = f"code of {_host(link[0])} becomes part of the notebook"
                    start, end = link.span()
                    yield (
                        unit.number,
                        found_at(
                            DOWNLOADED,
                            (start, end),
                            message,
                            severity=None if command.name == "run" else Severity.MEDIUM,
                        ),
                    )


def _piped(runs: Sequence[Run]) -> Iterator[Match]:
    outer = [run for run in runs if not run.is_inner]
    yield from _pipelines(outer)
    for run in outer:
        yield from _pipelines(run.inner)


def _pipelines(runs: Sequence[Run]) -> Iterator[Match]:
    first: Run | None = None
    for run in runs:
        if run.before not in {"|", "|&"}:
            first = None
        if _fetches(run):
            first = run
        elif first is not None and _takes_input(run):
            yield _match(first.start, run.end, first)
            first = None
        fed = next((one for one in run.inner if _fetches(one)), None)
        if fed is not None and _takes_output(run):
            yield _match(run.start, run.end, fed)


def _fetches(run: Run) -> bool:
    return run.program in _FETCHERS


def _match(start: int, end: int, fetch: Run) -> Match:
    message = f"what {_host_of(fetch)} sends is run at once"
    return found_at(PIPED, (start, end), message, label=fetch.program)


def _takes_input(run: Run) -> bool:
    """Whether a command runs what it reads: a shell or interpreter without a file of its own."""
    is_shell = run.program in SHELLS
    if not is_shell and _INTERPRETER.match(run.program) is None:
        return False
    for word in run.words[1:]:
        if word.value in _STDIN:
            return True
        if not word.value.startswith(("-", "+")):
            return False
        if word.value in {"-c", "-m", "-e"} and not (is_shell and word.value == "-e"):
            return False
    return True


def _takes_output(run: Run) -> bool:
    """Whether a command runs what another prints: `bash -c "$(curl ...)"`, `source <(curl ...)`."""
    if run.program in {"eval", *_SOURCES}:
        return True
    if run.program not in SHELLS and _INTERPRETER.match(run.program) is None:
        return False
    for word in run.words[1:]:
        if word.nested:
            return True
        if not word.value.startswith("-"):
            return False
    return False


def _ran(runs: Sequence[Run], files: dict[str, str]) -> Iterator[Match]:
    values: dict[str, str] = {}
    for written in runs:
        run = with_values(written, values) if values else written
        if run.is_setting:
            values |= {name: word.value[:_LONGEST_VALUE] for name, word in run.settings}
        elif _CHECKS.match(run.program):
            files.clear()
        elif _fetches(run):
            files |= dict.fromkeys(_saved(run), _host_of(run))
        else:
            name = _executed(run)
            if name in files:
                shown = plain(name, "a file")
                message = f"{shown} comes from {files.pop(name)} and is run unchecked"
                yield found_at(DOWNLOADED, (run.start, run.end), message, label=plain(name, ""))


def _saved(run: Run) -> list[str]:
    """The names of the files that a download is kept in."""
    if run.target:
        return [_base(run.target)]
    values = [word.value for word in run.words]
    for sign in _TO.get(run.program, ()):
        for index, value in enumerate(values):
            if value == sign and index + 1 < len(values):
                return [_base(values[index + 1])]
            if value.startswith(f"{sign}="):
                return [_base(value.partition("=")[2])]
    if run.program == "curl" and not any(
        re.match(r"-\w*O|--remote-name", value) for value in values
    ):
        last = [i for i, value in enumerate(values[:-1]) if re.match(r"-[a-zA-Z]{1,8}o\Z", value)]
        return [_base(values[last[0] + 1])] if last else []
    return [
        _base(value.partition("?")[0].partition("#")[0])
        for value in values[1:]
        if "://" in value or value.startswith("www.")
    ]


def _base(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _executed(run: Run) -> str:
    """The name of the file that a command runs; empty if none."""
    program = run.program
    if program in SHELLS | _SOURCES or _INTERPRETER.match(program):
        return _base(_file(run.words[1:]))
    if program in {"dpkg", "rpm"} and len(run.words) > 2 and run.words[1].value.startswith("-"):
        return _base(run.words[-1].value)
    if program in {"apt", "apt-get", "yum", "dnf"}:
        last = run.words[-1].value
        return _base(last) if last.endswith((".deb", ".rpm")) else ""
    return program if "/" in run.words[0].value else ""


def _file(words: Sequence[Word]) -> str:
    """The script that an interpreter is given."""
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.value in {"-c", "-m"}:
            return ""
        elif word.value.startswith("-"):
            skip = word.value in _PYTHON_VALUED
        else:
            return word.value
    return ""


def _host_of(run: Run) -> str:
    return next((_host(word.value) for word in run.words if "://" in word.value), "another host")


def _host(link: str) -> str:
    address = address_of(link)
    return address.host if address is not None and is_host(address.host) else "another host"
