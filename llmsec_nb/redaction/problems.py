"""What can go wrong with a redaction, said in one line."""

from __future__ import annotations


class CannotRedact(ValueError):
    """What was asked for cannot be done; the message names the thing and the remedy."""


class StillThere(UserWarning):
    """Direct identifiers are left in what was redacted."""
