"""Texts made fit to be trained on: nothing is lost, and no language is the worse for it."""

from __future__ import annotations

from .api import sanitize
from .problems import CannotSanitize, Halted
from .report import Change, SanitizeReport
from .result import Quarantine, Sanitized
from .rules import DEFAULTS

__all__ = [
    "DEFAULTS",
    "CannotSanitize",
    "Change",
    "Halted",
    "Quarantine",
    "SanitizeReport",
    "Sanitized",
    "sanitize",
]
