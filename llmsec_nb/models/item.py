"""Something to look at: a file, a member of an archive, a value of a pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .source import CHUNK, Memory, Source, Stream, chunks_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .context import Context


class Item:
    """Bytes under a name. They can be read from the start; at any place only if `source` is there.

    `size` is in bytes, or -1 where it is known only at the end.
    """

    __slots__ = ("_open", "name", "size", "source")

    def __init__(
        self,
        name: str,
        source: Source | None = None,
        opened: Callable[[], Callable[[], bytes]] | None = None,
    ) -> None:
        """Of a source, or of a function that gives a function that gives piece by piece."""
        self.name = name
        self.source = source
        self.size = -1 if source is None else source.size
        self._open = opened

    def stream(self) -> Stream:
        """From the start."""
        if self.source is not None:
            return Stream(chunks_of(self.source))
        if self._open is None:
            return Stream(bytes)
        return Stream(self._open())

    def head(self, count: int = 512) -> bytes:
        """The first bytes."""
        if self.source is not None:
            return self.source.read_at(0, count)
        return self.stream().peek(count)[:count]

    def whole(self, context: Context, limit: int | None = None) -> Source | None:
        """All of it, at any place; None with a note if that takes too much memory."""
        if self.source is not None:
            return self.source
        most = context.held // max(1, context.depth)
        most = most if limit is None else min(limit, most)
        data = self.stream().peek(most + 1)
        if len(data) > most:
            context.note(f"more than {most // 1_000_000} MB compressed: not read")
            return None
        self.source = Memory(data)
        self.size = len(data)
        return self.source

    def text(self, context: Context, limit: int = CHUNK * 64) -> bytes | None:
        """All of it as bytes; None with a note if it is longer than `limit`."""
        source = self.whole(context, limit)
        if source is None:
            return None
        if source.size > limit:
            context.note(f"{source.size} bytes of text: not read")
            return None
        return source.read_at(0, source.size)
