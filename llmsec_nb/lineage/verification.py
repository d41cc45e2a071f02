"""Whether data sets are still what their manifest says: for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ..core.problem import Failure
from ..rules.poisoning.lineage import FILE_CHANGED, MANIFEST_CHANGED, STATE_STALE
from .acceptance import accepted
from .compare import compare_rows
from .entries import names_of
from .keys import key_id
from .manifest import Entry, Manifest, has_own_signature, read_manifest
from .problems import LineageError, Problem, printable
from .rowsfile import read_rows
from .sidecar import is_sidecar, verify_aside
from .states import read_states
from .storage import inside, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Found = Problem | Failure

_LISTED = 1000


def verify(
    path: Path, *, key: bytes = b"", rows: bool = False, names: tuple[str, ...] = ()
) -> list[Found]:
    """All that is not as the manifest says, and all that could not be checked.

    Files are compared by their bytes; where some differ, and in any case with `rows`, the rows are
    read and compared, too, so that the changed ones are named. `names` are the data sets to check,
    all if empty. Files that are hidden (`.` or `_` first) are not looked at.

    `path` may be a sidecar of rows that were set aside, too. Raises LineageError when it cannot be
    read.
    """
    found = list(
        verify_aside(path, key) if is_sidecar(path) else _found(path, key, rows=rows, names=names)
    )
    return [
        msgspec.structs.replace(one, path=printable(one.path), message=printable(one.message))
        for one in found
    ]


def _found(path: Path, key: bytes, *, rows: bool, names: tuple[str, ...]) -> Iterator[Found]:
    manifest = read_manifest(path)
    yield from _signature(manifest, path, key)
    mine = key if not manifest.key_id or manifest.key_id == key_id(key) else b""
    for name, entry in manifest.data.items():
        if not names or name in names:
            yield from _entry(path, name, entry, mine, rows=rows)
            if not manifest.key_id or mine:
                yield from accepted(manifest, name, mine, path.name)[1]
    for name in names:
        if name not in manifest.data:
            yield Failure(path=path.name, message=f"there is no data set {name!r} in it")


def _signature(manifest: Manifest, path: Path, key: bytes) -> Iterator[Found]:
    if key and not manifest.signature:
        message = "the manifest is not signed: anybody may have written it"
        yield Problem(rule=MANIFEST_CHANGED, message=message, path=path.name)
    elif manifest.signature and manifest.key_id != key_id(key):
        what = "is another one" if key else "is not there"
        yield Failure(
            path=path.name,
            message=f"signatures and rows were not checked: the key that it was signed with {what}",
            remedy="set LLMSEC_KEY",
        )
    elif manifest.signature and not has_own_signature(manifest, key):
        message = "the signature of the manifest is wrong: it was changed without the key"
        yield Problem(rule=MANIFEST_CHANGED, message=message, path=path.name)


def _entry(path: Path, name: str, entry: Entry, key: bytes, *, rows: bool) -> Iterator[Found]:
    """What is wrong with one data set."""
    if not entry.source:
        message = f"{name}: was in memory, there is no file to compare"
        yield Failure(path=path.name, message=message)
    try:
        files = list(_files(path, name, entry))
        yield from files
        yield from _states(path, name, entry, key)
        if entry.source and (files or rows):
            yield from compare_rows(path, name, entry, key, other_bytes=bool(files))
    except LineageError as error:
        yield Failure(path=path.name, message=f"{name}: {error}")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield Failure(path=path.name, message=f"{name}: cannot be read: {reason}")


def _files(path: Path, name: str, entry: Entry) -> Iterator[Problem]:
    """Files that are gone, others, or new. Raises LineageError, OSError."""
    if not entry.source:
        return
    base = path.parent
    sides = (path.name, entry.rows_file, entry.states_file)
    here = set(names_of(base, inside(base, entry.source), sides))
    for file, record in entry.files.items():
        what = ""
        if file not in here:
            what = "is gone"
        elif sha256_of(inside(base, file)) != (record.size, record.sha256):
            what = "has other bytes than the manifest says"
        if what:
            yield Problem(rule=FILE_CHANGED, message=f"{file}: {what}", path=file, data=name)
    added = sorted(here.difference(entry.files))
    for file in added[:_LISTED]:
        message = f"{file}: is not in the manifest"
        yield Problem(rule=FILE_CHANGED, message=message, path=file, data=name)
    if len(added) > _LISTED:
        message = f"{len(added) - _LISTED:,} more files are not in the manifest"
        yield Problem(rule=FILE_CHANGED, message=message, path=entry.source, data=name)


def _states(path: Path, name: str, entry: Entry, key: bytes) -> Iterator[Found]:
    """Whether the files beside the manifest belong to the data set. Raises OSError."""
    for side, judge in ((entry.states_file, _state), (entry.rows_file, _rows)):
        reason = ""
        if side:
            try:
                reason = judge(inside(path.parent, side), entry, key)
            except LineageError as error:
                reason = str(error)
        if reason:
            yield Problem(rule=STATE_STALE, message=reason, path=side, data=name)


def _state(file: Path, entry: Entry, key: bytes) -> str:
    """What is wrong with a file of states, empty if nothing. Raises LineageError."""
    if sha256_of(file)[1] != entry.states_sha256:
        return f"{file.name}: is another file than the manifest says"
    if key and read_states(file, key).root != entry.root:
        return f"{file.name}: was made of another version of the data"
    return ""


def _rows(file: Path, entry: Entry, key: bytes) -> str:
    """What is wrong with a file of row digests, empty if nothing. Raises LineageError."""
    if key and read_rows(file, key).root != entry.root:
        return f"{file.name}: was made of another version of the data"
    return ""
