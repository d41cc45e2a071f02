"""Every rule for training data: the one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import images, integrity, lineage, pairs, payloads, tables, triggers

if TYPE_CHECKING:
    from ...core.rule import Rule


def rules() -> tuple[Rule, ...]:
    """In the order of their ids."""
    families = (triggers, pairs, payloads, integrity, tables, images, lineage)
    return tuple(rule for family in families for rule in family.RULES)
