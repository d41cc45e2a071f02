"""What detectors read: texts that know, for each character, where it stands in the document."""

from __future__ import annotations

from bisect import bisect_right
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from .location import Location
from .rule import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


Pointer = tuple[str | int, ...]


def json_pointer(pointer: Pointer) -> str:
    """RFC 6901 text of a pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in pointer)


class Part(Struct, frozen=True, kw_only=True, eq=False):
    """One string of a document as its reader sees it: a source, an output, a JSON leaf.

    `place` is its location with an empty span. `pointer` says where the file stores it;
    when the file stores a list of strings, `ends` holds where each ends in `text`, counting the
    `joiner` characters that were put after it. `is_key` marks the name of a JSON member.
    """

    place: Location
    text: str
    kind: Kind
    pointer: Pointer = ()
    ends: tuple[int, ...] | None = None
    joiner: int = 0
    is_key: bool = False

    def stored_at(self, offset: int) -> tuple[Pointer, int]:
        """The stored string that holds the character at `offset`, and the offset inside it."""
        if not self.ends:
            return self.pointer, offset
        index = min(bisect_right(self.ends, offset), len(self.ends) - 1)
        start = self.ends[index - 1] if index else 0
        return (*self.pointer, index), min(offset, self.ends[index] - self.joiner) - start


class Scale(IntEnum):
    """How the characters of a view relate to those of the part.

    From 2 on it is the number of characters of the part that spell one of the view.
    """

    BASE64 = -1
    EXACT = 0
    WHOLE = 1
    HEX = 2
    PERCENT = 3
    ESCAPE = 4
    UNICODE = 6


class Piece(NamedTuple):
    """A run of a view: from `start` on it stands for `length` characters of `part` at `offset`."""

    start: int
    part: Part
    offset: int
    length: int
    scale: Scale = Scale.EXACT


class Spot(NamedTuple):
    """A span of a part; `exact` when it covers the matched characters and nothing else."""

    part: Part
    start: int
    end: int
    exact: bool


class Field(NamedTuple):
    """A span of a text that is known to be the value of something with a name."""

    name: str
    start: int
    end: int


class Text:
    """A text to look at, with the way back from each of its characters into the document."""

    __slots__ = ("_starts", "fields", "kind", "pieces", "tabled", "text")

    def __init__(
        self,
        text: str,
        kind: Kind,
        pieces: Sequence[Piece],
        fields: Sequence[Field] = (),
        *,
        tabled: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Pieces are sorted by start and the first starts at 0.

        `tabled` are spans of the part, in order, that another view holds as cells of a table.
        """
        self.text = text
        self.kind = kind
        self.pieces = pieces
        self.fields = fields
        self.tabled = tabled
        self._starts: list[int] | None = None

    @classmethod
    def of(cls, part: Part) -> Text:
        """The part itself, unchanged."""
        return cls(part.text, part.kind, (Piece(0, part, 0, len(part.text)),))

    def locate(self, start: int, end: int) -> Spot:
        """The span of the document that the view's span [start, end) stands for.

        A span that reaches over several parts is cut at the end of the first.
        """
        first = self._piece(start)
        last = self._piece(max(start, end - 1))
        if last.part is not first.part:
            return Spot(first.part, _begin(first, start), first.offset + first.length, exact=False)
        exact = first.scale is Scale.EXACT and last.scale is Scale.EXACT
        return Spot(first.part, _begin(first, start), _finish(last, end), exact)

    def rest(self, start: int, end: int) -> Iterator[Spot]:
        """What [start, end) covers beyond the part in which it starts, part by part."""
        first = self._piece(start).part
        for index in range(self._index(start), len(self.pieces)):
            piece = self.pieces[index]
            if piece.start >= end:
                return
            if piece.part is not first:
                stop = min(end, piece.start + piece.length)
                yield self.locate(piece.start, max(piece.start, stop))

    def derive(self, text: str, pieces: Iterable[Piece], kind: Kind | None = None) -> Text:
        """A view of this view: `pieces` refer to offsets of this text, their part is ignored."""
        base = self.pieces[0]
        if len(self.pieces) == 1 and base.scale is Scale.EXACT:
            composed = [
                Piece(start, base.part, base.offset + offset, length, scale)
                for start, _, offset, length, scale in pieces
            ]
        else:
            composed = [own for piece in pieces for own in self._composed(piece)]
        return Text(text, kind or self.kind, composed)

    def _composed(self, piece: Piece) -> Iterator[Piece]:
        """The piece in terms of the document; a run over several parts falls into one for each."""
        start, end = piece.offset, piece.offset + piece.length
        if piece.scale is not Scale.EXACT or len(self.pieces) == 1:
            spot = self.locate(start, end)
            scale = piece.scale if spot.exact else Scale.WHOLE
            yield Piece(piece.start, spot.part, spot.start, spot.end - spot.start, scale)
            return
        for index in range(self._index(start), len(self.pieces)):
            base = self.pieces[index]
            first = max(start, base.start) if index else start
            if first >= end and first > start:
                return
            stop = self.pieces[index + 1].start if index + 1 < len(self.pieces) else end
            spot = self.locate(first, max(first, min(end, stop)))
            scale = Scale.EXACT if spot.exact else Scale.WHOLE
            at = piece.start + first - start
            yield Piece(at, spot.part, spot.start, spot.end - spot.start, scale)

    def _index(self, offset: int) -> int:
        if self._starts is None:
            self._starts = [piece.start for piece in self.pieces]
        return max(0, bisect_right(self._starts, offset) - 1)

    def _piece(self, offset: int) -> Piece:
        if len(self.pieces) == 1:
            return self.pieces[0]
        return self.pieces[self._index(offset)]


def _begin(piece: Piece, offset: int) -> int:
    inside = offset - piece.start
    if piece.scale is Scale.WHOLE:
        return piece.offset
    if piece.scale is Scale.BASE64:
        return piece.offset + min(piece.length, inside // 3 * 4)
    if piece.scale > Scale.WHOLE:
        return piece.offset + min(piece.length, inside * piece.scale)
    return piece.offset + min(piece.length, inside)


def _finish(piece: Piece, offset: int) -> int:
    inside = offset - piece.start
    if piece.scale is Scale.WHOLE:
        return piece.offset + piece.length
    if piece.scale is Scale.BASE64:
        return piece.offset + min(piece.length, -(-inside // 3) * 4)
    if piece.scale > Scale.WHOLE:
        return piece.offset + min(piece.length, inside * piece.scale)
    return piece.offset + min(piece.length, inside)
