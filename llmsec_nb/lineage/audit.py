"""`llmsec.audit.jsonl`: what was done with data, one line each, chained by hashes.

Each line holds the SHA-256 of the line before, so that none can be changed, taken out or put in
without breaking the chain; with a key each holds an HMAC, too, so that nobody without it can make
the chain anew. Lines that are cut off the end leave no mark in the file: `head` is to be kept
elsewhere (in CI, in a manifest) and given to `check`. No raw value is ever written.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct, field

from ..rules.poisoning.lineage import AUDIT_BROKEN
from .keys import is_signed, key_id, sign
from .lock import locked
from .manifest import now
from .problems import LineageError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

AUDIT: Final = "llmsec.audit.jsonl"
ACTIONS: Final = ("scan", "diff", "quarantine", "accept", "sanitize", "verify", "manifest", "fetch")
_LONGEST: Final = 1 << 16
"""No line is longer."""
_TOLD: Final = 100
"""So many problems are told."""


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line. `number`, `time`, `previous`, `key_id` and `mac` are filled in by `append`.

    `data` names the data set, `root` is its digest, `report` that of the report; `counts` are
    numbers by name. `actor` is who did it, only where they want to be named; `note` a few words
    that hold nothing of the data.
    """

    action: str
    data: str = ""
    root: str = ""
    report: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    version: str = ""
    actor: str = ""
    note: str = ""
    number: int = 0
    time: str = ""
    previous: str = ""
    key_id: str = ""
    mac: str = ""


def append(path: Path, record: Record, key: bytes = b"", date: str = "") -> Record:
    """Add a line, one writer at a time. A torn last line is closed, and stays for `check` to tell.

    Raises LineageError on an unknown action, a line that is too long, and where it cannot be
    written.
    """
    if record.action not in ACTIONS:
        raise LineageError(f"no action of the audit trail: {record.action[:40]!r}")
    with locked(path):
        try:
            return _appended(path, record, key, date)
        except OSError as error:
            raise LineageError(f"{path.name}: cannot be written: {error.strerror}") from None


def _appended(path: Path, record: Record, key: bytes, date: str) -> Record:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise LineageError(f"{path.name}: is not a regular file")
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "r+b") as file:
        last, torn = _last(file)
        made = msgspec.structs.replace(
            record,
            number=_number(last) + 1,
            time=date or now(),
            previous=_hash(last) if last else "",
            key_id=key_id(key),
            mac="",
        )
        made = msgspec.structs.replace(made, mac=sign(key, "audit", made))
        line = msgspec.json.encode(made, order="sorted") + b"\n"
        if len(line) > _LONGEST:
            raise LineageError(f"{path.name}: a line of {len(line):,} bytes is not written")
        file.seek(0, os.SEEK_END)
        file.write(b"\n" * torn + line)
        file.flush()
        os.fsync(file.fileno())
    return made


def _last(file: BinaryIO) -> tuple[bytes, bool]:
    """The last line, without its end, and whether it is torn."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2 * _LONGEST))
    tail = file.read()
    lines = tail.rstrip(b"\n").rsplit(b"\n", 1)
    return lines[-1], bool(tail) and not tail.endswith(b"\n")


def _number(line: bytes) -> int:
    """The number of a line; a torn one has none, and the count starts anew."""
    try:
        return msgspec.json.decode(line, type=Record).number if line else 0
    except msgspec.MsgspecError:
        return 0


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def head(path: Path) -> str:
    """The hash of the last line, which stands for the whole trail; empty if there is none."""
    try:
        with path.open("rb") as file:
            last, _ = _last(file)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise LineageError(f"{path.name}: cannot be read: {error.strerror}") from None
    return _hash(last) if last else ""


def check(path: Path, key: bytes = b"", *, expected: str = "") -> list[Problem]:
    """What is wrong with a trail: at most 100 problems, each with the number of its line.

    `expected` is a `head` of former times: the trail must still hold that line. Raises LineageError
    when it cannot be read.
    """
    found: list[Problem] = []
    if path.is_symlink():
        raise LineageError(f"{path.name}: is a symbolic link: name the file that it leads to")
    try:
        with path.open("rb") as file:
            for message in _checked(file, key, expected):
                found.append(Problem(rule=AUDIT_BROKEN, message=message, path=path.name))
                if len(found) == _TOLD:
                    break
    except FileNotFoundError:
        raise LineageError(f"{path.name}: no such file") from None
    except OSError as error:
        raise LineageError(f"{path.name}: cannot be read: {error.strerror}") from None
    return found


def _checked(file: BinaryIO, key: bytes, expected: str) -> Iterator[str]:
    previous, number = "", 0
    met = not expected
    at = 0
    while line := file.readline(_LONGEST + 1):
        at += 1
        if not line.endswith(b"\n"):
            yield f"line {at}: is torn: writing it was cut off"
            if len(line) > _LONGEST:
                return
        text = line.rstrip(b"\n")
        try:
            record = msgspec.json.decode(text, type=Record)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            if line.endswith(b"\n"):
                yield f"line {at}: is no entry: torn or overwritten"
            number = 0
        else:
            yield from (f"line {at}: {what}" for what in _odd(record, previous, number, key))
            number = record.number
        previous = _hash(text)
        met = met or previous == expected
    if not met:
        yield "the end is missing, or all is new: the line that was last is not in it"


def _odd(record: Record, previous: str, number: int, key: bytes) -> Iterator[str]:
    """What is wrong with one entry, given the hash and the number of the line before."""
    if record.previous != previous:
        yield "does not follow the line before: something was changed, taken out or put in"
    if record.number != number + 1:
        yield f"has the number {record.number}, {number + 1} is due"
    if key:
        plain = msgspec.structs.replace(record, mac="")
        if not record.mac:
            yield "bears no HMAC: it was written without the key"
        elif record.key_id != key_id(key):
            yield "was written with another key"
        elif not is_signed(key, "audit", plain, record.mac):
            yield "has a wrong HMAC: it was changed"
