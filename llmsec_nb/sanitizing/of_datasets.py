"""A data set of Hugging Face, by the Arrow table in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .of_arrow import ArrowFrame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class HubFrame:
    """A Dataset in memory or on disk. What comes out is in memory."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._arrow = ArrowFrame(source.with_format("arrow")[:])
        self.rows = self._arrow.rows
        self.columns = self._arrow.columns
        self.labels = self._arrow.labels

    def snapshot(self) -> Any:
        """Itself: it is never changed in place."""
        return self._source

    def rebuilt(self, news: Mapping[int, Mapping[int, Any]]) -> Any:
        """A new one with the same features."""
        if not news:
            return self._source
        table = self._arrow.rebuilt(news)
        return type(self._source)(table, info=self._source.info.copy(), split=self._source.split)

    def take(self, data: Any, rows: Sequence[int]) -> Any:
        """By places."""
        return data.select(list(rows))
