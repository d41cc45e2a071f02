"""What can go wrong, said in one line."""

from __future__ import annotations


class CannotSanitize(ValueError):
    """What was asked for cannot be done; the message names the thing and the remedy."""


class Halted(ValueError):
    """A rule whose policy is `halt` found something. Nothing was changed."""
