"""Ray: each block a remote task, states merged as a tree."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ...core.detector import NotInstalled
from .cluster import FEW, TICK, Stopped, safe_path
from .worker import merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from .distributed import Distributed
    from .fold import Task
    from .watch import Watch

_ALONE: Final = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Heeded on any system, whatever its name says: the node then has the address of loopback."""


class Ray:
    """On the cluster that is connected or that RAY_ADDRESS names, or a local one."""

    name = "ray"

    def __init__(self, data: Distributed, jobs: int, watch: Watch) -> None:
        """Raises NotInstalled."""
        try:
            ray = imported()
        except ImportError as error:
            raise NotInstalled("Ray is not installed: pip install 'llmsec-nb[ray]'") from error
        self.ray = ray
        self.watch = watch
        self.mine = not ray.is_initialized()
        if self.mine:
            connect(ray, jobs)
        self.held = list(data.parts) if data.source is None else _blocks(data.source)

    def fold(self, call: Callable[[int, Any], bytes], task: Task) -> list[bytes]:
        """See Map."""
        level = self._leaves(call)
        together = self.ray.remote(_merging)
        shared = self.ray.put(task)
        while len(level) > FEW:
            level = [
                together.remote(shared, *level[at : at + FEW]) for at in range(0, len(level), FEW)
            ]
        return self._gathered(level)

    def each(self, call: Callable[[int, Any], bytes]) -> list[bytes]:
        """See Map."""
        return self._gathered(self._leaves(call))

    def close(self) -> None:
        """See Map."""
        if self.mine:
            self.ray.shutdown()

    def _leaves(self, call: Callable[[int, Any], bytes]) -> list[Any]:
        shared = self.ray.put(call)
        one = self.ray.remote(_calling)
        return [one.remote(shared, number, held) for number, held in enumerate(self.held)]

    def _gathered(self, waiting: list[Any]) -> list[bytes]:
        left = waiting
        while left:
            _, left = self.ray.wait(left, num_returns=len(left), timeout=TICK)
            if left and self.watch.stopped:
                for one in left:
                    self.ray.cancel(one)
                raise Stopped
        return list(self.ray.get(waiting))


def imported() -> Any:
    """Ray, so that a cluster of this machine listens on loopback alone; it decides on import."""
    with safe_path(**_ALONE):
        return import_module("ray")


def connect(ray: Any, jobs: int) -> None:
    """A cluster that RAY_ADDRESS names, or one of this machine, without page and telemetry."""
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    if os.environ.get("RAY_ADDRESS"):
        ray.init(**quiet)
        return
    with safe_path(RAY_USAGE_STATS_ENABLED="0", **_ALONE):
        ray.init(
            address="local",
            num_cpus=max(1, jobs),
            include_dashboard=False,
            _node_ip_address="127.0.0.1",
            **quiet,
        )


def _blocks(dataset: Any) -> list[Any]:
    """The blocks of a data set in their order, each as an Arrow table in Ray's store."""
    context = import_module("ray.data").DataContext.get_current()
    ordered = context.execution_options.preserve_order
    shown = context.enable_progress_bars
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    try:
        return list(dataset.to_arrow_refs())
    finally:
        context.execution_options.preserve_order = ordered
        context.enable_progress_bars = shown


def _calling(call: Callable[[int, Any], bytes], number: int, held: Any) -> bytes:
    return call(number, held)


def _merging(task: Task, *blobs: bytes) -> bytes:
    return merge(task, blobs)
