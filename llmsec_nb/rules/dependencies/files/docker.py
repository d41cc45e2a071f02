"""The commands of a Dockerfile, and of a script.

Source: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy
from ..origin import Origin
from ..runs import Snippet, runs, unwrapped
from ..shell import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..runs import Run

_INSTRUCTION: Final = lazy(
    r"[ \t]*(?P<name>RUN|ENV|CMD|ENTRYPOINT)[ \t]+(?:--\w{1,20}=\S{1,300}[ \t]+){0,10}"
    r"(?P<body>(?:[^\n\\]|\\\r?\n|\\)*)",
    re.IGNORECASE,
)
_HEREDOC: Final = lazy(r"<<-?[\"']?(?P<end>\w{1,80})[\"']?")
_NOTE: Final = lazy(r"(?<=\n)(?P<blank>[ \t]*)#[^\n]*(?=\n)")
_OLD: Final = lazy(r"(?P<name>\w{1,80})[ \t]+(?P<value>[^=\s][^\n]{0,2000})\Z")


def runs_of(text: str) -> Iterator[Run]:
    """What `RUN` runs, and what `ENV` sets."""
    # A comment inside of a command does not end it: its line becomes a blank one that goes on.
    text = _NOTE.sub(lambda found: " " * (len(found[0]) - 1) + "\\", text)
    place = 0
    while place < len(text):
        found = _INSTRUCTION.match(text, place)
        if found is not None:
            start, end = found.span("body")
            heredoc = _HEREDOC.search(text, start, end)
            if heredoc is not None:
                closing = re.compile(rf"^[ \t]*{heredoc['end']}[ \t\r]*$", re.MULTILINE)
                closed = closing.search(text, end)
                end = len(text) if closed is None else closed.start()
            yield from _instruction(found["name"].upper(), text, start, end)
            place = end
        stop = text.find("\n", place)
        place = len(text) if stop < 0 else stop + 1


def _instruction(name: str, text: str, start: int, end: int) -> Iterator[Run]:
    body = text[start:end]
    if body.startswith("["):
        try:
            words = json.loads(body)
        except ValueError:
            words = None
        if isinstance(words, list):
            yield from _exec(words, text, start, end)
            return
    old = _OLD.match(body) if name == "ENV" else None
    if old is not None:
        first, last = start + old.start("value"), start + old.end("value")
        value = Word(
            f"{old['name']}={old['value']}", first, last, first, is_exact=False, is_open=False
        )
        run = unwrapped([value], Origin.SCRIPT)
        if run is not None:
            yield run
        return
    yield from runs(Snippet(text, Origin.SCRIPT), start, end)


def _exec(words: list[object], text: str, start: int, end: int) -> Iterator[Run]:
    """`["pip", "install", "x"]`."""
    found: list[Word] = []
    place = start
    for one in words:
        quoted = json.dumps(one, ensure_ascii=False)
        at = text.find(quoted, place, end)
        is_exact = at >= 0 and "\\" not in quoted
        first, last = (at + 1, at + len(quoted) - 1) if at >= 0 else (start, end)
        place = max(place, last)
        found.append(Word(str(one), first, last, first, is_exact=is_exact, is_open=False))
    run = unwrapped(found, Origin.SCRIPT)
    if run is not None:
        yield run


def runs_of_script(text: str) -> Iterator[Run]:
    """A script's commands."""
    yield from runs(Snippet(text, Origin.SCRIPT))
