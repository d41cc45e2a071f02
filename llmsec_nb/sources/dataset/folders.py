"""Folders of texts and of pictures as tables: a file is a row, its folder the label.

So does `sklearn.datasets.load_files`, and so do the text and image folders of Hugging Face.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .places import Place
from .problems import DatasetError, Problems
from .sniff import SAMPLE, UNUSED, sniff
from .table import BYTES, Table
from .texts import as_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

TEXTS: Final = frozenset({".txt", ".md"})
IMAGES: Final = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"})
METADATA: Final = ("metadata.jsonl", "metadata.csv")
LARGEST: Final = 64 << 20
"""Bytes of one file that are read."""
_TABLE: Final = 64 << 20
_FEWEST: Final = 2
_TRIED: Final = 3
_NAME: Final = "file_name"


class Kind(NamedTuple):
    """What the files of a folder are: the column of their contents, and whether it is text."""

    column: str
    is_text: bool


TEXT: Final = Kind("text", is_text=True)
IMAGE: Final = Kind("image", is_text=False)


def kind_of(path: str, files: Sequence[str], tables: Sequence[str]) -> Kind | None:
    """What a local folder is by its files: None unless it holds one kind of them, and no table.

    `tables` are those of its files that are read as tables; one that describes pictures does not
    count. Texts side by side that look like tables of delimited text are not taken for texts.
    """
    if any(PurePosixPath(name).name not in METADATA for name in tables):
        return None
    if sum(_suffix(name) in IMAGES for name in files) >= _FEWEST:
        return IMAGE
    texts = [name for name in files if _suffix(name) in TEXTS]
    if tables or len(texts) < _FEWEST:
        return None
    return TEXT if _in_folders(texts) or not _are_delimited(path, texts) else None


def _in_folders(names: Sequence[str]) -> bool:
    return all("/" in name for name in names)


def _are_delimited(path: str, names: Sequence[str]) -> bool:
    """Whether all of the first files look like tables."""
    for name in names[:_TRIED]:
        try:
            head = Place(str(Path(path) / name), name).head(SAMPLE)
        except (OSError, DatasetError):
            continue
        text = b"".join(as_utf8([head], Problems(name)))
        if sniff(text, ".txt", whole=len(head) < SAMPLE).delimiter == UNUSED:
            return False
    return True


def open_folder(
    path: str, shown: str, files: Sequence[str], kind: Kind, problems: Problems
) -> Table:
    """The files of a kind below a folder as rows: `path`, the contents, `label`.

    `label` is the name of the folder in which a file lies, if all lie in folders. Links that lead
    out of the folder are not followed. What cannot be read is a problem, what is too large a skip.
    Columns of `metadata.jsonl` or `metadata.csv` beside pictures are joined by `file_name`.
    """
    import pyarrow as pa

    wanted = TEXTS if kind.is_text else IMAGES
    mine = [name for name in files if _suffix(name) in wanted]
    notes = {} if kind.is_text else _notes(Path(path), files, problems)
    extra = sorted({name for row in notes.values() for name in row} - {"path", kind.column})
    labelled = "label" not in extra and _in_folders(mine)
    content = pa.large_string() if kind.is_text else pa.large_binary()
    fields = [("path", pa.string()), (kind.column, content)]
    fields += [("label", pa.string())] * labelled + [(name, pa.string()) for name in extra]
    schema = pa.schema(fields)

    def rows() -> Iterator[dict[str, Any]]:
        root = Path(path).resolve()
        for name in mine:
            data = _content(root, name, table, problems)
            if data is not None:
                shown = os.fsencode(name).decode("utf-8", "replace")
                label = {"label": PurePosixPath(shown).parent.name} if labelled else {}
                value = _text(data, problems) if kind.is_text else data
                yield {**notes.get(name, {}), **label, "path": shown, kind.column: value}

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for some in _bounded(rows(), kind.column, size):
            yield pa.RecordBatch.from_pylist(some, schema=schema)

    table = Table(shown, schema, read, problems=problems)
    if left := len(files) - len(mine) - _described(files, notes):
        what = "texts" if kind.is_text else "pictures"
        table.skip(f"files in the folder that are no {what}, not read: {left}")
    return table


def _described(files: Sequence[str], notes: dict[str, Any]) -> int:
    """How many files were read for what they say of others."""
    return sum(PurePosixPath(name).name in METADATA for name in files) if notes else 0


def _bounded(
    rows: Iterator[dict[str, Any]], column: str, size: int
) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    held = 0
    for row in rows:
        some.append(row)
        held += len(row[column])
        if len(some) >= size or held >= BYTES:
            yield some
            some, held = [], 0
    if some:
        yield some


def _text(data: bytes, problems: Problems) -> str:
    return b"".join(as_utf8([data], problems)).decode()


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower()).suffix


def _content(root: Path, name: str, table: Table, problems: Problems) -> bytes | None:
    """The bytes of a file, None if they are not to be had; says why."""
    place = root / name
    try:
        if not place.resolve().is_relative_to(root):
            table.skip("links that lead out of the folder are not followed")
            return None
        state = place.stat()
        if not S_ISREG(state.st_mode):
            problems.count("no regular files, not read", name)
            return None
        if state.st_size > LARGEST:
            table.skip(f"{name}: larger than {LARGEST >> 20} MB, not read")
            return None
        with place.open("rb") as stream:
            return stream.read(LARGEST)
    except OSError as error:
        why = error.strerror or type(error).__name__
        problems.count(f"files that cannot be read ({why})", name)
        return None


def _notes(
    folder: Path, files: Sequence[str], problems: Problems
) -> dict[str, dict[str, str | None]]:
    """What a table beside the pictures says of each, by its path: as texts."""
    found: dict[str, dict[str, str | None]] = {}
    for name in files:
        place = PurePosixPath(name)
        if place.name not in METADATA:
            continue
        try:
            if (folder / name).stat().st_size > _TABLE:
                raise ValueError("too large")  # noqa: TRY301 # said once, below
            text = (folder / name).read_text("utf-8-sig")
            rows = _lines(text) if place.suffix == ".jsonl" else list(_records(text))
            for row in rows:
                key = os.path.normpath(place.parent / str(row.pop(_NAME)))
                found[PurePosixPath(key).as_posix()] = {
                    column: None if value is None else _written(value)
                    for column, value in row.items()
                }
        except (OSError, ValueError, KeyError, AttributeError, csv.Error):
            problems.state(f"{name} cannot be read as a table with a column {_NAME}: not joined")
    return found


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _records(text: str) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield {name: value for name, value in row.items() if isinstance(name, str)}


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
