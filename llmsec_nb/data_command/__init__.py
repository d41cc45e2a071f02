"""`llmsec data` and `%llmsec data`: training data before it is trained on."""

from __future__ import annotations

from .options import add_output, add_scan

__all__ = ["add_output", "add_scan"]
