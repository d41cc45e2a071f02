"""Tables of every library as columns of Python values, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .problems import CannotSanitize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Column(NamedTuple):
    """A column that may hold text. `label` is its name as the library has it."""

    label: Any
    path: str
    values: list[Any]


class Frame(Protocol):
    """What `sanitize` needs of a table."""

    rows: int
    columns: list[Column]
    labels: list[Any]

    def snapshot(self) -> Any:
        """The data as it is now, whatever happens to the given one."""
        ...

    def rebuilt(self, news: Mapping[int, Mapping[int, Any]]) -> Any:
        """New data with other values: by number of the column, and by row."""
        ...

    def take(self, data: Any, rows: Sequence[int]) -> Any:
        """Some rows of it."""
        ...


class Texts:
    """A text, or a list of them."""

    def __init__(self, source: str | list[Any]) -> None:
        self._alone = isinstance(source, str)
        self._source = [source] if isinstance(source, str) else list(source)
        self.rows = len(self._source)
        self.columns = [Column("text", "text", self._source)]
        self.labels = ["text"]

    def snapshot(self) -> Any:
        """A list of its own."""
        return self._source[0] if self._alone else list(self._source)

    def rebuilt(self, news: Mapping[int, Mapping[int, Any]]) -> Any:
        """A new list."""
        own = news.get(0, {})
        return [own.get(row, value) for row, value in enumerate(self._source)]

    def take(self, data: Any, rows: Sequence[int]) -> Any:
        """Of a text that stands alone itself, or an empty one."""
        values = [data] if isinstance(data, str) else data
        chosen = [values[row] for row in rows]
        return "".join(chosen) if self._alone else chosen


def frame_of(data: Any) -> tuple[str, Frame]:
    """What the report calls it, and its columns. Raises CannotSanitize in one line."""
    if isinstance(data, str | list):
        return ("text" if isinstance(data, str) else "list of texts"), Texts(data)
    known = {(base.__module__.partition(".")[0], base.__name__) for base in type(data).__mro__}
    module, word = type(data).__module__.partition(".")[0], type(data).__name__
    if known & {("pandas", "DataFrame"), ("pandas", "Series")}:
        from .of_pandas import PandasFrame

        return f"pandas {word}", PandasFrame(data)
    if known & {("polars", "DataFrame"), ("polars", "Series")}:
        from .of_polars import PolarsFrame

        return f"polars {word}", PolarsFrame(data)
    if module == "pyarrow" and hasattr(data, "type" if not hasattr(data, "schema") else "schema"):
        from .of_arrow import ArrowFrame

        return f"Arrow {word}", ArrowFrame(data)
    if known & {("datasets", "Dataset")}:
        from .of_datasets import HubFrame

        return "Dataset", HubFrame(data)
    remedy = "call .collect() first" if word == "LazyFrame" else "make it a DataFrame or a list"
    if word == "DatasetDict":
        remedy = "give one of its splits"
    raise CannotSanitize(f"{module}.{word} cannot be sanitized: {remedy}")
