"""Data that an engine reads: its own, or files that its workers see."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from ...core.problem import Failure, Skip
from ...sources.dataset import DatasetError, Table, is_data_file, open_table
from .parts import BytesPart, FilePart, Part, split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

_KINDS: Final = {
    ("pyspark", "DataFrame"): "spark",
    ("dask", "DataFrame"): "dask",
    ("dask_expr", "DataFrame"): "dask",
    ("dask", "FrameBase"): "dask",
    ("dask_expr", "FrameBase"): "dask",
    ("ray", "Dataset"): "ray",
}
_HEAD: Final = 1000


class Distributed:
    """What an engine is to read: `parts`, or `source`, an object of the engine `kind`.

    `prepare` is applied to the table of each part, on the worker: a function of a module.
    `problems` and `skips` are as those of a Table, and grow when parts are read.
    """

    def __init__(
        self, name: str, *, parts: Sequence[Part] = (), source: Any = None, kind: str = ""
    ) -> None:
        """`kind` is empty for files: any engine can read them."""
        self.name = name
        self.parts = tuple(parts)
        self.source = source
        self.kind = kind
        self.prepare: Callable[[Table], Table] | None = None
        self.rows: int | None = None
        self.problems: list[Failure] = []
        self.skips: list[Skip] = []

    def head(self) -> Table:
        """The first rows, to see which columns there are. Raises DatasetError."""
        if self.parts:
            return _prepared(self.parts[0].open(), self.prepare)
        if self.kind == "spark":
            limited = self.source.limit(_HEAD)
            first = limited.toArrow() if hasattr(limited, "toArrow") else limited.toPandas()
        elif self.kind == "dask":
            first = self.source.head(_HEAD, npartitions=-1, compute=True)
        else:
            first = self.source.limit(_HEAD).to_pandas()
        return _prepared(open_table(first, self.name), self.prepare)

    def close(self) -> None:
        """Nothing is open here."""


def is_distributed(source: object) -> str:
    """The engine whose data it is (`spark`, `dask`, `ray`), or empty; nothing is imported."""
    if isinstance(source, type):
        return ""
    for base in type(source).__mro__:
        kind = _KINDS.get((base.__module__.partition(".")[0], base.__name__))
        if kind is not None:
            return kind
    return ""


def open_distributed(
    source: object, name: str = "", *, excluded: Callable[[str], bool] | None = None
) -> Distributed:
    """A data frame of Spark or Dask, a data set of Ray, a path, a folder, or a list of paths.

    Files are opened by the workers, which must see them under the same path; an address is one
    part. `excluded` says of a path in a folder whether it is left out. Raises DatasetError.
    """
    kind = is_distributed(source)
    if kind:
        return Distributed(name or type(source).__name__, source=source, kind=kind)
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        text = path if isinstance(path, str) else os.fsdecode(path)
        return _of_paths([text], name or text, excluded)
    if isinstance(source, list | tuple) and all(
        isinstance(one, str | os.PathLike) for one in source
    ):
        return _of_paths([os.fsdecode(one) for one in source], name or "files", excluded)
    raise DatasetError(
        f"{name or type(source).__name__}: no data of Spark, Dask or Ray, and no path"
    )


def of_table(table: Table, pieces: Sequence[pa.RecordBatch]) -> Distributed:
    """Rows that were read here, to be sent to the workers."""
    import pyarrow as pa

    parts = []
    for batch in pieces:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        parts.append(BytesPart(table.name, sink.getvalue().to_pybytes()))
    return Distributed(table.name, parts=parts)


class _Listed(NamedTuple):
    files: list[str]
    skips: list[Skip]


def _prepared(table: Table, prepare: Callable[[Table], Table] | None) -> Table:
    return table if prepare is None else prepare(table)


def _of_paths(
    paths: Sequence[str], name: str, excluded: Callable[[str], bool] | None
) -> Distributed:
    parts: list[Part] = []
    skips: list[Skip] = []
    for path in paths:
        shown = name if len(paths) == 1 else path
        if not Path(path).is_dir() or _is_saved(path):
            parts += split(FilePart(path, shown))
            continue
        listed = _below(path, shown, excluded)
        if not listed.files and excluded is None:
            open_table(path, shown).close()  # raises, unless it finds something to read after all
            parts.append(FilePart(path, shown))
            continue
        skips += listed.skips
        for file in listed.files:
            keys = [part.partition("=") for part in PurePosixPath(file).parts[:-1] if "=" in part]
            named = tuple((unquote(key), unquote(value)) for key, _, value in keys if key)
            parts += split(FilePart(str(Path(path) / file), f"{shown}/{file}", keys=named))
    if not parts:
        raise DatasetError(f"{name}: nothing in it is a table")
    made = Distributed(name, parts=parts)
    made.skips = skips
    return made


def _is_saved(folder: str) -> bool:
    """Whether Hugging Face's `save_to_disk` wrote it: `state.json` says which files count."""
    return any(Path(folder).glob("**/state.json"))


def _below(folder: str, shown: str, excluded: Callable[[str], bool] | None) -> _Listed:
    """The tables below a folder, as `open_table` would read them, in its order."""
    files: list[str] = []
    for place, directories, names in os.walk(folder):
        directories[:] = [name for name in directories if name != ".git"]
        inside = Path(place).relative_to(folder)
        files += [(inside / name).as_posix() for name in names]
    files.sort()
    hidden = [file for file in files if any(part[0] in "._" for part in PurePosixPath(file).parts)]
    files = [file for file in files if file not in set(hidden)]
    kept = [file for file in files if not (excluded and excluded(str(Path(folder) / file)))]
    wanted = [file for file in kept if is_data_file(file)]
    told = (
        ("hidden data files in the folder, not read", sum(map(is_data_file, hidden))),
        ("files excluded by the configuration", len(files) - len(kept)),
        ("files in the folder that are no tables, not read", len(kept) - len(wanted)),
    )
    skips = [Skip(path=shown, message=f"{what}: {number}") for what, number in told if number]
    return _Listed(wanted, skips)
