"""A suspect with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..detector import Suspect
from .measures import lower_bound

if TYPE_CHECKING:
    from ..detector import Plan
    from .locate import Key


def made_of(
    rule: Any, message: str, plan: Plan, key: Key, counts: tuple[int, int, float], **figures: Any
) -> Suspect:
    """One of a rule; `counts`: rows, those with the target, and its share of all rows."""
    rows, hits, prior = counts
    purity = hits / rows
    return Suspect(
        rule=rule,
        message=message,
        columns=(plan.roles.text, plan.roles.label),
        key=key,
        rows=hits,
        carriers=rows,
        purity=purity,
        purity_from=float(lower_bound(hits, rows)),
        prior=prior,
        lift=purity / max(prior, 1e-9),
        **figures,
    )
