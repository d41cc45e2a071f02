"""Presidio as a part of this package: offline, behind gates, with the recognizers of users."""

from __future__ import annotations

from .detector import ENTITY, NAME, PresidioRecognizers, shared

__all__ = ["ENTITY", "NAME", "PresidioRecognizers", "shared"]
