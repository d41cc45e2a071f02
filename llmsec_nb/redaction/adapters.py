"""Which library a table is of."""

from __future__ import annotations

from typing import Any, Final

from .problems import CannotRedact

_ALONE: Final = "value"
"""The name of a column that has none."""


def frame_of(data: Any) -> tuple[str, Any]:
    """What the report calls it, and how its columns are reached. Raises CannotRedact."""
    module, word = type(data).__module__.partition(".")[0], type(data).__name__
    known = {(base.__module__.partition(".")[0], base.__name__) for base in type(data).__mro__}
    if known & {("pandas", "DataFrame"), ("pandas", "Series")}:
        from .pandas import PandasFrame

        return f"pandas {word}", PandasFrame(data, _ALONE)
    if known & {("polars", "DataFrame"), ("polars", "Series")}:
        from .polars import PolarsFrame

        return f"polars {word}", PolarsFrame(data, _ALONE)
    if module == "pyarrow" and hasattr(data, "type" if not hasattr(data, "schema") else "schema"):
        from .arrow import ArrowTable

        return f"Arrow {word}", ArrowTable(data, _ALONE)
    remedy = "call .collect() first" if word == "LazyFrame" else "make it a DataFrame"
    raise CannotRedact(f"{module}.{word} cannot be redacted: {remedy}")
