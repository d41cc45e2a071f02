"""What a signal that ends this process leaves undone is done first: SIGTERM and SIGHUP.

By themselves they end Python at once: no `finally` runs, a child goes on, a folder stays.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class _Ended(BaseException):
    """Unwinds the work that a signal has ended; nobody but `unwinding` catches it."""


class _State(threading.local):
    """Of this thread; handlers run in the main one. `got` is the first signal that came."""

    is_at_work = False
    got = 0


_STATE: Final = _State()


@contextlib.contextmanager
def unwinding() -> Iterator[None]:
    """Signals wait until this is left, and end `at_work` within; then they do what they did before.

    Only in the main thread, where alone Python lets handlers be set, and only for signals that
    are neither ignored nor handled by what is not Python.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            handler = signal.getsignal(number)
            if handler is not None and handler is not signal.SIG_IGN:
                before[number] = signal.signal(number, _came)
    try:
        yield
    except _Ended:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        got, _STATE.got, _STATE.is_at_work = _STATE.got, 0, False
        if got:
            os.kill(os.getpid(), got)
    if got:
        raise SystemExit(128 + got)  # where another handler of this process lets it go on


@contextlib.contextmanager
def at_work() -> Iterator[None]:
    """What a signal may interrupt."""
    with _set(is_at_work=True):
        yield


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """What it may not, once begun; within `at_work`, it is interrupted right after."""
    with _set(is_at_work=False):
        yield
    _check()


@contextlib.contextmanager
def _set(*, is_at_work: bool) -> Iterator[None]:
    before, _STATE.is_at_work = _STATE.is_at_work, is_at_work
    try:
        _check()
        yield
    finally:
        _STATE.is_at_work = before


def _check() -> None:
    if _STATE.got and _STATE.is_at_work:
        raise _Ended


def _came(number: int, _: object) -> None:
    """The first signal ends the work, once it may; those that follow change nothing."""
    if not _STATE.got:
        _STATE.got = number
        _check()
