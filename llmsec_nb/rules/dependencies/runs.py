"""Commands as they run: what stands before them taken off, those within others taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from .origin import Origin, Place
from .shell import DEEPEST, SHELLS, Word, commands, is_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .shell import Simple

_SETTING: Final = lazy(r"(?P<name>[A-Za-z_]\w{0,60})=")
_WORDS: Final = frozenset(
    {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "time", "nohup",
     "command", "exec", "builtin", "export", "readonly", "local", "set", "xargs", "nice", "stdbuf", "ionice", "winpty"}
)  # fmt: skip
"""What may stand before a command and leaves it what it is."""
_VALUED: Final = {
    "sudo": frozenset({"-u", "-g", "-C", "-h", "-p", "--user", "--group"}),
    "doas": frozenset({"-u", "-C"}),
    "env": frozenset({"-u", "-C", "--unset", "--chdir"}),
    "timeout": frozenset({"-s", "-k"}),
    "nice": frozenset({"-n"}),
    "xargs": frozenset({"-n", "-I", "-L", "-P", "-d", "-a", "-E", "-s"}),
    "run": frozenset({"-n", "-p", "--name", "--prefix", "--with", "--python", "--cwd", "--group"}),
}
"""Options that take a word of their own."""
_COMMANDS: Final = frozenset({"cmd", "cmd.exe"})
_SWITCH: Final = lazy(r"/[a-zA-Z](?:[:=]\w{1,9})?\Z")
_RUNNERS: Final = frozenset(
    {"conda", "mamba", "micromamba", "uv", "poetry", "pipenv", "pdm", "hatch", "rye"}
)


class Run(NamedTuple):
    """A command: `words` begin with the program. `settings` are variables of its environment.

    `before` is the operator that joins it to what stands before it, `target` the file that its
    output goes into, `sudo` the word that makes it run as root. `inner` are the commands whose
    output it takes; they come on their own, too, as `is_inner`. `is_alone`: its line has no other.
    """

    words: tuple[Word, ...]
    origin: Origin
    settings: tuple[tuple[str, Word], ...] = ()
    sudo: Word | None = None
    before: str = ""
    target: str = ""
    inner: tuple[Run, ...] = ()
    is_alone: bool = True
    is_inner: bool = False

    @property
    def start(self) -> int:
        """The first character of its program."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Behind its last word."""
        return self.words[-1].end

    @property
    def is_setting(self) -> bool:
        """Whether it runs nothing, but gives names values: `F=./a.sh`."""
        head = self.words[0].value
        return bool(self.settings) and (head in _WORDS or _SETTING.match(head) is not None)

    @property
    def program(self) -> str:
        """The name of its program, without its folder; empty if it runs none."""
        if self.settings and self.is_setting:
            return ""
        return self.words[0].value.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")


class Snippet(NamedTuple):
    """A text with commands; `place` tells the characters of the unit for characters of it.

    None: they are the same.
    """

    text: str
    origin: Origin
    place: Place | None = None

    def word(self, word: Word) -> Word:
        """The word in the places of the unit."""
        return word if self.place is None else placed(word, self.place)


def placed(word: Word, place: Place) -> Word:
    """The word of a text in the places of the unit that the text stands in."""
    start, end = place(word.start, word.end)
    first, last = place(word.first, word.first + len(word.value))
    is_exact = word.is_exact and last - first == len(word.value)
    return word._replace(
        start=start, end=end, first=first if is_exact else start, is_exact=is_exact
    )


def runs(snippet: Snippet, start: int = 0, end: int | None = None, depth: int = 0) -> Iterator[Run]:
    """The commands in characters `start` to `end` of the snippet, those within others, too."""
    found = list(commands(snippet.text, start, end))
    for simple in found:
        inner: list[Run] = []
        if depth < DEEPEST:
            for word in simple.words:
                for span in word.nested:
                    own = runs(snippet, *span, depth + 1)
                    inner += (run._replace(is_inner=True) for run in own)
        run = _run(simple, snippet, tuple(inner), is_alone=len(found) == 1 and not depth)
        yield from inner
        if run is not None:
            yield run
            if depth < DEEPEST:
                yield from _given(run, depth)


def _run(simple: Simple, snippet: Snippet, inner: tuple[Run, ...], *, is_alone: bool) -> Run | None:
    words = [snippet.word(word) for word in simple.words]
    return unwrapped(words, snippet.origin, simple.before, simple.target, inner, is_alone=is_alone)


def unwrapped(
    words: Sequence[Word],
    origin: Origin,
    before: str = "",
    target: str = "",
    inner: tuple[Run, ...] = (),
    *,
    is_alone: bool = True,
) -> Run | None:
    """The command without what stands before it; None when nothing is left but settings."""
    settings: list[tuple[str, Word]] = []
    sudo: Word | None = None
    place = 0
    while place < len(words):
        word = words[place]
        setting = _SETTING.match(word.value)
        if setting is not None:
            value = word.part(setting.end(), len(word.value))
            settings.append(
                (
                    setting["name"],
                    word._replace(
                        value=word.value[setting.end() :],
                        start=value[0],
                        end=value[1],
                        first=value[0],
                    ),
                )
            )
            place += 1
            continue
        name = word.value.rpartition("/")[2]
        following = words[place + 1].value if place + 1 < len(words) else ""
        if name in _RUNNERS and following == "run" and not _brings(words[place:]):
            place = _past(words, place + 2, _VALUED["run"])
        elif name in _VALUED and name != "run":
            sudo = word if name in {"sudo", "doas"} else sudo
            place = _past(words, place + 1, _VALUED[name])
            place += name == "timeout"
        elif name in _WORDS:
            place += 1
        elif name in _COMMANDS and _SWITCH.match(following):
            place = _behind_switches(words, place + 1)
        else:
            break
    if place >= len(words):
        if not settings:
            return None
        place = len(words)
        return Run(tuple(words[:1]), origin, tuple(settings), sudo, before, target, inner)
    return Run(
        tuple(words[place:]), origin, tuple(settings), sudo, before, target, inner,
        is_alone and place == 0,
    )  # fmt: skip


def _behind_switches(words: Sequence[Word], place: int) -> int:
    """Behind the options of the shell of Windows; what it is given as one word comes as more."""
    while place < len(words) and _SWITCH.match(words[place].value):
        place += 1
    return place


def _brings(words: Sequence[Word]) -> bool:
    """Whether a command installs something for the program that it runs: `uv run --with`."""
    return any(word.value.startswith("--with") for word in words)


def _past(words: Sequence[Word], place: int, valued: frozenset[str]) -> int:
    """Behind the options of a program that runs another."""
    while place < len(words) and words[place].value.startswith("-"):
        place += 1 + (words[place].value in valued)
    return place


def _given(run: Run, depth: int) -> Iterator[Run]:
    """The commands that a shell is given in a word: `bash -c "..."`, `cmd /c "..."`."""
    first = run.words[0]
    if len(run.words) == 1 and " " in first.value and not first.nested and not run.is_alone:
        yield from runs(
            Snippet(first.value, run.origin, first.part), 0, len(first.value), depth + 1
        )
    if run.program in SHELLS or run.program in {"su", "eval"}:
        for index, word in enumerate(run.words[1:], 1):
            given = run.program == "eval" or is_line(run.words[index - 1].value)
            if not given or word.nested:
                continue
            snippet = Snippet(word.value, run.origin, word.part)
            yield from runs(snippet, 0, len(word.value), depth + 1)
