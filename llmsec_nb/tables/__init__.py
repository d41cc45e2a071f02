"""Data sets judged column by column: kinds, shares, masked samples, and who can be told apart."""

from __future__ import annotations

from ..core.table import Also, ColumnReport, Risk, TableReport, Trait
from .conclude import conclude
from .findings import findings
from .fold import empty, merge, observe
from .run import Examined, examine, profile

__all__ = [
    "Also",
    "ColumnReport",
    "Examined",
    "Risk",
    "TableReport",
    "Trait",
    "conclude",
    "empty",
    "examine",
    "findings",
    "merge",
    "observe",
    "profile",
]
