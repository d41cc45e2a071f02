"""polars frames and series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .arrow import told
from .encoded import ERRORS, LARGEST, Column, Encoded
from .scalars import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class PolarsFrame:
    """A DataFrame or a Series of polars."""

    def __init__(self, source: Any, name: str) -> None:
        """`name` is that of a series without one."""
        import polars as pl

        self._source = source
        self._alone = isinstance(source, pl.Series)
        self.notes: list[str] = []
        self.errors = (*ERRORS, pl.exceptions.PolarsError)
        columns = [source] if self._alone else source.get_columns()
        self.columns = [
            Column(one.name, one.name or name, self._compact(one.name or name, one))
            for one in columns
        ]
        self.rows = len(source)
        self.droppable = not self._alone
        self.attached = "\n".join(text for one in columns for text in _names_in(one.dtype))

    def _compact(self, name: str, series: Any) -> Any:
        """Without what stands in its memory but in no row; see compact.py."""
        try:
            return _compact(series)
        except self.errors:
            self.notes.append(told(name))
            return series

    def encode(self, column: Column) -> Encoded:
        """The different values of a column."""
        return _encode(column.values)

    def rebuilt(self, changed: Mapping[int, Any], dropped: set[int]) -> Any:
        """The same with other columns in some places, and without those in `dropped`."""
        if self._alone:
            return changed.get(0, self.columns[0].values)
        kept = [at for at in range(len(self.columns)) if at not in dropped]
        return type(self._source)([changed.get(at, self.columns[at].values) for at in kept])


def _compact(series: Any) -> Any:
    import polars as pl

    kind = series.dtype
    if kind == pl.Object:
        raise NotImplementedError
    if kind.is_nested():
        return pl.Series(series.name, series.to_list(), dtype=kind)
    if not series.null_count():
        return series.gather(pl.arange(len(series), eager=True))
    there = series.is_not_null()
    places = pl.select(pl.when(there).then(there.cast(pl.Int64).cum_sum() - 1)).to_series()
    return series.drop_nulls().gather(places)


def _names_in(kind: Any) -> Iterator[str]:
    """The names that a type carries inside of it, and what nested ones enumerate."""
    import polars as pl

    inner = [field.dtype for field in kind.fields] if isinstance(kind, pl.Struct) else []
    inner += [kind.inner] if isinstance(kind, pl.List | pl.Array) else []
    if isinstance(kind, pl.Struct):
        yield from (field.name for field in kind.fields)
    for one in inner:
        if isinstance(one, pl.Enum):
            yield from one.categories.to_list()
        yield from _names_in(one)


def _encode(series: Any) -> Encoded:
    import polars as pl

    kind = series.dtype
    if kind.is_nested() or kind == pl.Object:
        return _by_rows(series)
    plain = series.cast(pl.String) if isinstance(kind, pl.Categorical | pl.Enum) else series
    there = plain.drop_nulls()
    values = there.unique(maintain_order=True).to_list()
    counts = there.unique_counts().to_list()
    more = []
    if isinstance(kind, pl.Enum):  # its type names values that no row has
        more = [value for value in kind.categories.to_list() if value not in set(values)]

    def decode(news: list[Any]) -> Any:
        made = [None if new is MISSING else new for new in news]
        target = kind
        if isinstance(kind, pl.Enum):
            target = pl.Enum(list(dict.fromkeys(new for new in made if new is not None)))
        size = len(values)
        new = plain.replace_strict(
            pl.Series(values, dtype=plain.dtype),
            pl.Series(made[:size], dtype=plain.dtype),
            default=None,
            return_dtype=plain.dtype,
        )
        return new if target == plain.dtype else new.cast(target)

    bounds = {"Int8": 7, "Int16": 15, "Int32": 31, "UInt8": 8, "UInt16": 16, "UInt32": 32}
    largest = (1 << bounds.get(str(kind), 63)) - 1
    return Encoded([*values, *more], [*counts, *[0] * len(more)], decode, largest)


def _by_rows(series: Any) -> Encoded:
    import polars as pl

    rows = series.to_list()
    there = [n for n, row in enumerate(rows) if row is not None]

    def decode(news: list[Any]) -> Any:
        made: list[Any] = [None] * len(rows)
        for n, new in zip(there, news, strict=True):
            made[n] = None if new is MISSING else new
        return pl.Series(series.name, made, dtype=series.dtype)

    return Encoded([rows[n] for n in there], [1] * len(there), decode, LARGEST)
