"""pandas frames and series: every dtype, the index and each kind of missing value kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import arrow
from .compact_pandas import attached, compact_index, compact_series
from .encoded import ERRORS, LARGEST, Column, Encoded
from .objects import encode_objects
from .scalars import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class PandasFrame:
    """A DataFrame or a Series, with those levels of its index that are more than row numbers."""

    def __init__(self, source: Any, name: str) -> None:
        """`name` is that of a series without one."""
        import pandas as pd

        self._source = source
        self._alone = isinstance(source, pd.Series)
        if self._alone:
            label = name if source.name is None else source.name
            given = [Column(label, str(label), source)]
        else:
            given = [
                Column(label, _path(label), source.iloc[:, at])
                for at, label in enumerate(source.columns)
            ]
        self.errors = _errors()
        self.notes: list[str] = []
        self._own: dict[int, Any] = {}
        self.columns = []
        for at, column in enumerate(given):
            old = column[2]
            new = self._compact(column.path, old, compact_series)
            if new is not old:
                self._own[at] = new
            self.columns.append(column._replace(values=new))
        self._width = len(self.columns)
        self.columns += _levels(source.index)
        self.rows = len(source)
        self.droppable = not self._alone
        self.attached = "\n".join(attached(source))

    def encode(self, column: Column) -> Encoded:
        """The different values of a column."""
        return encode(column.values)

    def _compact(self, name: str, values: Any, change: Callable[[Any], Any]) -> Any:
        """Without what stands in its memory but in no row."""
        try:
            return change(values)
        except self.errors:
            self.notes.append(arrow.told(name))
            return values

    def rebuilt(self, changed: Mapping[int, Any], dropped: set[int]) -> Any:
        """The same with other columns in some places, and without those in `dropped`."""
        changed = {**self._own, **changed}
        if self._alone:
            found = self._source.copy(deep=False)
            if 0 in changed:
                new = changed[0]
                found = type(found)(new.array, index=found.index, name=found.name, dtype=new.dtype)
                found.attrs = dict(self._source.attrs)
        else:
            found = self._source.copy(deep=False)
            for at in sorted(at for at in changed if at < self._width):
                found.isetitem(at, changed[at].set_axis(found.index))
            if dropped:
                found = found.iloc[:, [at for at in range(self._width) if at not in dropped]]
        if any(at >= self._width for at in changed):
            found.index = self._index(changed)
        else:
            found.index = self._compact("index", found.index, compact_index)
        if not self._alone:
            found.columns = self._compact("columns", found.columns, compact_index)
        return found

    def _index(self, changed: Mapping[int, Any]) -> Any:
        import pandas as pd

        old = self._source.index
        levels = [
            changed.get(self._width + at, column.values)
            for at, column in enumerate(self.columns[self._width :])
        ]
        made = [pd.Index(level.array, dtype=level.dtype) for level in levels]
        if isinstance(old, pd.MultiIndex):
            return pd.MultiIndex.from_arrays(made, names=old.names)
        return made[0].rename(old.name)


def _errors() -> tuple[type[Exception], ...]:
    """With those of Arrow, if it is there."""
    try:
        import pyarrow as pa
    except ImportError:
        return ERRORS
    return (*ERRORS, pa.ArrowException)


def _path(label: Any) -> str:
    """Labels of several levels are joined."""
    if isinstance(label, tuple):
        return ".".join(str(part) for part in label if str(part))
    return str(label)


def _levels(index: Any) -> list[Column]:
    import pandas as pd

    if isinstance(index, pd.RangeIndex):
        return []
    found = []
    for at, name in enumerate(index.names):
        path = str(name) if name is not None else "index" if index.nlevels == 1 else f"level_{at}"
        values = pd.Series(index.get_level_values(at), name=name).reset_index(drop=True)
        found.append(Column(path if name is None else name, path, values, level=True))
    return found


def encode(series: Any) -> Encoded:
    """The different values of a series."""
    import numpy as np
    import pandas as pd

    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _categorical(series)
    if isinstance(kind, pd.SparseDtype):
        inner = encode(series.sparse.to_dense())
        return inner._replace(decode=lambda news: inner.decode(news).astype(kind))
    if isinstance(kind, pd.ArrowDtype):
        return _arrow(series)
    if isinstance(kind, np.dtype) and kind.kind == "O":
        encoded = encode_objects(series.array)
        return encoded._replace(
            decode=lambda news: pd.Series(encoded.decode(news), dtype=object, index=series.index)
        )
    return _by_values(series)


def _by_values(series: Any) -> Encoded:
    import numpy as np
    import pandas as pd

    kind = series.dtype
    codes, different = pd.factorize(series.array)
    counts = np.bincount(codes[codes >= 0], minlength=len(different)).tolist()
    plain = isinstance(kind, np.dtype) and kind.kind in "iufbc"
    values = (np.asarray(different) if plain else different).tolist()
    if isinstance(kind, pd.PeriodDtype):
        values = [value.start_time for value in values]

    def decode(news: list[Any]) -> Any:
        there = [new for new in news if new is not MISSING]
        places = np.array([new is not MISSING for new in news], dtype=bool)
        order = np.append(np.where(places, np.cumsum(places) - 1, -1), -1).astype(np.intp)
        if isinstance(kind, pd.PeriodDtype):
            there = [pd.Period(new, freq=kind.freq) for new in there]
        target = _nullable(kind) if len(there) < len(news) else kind
        made = pd.array(there, dtype=target)
        taken = made.take(order[codes], allow_fill=bool((order[codes] < 0).any()))
        return pd.Series(taken, index=series.index)

    return Encoded(values, counts, decode, _largest(kind))


def _nullable(kind: Any) -> Any:
    """Integers and truth values of numpy cannot be missing."""
    names = {"b": "boolean", "i": "Int64", "u": "UInt64"}
    return names.get(getattr(kind, "kind", ""), kind) if not hasattr(kind, "na_value") else kind


def _largest(kind: Any) -> int:
    import numpy as np

    plain = getattr(kind, "numpy_dtype", kind)
    if isinstance(plain, np.dtype) and plain.kind in "iu":
        return int(np.iinfo(plain).max)
    return LARGEST


def _categorical(series: Any) -> Encoded:
    """All categories are changed, also those that no row has; equal ones become one."""
    import numpy as np
    import pandas as pd

    kind = series.dtype
    inner = encode(pd.Series(kind.categories))
    codes = series.cat.codes.to_numpy()
    counts = np.bincount(codes[codes >= 0], minlength=len(kind.categories)).tolist()

    def decode(news: list[Any]) -> Any:
        again, different = pd.factorize(inner.decode(news).array)
        new = np.append(again, -1)[codes]
        made = pd.Categorical.from_codes(new, categories=pd.Index(different), ordered=kind.ordered)
        return pd.Series(made, index=series.index)

    return inner._replace(counts=counts, decode=decode)


def _arrow(series: Any) -> Encoded:
    """`to_numpy` and the like lose nested types: the Arrow array itself is changed."""
    import pandas as pd
    import pyarrow as pa

    held = pa.chunked_array(series.array.__arrow_array__())
    inner = arrow.encode(held)

    def decode(news: list[Any]) -> Any:
        return pd.Series(pd.arrays.ArrowExtensionArray(inner.decode(news)), index=series.index)

    return inner._replace(decode=decode)
