"""polars frames and series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .frames import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class PolarsFrame:
    """A DataFrame or a Series of polars."""

    def __init__(self, source: Any) -> None:
        import polars as pl

        self._source = source
        self._alone = isinstance(source, pl.Series)
        self._all = [source] if self._alone else source.get_columns()
        self.labels = [one.name for one in self._all]
        self.rows = len(source)
        self.columns = []
        self._places = []
        for at, one in enumerate(self._all):
            if _may_hold_text(one.dtype):
                self.columns.append(Column(one.name, one.name or "value", one.to_list()))
                self._places.append(at)

    def snapshot(self) -> Any:
        """A clone, which costs nothing: the memory is shared until somebody writes."""
        return self._source.clone()

    def rebuilt(self, news: Mapping[int, Mapping[int, Any]]) -> Any:
        """The same with other values."""
        made = {
            self._places[number]: _changed(
                self._all[self._places[number]], self.columns[number].values, own
            )
            for number, own in news.items()
        }
        if self._alone:
            return made.get(0, self._source.clone())
        found = self._source.clone()
        for at, series in made.items():
            found.replace_column(at, series)
        return found

    def take(self, data: Any, rows: Sequence[int]) -> Any:
        """By places."""
        return data[list(rows)]


def _may_hold_text(kind: Any) -> bool:
    import polars as pl

    if isinstance(kind, pl.Struct):
        return any(_may_hold_text(field.dtype) for field in kind.fields)
    if isinstance(kind, pl.List | pl.Array):
        return _may_hold_text(kind.inner)
    return kind in (pl.String, pl.Categorical) or isinstance(kind, pl.Enum)


def _changed(series: Any, values: list[Any], news: Mapping[int, Any]) -> Any:
    import polars as pl

    kind = series.dtype
    made = [news.get(row, value) for row, value in enumerate(values)]
    if isinstance(kind, pl.Enum):
        table = {values[row]: new for row, new in news.items()}
        fresh = dict.fromkeys(table.get(value, value) for value in kind.categories.to_list())
        return pl.Series(series.name, made, dtype=pl.Enum(list(fresh)))
    if isinstance(kind, pl.Categorical):
        return pl.Series(series.name, made, dtype=pl.String).cast(kind)
    return pl.Series(series.name, made, dtype=kind)
