"""A text under replacement that remembers where each of its runs came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.artifact import Piece, Scale

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable

    from ..core.artifact import Part, Text
    from ..core.rule import Kind

    Replace = Callable[[re.Match[str]], str | None]


class Change(NamedTuple):
    """What stands at [start, end) becomes `replacement`."""

    start: int
    end: int
    replacement: str
    scale: Scale = Scale.WHOLE


class Rewriter:
    """Collects the runs of a new text over a source."""

    __slots__ = ("chunks", "pieces", "size", "source")

    def __init__(self, source: str) -> None:
        """Start from `source`."""
        self.source = source
        self.chunks: list[str] = []
        self.pieces: list[tuple[int, int, int, Scale]] = []
        self.size = 0

    def apply(self, pattern: re.Pattern[str], replace: Replace) -> Rewriter:
        """Replace each match by what `replace` says; None leaves it as it is."""
        return self.change(
            (found.start(), found.end(), replacement, Scale.WHOLE)
            for found in pattern.finditer(self.source)
            if (replacement := replace(found)) is not None
        )

    def change(self, changes: Iterable[tuple[int, int, str, Scale]]) -> Rewriter:
        """Make changes, which are in order and do not overlap."""
        source, chunks, pieces = self.source, self.chunks, self.pieces
        kept_to, size = 0, self.size
        for start, end, replacement, scale in changes:
            if start > kept_to:
                pieces.append((size, kept_to, start - kept_to, Scale.EXACT))
                chunks.append(source[kept_to:start])
                size += start - kept_to
            if replacement:
                pieces.append((size, start, end - start, scale))
                chunks.append(replacement)
                size += len(replacement)
            kept_to = end
        self.size = size
        self.keep(kept_to, len(source))
        return self

    def view(self, text: Text, kind: Kind | None = None) -> Text:
        """The result as a view of `text`, whose characters `source` was."""
        nobody: Part = text.pieces[0].part
        pieces = [Piece(at, nobody, of, length, scale) for at, of, length, scale in self.pieces]
        return text.derive("".join(self.chunks), pieces or [Piece(0, nobody, 0, 0)], kind)

    def keep(self, start: int, end: int) -> None:
        """Take the characters [start, end) of the source as they are."""
        if end > start:
            self._add(self.source[start:end], start, end - start, Scale.EXACT)

    def put(self, replacement: str, start: int, end: int) -> None:
        """Let `replacement` stand for [start, end) of the source."""
        if replacement:
            self._add(replacement, start, end - start, Scale.WHOLE)

    def _add(self, chunk: str, offset: int, length: int, scale: Scale) -> None:
        self.pieces.append((self.size, offset, length, scale))
        self.chunks.append(chunk)
        self.size += len(chunk)
