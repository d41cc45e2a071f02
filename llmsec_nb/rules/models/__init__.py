"""Rules for model files. What they find is in files, not in texts: see llmsec_nb.models."""

from __future__ import annotations

from ...models.rules import RULES

__all__ = ["RULES"]
