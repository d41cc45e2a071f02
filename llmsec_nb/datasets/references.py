"""Evaluation sets of which nothing may be in the training data, as hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..sources.dataset import DatasetError, open_table
from ..training.guess import is_text, roles_of
from ..training.likeness.reference import reference
from ..training.view import prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..policy import Policy
    from ..training.detector import Plan


def references(against: Mapping[str, object], plan: Plan, policy: Policy) -> dict[str, bytes]:
    """What scans under this plan compare with, by name. Raises DatasetError, in one line."""
    return {name: _reference(source, name, plan, policy) for name, source in against.items()}


def _reference(source: object, name: str, plan: Plan, policy: Policy) -> bytes:
    """Of the columns that hold running text, as far as names tell, else of all texts."""
    table = prepared(open_table(source, name, excluded=policy.excludes))
    roles, _ = roles_of(table.schema, {})
    columns = roles.texts or tuple(field.name for field in table.schema if is_text(field.type))
    try:
        return reference(table.batches(), columns, plan)
    except ValueError as error:
        raise DatasetError(f"{name}: {error}") from None
    finally:
        table.close()
