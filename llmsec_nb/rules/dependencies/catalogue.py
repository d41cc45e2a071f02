"""The detectors of the family, and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .audit import RULES as AUDITED
from .audit import Audit
from .detector import RULES as READ
from .detector import Dependencies

if TYPE_CHECKING:
    from pathlib import Path

    from ...core.detector import CodeDetector
    from ...core.rule import Rule

RULES: Final[tuple[Rule, ...]] = tuple(sorted((*READ, *AUDITED), key=lambda rule: rule.id))


def detectors(database: Path | None = None) -> tuple[CodeDetector, ...]:
    """All detectors of the family; `database` is the file of advisories, the usual one if None."""
    return (Dependencies(), Audit(database))
