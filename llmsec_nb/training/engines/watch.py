"""Between the scan, which runs in threads, and whoever waits for it: progress and interrupts."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")
_TICK: Final = 0.1


class Bar(Protocol):
    """Shows progress, as tqdm does."""

    def update(self, n: float) -> Any:
        """So many rows more."""

    def close(self) -> Any:
        """No more will come."""


class Watch:
    """Says how far a pass is, and is told of interrupts. `stops` counts them.

    `cancel` ends what runs elsewhere: it is called, by the thread that waits, at an interrupt.
    """

    def __init__(self) -> None:
        """Nothing has begun."""
        self.stops = 0
        self.cancel: Callable[[], object] | None = None
        self._lock = threading.Lock()
        self._pass = self._seen = 0
        self._total: int | None = None

    @property
    def stopped(self) -> bool:
        """Whether somebody wants it to end."""
        return self.stops > 0

    def end(self) -> None:
        """After an interrupt: end, once, what runs elsewhere."""
        cancel = self.cancel
        if self.stopped and cancel is not None:
            self.cancel = None
            cancel()

    def begin(self, total: int | None) -> None:
        """A pass over so many rows begins."""
        with self._lock:
            self._pass += 1
            self._seen, self._total = 0, total

    def saw(self, rows: int) -> None:
        """So many rows more."""
        with self._lock:
            self._seen += rows

    def now(self) -> tuple[int, int, int | None]:
        """The number of the pass, its rows so far, and all of its rows if that is known."""
        with self._lock:
            return self._pass, self._seen, self._total


class _Shown:
    """One bar a pass."""

    def __init__(self, watch: Watch, progress: Callable[[int | None], Bar] | None) -> None:
        self.watch = watch
        self.progress = progress
        self.bar: Bar | None = None
        self.number = self.seen = 0

    def update(self) -> None:
        number, seen, total = self.watch.now()
        if self.progress is None or not number:
            return
        if number != self.number:
            self.close()
            self.bar = self.progress(total)
            self.number, self.seen = number, 0
        if self.bar is not None and seen > self.seen:
            more, self.seen = seen - self.seen, seen
            self.bar.update(more)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
        self.bar = None


def patiently(
    call: Callable[[], Made], watch: Watch, progress: Callable[[int | None], Bar] | None
) -> Made:
    """What `call` gives. It runs in a thread, so that an interrupt hits nothing halfway.

    Each interrupt (KeyboardInterrupt) is counted by `watch`; the call is to end by itself.
    """
    shown = _Shown(watch, progress)
    with ThreadPoolExecutor(1, "llmsec-scan") as thread:
        thread.submit(int).result()  # now it runs: to begin takes no time that could be interrupted
        future = thread.submit(call)
        while True:
            try:
                while not future.done():
                    watch.end()
                    wait([future], _TICK)
                    shown.update()
                break
            except KeyboardInterrupt:
                watch.stops += 1
    shown.update()
    shown.close()
    return future.result()
