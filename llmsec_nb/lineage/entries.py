"""What a manifest says of a data set, from the data set and its scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .manifest import Entry, FileRecord, now
from .storage import files_of, relative, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from .digests import Digest

OWN: tuple[str, ...] = ("llmsec.audit.jsonl",)
"""Files of ours that may lie in a folder of data, beside the manifest and what it names."""


def describe(
    source: Path | None,
    digest: Digest,
    *,
    manifest: Path,
    version: str,
    date: str = "",
    alerts: Mapping[str, int] | None = None,
    power: Sequence[str] = (),
    parent: str = "",
    rows_file: str = "",
    states: tuple[str, str] = ("", ""),
) -> Entry:
    """The entry of a data set for the manifest that will stand at `manifest`.

    `source` is its file or folder, in the manifest's folder or below; None for one in memory.
    `alerts` counts by severity, `power` are the lines of the power statement, `rows_file` the name
    of what `digest_table` wrote beside the manifest, `states` name and SHA-256 from `write_states`.

    Raises LineageError on a source outside of the folder and on symbolic links in it, OSError.
    """
    base = manifest.parent
    sides = (manifest.name, rows_file, states[0])
    return Entry(
        source="" if source is None else relative(base, source),
        files={} if source is None else records(base, source, sides),
        rows=digest.rows,
        root=digest.root,
        multiset=digest.multiset,
        columns=digest.columns,
        version=version,
        date=date or now(),
        format=digest.format,
        key_id=digest.key_id,
        shard_rows=digest.shard_rows,
        shards=digest.shards,
        complete=not digest.problems,
        parent=parent,
        alerts=dict(alerts or {}),
        power=tuple(power),
        rows_file=rows_file,
        states_file=states[0],
        states_sha256=states[1],
    )


def names_of(base: Path, source: Path, sides: Iterable[str]) -> list[str]:
    """The files of a source, relative to `base`, but for those beside the manifest named `sides`.

    A folder that is not there has none. Raises LineageError, OSError.
    """
    own = {*sides, *OWN}
    if not source.exists():
        return []
    return [name for path in files_of(source) if (name := relative(base, path)) not in own]


def records(base: Path, source: Path, sides: Iterable[str]) -> dict[str, FileRecord]:
    """Size and digest of each file. Raises LineageError, OSError."""
    found = {}
    for name in names_of(base, source, sides):
        size, digest = sha256_of(base / name)
        found[name] = FileRecord(size=size, sha256=digest)
    return found
