"""pandas frames and series: index, dtypes, categories and missing values are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .frames import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class PandasFrame:
    """A DataFrame or a Series."""

    def __init__(self, source: Any) -> None:
        import pandas as pd

        self._source = source
        self._alone = isinstance(source, pd.Series)
        self.rows = len(source)
        names = [source.name] if self._alone else list(source.columns)
        self.labels = names
        self.columns = []
        self._places = []
        for at, label in enumerate(names):
            series = self._series(at)
            if _may_hold_text(series.dtype):
                path = "value" if self._alone and label is None else _path(label)
                self.columns.append(Column(label, path, series.astype(object).tolist()))
                self._places.append(at)

    def snapshot(self) -> Any:
        """A copy; pandas 3 shares memory until somebody writes."""
        import pandas as pd

        return self._source.copy(deep=int(pd.__version__.partition(".")[0]) < 3)

    def rebuilt(self, news: Mapping[int, Mapping[int, Any]]) -> Any:
        """A copy with other values."""
        found = self.snapshot()
        for number, own in news.items():
            at = self._places[number]
            made = _changed(self._series(at), self.columns[number].values, own)
            if self._alone:
                made.attrs = dict(found.attrs)
                return made
            found.isetitem(at, made)
        return found

    def take(self, data: Any, rows: Sequence[int]) -> Any:
        """By places."""
        return data.iloc[list(rows)]

    def _series(self, at: int) -> Any:
        return self._source if self._alone else self._source.iloc[:, at]


def _may_hold_text(kind: Any) -> bool:
    import pandas as pd

    if isinstance(kind, pd.CategoricalDtype):
        return _may_hold_text(kind.categories.dtype)
    if isinstance(kind, pd.ArrowDtype):
        from .of_arrow import may_hold_text

        return may_hold_text(kind.pyarrow_dtype)
    return isinstance(kind, pd.StringDtype) or getattr(kind, "kind", "") == "O"


def _changed(series: Any, values: list[Any], news: Mapping[int, Any]) -> Any:
    """The series with other values in some rows."""
    import numpy as np
    import pandas as pd

    kind = series.dtype
    held = np.empty(len(values), object)
    for row, value in enumerate(values):
        held[row] = news.get(row, value)
    if isinstance(kind, pd.CategoricalDtype):
        kind = _categories(kind, values, news)
    if isinstance(kind, pd.ArrowDtype):
        import pyarrow as pa

        there = [None if _is_missing(value) else value for value in held]
        array: Any = pd.arrays.ArrowExtensionArray(
            pa.chunked_array([pa.array(there, kind.pyarrow_dtype)])
        )
    elif getattr(kind, "kind", "") == "O" and not isinstance(
        kind, pd.api.extensions.ExtensionDtype
    ):
        array = held
    else:
        array = pd.array(held, dtype=kind)
    return pd.Series(array, index=series.index, name=series.name, dtype=kind, copy=False)


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124 # NaN alone differs from itself


def _categories(kind: Any, values: list[Any], news: Mapping[int, Any]) -> Any:
    """The categories as they are now, in their order; two that became equal are one."""
    import pandas as pd

    table = {values[row]: new for row, new in news.items()}
    fresh = list(dict.fromkeys(table.get(value, value) for value in kind.categories))
    return pd.CategoricalDtype(pd.Index(fresh, dtype=kind.categories.dtype), ordered=kind.ordered)


def _path(label: Any) -> str:
    """Labels of several levels are joined."""
    if isinstance(label, tuple):
        return ".".join(str(part) for part in label if str(part))
    return str(label)
