"""Data sets judged column by column: kinds, shares, masked samples, and who can be told apart."""

from __future__ import annotations

from ..core.table import Also, ColumnReport, Risk, TableReport, Trait
from .conclude import conclude
from .findings import findings
from .fold import empty, merge, observe
from .run import profile

__all__ = [
    "Also",
    "ColumnReport",
    "Risk",
    "TableReport",
    "Trait",
    "conclude",
    "empty",
    "findings",
    "merge",
    "observe",
    "profile",
]
