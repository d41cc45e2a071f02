"""Detector states of a trusted version, so that only what is new is to be read again: `.state`.

MessagePack of plain bytes, with a keyed digest at its end; nothing in it is run or unpickled, and
each state is judged again by its detector's `unpack`. Tokens in states are hashes under the plan's
seed, which `seed_of` takes from the key.
"""

from __future__ import annotations

import hashlib
import hmac
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from .keys import derived, key_id, seed_of
from .merkle import SIZE
from .problems import LineageError
from .storage import read_limited, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MAGIC: Final = b"LLMSTAT1"
_LARGEST: Final = 4 << 30


class States(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Packed states by the name of their detector, of the data set with this root.

    `seed` is that of the plan they were made under, `roles` the columns by role.
    """

    root: str
    rows: int
    seed: int
    roles: dict[str, str]
    states: dict[str, bytes]


def write_states(
    path: Path,
    states: Mapping[str, bytes],
    *,
    root: str,
    rows: int,
    roles: Mapping[str, str],
    key: bytes,
) -> tuple[str, str]:
    """Keep packed states that were made under `seed_of(key)`; gives the name and SHA-256 of it.

    Raises LineageError without a key, and where it cannot be written.
    """
    if not key:
        raise LineageError(f"{path.name}: states are only kept under a key: set LLMSEC_KEY")
    kept = States(root=root, rows=rows, seed=seed_of(key), roles=dict(roles), states=dict(states))
    content = _MAGIC + bytes.fromhex(key_id(key)) + msgspec.msgpack.encode(kept, order="sorted")
    data = content + _check(content, key)
    write_whole(path, data)
    return path.name, hashlib.sha256(data).hexdigest()


def read_states(path: Path, key: bytes) -> States:
    """What `write_states` wrote. Raises LineageError, in one line, on anything else."""
    data = read_limited(path, _LARGEST, "a file of states")
    if data[: len(_MAGIC)] != _MAGIC or len(data) < len(_MAGIC) + 8 + SIZE:
        raise LineageError(f"{path.name}: not a file of states, or damaged")
    if data[len(_MAGIC) :][:8].hex() != key_id(key):
        raise LineageError(f"{path.name}: made with another key: LLMSEC_KEY is not the one")
    if not hmac.compare_digest(_check(data[:-SIZE], key), data[-SIZE:]):
        raise LineageError(f"{path.name}: damaged or changed: scan the trusted version again")
    try:
        return msgspec.msgpack.decode(data[len(_MAGIC) + 8 : -SIZE], type=States)
    except msgspec.MsgspecError:
        raise LineageError(f"{path.name}: of another version: scan the trusted one again") from None


def _check(content: bytes, key: bytes) -> bytes:
    secret = derived(key, "states file")
    return blake2b(content, digest_size=SIZE, key=secret, person=b"llmsec file 1").digest()
