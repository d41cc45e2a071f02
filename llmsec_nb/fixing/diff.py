"""What would change, as people may see it: no secret and no personal value is in it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import unified_diff
from typing import TYPE_CHECKING, Final, NamedTuple

from ..config import Config
from ..core.artifact import Part, json_pointer
from ..core.evidence import Concealer, Redactor
from ..core.finding import Finding
from ..core.rule import Confidence, Family
from ..engine import scan_read
from ..policy import Policy
from ..report.show import part_name, visible
from ..sources.files import read_bytes
from ..sources.position import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .apply import Change

_HIDDEN: Final = "<hidden>"
_HIDING: Final = frozenset({Family.SECRET, Family.PII})
_CREDENTIALS: Final = frozenset({"DEP013"})


class _Side(NamedTuple):
    """The parts of a file, before or after, by pointer; `values` are what must not be shown.

    `spans` are places of such values: a short one is hidden there, but not elsewhere.
    """

    parts: Mapping[str, Part]
    values: set[str]
    spans: Mapping[str, list[tuple[int, int]]]


class _Hider(Redactor):
    """Knows what must not be shown on either side: what a fix takes away is unknown after it."""

    def __call__(self, text: str, known: Sequence[tuple[int, int]] = ()) -> str:
        """The text without any of the values, and without what stands at the `known` spans."""
        found = [
            (start, end)
            for start in range(len(text))
            if (end := self._match(text, start)) is not None
        ]
        chunks: list[str] = []
        place = 0
        for start, end in sorted([*found, *known]):
            if start >= place:
                chunks += [text[place:start], _HIDDEN]
            place = max(place, end)
        return "".join([*chunks, text[place:]])


def diff_of(change: Change, plugins: Sequence[str] = ()) -> Iterator[str]:
    """The lines of a unified diff, part by part.

    Whatever the scan was asked for, all that any rule takes for a secret is masked, and what the
    plugins of detect-secrets in those files find.
    """
    policy = Policy(Config(min_confidence=Confidence.LOW), plugins=plugins)
    before = _side(change.before, change.path, policy)
    after = _side(change.after, change.path, policy)
    hide = _Hider(before.values | after.values)
    for pointer, new in after.parts.items():
        old = before.parts.get(pointer)
        if old is None or old.text == new.text:
            continue
        own = part_name(new.place)
        name = visible(change.path) + (f":{own}" if own else "")
        first = hide(old.text, before.spans.get(pointer, ())).split("\n")
        second = hide(new.text, after.spans.get(pointer, ())).split("\n")
        yield from map(visible, unified_diff(first, second, name, name, lineterm="", n=2))


def _side(data: bytes, path: str, policy: Policy) -> _Side:
    document = read_bytes(data, path)
    scanned = scan_read(path, lambda: document, policy, Concealer(), keep=True)
    parts = {
        json_pointer(piece.part.pointer): piece.part
        for text in document.texts
        for piece in text.pieces
        if not piece.part.is_key
    }
    values = {value for known in scanned.values.values() for value in known}
    spans: dict[str, list[tuple[int, int]]] = {}
    lines: dict[str, Lines] = {}
    for event in scanned.events:
        if not isinstance(event, Finding):
            continue
        pointer = event.location.pointer or ""
        if pointer in parts and (event.family in _HIDING or event.rule in _CREDENTIALS):
            known = lines.get(pointer)
            if known is None:
                known = lines[pointer] = Lines(parts[pointer].text)
            place = event.location
            start = known.span(place.line)[0] + place.column
            end = known.span(place.end_line)[0] + place.end_column
            spans.setdefault(pointer, []).append((start, end))
            values.add(known.text[start:end])
    return _Side(parts, values, spans)
