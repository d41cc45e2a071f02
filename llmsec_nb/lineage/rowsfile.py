"""The side file of a manifest that knows each row: `.rows`, 16 bytes a row.

    8 bytes   LLMSROW1
    8         id of the key
    32        root of the set (zeros where the order is unknown)
    8         number of rows, u64 little endian
    16 each   the first half of the keyed digest of each row, in order
    32        keyed BLAKE2b-256 of all before

It is always keyed: without the key nothing can be tried against it.
"""

from __future__ import annotations

import hmac
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from .keys import derived, key_id
from .merkle import SIZE
from .problems import LineageError
from .storage import placed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    import numpy as np
    from numpy.typing import NDArray

    Halves = NDArray[np.uint64]

HALF: Final = 16
_MAGIC: Final = b"LLMSROW1"
_HEAD: Final = 8 + 8 + SIZE + 8
_CHUNK: Final = 1 << 20


class RowDigests(Struct, frozen=True):
    """What a `.rows` file holds: the halves of the digests, in order, uint64 of shape (rows, 2)."""

    root: str
    key_id: str
    halves: Any


@contextmanager
def rows_writer(path: Path, key: bytes) -> Iterator[RowsWriter]:
    """Write a `.rows` file; it is there when all of it is, or not at all.

    Raises LineageError without a key, or when it cannot be written.
    """
    if not key:
        raise LineageError(f"{path.name}: row digests are kept under a key only: set LLMSEC_KEY")
    with placed(path, force=True) as file:
        yield RowsWriter(file, key)


class RowsWriter:
    """Writes row digests piece by piece."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        """`file` can be read, too."""
        self._id = bytes.fromhex(key_id(key))
        self._secret = derived(key, "rows file")
        self._rows = 0
        self._file = file
        self._file.write(bytes(_HEAD))

    def add(self, digests: bytes) -> None:
        """Rows that follow, 32 bytes each."""
        self._file.write(halves_of(digests).tobytes())
        self._rows += len(digests) // SIZE

    def close(self, root: str) -> None:
        """No more rows come; `root` is that of the set, hex, empty if unknown."""
        head = _MAGIC + self._id + bytes.fromhex(root or "00" * SIZE)
        self._file.seek(0)
        self._file.write(head + self._rows.to_bytes(8, "little"))
        self._file.seek(0)
        check = _checked(self._file, _HEAD + HALF * self._rows, self._secret)
        self._file.seek(0, 2)
        self._file.write(check)


def halves_of(digests: bytes) -> Halves:
    """The first half of each digest: uint64 of shape (rows, 2)."""
    import numpy as np

    table = np.frombuffer(digests, np.uint8).reshape(-1, SIZE)[:, :HALF]
    return np.ascontiguousarray(table).view("<u8")


def _checked(file: IO[bytes], size: int, secret: bytes) -> bytes:
    made = blake2b(digest_size=SIZE, key=secret, person=b"llmsec file 1")
    while size:
        data = file.read(min(size, _CHUNK))
        if not data:
            break
        made.update(data)
        size -= len(data)
    return made.digest()


def read_rows(path: Path, key: bytes) -> RowDigests:
    """What `RowsWriter` wrote. Raises LineageError, in one line, on anything else."""
    import numpy as np

    if not path.is_file() or path.is_symlink():
        raise LineageError(f"{path.name}: no such file of row digests")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            rows = int.from_bytes(head[-8:], "little")
            size = path.stat().st_size
            if head[:8] != _MAGIC or size != _HEAD + HALF * rows + SIZE:
                raise LineageError(f"{path.name}: not a file of row digests, or damaged")
            if head[8:16].hex() != key_id(key):
                raise LineageError(f"{path.name}: made with another key: LLMSEC_KEY is not the one")
            file.seek(0)
            check = _checked(file, _HEAD + HALF * rows, derived(key, "rows file"))
            if not hmac.compare_digest(file.read(), check):
                raise LineageError(f"{path.name}: damaged or changed: write the manifest anew")
            file.seek(_HEAD)
            halves = np.fromfile(file, "<u8", 2 * rows).reshape(-1, 2)
    except OSError as error:
        raise LineageError(f"{path.name}: cannot be read: {error.strerror}") from None
    root = head[16 : 16 + SIZE]
    return RowDigests(root.hex() if any(root) else "", head[8:16].hex(), halves)
