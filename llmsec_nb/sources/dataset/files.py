"""Files, folders and addresses as tables."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ...core.finding import Skip
from .chain import chained
from .columnar import open_ipc, open_parquet
from .delimited import open_delimited
from .folders import kind_of, open_folder
from .jsonrows import open_json
from .places import COMPRESSED, Place, is_url, remote, shown_url
from .problems import DatasetError, Problems
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    Part = tuple[str, Callable[[], Table]]

_OPENERS: Final = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv"), open_delimited),
    **dict.fromkeys((".jsonl", ".ndjson"), open_json),
    **dict.fromkeys((".parquet", ".pq"), open_parquet),
    **dict.fromkeys((".feather", ".arrow", ".arrows", ".ipc"), open_ipc),
}
DATA_SUFFIXES: Final = frozenset(
    suffix + packed
    for suffix in _OPENERS
    for packed in ("", *COMPRESSED)
    if not packed or _OPENERS[suffix] in (open_delimited, open_json)
)
"""Suffixes of files that are read as tables without being asked to, compressed ones included.

`.json` and `.txt` are read as tables only when `open_table` is given one by name, or a folder
in which no other file is a table.
"""

_BY_NAME: Final = {".json": open_json, ".txt": open_delimited, ".dat": open_delimited}
_HIDDEN: Final = "hidden data files in the folder (a name with . or _ first), not read"
_HUGGING: Final = frozenset({"dataset_info.json", "state.json", "dataset_dict.json"})


def is_data_file(name: str) -> bool:
    """Whether a file of this name is read as a table."""
    return any(name.lower().endswith(suffix) for suffix in DATA_SUFFIXES)


def open_path(
    source: str,
    name: str,
    is_value: Callable[[Sequence[str]], bool] | None = None,
    excluded: Callable[[str], bool] | None = None,
) -> Table:
    """A file, a folder or an address as a table. Raises DatasetError.

    `is_value` says whether one of the names of columns is a value in truth, `excluded` of the
    path of a file in a local folder whether it is left out.
    """
    if is_url(source):
        fs, path = remote(source)
        shown = name or shown_url(source)
    else:
        fs, path = None, source.removeprefix("file://")
        shown = name or Path(path).as_posix()
    try:
        if fs.isdir(path) if fs is not None else Path(path).is_dir():
            return _folder(Place(path, shown, fs, is_value), excluded)
        return open_place(Place(path, shown, fs, is_value))
    except FileNotFoundError as error:
        raise DatasetError(f"{shown}: no such file or folder") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DatasetError(f"{shown}: cannot be read: {reason}") from error
    except ImportError as error:
        raise DatasetError(f"{shown}: needs the package {error.name}: install it") from error


def open_place(place: Place) -> Table:
    """One file as a table. Raises DatasetError, OSError."""
    opener = {**_OPENERS, **_BY_NAME}.get(place.suffix)
    if opener is None:
        known = ", ".join(sorted(_OPENERS | _BY_NAME))
        raise DatasetError(f"{place.shown}: no table by its name; what is read ends in {known}")
    # stat() says why, when it is not there; opening would wait for whoever writes a named pipe
    if place.fs is None and not S_ISREG(Path(place.path).stat().st_mode):
        raise DatasetError(f"{place.shown}: is not a regular file")
    return opener(place, place.shown)


def _folder(folder: Place, excluded: Callable[[str], bool] | None) -> Table:
    """All tables below a folder: a saved data set of Hugging Face, or files of any kinds.

    Without a table in it, a folder of texts or of pictures is one.
    """
    path, shown, fs, _ = folder
    problems = Problems(shown)
    files = sorted(_below(path, fs))
    hidden = [file for file in files if _is_hidden(path, file, fs)]
    files = [file for file in files if not _is_hidden(path, file, fs)]
    kept = [f for f in files if fs or not excluded or not excluded(str(Path(path) / f))]
    skips = [
        Skip(path=shown, message=f"{what}: {number}")
        for what, number in (
            (_HIDDEN, sum(map(is_data_file, hidden))),
            ("files excluded by the configuration", len(files) - len(kept)),
        )
        if number
    ]
    left_out = sum(map(is_data_file, files)) - sum(map(is_data_file, kept))
    files = kept
    tables = [file for file in files if is_data_file(file) or _is_json(file)]
    if fs is None and (kind := kind_of(path, files, tables)) is not None:
        table = open_folder(path, shown, files, kind, problems)
        table.skips[:0] = skips
        return table
    found = {file for file in files if _is_free(file)}
    files = _without_caches(path, files, problems) if fs is None else files
    wanted = [file for file in files if is_data_file(file)]
    if not wanted:
        wanted = [file for file in files if Place(file, "").suffix in _BY_NAME and _is_free(file)]
    left = len(found.difference(wanted))
    message = f"files in the folder that are no tables, not read: {left}"
    skips += [Skip(path=shown, message=message)] if left else []
    parts = [_part(folder, file) for file in wanted]
    if not parts and left_out:
        return _nothing(shown, skips, problems)
    return chained(shown, parts, skips, problems)


def _is_json(file: str) -> bool:
    return Place(file, "").suffix == ".json" and _is_free(file)


def _is_free(file: str) -> bool:
    return PurePosixPath(file).name not in _HUGGING


def _nothing(shown: str, skips: list[Skip], problems: Problems) -> Table:
    import pyarrow as pa

    table = Table(shown, pa.schema([]), lambda _: iter(()), problems=problems, rows=0)
    table.skips.extend(skips)
    return table


def _part(folder: Place, file: str) -> Part:
    path, shown, fs, is_value = folder
    place = Place(str(Path(path) / file) if fs is None else file, f"{shown}/{file}", fs, is_value)
    if fs is not None:
        inside = file.removeprefix(path.rstrip("/") + "/")
        place = place._replace(shown=f"{shown.rstrip('/')}/{inside}")
    keys = [part.partition("=") for part in PurePosixPath(file).parts[:-1] if "=" in part]
    partitions = [(unquote(key), unquote(value)) for key, _, value in keys if key]

    def opener() -> Table:
        table = open_place(place)
        return _partitioned(table, partitions) if partitions else table

    return place.shown, opener


def _below(path: str, fs: Any) -> Iterator[str]:
    """Files below a folder, relative to it when it is local."""
    if fs is not None:
        yield from fs.find(path)
        return
    for folder, directories, names in os.walk(path):
        directories[:] = [name for name in directories if name != ".git"]
        inside = Path(folder).relative_to(path)
        yield from ((inside / name).as_posix() for name in names)


def _is_hidden(path: str, file: str, fs: Any) -> bool:
    """Whether a name on the way to a file has a dot or `_` first, or is one of our own files."""
    inside = file if fs is None else file.removeprefix(path.rstrip("/") + "/")
    return any(part.startswith((".", "_", "llmsec.")) for part in inside.split("/"))


def _without_caches(path: str, files: Sequence[str], problems: Problems) -> list[str]:
    """The files but those Arrow files beside a `state.json` that it does not name: caches.

    `state.json` is what Hugging Face's `save_to_disk` writes.
    """
    kept = list(files)
    for state in (file for file in files if PurePosixPath(file).name == "state.json"):
        folder = PurePosixPath(state).parent
        try:
            content = json.loads((Path(path) / state).read_text("utf-8"))
            listed = {str(folder / str(entry["filename"])) for entry in content["_data_files"]}
        except (OSError, ValueError, KeyError, TypeError):
            problems.state(f"{state} cannot be read: all Arrow files beside it are")
            continue
        if missing := listed.difference(files):
            problems.state(f"files that {state} names and that are not there: {len(missing)}")
        kept = [
            file
            for file in kept
            if file in listed or not file.endswith(".arrow") or PurePosixPath(file).parent != folder
        ]
    return kept


def _partitioned(table: Table, partitions: Sequence[tuple[str, str]]) -> Table:
    """The table with the keys of its folders (`year=2024`) as columns of text."""
    import pyarrow as pa

    def extended(batch: pa.RecordBatch) -> pa.RecordBatch:
        columns, names = list(batch.columns), list(batch.schema.names)
        for key, value in partitions:
            if key not in names:
                columns.append(pa.repeat(pa.scalar(value), batch.num_rows))
                names.append(key)
        return pa.RecordBatch.from_arrays(columns, names=names)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        try:
            yield from map(extended, table.batches(size))
        finally:
            problems.take(table.problems)

    problems = Problems(table.name)
    schema = table.schema
    for key, _ in partitions:
        if key not in schema.names:
            schema = schema.append(pa.field(key, pa.string()))
    made = Table(table.name, schema, read, problems=problems, rows=table.rows)
    made.skips, made.metadata = table.skips, table.metadata
    return made
