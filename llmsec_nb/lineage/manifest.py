"""`llmsec.data.json`: what data sets are, as the last one who looked at them found them.

JSON with sorted keys, to be committed beside the data or above them; `llmsec` and CI compare it
with what is there. It holds no raw value. Digests of files are plain SHA-256. What concerns single
rows is keyed, see digests.py. The `signature` (HMAC-SHA-256) covers all of it: without a key
whoever changes the data can change the manifest with them. An older manifest stays right with
its signature: which one is in force, the history of the repository says.

Names in it lead only to files in its folder, and nothing that it names is run or unpickled.
"""

from __future__ import annotations

import re
import time
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct, field

from .encoding import ROW_FORMAT
from .keys import is_signed, key_id, sign
from .lock import locked
from .problems import LineageError
from .storage import SHARED, inside, read_limited, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST: Final = "llmsec.data.json"
SCHEMA: Final = 1
_LARGEST: Final = 64 << 20
_TOOL: Final = "llmsec-nb data manifest"
_HEX: Final = re.compile(r"(?:[0-9a-f]{16}|[0-9a-f]{64})?")


class FileRecord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file as it was: its bytes, and their SHA-256 in hex."""

    size: int
    sha256: str


class Acceptance(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Somebody's word that an alert is meant to be there.

    `rows` is how many rows it had then: one that has grown since is not what was accepted.
    """

    fingerprint: str
    reason: str
    date: str
    rows: int = 0
    by: str = ""
    signature: str = ""


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One data set. `source` is its file or folder, relative to the manifest; empty: in memory.

    `root`, `multiset`, `columns`, `shards`: see digests.Digest; keyed if `key_id` is there.
    `parent` is the root of the version before. `complete`: all of it could be read. `alerts`
    counts those of the last scan by severity, `power` is what it could have seen. `rows_file` and
    `states_file` are files beside the manifest.
    """

    source: str
    files: dict[str, FileRecord]
    rows: int
    root: str
    multiset: str
    columns: dict[str, str]
    version: str
    date: str
    format: int = ROW_FORMAT
    key_id: str = ""
    shard_rows: int = 0
    shards: tuple[str, ...] = ()
    complete: bool = True
    parent: str = ""
    alerts: dict[str, int] = field(default_factory=dict)
    power: tuple[str, ...] = ()
    accepted: dict[str, Acceptance] = field(default_factory=dict)
    rows_file: str = ""
    states_file: str = ""
    states_sha256: str = ""


class Manifest(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All data sets by name."""

    schema: int
    tool: str
    version: str
    date: str
    data: dict[str, Entry]
    key_id: str = ""
    signature: str = ""


def is_manifest(path: Path) -> bool:
    """Whether a file says that it is a manifest. Other JSON files are data."""
    try:
        if path.suffix != ".json" or path.is_symlink() or path.stat().st_size > _LARGEST:
            return False
        tree = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
        return bool(msgspec.json.decode(tree["tool"]) == _TOOL)
    except (OSError, msgspec.MsgspecError, ValueError, KeyError, RecursionError):
        return False


def read_manifest(path: Path) -> Manifest:
    """Raises LineageError, in one line, when it is not there, damaged, or leads out of its folder.

    The signature is not judged here, see `verify`.
    """
    data = read_limited(path, _LARGEST, "a manifest")
    try:
        schema = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        number = msgspec.json.decode(schema["schema"], type=int)
        if number != SCHEMA:
            raise LineageError(f"{path.name}: of schema {number}, {SCHEMA} is known: update llmsec")
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.ValidationError as error:
        where = str(error).partition(" - at `")[2].rstrip("`")[:80]
        reason = f": {where} is wrong" if where else ", or damaged"
        raise LineageError(f"{path.name}: no manifest of data{reason}") from None
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError, RecursionError):
        raise LineageError(f"{path.name}: no manifest of data, or damaged") from None
    for name, entry in manifest.data.items():
        _judge(path, name, entry)
    return manifest


def _judge(path: Path, name: str, entry: Entry) -> None:
    """Raises LineageError when an entry leads out of the folder or is not what we write."""
    digests = (entry.root, entry.multiset, entry.parent, entry.states_sha256, entry.key_id)
    hexes = [*digests, *entry.shards, *(record.sha256 for record in entry.files.values())]
    if not all(_HEX.fullmatch(text) for text in hexes):
        raise LineageError(f"{path.name}: {name!r} has a digest that is none")
    sizes = [entry.rows, entry.shard_rows, *(record.size for record in entry.files.values())]
    if min(sizes) < 0 or len(entry.shards) > -(-entry.rows // max(1, entry.shard_rows)):
        raise LineageError(f"{path.name}: {name!r} has numbers that cannot be")
    for side in (entry.source, *entry.files, entry.rows_file, entry.states_file):
        if side:
            inside(path.parent, side)


def entry_of(manifest: Manifest, name: str, path: Path) -> tuple[str, Entry]:
    """The data set of a name, or the only one. Raises LineageError."""
    if name in manifest.data:
        return name, manifest.data[name]
    known = ", ".join(repr(known) for known in list(manifest.data)[:10]) or "none"
    if name or len(manifest.data) != 1:
        what = f"no data set {name!r}" if name else "several data sets, or none: name one"
        raise LineageError(f"{path.name}: {what}; there are: {known}")
    return next(iter(manifest.data.items()))


def write_manifest(
    path: Path,
    entries: Mapping[str, Entry],
    *,
    key: bytes = b"",
    version: str,
    date: str = "",
) -> Manifest:
    """Put data sets into a manifest, which is made if it is not there; the others stay.

    An entry that replaces one takes over what was accepted, and its root as `parent`. Raises
    LineageError when the old manifest is damaged, or its signature is wrong or would be lost.
    """
    with locked(path):
        old = read_manifest(path) if path.exists() or path.is_symlink() else None
        if old is not None:
            demand_own(old, key, path)
        data = dict(old.data) if old else {}
        for name, entry in entries.items():
            data[name] = _succeeding(entry, data.get(name))
        return written(path, data, key=key, version=version, date=date)


def demand_own(manifest: Manifest, key: bytes, path: Path) -> None:
    """Raises LineageError when to write the manifest anew would cover a change, or its loss."""
    if not manifest.signature:
        return
    if not key:
        raise LineageError(f"{path.name}: is signed: set LLMSEC_KEY to change it")
    if manifest.key_id != key_id(key):
        raise LineageError(f"{path.name}: signed with another key: LLMSEC_KEY is not the one")
    if not has_own_signature(manifest, key):
        raise LineageError(
            f"{path.name}: its signature is wrong: somebody changed it; look, then remove it"
        )


def has_own_signature(manifest: Manifest, key: bytes) -> bool:
    """Whether its signature is right."""
    unsigned = msgspec.structs.replace(manifest, signature="")
    return is_signed(key, "manifest", unsigned, manifest.signature)


def _succeeding(entry: Entry, old: Entry | None) -> Entry:
    if old is None:
        return entry
    changed = old.root != entry.root or old.key_id != entry.key_id
    return msgspec.structs.replace(
        entry,
        parent=entry.parent or (old.root if changed else old.parent),
        accepted={**old.accepted, **entry.accepted},
    )


def written(
    path: Path, data: Mapping[str, Entry], *, key: bytes, version: str, date: str = ""
) -> Manifest:
    """Write a manifest whose lock is held."""
    manifest = Manifest(
        schema=SCHEMA,
        tool=_TOOL,
        version=version,
        date=date or now(),
        data=dict(sorted(data.items())),
        key_id=key_id(key),
    )
    signature = sign(key, "manifest", manifest)
    manifest = msgspec.structs.replace(manifest, signature=signature)
    text = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    write_whole(path, text + b"\n", SHARED)
    return manifest


def now() -> str:
    """The time, UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def side_name(path: Path, name: str, suffix: str) -> str:
    """What a file beside a manifest is called, `llmsec.data.train-1f2e3d4c.rows` say."""
    import hashlib

    stem = re.sub(r"[^A-Za-z0-9-]+", "-", PurePath(name).stem).strip("-")[:40] or "data"
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{path.stem}.{stem}-{mark}{suffix}"
