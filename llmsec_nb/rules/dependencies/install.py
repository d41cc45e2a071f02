"""What a command installs, from where, with which options: pip, uv, conda and their kin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from .options import SETTINGS, VALUED, Option, option_name
from .origin import Origin
from .requirement import Requirement, conda_requirement, requirement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .runs import Run
    from .shell import Word

_PIP: Final = lazy(r"pip(?:[23](?:\.\d{1,2})?)?\Z")
_PYTHON: Final = lazy(
    r"(?:python(?:[23](?:\.\d{1,2})?)?|pypy3?|py|\{sys\.executable\}|\$\{?(?:PYTHON|python)\}?)\Z"
)
_MODULE: Final = lazy(r"-[bBdEIOPqsSuvx]{0,6}m\Z")
_CONDAS: Final = frozenset({"conda", "mamba", "micromamba"})
_CONDA_VALUED: Final = frozenset(
    {"-n", "--name", "-p", "--prefix", "-c", "--channel", "--file", "-f", "--solver",
     "--feature", "--manifest-path", "--environment", "--repodata-fn", "--subdir", "--platform", "-r", "--root-prefix"}
)  # fmt: skip
_CONFIGURED: Final = lazy(r"(?:global|install|site|user|download)\.(?P<name>[a-z-]{2,30})\Z")
_SUBCOMMANDS: Final = {
    "pip": frozenset({"install", "download", "wheel", "sync"}),
    "uv": frozenset({"add", "install"}),
    "pipx": frozenset({"install", "inject"}),
    "poetry": frozenset({"add"}),
    "pdm": frozenset({"add"}),
    "rye": frozenset({"add"}),
    "pipenv": frozenset({"install"}),
    "pixi": frozenset({"add", "install"}),
    "conda": frozenset({"install", "create", "update", "upgrade"}),
}
_SHORT: Final = lazy(r"-(?P<flags>[a-zA-Z]{0,6})(?P<valued>[rcei])(?P<value>.+)\Z")


class Install(NamedTuple):
    """A command, or a file, that installs. `tool` is pip, uv, conda, ...; `head` the word for it.

    `is_loose`: ranges are what belongs there, as in `pyproject.toml`. `is_lock`: nothing in it was
    chosen by hand. `is_alone`: no other command shares its line.
    """

    tool: str
    origin: Origin
    start: int
    end: int
    head: tuple[int, int]
    requirements: tuple[Requirement, ...] = ()
    options: tuple[Option, ...] = ()
    sudo: tuple[int, int] | None = None
    is_loose: bool = False
    is_lock: bool = False
    is_alone: bool = True
    is_own_python: bool = True

    def option(self, name: str) -> Option | None:
        """The first option of that long name."""
        return next((option for option in self.options if option.name == name), None)


def install_of(run: Run) -> Install | None:
    """What a command installs; None for a command that installs nothing.

    A command that only sets options, for itself or for all that follow, is an Install without
    requirements.
    """
    tool, rest, own = _tool(run)
    settings = _settings(run)
    if tool and rest:
        words = list(rest[1:])
        is_conda = tool == "conda" or (tool == "pixi" and all(w.value != "--pypi" for w in words))
        read = _read_conda if is_conda else _read_pip
        if rest[0].value == "sync":
            words = [each for word in words for each in _listing(word)]
        requirements, options = read(words)
        return Install(
            tool,
            run.origin,
            run.start,
            run.end,
            (run.start, rest[0].start),
            tuple(requirements),
            (*settings, *options),
            (run.sudo.start, run.sudo.end) if run.sudo is not None else None,
            is_alone=run.is_alone,
            is_own_python=own,
        )
    configured = _configured(run)
    if settings or configured:
        return Install(
            "", run.origin, run.start, run.end, (run.start, run.start), (), (*settings, *configured)
        )
    return None


def _listing(word: Word) -> tuple[Word, ...]:
    """What `sync` is given are files of requirements."""
    if word.value.startswith("-"):
        return (word,)
    return word._replace(value="-r", is_open=False), word


def _tool(run: Run) -> tuple[str, Sequence[Word], bool]:
    """Which program installs, its words from the subcommand on, and whether for this Python."""
    words, program = run.words, run.program
    own = run.origin is not Origin.LINE
    first = words[0].value
    if (
        _PYTHON.match(program)
        or "sys.executable" in first
        or words[0].is_open
        or first in {"%s", "{}"}
    ):
        own = own or "sys.executable" in first
        at = next((i for i, word in enumerate(words[:6]) if _MODULE.match(word.value)), 0)
        if not at or len(words) < at + 2:
            return "", (), own
        words = words[at + 1 :]
        program = words[0].value
    if _PIP.match(program):
        program = "pip"
    if program == "uv" and len(words) > 1 and words[1].value == "pip":
        return "uv", _from_subcommand(words[2:], _SUBCOMMANDS["pip"]), True
    if program in _CONDAS:
        program = "conda"
        words = words[1:] if len(words) > 1 and words[1].value == "env" else words
    if program == "pixi":
        words = words[1:] if len(words) > 1 and words[1].value == "global" else words
    if program == "easy_install":
        return "pip", words, own
    if program in {"uv", "uvx", "pipx"}:
        return ("pipx" if program == "pipx" else "uv"), _of_runner(program, words), True
    known = _SUBCOMMANDS.get(program)
    if known is None:
        return "", (), own
    return program, _from_subcommand(words[1:], known), own or program != "pip"


def _of_runner(program: str, words: Sequence[Word]) -> Sequence[Word]:
    """Of a program that may run what it installs: what stands behind that is not installed.

    `uvx a b`, `uv tool run a b` and `pipx run a b` install `a`; `uv run --with a b` that, too.
    """
    is_tool = len(words) > 1 and program == "uv" and words[1].value == "tool"
    words = words if program == "uvx" else words[1 + is_tool :]
    if not words or (program != "uvx" and words[0].value != "run"):
        return _from_subcommand(words, _SUBCOMMANDS[program])
    place = 1
    while place < len(words) and words[place].value.startswith("-"):
        place += 1 + (words[place].value in VALUED)
    installs = program != "uv" or is_tool
    return words[: place + installs]


def _from_subcommand(words: Sequence[Word], known: frozenset[str]) -> Sequence[Word]:
    """The words from `install` on; empty if another subcommand stands there."""
    place = 0
    while place < len(words) and words[place].value.startswith("-"):
        place += 1 + (words[place].value in VALUED)
    found = place < len(words) and words[place].value in known
    return words[place:] if found else ()


def _read_pip(words: list[Word]) -> tuple[list[Requirement], list[Option]]:
    requirements: list[Requirement] = []
    options: list[Option] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word.value == "--":
            continue
        if not word.value.startswith("-") or word.value == "-":
            own = requirement(word.value, word.part, is_open=word.is_open)
            if own is not None:
                requirements.append(own)
            continue
        name, value = _option(word)
        if value is None and name in VALUED and place < len(words):
            value = words[place]
            place += 1
        name = option_name(name)
        target = value if value is not None else word
        text = value.value if value is not None else ""
        options.append(Option(name, text, target.start, target.end, target.is_open))
        if name in {"--editable", "--with", "--from"} and value is not None:
            own = requirement(text, value.part, is_open=value.is_open)
            if own is not None and (own.url or name != "--editable"):
                requirements.append(own)
    return requirements, options


def _option(word: Word) -> tuple[str, Word | None]:
    """The name of an option, and the value that is joined to it."""
    if word.value.startswith("--"):
        name, sign, text = word.value.partition("=")
        if not sign:
            return name, None
        start, end = word.part(len(name) + 1, len(word.value))
        return name, word._replace(value=text, start=start, end=end, first=start)
    short = _SHORT.match(word.value)
    if short is None or word.value in VALUED:
        # the last of several letters may take the next word: `-Ur requirements.txt`
        last = f"-{word.value[-1]}"
        return (last if last in {"-r", "-c", "-e", "-i"} else word.value), None
    start, end = word.part(short.start("value"), len(word.value))
    value = word._replace(value=short["value"], start=start, end=end, first=start)
    return f"-{short['valued']}", value


def _read_conda(words: list[Word]) -> tuple[list[Requirement], list[Option]]:
    requirements: list[Requirement] = []
    options: list[Option] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if not word.value.startswith("-"):
            own = conda_requirement(word.value, word.part, is_open=word.is_open)
            if own is not None:
                requirements.append(own)
            continue
        name, sign, text = word.value.partition("=")
        start, end = word.start, word.end
        if name in _CONDA_VALUED and not sign and place < len(words):
            text, start, end = words[place].value, words[place].start, words[place].end
            place += 1
        options.append(Option({"-c": "--channel"}.get(name, name), text, start, end))
    return requirements, options


def _settings(run: Run) -> list[Option]:
    """What the environment says of a command, or of all that follow."""
    return [
        Option(SETTINGS[name], word.value, word.start, word.end, word.is_open)
        for name, word in run.settings
        if name in SETTINGS
    ]


def _configured(run: Run) -> list[Option]:
    """`pip config set global.index-url URL`, and `ENV NAME value` of a Dockerfile."""
    words = [word.value for word in run.words]
    if "config" in words[:4] and "set" in words[:6] and run.words[-1].value != "set":
        found = _CONFIGURED.match(words[-2])
        if found is not None and f"--{found['name']}" in set(SETTINGS.values()):
            last = run.words[-1]
            return [Option(f"--{found['name']}", last.value, last.start, last.end, last.is_open)]
    return []
