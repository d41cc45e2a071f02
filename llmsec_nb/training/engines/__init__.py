"""Where a scan of training data runs: on this machine, or on an engine that is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.detector import Unavailable
from .distributed import Distributed
from .local import Local

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...sources.dataset import Table
    from ..roles import Roles
    from .cluster import Map
    from .fold import Engine
    from .watch import Watch

ENGINES = ("local", "spark", "dask", "ray")


def start(table: Table | Distributed, roles: Roles, engine: str, jobs: int, watch: Watch) -> Engine:
    """The engine of a name, ready to run passes over the data.

    Raises Unavailable (NotInstalled, or it cannot be started), ValueError if no engine has that
    name, DatasetError if it cannot read the data.
    """
    if engine not in ENGINES:
        raise ValueError(f"no engine is called {engine!r}: local, spark, dask and ray are known")
    if engine == "local":
        if isinstance(table, Distributed):
            raise ValueError(f"{table.name}: read by an engine: name it (spark, dask or ray)")
        return Local(table, roles, jobs, watch)
    from .cluster import Cluster, held

    data = held(table, roles, engine)
    try:
        return Cluster(_map(engine)(data, jobs, watch), data, watch)
    except Unavailable:
        raise
    except Exception as error:  # engines fail in any way they like
        raise Unavailable(f"{engine} could not be started: {type(error).__name__}") from error


def _map(engine: str) -> Callable[[Distributed, int, Watch], Map]:
    if engine == "spark":
        from .on_spark import Spark

        return Spark
    if engine == "dask":
        from .on_dask import Dask

        return Dask
    from .on_ray import Ray

    return Ray
