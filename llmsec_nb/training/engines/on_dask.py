"""Dask: each partition a delayed call, states merged as a tree."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...core.detector import NotInstalled
from .cluster import FEW, TICK, Stopped
from .worker import merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from .distributed import Distributed
    from .fold import Task
    from .watch import Watch


class Dask:
    """On the client that is there, or a local one: threads of this process, no port, no page."""

    name = "dask"

    def __init__(self, data: Distributed, jobs: int, watch: Watch) -> None:
        """Raises NotInstalled."""
        try:
            dask, self.distributed = import_module("dask"), import_module("distributed")
        except ImportError as error:
            raise NotInstalled("Dask is not installed: pip install 'llmsec-nb[dask]'") from error
        self.delayed: Any = dask.delayed
        self.watch = watch
        self.mine = False
        try:
            self.client: Any = self.distributed.default_client()
        except ValueError:
            self.mine = True
            self.client = self.distributed.Client(
                processes=False,
                n_workers=1,
                threads_per_worker=max(1, jobs),
                dashboard_address=None,
                set_as_default=False,
            )
        self.held = list(data.parts) if data.source is None else data.source.to_delayed()

    def fold(self, call: Callable[[int, Any], bytes], task: Task) -> list[bytes]:
        """See Map."""
        level = self._leaves(call)
        together = self.delayed(partial(_merging, task), pure=False, traverse=False)
        while len(level) > FEW:
            level = [together(*level[at : at + FEW]) for at in range(0, len(level), FEW)]
        return self._computed(level)

    def each(self, call: Callable[[int, Any], bytes]) -> list[bytes]:
        """See Map."""
        return self._computed(self._leaves(call))

    def close(self) -> None:
        """See Map."""
        if self.mine:
            self.client.close()

    def _leaves(self, call: Callable[[int, Any], bytes]) -> list[Any]:
        one = self.delayed(call, pure=False, traverse=False)
        return [one(number, held) for number, held in enumerate(self.held)]

    def _computed(self, calls: list[Any]) -> list[bytes]:
        futures = self.client.compute(calls)
        while True:
            try:
                with self.client.as_current():
                    self.distributed.wait(futures, TICK)
                return list(self.client.gather(futures))
            except TimeoutError:
                if self.watch.stopped:
                    self.client.cancel(futures)
                    raise Stopped from None


def _merging(task: Task, *blobs: bytes) -> bytes:
    return merge(task, blobs)
