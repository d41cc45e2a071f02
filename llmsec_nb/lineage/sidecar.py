"""Whether rows that were set aside are still those that were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from ..core.problem import Failure
from ..rules.poisoning.lineage import FILE_CHANGED, MANIFEST_CHANGED
from .aside import SIDECAR, Quarantined
from .keys import is_signed, key_id
from .problems import LineageError, Problem
from .storage import inside, read_limited, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST: Final = 64 << 20


def is_sidecar(path: Path) -> bool:
    """Whether a file is by its name one that `quarantine` wrote beside the rows."""
    return path.name.endswith(SIDECAR)


def verify_aside(path: Path, key: bytes) -> Iterator[Problem | Failure]:
    """What is wrong with the rows beside a sidecar. Raises LineageError when it cannot be read."""
    try:
        known = msgspec.json.decode(read_limited(path, _LARGEST, "a sidecar"), type=Quarantined)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise LineageError(f"{path.name}: not what `quarantine` writes, or damaged") from None
    unsigned = msgspec.structs.replace(known, signature="")
    if known.signature and known.key_id != key_id(key):
        message = "the signature was not checked: the key is not there, or another one"
        yield Failure(path=path.name, message=message, remedy="set LLMSEC_KEY")
    elif key and not is_signed(key, "quarantine", unsigned, known.signature):
        message = "is not signed by the key: anybody may have written it"
        yield Problem(rule=MANIFEST_CHANGED, message=message, path=path.name, data=known.data)
    try:
        same = sha256_of(inside(path.parent, known.file))[1] == known.sha256
        message = "" if same else f"{known.file}: has other bytes than when it was set aside"
    except LineageError as error:
        message = str(error)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield Failure(path=path.name, message=f"{known.file}: cannot be read: {reason}")
        return
    if message:
        yield Problem(rule=FILE_CHANGED, message=message, path=known.file, data=known.data)
