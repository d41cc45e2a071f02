"""The detectors of the family, and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .audit import RULES as AUDITED
from .audit import Audit
from .detector import RULES as READ
from .detector import Dependencies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...core.detector import CodeDetector
    from ...core.rule import Rule

RULES: Final[tuple[Rule, ...]] = tuple(sorted((*READ, *AUDITED), key=lambda rule: rule.id))


def detectors(
    environment: Mapping[str, str] | None = None,
    locked: Mapping[str, str] | None = None,
    database: Path | None = None,
) -> tuple[CodeDetector, ...]:
    """All detectors of the family.

    `environment` are the kernel's packages, see `kernel.environment`; `locked` the versions of lock
    files nearby; `database` the file of advisories, the usual one if None.
    """
    return (Dependencies(environment, locked), Audit(database, environment, locked))
