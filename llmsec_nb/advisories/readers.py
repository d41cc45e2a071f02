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
_MOST_ARCHIVES: Final = 4
"""In a folder: one for each ecosystem that anybody keeps with Python's."""
_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml"})
_DECODER: Final = msgspec.json.Decoder(Osv)


class BadSource(Exception):
    """What advisories were to be read from cannot be used; the message says what and why."""


class Unreadable(Exception):
    """One record cannot be read."""


def records(path: Path) -> Iterator[Osv | Unreadable]:
    """The records below a path. Those that cannot be read come as Unreadable.

    A folder may hold archives, too, as those of osv-scanner do. Raises BadSource for what is no
    source of records, or is over a limit.
    """
    if path.is_dir():
        yield from _folder(path)
    elif not path.is_file():  # a device has no end
        raise BadSource(f"{path} is neither a file nor a folder")
    elif zipfile.is_zipfile(path):
        yield from _archive(path, LARGEST_TOTAL)
    else:
        yield _record(path.name, _content(path))


def _archive(path: Path, most: int) -> Iterator[Osv | Unreadable]:
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
                if total > most:
                    raise BadSource(f"{path} unpacks to more than {LARGEST_TOTAL // 2**30} GiB")
                yield _record(entry.filename, data)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadSource(f"{path} is damaged: {error}") from error


def _folder(path: Path) -> Iterator[Osv | Unreadable]:
    archives = 0
    for number, file in enumerate(sorted(path.rglob("*"))):
        if number > MOST_RECORDS:
            raise BadSource(f"{path} has more than {MOST_RECORDS:,} files")
        if any(part.startswith(".") for part in file.relative_to(path).parts):
            continue
        if file.is_symlink() or not file.is_file():
            continue
        if file.suffix in _SUFFIXES:
            yield _record(file.name, _content(file))
        elif file.suffix == ".zip" and zipfile.is_zipfile(file):
            yield from _archive(file, LARGEST_TOTAL // _MOST_ARCHIVES)
            archives += 1
            if archives > _MOST_ARCHIVES:
                raise BadSource(f"{path} has more than {_MOST_ARCHIVES} archives")


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LARGEST_RECORD + 1)


def _record(name: str, data: bytes) -> Osv | Unreadable:
    if len(data) > LARGEST_RECORD:
        return Unreadable("too large")
    try:
        if name.endswith(".json"):
            return _json(data)
        if name.endswith((".yaml", ".yml")):
            return msgspec.convert(_yaml(data), Osv, strict=False)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Unreadable(str(error))
    return Unreadable("neither a zip file nor a record in JSON or YAML")


def _json(data: bytes) -> Osv:
    """A record; some sources write null where there is nothing to say."""
    try:
        return _DECODER.decode(data)
    except msgspec.ValidationError:
        return msgspec.convert(_told(msgspec.json.decode(data)), Osv)


def _told(value: Any) -> Any:
    """A value without the members that are null."""
    if isinstance(value, dict):
        return {key: _told(one) for key, one in value.items() if one is not None}
    return [_told(one) for one in value] if isinstance(value, list) else value


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
