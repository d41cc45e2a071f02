"""One writer at a time, on all platforms."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from .problems import LineageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WAIT: Final = 10.0
_PAUSE: Final = 0.01


@contextmanager
def locked(path: Path, wait: float = _WAIT) -> Iterator[None]:
    """Hold the lock that belongs to `path`: a hidden file beside it, which is gone afterwards.

    The system drops the lock of a process that ends, so that none stays behind. Raises
    LineageError when others hold it for longer than `wait` seconds.
    """
    beside = path.with_name(f".{path.name[:80]}.lock")
    end = time.monotonic() + wait
    while (descriptor := _taken(beside)) is None:
        if time.monotonic() > end:
            raise LineageError(f"{path.name}: another process is writing it: try again")
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows does not remove open files
            beside.unlink()
        os.close(descriptor)


def _taken(beside: Path) -> int | None:
    """The descriptor of the locked file, None if somebody else holds it."""
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except PermissionError:  # Windows: it is being removed
        if sys.platform != "win32":
            raise LineageError(f"{beside.parent}: is not writable") from None
        return None
    except OSError as error:
        raise LineageError(f"{beside.parent}: cannot be written: {error.strerror}") from None
    try:
        _lock(descriptor)
        # The former holder may have removed the file between our opening and our locking.
        if os.path.samestat(os.fstat(descriptor), beside.stat()):
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _lock(descriptor: int) -> None:
    """Raises OSError if it is locked."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
