"""Data sets of all kinds as streams of Arrow record batches, in constant memory.

Read are pandas, polars, Arrow, DuckDB and Hugging Face objects, and delimited text, JSON,
Parquet, Feather and Arrow files: single, compressed, in folders, behind addresses of fsspec; and
folders of texts or of pictures.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .files import DATA_SUFFIXES, is_data_file, open_path
from .live import kind_of, open_live
from .problems import DatasetError
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "DATA_SUFFIXES",
    "DatasetError",
    "Table",
    "is_data_file",
    "is_dataset",
    "open_table",
]


def is_dataset(source: object) -> bool:
    """Whether a live object can be read as a table; decided by its type, nothing is imported."""
    return kind_of(source) is not None


def open_table(
    source: object,
    name: str = "",
    *,
    is_value: Callable[[Sequence[str]], bool] | None = None,
    excluded: Callable[[str], bool] | None = None,
) -> Table:
    """A path, an address or a live object as a table; `name` is what reports call it.

    `is_value` says whether one of the names of columns is a value in truth: the first row of a
    delimited text is no header then. `excluded` says of a path in a folder whether it is left out.

    Raises DatasetError with one clear line. An address is opened over the network, because it
    was named.
    """
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        _demand(name or str(path))
        return open_path(
            path if isinstance(path, str) else os.fsdecode(path), name, is_value, excluded
        )
    _demand(name or type(source).__name__)
    return open_live(source, name or type(source).__name__)


def _demand(name: str) -> None:
    try:
        import pyarrow  # noqa: F401, ICN001 # only whether it is there
    except ImportError as error:
        raise DatasetError(
            f"{name}: tables are read by pyarrow, which is not installed: "
            "pip install 'llmsec-nb[data]'"
        ) from error
