"""A first glance at a notebook: which of its cells need to be read.

Most cells of most notebooks hold nothing at all. Their strings are collected as cheaply as they
can be, and only cells in which something may be found, or whose text is written in a way that may
hide something, are read with all of their views. A cell of unusual form is always read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ..core.rule import Kind
from .decode import ANSI, BROKEN, MIXED, is_binary, is_json, kind_of
from .markup import may_split
from .media import glance
from .payloads import DATA_URI, looks_base64, run_mask, runs
from .spelling import ESCAPED, PERCENT, may_fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

THE_REST: Final = -1
"""The number that stands for what a notebook holds beside its cells."""

_KINDS: Final = {"code": Kind.CODE, "markdown": Kind.MARKDOWN}
_PLAIN_NAMES: Final = frozenset(
    {"cell_type", "execution_count", "id", "output_type", "name", "metadata"}
)
_STREAMS: Final = frozenset({"text", "ename", "evalue"})
_COMMON: Final = frozenset({"text/plain", "text/html", "image/png"})
_DEEPEST: Final = 40


Leaf = tuple[Kind, str]
Collect = Callable[[Any, list[Leaf]], None]


class Suspects(Protocol):
    """Says in which of some texts something might be found as they stand."""

    def __call__(self, leaves: Sequence[Leaf]) -> set[int]:
        """Numbers of texts."""

    def code(self, leaves: Sequence[Leaf]) -> set[int]:
        """Numbers of texts that are read as code, all together, and need no other look."""


class ToRead(NamedTuple):
    """Numbers of cells that have to be read whole, and of those of which the source is enough.

    `whole` holds THE_REST if what stands beside the cells has to be read.
    """

    whole: set[int]
    sources: set[int]


class _Unusual(Exception):
    """A cell is not of the form that is known."""


def cells_to_read(cells: Sequence[object], rest: object, suspects: Suspects) -> ToRead:
    """What of a notebook has to be read."""
    skimmed = _Skimmed()
    for number, cell in enumerate(cells):
        skimmed.take(number, cell, _cell)
    skimmed.take(THE_REST, rest, _rest)
    whole = skimmed.wanted | skimmed.suspicious(suspects)
    return ToRead(whole, skimmed.code(suspects) - whole)


class _Skimmed:
    """All strings of a notebook, and whose they are."""

    def __init__(self) -> None:
        self.wanted: set[int] = set()
        self.leaves: list[Leaf] = []
        self.owners: list[int] = []

    def take(self, owner: int, value: Any, collect: Collect) -> None:
        found: list[tuple[Kind, str]] = []
        try:
            collect(value, found)
        except (_Unusual, TypeError, AttributeError, RecursionError, KeyError):
            self.wanted.add(owner)
            return
        self.leaves += found
        self.owners += [owner] * len(found)

    def suspicious(self, suspects: Suspects) -> set[int]:
        found = suspects(self.leaves) | _hiding(self.leaves)
        return {self.owners[number] for number in found}

    def code(self, suspects: Suspects) -> set[int]:
        return {self.owners[number] for number in suspects.code(self.leaves)}


def _cell(cell: Any, found: list[Leaf]) -> None:
    kind = _KINDS[cell["cell_type"]]
    for name, value in cell.items():
        if name == "source":
            found.append((kind, _text(value)))
        elif name == "outputs":
            for output in value:
                _output(output, found)
        elif name == "attachments":
            for file, bundle in value.items():
                found.append((Kind.DATA, file))
                _bundle(bundle, found)
        elif value:
            _member(name, value, found)


def _output(output: Any, found: list[Leaf]) -> None:
    for name, value in output.items():
        if name == "data":
            _bundle(value, found)
        elif name in _STREAMS:
            found.append((Kind.STREAM, _text(value)))
        elif name == "traceback":
            found.append((Kind.STREAM, _text(value, "\n")))
        elif value:
            _member(name, value, found)


def _bundle(value: Any, found: list[Leaf]) -> None:
    for mime, data in value.items():
        _mime(mime, data, found)


def _text(value: Any, joiner: str = "") -> str:
    """A string, or the lines of one, without its colours."""
    if type(value) is list:
        value = joiner.join(value)
    if type(value) is not str:
        raise _Unusual
    return _plain(value)


def _plain(text: str) -> str:
    return ANSI.sub("", text) if "\x1b" in text else text


def _mime(mime: str, data: Any, found: list[Leaf]) -> None:
    if mime not in _COMMON:
        found.append((Kind.DATA, mime))
    if is_json(mime):
        _strings(data, found)
        return
    text = _text(data)
    if not is_binary(mime):
        if mime not in _COMMON and looks_base64(text):
            raise _Unusual
        found.append((kind_of(mime), text))
        return
    inside = glance(text)
    if inside is None:
        raise _Unusual
    found += ((Kind.BINARY, part) for part in inside)


def _member(name: str, value: Any, found: list[Leaf]) -> None:
    if name not in _PLAIN_NAMES:
        found.append((Kind.DATA, name))
    _strings(value, found)


def _rest(value: Any, found: list[Leaf]) -> None:
    _strings(value, found)


def _strings(value: Any, found: list[Leaf], depth: int = 0) -> None:
    """All strings of a JSON value, names of members included."""
    if depth > _DEEPEST:
        raise _Unusual
    if type(value) is str:
        found.append((Kind.DATA, _plain(value)))
    elif type(value) is dict:
        found.append((Kind.DATA, "\n".join(value)))
        for member in value.values():
            if type(member) is str:
                found.append((Kind.DATA, _plain(member)))
            elif member:
                _strings(member, found, depth + 1)
    elif type(value) is list:
        for member in value:
            _strings(member, found, depth + 1)


def _hiding(leaves: Sequence[Leaf]) -> set[int]:
    """Numbers of the texts that may hold more than they show; see `decode.views`."""
    content = "\n".join([text for _, text in leaves])
    starts = [0, *accumulate([len(text) + 1 for _, text in leaves])]
    found = {bisect_right(starts, place) - 1 for place in _marks(content)}
    for number, (kind, text) in enumerate(leaves):
        if may_fold(kind, text) or (kind is Kind.HTML and may_split(text)):
            found.add(number)
        if not text.isascii() and number not in found and _deceives(text):
            found.add(number)
    return found


def _marks(content: str) -> Iterator[int]:
    yield from (place for place in _places(content, "data:") if DATA_URI.match(content, place))
    for pattern, sign in ((ESCAPED, "\\"), (PERCENT, "%")):
        if sign in content:
            yield from (found.start() for found in pattern.finditer(content))
    yield from (run.start for run in runs(content, run_mask(content)))


def _places(content: str, sign: str) -> Iterable[int]:
    position = content.find(sign)
    while position >= 0:
        yield position
        position = content.find(sign, position + 1)


def _deceives(text: str) -> bool:
    return BROKEN.search(text) is not None or MIXED.search(text) is not None
