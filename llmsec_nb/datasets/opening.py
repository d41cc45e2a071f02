"""A data set as it is read, and what its columns are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from ..sources.dataset import Table, open_table
from ..tables.names import apart
from ..training.engines.distributed import Distributed, is_distributed, open_distributed
from ..training.guess import by_content, roles_of
from ..training.roles import Roles
from ..training.view import JOIN, prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..policy import Policy

LOCAL: Final = "local"


class Opened(NamedTuple):
    """A data set as it is read: `table`, or what an engine reads; the roles of its columns.

    `guessed` are the roles that nobody named.
    """

    table: Table | Distributed
    roles: Roles
    guessed: tuple[str, ...]


def opened(
    source: object, name: str, said: Mapping[str, str], policy: Policy, engine: str = LOCAL
) -> Opened:
    """Open a data set and tell its columns. Raises DatasetError, UnknownColumn, Unavailable."""
    joins = tuple(tuple(column.split(JOIN)) for column in said.values() if JOIN in column)
    if engine != LOCAL or is_distributed(source):
        whole = open_distributed(source, name, excluded=policy.excludes)
        whole.prepare = partial(prepared, joins=joins)
        return Opened(whole, *_roles(whole.head(), said))
    table = (
        source if isinstance(source, Table) else open_table(source, name, excluded=policy.excludes)
    )
    known = set(table.schema.names)
    made = prepared(table, [columns for columns in joins if JOIN.join(columns) not in known])
    return Opened(made, *_roles(made, said))


def _roles(table: Table, said: Mapping[str, str]) -> tuple[Roles, tuple[str, ...]]:
    roles, guessed = roles_of(table.schema, said, apart)
    if roles.named() or table.once:
        return roles, guessed
    told = by_content(next(table.batches(), None))
    roles, _ = roles_of(table.schema, told)
    return roles, tuple(roles.named())
