"""Records from a zip file, a folder or a file, one at a time, within limits."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from .record import Osv

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_RECORD: Final = 16 * 2**20
"""Bytes. The longest records of OSV have lists of some thousand versions: about 1 MB."""
MOST_RECORDS: Final = 2_000_000
LARGEST_TOTAL: Final = 8 * 2**30
"""Bytes of all records of an archive."""
_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml"})
_DECODER: Final = msgspec.json.Decoder(Osv)


class BadSource(Exception):
    """What advisories were to be read from cannot be used; the message says what and why."""


class Unreadable(Exception):
    """One record cannot be read."""


def records(path: Path) -> Iterator[Osv | Unreadable]:
    """The records below a path. Those that cannot be read come as Unreadable.

    Raises BadSource for what is no source of records, or is over a limit.
    """
    if path.is_dir():
        yield from _folder(path)
    elif zipfile.is_zipfile(path):
        yield from _archive(path)
    elif path.is_file():
        yield _record(path.name, _content(path))
    else:
        raise BadSource(f"{path} is neither a file nor a folder")


def _archive(path: Path) -> Iterator[Osv | Unreadable]:
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_RECORDS:
                raise BadSource(f"{path} has more than {MOST_RECORDS:,} entries")
            for entry in entries:
                if entry.is_dir() or Path(entry.filename).suffix not in _SUFFIXES:
                    continue
                with archive.open(entry) as stream:
                    data = stream.read(LARGEST_RECORD + 1)
                total += len(data)
                if total > LARGEST_TOTAL:
                    raise BadSource(f"{path} unpacks to more than {LARGEST_TOTAL // 2**30} GiB")
                yield _record(entry.filename, data)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadSource(f"{path} is damaged: {error}") from error


def _folder(path: Path) -> Iterator[Osv | Unreadable]:
    for number, file in enumerate(sorted(path.rglob("*"))):
        if number > MOST_RECORDS:
            raise BadSource(f"{path} has more than {MOST_RECORDS:,} files")
        if any(part.startswith(".") for part in file.relative_to(path).parts):
            continue
        if file.suffix in _SUFFIXES and file.is_file() and not file.is_symlink():
            yield _record(file.name, _content(file))


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LARGEST_RECORD + 1)


def _record(name: str, data: bytes) -> Osv | Unreadable:
    if len(data) > LARGEST_RECORD:
        return Unreadable("too large")
    try:
        if name.endswith(".json"):
            return _DECODER.decode(data)
        if name.endswith((".yaml", ".yml")):
            return msgspec.convert(_yaml(data), Osv, strict=False)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Unreadable(str(error))
    return Unreadable("neither JSON nor YAML")


def _yaml(data: bytes) -> Any:
    """What stands in YAML, all of it as text: `1.10` is a version, not a number."""
    try:
        import yaml  # type: ignore[import-untyped]  # its types are a package of their own
    except ImportError:
        raise BadSource("records in YAML need PyYAML: pip install pyyaml") from None
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.load(data, Loader=loader)  # noqa: S506  it makes nothing but text and lists
    except yaml.YAMLError as error:
        raise ValueError("not YAML") from error
