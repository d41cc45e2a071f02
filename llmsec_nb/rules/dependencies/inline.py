"""Python that a command is given as a word: `python -c "import pip; pip.main([...])"`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...cells.flow import CallSite, follow
from ...cells.program import read_python
from ...core.lazy import lazy
from .calls import runs_of_call
from .runs import placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .runs import Run
    from .shell import Word

_PYTHON: Final = lazy(r"(?:python[\d.]{0,6}|pypy3?|py|\{sys\.executable\})\Z")
_CODE: Final = lazy(r"-[bBdEhiIOPqsSuvx]{0,6}c\Z")
_LONGEST: Final = 20_000
"""Characters of a word."""
_MOST: Final = 300
"""Words of one document."""
_SPEAKS: Final = lazy(r"pip|conda|install|curl|wget")


class Inline:
    """Reads what commands of one document hand over; of more than anybody writes only the first."""

    def __init__(self) -> None:
        self.left = _MOST

    def runs_of(self, runs: Iterable[Run]) -> list[Run]:
        """The commands that the Python in words of commands runs."""
        found: list[Run] = []
        for run in runs:
            word = _code(run) if self.left > 0 else None
            if word is not None:
                self.left -= 1
                found += _runs(word)
        return found


def _code(run: Run) -> Word | None:
    """The word of a command that is Python, where it may install something."""
    if _PYTHON.match(run.program) is None and "sys.executable" not in run.words[0].value:
        return None
    place = next((at for at, word in enumerate(run.words[:-1]) if _CODE.match(word.value)), 0)
    word = run.words[place + 1] if place else None
    is_read = word is not None and len(word.value) <= _LONGEST and _SPEAKS.search(word.value)
    return word if is_read else None


def _runs(word: Word) -> Iterator[Run]:
    program = read_python(word.value)
    for site in follow([(0, program)], _nowhere):
        if isinstance(site, CallSite):
            for inner in runs_of_call(site, program):
                yield _moved(inner, word)


def _nowhere(_path: str) -> str:
    """No call of these is a source of anything."""
    return ""


def _moved(run: Run, outer: Word) -> Run:
    """A command of the word in the places of what the word stands in."""
    words = tuple(placed(word, outer.part) for word in run.words)
    settings = tuple((name, placed(word, outer.part)) for name, word in run.settings)
    sudo = None if run.sudo is None else placed(run.sudo, outer.part)
    inner = tuple(_moved(one, outer) for one in run.inner)
    return run._replace(words=words, settings=settings, sudo=sudo, inner=inner, is_alone=False)
