"""Columns and indexes of pandas without what stands in their memory but in no row.

Of arrays of Arrow see compact.py; those with a mask keep what was there before it was missing, and
an index of several levels keeps levels that no row has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .compact import compact, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator


def compact_series(series: Any) -> Any:
    """An equal series; itself where its memory holds only what its rows show. Raises as `compact`.

    Categories stay, also those that no row has: they are of the type.
    """
    import pandas as pd

    old = series.array
    new = compact_array(old)
    if new is old:
        return series
    found = pd.Series(new, index=series.index, name=series.name, dtype=new.dtype)
    found.attrs = dict(series.attrs)
    return found


def compact_index(index: Any) -> Any:
    """An equal index; itself where it holds only what is shown. Raises as `compact`."""
    import pandas as pd

    if isinstance(index, pd.MultiIndex):
        used = index.remove_unused_levels()
        levels = [compact_index(level) for level in used.levels]
        if used is index and all(map(_same, levels, index.levels)):
            return index
        codes = [list(codes) for codes in used.codes]
        return pd.MultiIndex(levels=levels, codes=codes, names=index.names)
    old = index.array
    new = compact_array(old)
    return index if new is old else pd.Index(new, dtype=new.dtype, name=index.name)


def compact_array(array: Any) -> Any:
    """An equal array; itself where there is nothing to do. Raises as `compact`."""
    import numpy as np
    import pandas as pd

    kind = array.dtype
    if isinstance(kind, pd.CategoricalDtype):
        categories = compact_index(kind.categories)
        if categories is kind.categories:
            return array
        return pd.Categorical.from_codes(array.codes, categories, ordered=kind.ordered)
    if isinstance(kind, pd.ArrowDtype):
        return pd.arrays.ArrowExtensionArray(compact(_held(array)))
    if isinstance(kind, pd.StringDtype) and kind.storage == "pyarrow":
        return pd.array(compact(_held(array)), dtype=kind)
    plain = isinstance(array, pd.arrays.NumpyExtensionArray)
    if hasattr(kind, "numpy_dtype") and not plain:  # with a mask
        there = ~array.isna()
        places = np.where(there, np.cumsum(there) - 1, -1)
        return array[there].take(places, allow_fill=True)
    return array


def _held(array: Any) -> Any:
    import pyarrow as pa

    return pa.chunked_array(array.__arrow_array__())


def _same(one: Any, other: Any) -> bool:
    return one is other


def attached(source: Any) -> Iterator[str]:
    """Texts that a frame or a series carries beside its values and the names of its columns."""
    import pandas as pd

    for name, value in source.attrs.items():
        yield f"{name}\n{value}"
    for name in getattr(type(source), "_metadata", ()):  # of classes derived from those of pandas
        yield str(getattr(source, name, "") if name != "_name" else "")
    yield from map(str, (name for name in source.index.names if name is not None))
    if isinstance(source, pd.Series):
        yield from _of_type(source.dtype)
        return
    yield from map(str, (name for name in source.columns.names if name is not None))
    if isinstance(source.columns.dtype, pd.CategoricalDtype):
        yield from map(str, source.columns.dtype.categories)
    for kind in source.dtypes:
        yield from _of_type(kind)


def _of_type(kind: Any) -> Iterator[str]:
    import pandas as pd

    if isinstance(kind, pd.ArrowDtype):
        yield from names_in(kind.pyarrow_dtype)
    if isinstance(kind, pd.SparseDtype):
        yield str(kind.fill_value)
