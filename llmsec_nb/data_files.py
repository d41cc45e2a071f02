"""Files with rows, told by their names: those that are read, and those that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

TEXTS: Final = frozenset({".csv", ".tsv", ".tab", ".psv", ".jsonl", ".ndjson"})
_BINARY: Final = frozenset({".parquet", ".pq", ".feather", ".arrow", ".arrows", ".ipc"})
_PACKED: Final = frozenset({".gz", ".bz2", ".xz", ".zst"})
_ARCHIVES: Final = frozenset(
    {".zip", ".7z", ".rar", ".tar", ".tgz", ".lz4", ".lzma", ".br", ".z", ".sz", ".snappy"}
    | _PACKED
)
_UNREAD: Final = frozenset(
    {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers", ".avro", ".orc", ".h5", ".hdf5", ".hdf"}
    | {".pkl", ".pickle", ".joblib", ".npy", ".npz", ".sqlite", ".sqlite3", ".db", ".duckdb"}
    | {".mdb", ".accdb", ".dta", ".sav", ".sas7bdat", ".xpt", ".rds", ".rdata"}
)
"""Tables that are not read."""
_AS_FRAME: Final = (
    "save it as csv or Parquet, or load it as a data frame in a notebook: %llmsec check df"
)
_MOST_FILES: Final = 10_000


def is_address(path: str) -> bool:
    """Whether a path is the URL of a file system, such as `s3://bucket/data.parquet`."""
    scheme, separator, _ = path.partition("://")
    return bool(separator) and scheme.isidentifier()


def is_data(path: Path) -> bool:
    """Whether a file, by its name, holds rows, be they read or not.

    JSON and text are read as documents.
    """
    return is_read(path) or bool(why_unread(path))


def is_read(path: Path) -> bool:
    """Whether a file, by its name, is read as rows."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        return len(suffixes) > 1 and suffixes[-2] in TEXTS
    return bool(suffixes) and suffixes[-1] in TEXTS | _BINARY


def why_unread(path: Path) -> str:
    """The remedy for a file that by its name is a table which is not read; empty for others."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if not suffixes or is_read(path):
        return ""
    if suffixes[-1] in _UNREAD:
        return _AS_FRAME
    inner = [suffix for suffix in suffixes[:-1] if suffix in TEXTS | _BINARY | _UNREAD]
    return "unpack it and check what is in it" if suffixes[-1] in _ARCHIVES and inner else ""


def is_packed_data(path: Path) -> bool:
    """Whether a file, by its name, is an archive of tables that is not read."""
    return path.suffix.lower() in _ARCHIVES and bool(why_unread(path))


def holds_data(folder: Path) -> bool:
    """Whether a directory without notebooks is a data set."""
    for number, path in enumerate(folder.rglob("*")):
        if number > _MOST_FILES:
            return False
        if is_read(path) and path.is_file():
            return True
    return False
