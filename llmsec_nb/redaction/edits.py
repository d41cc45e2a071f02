"""Changes of a document's text: only what must go is touched, all else stays byte for byte."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.rule import Kind
from ..sources.position import Literal, string_offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..core.artifact import Part, Pointer
    from ..sources.document import Document
    from .places import Stand

_TAG: Final = re.compile(r"<[^<>]{0,65536}>")
_ESCAPED: Final = frozenset({Kind.HTML, Kind.MARKDOWN})


class Edit(NamedTuple):
    """What stands at [start, end) becomes `new`."""

    start: int
    end: int
    new: str


def edits_of(stands: Iterable[Stand], new: Callable[[str, str], str]) -> dict[Part, list[Edit]]:
    """The edits of each part; `new` says what stands for a kind and a value."""
    by_part: dict[Part, list[Stand]] = {}
    for stand in stands:
        by_part.setdefault(stand.part, []).append(stand)
    edits = {
        part: [edit for stand in merged(own) for edit in _edits(stand, new)]
        for part, own in by_part.items()
    }
    _tell_names_apart(edits)
    return edits


def _tell_names_apart(edits: dict[Part, list[Edit]]) -> None:
    """Members of one JSON object must not get the same name."""
    taken: Counter[tuple[Pointer, str]] = Counter()
    for part, own in edits.items():
        if part.is_key and own:
            last = own[-1]
            name = part.pointer[:-1], "".join(edit.new for edit in own)
            taken[name] += 1
            if taken[name] > 1:
                own[-1] = last._replace(new=f"{last.new} {taken[name]}")


def merged(stands: list[Stand]) -> list[Stand]:
    """In order; of those that overlap the longest says what both are."""
    found: list[Stand] = []
    for stand in sorted(stands, key=lambda one: (one.start, -one.end)):
        if not found or stand.start >= found[-1].end:
            found.append(stand)
            continue
        last = found[-1]
        if stand.end > last.end:
            value = last.part.text[last.start : stand.end]
            found[-1] = last._replace(end=stand.end, value=value)
    return found


def _edits(stand: Stand, new: Callable[[str, str], str]) -> Iterator[Edit]:
    """In markup what stands between tags goes, the tags stay."""
    replacement = new(stand.kind, stand.value)
    if stand.part.kind not in _ESCAPED:
        yield Edit(stand.start, stand.end, replacement)
        return
    replacement = escape(replacement)
    start = stand.start
    for tag in _TAG.finditer(stand.part.text, stand.start, stand.end):
        if tag.start() > start:
            yield Edit(start, tag.start(), replacement)
            replacement = ""
        start = tag.end()
    if start < stand.end:
        yield Edit(start, stand.end, replacement)


def applied(document: Document, edits: dict[Part, list[Edit]]) -> str:
    """The document's text with its parts changed."""
    raw = document.raw or ""
    if document.json:
        return _changed(raw, list(_in_json(raw, edits)))
    return _changed(raw, [edit for own in edits.values() for edit in own])


def _in_json(raw: str, edits: dict[Part, list[Edit]]) -> Iterator[Edit]:
    """The edits as those of the JSON text: only the inside of strings changes."""
    stored = [
        (part.is_key, pointer, edit)
        for part, own in edits.items()
        for whole in own
        for pointer, edit in _stored(part, whole)
    ]
    offsets = string_offsets(raw, {(pointer, is_key) for is_key, pointer, _ in stored})
    literals: dict[int, Literal] = {}
    for is_key, pointer, edit in stored:
        begin = offsets[pointer, is_key]
        literal = literals.get(begin)
        if literal is None:
            literal = literals[begin] = Literal(raw, begin)
        new = json.dumps(edit.new)[1:-1]
        yield Edit(literal.raw(edit.start), literal.raw(edit.end), new)


def _stored(part: Part, edit: Edit) -> Iterator[tuple[Pointer, Edit]]:
    """An edit in terms of the strings that the file stores for the part."""
    if not part.ends:
        yield part.pointer, edit
        return
    new = edit.new
    first = bisect_right(part.ends, edit.start)
    begin = part.ends[first - 1] if first else 0
    for index in range(first, len(part.ends)):
        if begin >= edit.end:
            break
        end = part.ends[index]
        last = end - part.joiner
        start, stop = max(edit.start, begin), min(edit.end, last)
        if start < stop:
            line = part.text[start:stop]
            ending = "\n" if line.endswith("\n") and not new.endswith("\n") else ""
            yield (*part.pointer, index), Edit(start - begin, stop - begin, new + ending)
            new = ""
        begin = end


def _changed(text: str, edits: list[Edit]) -> str:
    chunks: list[str] = []
    kept = 0
    for edit in sorted(edits):
        if edit.start < kept:  # of two names in one place
            continue
        chunks += (text[kept : edit.start], edit.new)
        kept = edit.end
    return "".join([*chunks, text[kept:]])
