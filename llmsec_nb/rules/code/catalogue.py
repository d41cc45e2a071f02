"""Every rule of dangerous code, and the detectors that implement them: the one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import (
    addresses,
    agents,
    execution,
    exposure,
    files,
    hints,
    hub,
    loads,
    network,
    objects,
    parsing,
    protocols,
    queries,
    scripts,
    shells,
)

if TYPE_CHECKING:
    from ...core.detector import CodeDetector
    from ...core.rule import Rule

_MODULES: Final = (
    loads, objects, hub, execution, scripts, shells, queries, agents, network, protocols, exposure, files,
    parsing, addresses, hints,
)  # fmt: skip


def detectors() -> tuple[CodeDetector, ...]:
    """All of them; they need sites that were followed with `sources.source`."""
    return tuple(detector for module in _MODULES for detector in module.DETECTORS)


RULES: Final[tuple[Rule, ...]] = tuple(
    sorted((rule for one in detectors() for rule in one.rules), key=lambda rule: rule.id)
)
"""In the order of their ids."""
