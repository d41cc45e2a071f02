"""Edits of a document's parts, made in the text of its file: nothing else of it changes a byte."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..core.artifact import Pointer
from ..core.finding import Edit
from ..sources.position import Literal, string_offsets
from .source import applied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LINES: Final = frozenset({"ename", "evalue", "traceback"})
"""Lists of strings between which a reader puts line feeds."""
_BODY: Final = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
_LINE: Final = re.compile(r"(?:[^\\]|\\[^n])*+(?:\\n)?", re.DOTALL)
_FEED: Final = "\n"


class Misplaced(ValueError):
    """An edit does not fit the text that it was made for."""


class _Splice(NamedTuple):
    """Characters of the file that become others."""

    start: int
    end: int
    text: str


def rewritten(raw: str, changes: Mapping[str | None, Sequence[Edit]]) -> str:
    """The text of a file after edits of its parts, by their JSON pointers, or None for the file.

    Edits of one part do not overlap. In a list of lines, lines stay one string each. Raises
    Misplaced when a part is not there, or an edit is not within it.
    """
    for edits in changes.values():
        _check(edits)
    if None in changes:
        if len(changes) > 1 or changes[None][-1].end > len(raw):
            raise Misplaced("the edits are not those of one text")
        return applied(raw, changes[None])
    tree = _read(raw)
    parts = [_Part.of(tree, pointer or "", edits) for pointer, edits in changes.items()]
    wanted = {(path, False) for part in parts for path in part.paths}
    begins = string_offsets(raw, wanted)
    splices: list[_Splice] = []
    for part in parts:
        found = [begins.get((path, False)) for path in part.paths]
        own = [begin for begin in found if begin is not None]
        if len(own) < len(found):
            raise Misplaced("a part is not where it was")
        splices += part.splices(raw, own)
    after = _spliced(raw, splices)
    _prove(after, tree, parts)
    return after


def _check(edits: Sequence[Edit]) -> None:
    if any(after.start < before.end for before, after in pairwise(edits)):
        raise Misplaced("edits overlap")
    if not edits or edits[0].start < 0 or any(edit.end < edit.start for edit in edits):
        raise Misplaced("an edit has no place")


def _read(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Misplaced("the file is no JSON any more") from None


class _Part(NamedTuple):
    """A string of the file, or a list of strings that is read as one text."""

    path: Pointer
    value: str | list[str]
    edits: Sequence[Edit]

    @classmethod
    def of(cls, tree: Any, pointer: str, edits: Sequence[Edit]) -> _Part:
        path: list[str | int] = []
        for step in pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            key: str | int = int(name) if isinstance(tree, list) and name.isdigit() else name
            try:
                tree = tree[key]
            except (KeyError, IndexError, TypeError):
                raise Misplaced("a part is not there any more") from None
            path.append(key)
        part = cls(tuple(path), tree, edits)
        is_list = isinstance(tree, list) and all(isinstance(line, str) for line in tree)
        if not (is_list and tree) and not isinstance(tree, str):
            raise Misplaced("a part is no text any more")
        if edits[-1].end > len(part.text):
            raise Misplaced("a part is shorter than it was")
        return part

    @property
    def joiner(self) -> int:
        return int(self.path[-1:] != () and self.path[-1] in _LINES)

    @property
    def text(self) -> str:
        """As the reader of the document sees it."""
        return self.value if isinstance(self.value, str) else (_FEED * self.joiner).join(self.value)

    @property
    def paths(self) -> list[Pointer]:
        """Where its strings are stored."""
        if isinstance(self.value, str):
            return [self.path]
        return [(*self.path, number) for number in range(len(self.value))]

    def splices(self, raw: str, begins: Sequence[int]) -> Iterator[_Splice]:
        """What changes in the file; `begins` are the first characters of its strings."""
        if isinstance(self.value, str):
            literal = Literal(raw, begins[0])
            for edit in self.edits:
                yield _Splice(literal.raw(edit.start), literal.raw(edit.end), _escaped(edit))
            return
        if self._is_by_lines() and self._moves_lines():
            yield self._by_lines(raw, begins)
            return
        ends = list(accumulate(len(line) + self.joiner for line in self.value))
        for number, (end, line) in enumerate(zip(ends, self.value, strict=True)):
            begin = end - len(line) - self.joiner
            literal = Literal(raw, begins[number])
            is_last = number == len(ends) - 1
            for edit in self._within(begin, begin + len(line), is_last=is_last):
                yield _Splice(literal.raw(edit.start), literal.raw(edit.end), _escaped(edit))

    def _within(self, begin: int, end: int, *, is_last: bool) -> Iterator[Edit]:
        """The edits in one string of a list; the first of several takes the replacement."""
        touches = not self.joiner and not is_last  # an insertion then belongs to the next
        for edit in self.edits:
            if edit.start == edit.end:
                inside = begin <= edit.start and (
                    edit.start < end if touches else edit.start <= end
                )
            else:
                inside = edit.start < end and begin < edit.end
            if inside:
                text = edit.replacement if edit.start >= begin - self.joiner else ""
                first, last = max(edit.start, begin) - begin, min(edit.end, end) - begin
                yield Edit(start=first, end=last, replacement=text)

    def _is_by_lines(self) -> bool:
        """Whether the list holds one line a string, as Jupyter writes it."""
        if isinstance(self.value, str):
            return False
        *lines, last = self.value
        return (
            not self.joiner
            and all(line.find(_FEED) == len(line) - 1 and line for line in lines)
            and last.find(_FEED) in {-1, len(last) - 1}
        )

    def _moves_lines(self) -> bool:
        text = self.text
        return any(_FEED in text[e.start : e.end] or _FEED in e.replacement for e in self.edits)

    def _by_lines(self, raw: str, begins: Sequence[int]) -> _Splice:
        """The whole list anew, its strings spelled as they were."""
        bodies = [body[0] for begin in begins if (body := _BODY.match(raw, begin)) is not None]
        whole = "".join(bodies)
        shifts = [0, *accumulate(map(len, bodies))]
        ends = list(accumulate(map(len, self.value)))
        literals = [Literal(body, 0) for body in bodies]

        def place(offset: int) -> int:
            number = next((n for n, end in enumerate(ends) if offset < end), len(ends) - 1)
            start = ends[number] - len(self.value[number])
            return shifts[number] + literals[number].raw(offset - start)

        own = [_Splice(place(e.start), place(e.end), _escaped(e)) for e in self.edits]
        after = _spliced(whole, own)
        lines = [line for line in _LINE.findall(after) if line] or [""]
        first, last = begins[0] - 1, begins[-1] + len(bodies[-1]) + 1
        if len(begins) > 1:
            between = raw[begins[0] + len(bodies[0]) + 1 : begins[1] - 1]
        else:
            margin = raw[raw.rfind("[", 0, first) + 1 : first]
            between = f",{margin}" if _FEED in margin else ", "
        return _Splice(first, last, between.join(f'"{line}"' for line in lines))


def _escaped(edit: Edit) -> str:
    return json.dumps(edit.replacement)[1:-1]


def _spliced(text: str, splices: Iterable[_Splice]) -> str:
    edits = [Edit(start=a, end=b, replacement=new) for a, b, new in sorted(splices)]
    return applied(text, edits)


def _prove(after: str, tree: Any, parts: Sequence[_Part]) -> None:
    """The file still says what it said, but for the edits. Raises Misplaced."""
    new = _read(after)
    for part in parts:
        home, fresh = tree, new
        for step in part.path[:-1]:
            home, fresh = home[step], fresh[step]
        last = part.path[-1]
        value = fresh[last]
        is_same = isinstance(value, type(part.value))
        text = value if isinstance(value, str) else (_FEED * part.joiner).join(value)
        if not is_same or (not part.joiner and text != applied(part.text, part.edits)):
            raise Misplaced("an edit would not do what it says")
        home[last] = value
    if new != tree:
        raise Misplaced("an edit would change something else, too")
