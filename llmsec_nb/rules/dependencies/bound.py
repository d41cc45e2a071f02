"""Names that stand for what is written out elsewhere: `packages = ["a", "b"]`, then `{packages}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .shell import Word

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping

    from .bindings import Names, Said
    from .runs import Run

_MOST_WORDS: Final = 2_000
"""Words that a command may get in this way; beyond, its names stay what they are."""
_NAMED: Final = lazy(
    r"\{\s{0,5}\*?(?:str\()?(?P<braces>[A-Za-z_]\w{0,80})\)?\s{0,5}\}|\$\{?(?P<dollar>[A-Za-z_]\w{0,80})\}?"
    r"|\{\s{0,5}(?:'[ ]?'|\"[ ]?\")\.join\((?P<joined>[A-Za-z_]\w{0,80})\)\s{0,5}\}"
)
"""What is put in: `{name}`, `$name`, `{" ".join(name)}`."""

_VARIABLE: Final = lazy(r"\$(?:\{(?P<braces>\w{1,80})\}|(?P<plain>\w{1,80}))")


def filled(
    words: Iterable[Word], names: Names, unit: int, *, dollars: bool = True
) -> Iterator[Word]:
    """The words with the texts that names in them stand for, one word for each.

    A text of the same unit is found where it is written, one of another where it is put in. A
    whole command that is one of several is not told from the others, so it is left alone. Without
    `dollars` a `$name` is one of the shell.
    """
    left = _MOST_WORDS
    for place, word in enumerate(words):
        found = _NAMED.search(word.value) if word.is_open and names else None
        name = found["braces"] or found["joined"] or found["dollar"] if found else ""
        if found and found["dollar"] and not dollars:
            name = ""
        said = names.get(name, ())
        is_one = place > 0 or len({one.group for one in said}) == 1
        if found is None or not said or not is_one or left < len(said):
            yield word
            continue
        before, after = word.value[: found.start()], word.value[found.end() :]
        for one in said:
            for own in _put_in(word, before, one, after, unit):
                left -= 1
                yield own


def _put_in(word: Word, before: str, said: Said, after: str, unit: int) -> Iterator[Word]:
    is_open = _NAMED.search(after) is not None
    if before or after or said.unit != unit:
        pieces = (before + said.text + after).split() or [""]
        for piece in pieces:
            yield word._replace(
                value=piece, first=word.start, is_exact=False, is_open=is_open, nested=()
            )
        return
    place = 0
    for piece in said.text.split():
        place = said.text.index(piece, place)
        start, end = said.start, said.end
        if said.is_exact:
            start, end = said.start + place, said.start + place + len(piece)
        is_open = not said.is_exact and _NAMED.search(piece) is not None
        yield Word(piece, start, end, start, is_exact=said.is_exact, is_open=is_open)
        place += len(piece)


def with_values(run: Run, values: Mapping[str, str]) -> Run:
    """A command with what variables of its script in it stand for, each word in its place."""

    def put(found: re.Match[str]) -> str:
        return values.get(found["braces"] or found["plain"], found[0])

    def filled(word: Word) -> Word:
        if not word.is_open:
            return word
        value = _VARIABLE.sub(put, word.value, 20)
        if value == word.value:
            return word
        is_open = _NAMED.search(value) is not None or bool(word.nested)
        return word._replace(value=value, is_exact=False, is_open=is_open)

    settings = tuple((name, filled(word)) for name, word in run.settings)
    return run._replace(words=tuple(filled(word) for word in run.words), settings=settings)
