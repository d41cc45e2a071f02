"""Variables of shells: what a script gives a name, its later commands are given.

A line of a notebook has a shell of its own; what `%env` sets stays for all of the document.
"""

from __future__ import annotations

from collections import ChainMap
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .bound import with_values
from .origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .runs import Run
    from .shell import Word

_NEXT: Final = lazy(r"(?<!\\)\n")
_LONGEST: Final = 1_000
"""Characters of a value."""
_MOST: Final = 200
"""Words that a command may get in this way."""

_MOST_ADDED: Final = 50_000
"""Words that all commands of a document may get."""


class Variables:
    """What is known of the variables of one document."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.left = _MOST_ADDED

    def filled(self, runs: Sequence[Run], source: str) -> list[Run]:
        """The commands of a unit, in order, with what its variables stand for."""
        found: list[Run] = []
        own: dict[str, str] = {}
        last = 0
        for run in runs:
            is_line = run.origin in {Origin.LINE, Origin.MAGIC}
            if is_line and _NEXT.search(source, last, run.start):
                own = {}
            last = run.end
            given = run
            if (own or self.kept) and self.left > 0 and _is_open(run):
                given = _spread(run, with_values(run, ChainMap(own, self.kept)))
                self.left -= len(given.words) - len(run.words)
            self._remember(given, own)
            found.append(given)
        return found

    def _remember(self, run: Run, own: dict[str, str]) -> None:
        values = self.kept if run.origin is Origin.MAGIC else own
        if run.is_setting:
            for name, word in run.settings:
                values[name] = word.value[:_LONGEST]
        words = [word.value for word in run.words]
        if words[0] == "for" and len(words) > 3 and words[2] == "in":
            own[words[1]] = " ".join(words[3:])[:_LONGEST]


def _is_open(run: Run) -> bool:
    settings = (word for _, word in run.settings)
    return any(word.is_open for word in (*run.words, *settings))


def _spread(written: Run, run: Run) -> Run:
    """The command in which what a name stood for, outside of quotes, comes as several words."""
    pairs = zip(written.words, run.words, strict=True)
    words = tuple(one for before, word in pairs for one in _pieces(before, word))
    return run._replace(words=words[:_MOST]) if words else run


def _pieces(before: Word, word: Word) -> Iterator[Word]:
    is_quoted = before.end - before.start != len(before.value)
    if before.value == word.value or is_quoted or word.is_open or " " not in word.value:
        yield word
        return
    for piece in word.value.split():
        yield word._replace(value=piece)
