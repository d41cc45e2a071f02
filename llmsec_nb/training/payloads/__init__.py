"""Payloads in training data: what is in a row that its reader does not see, or that acts."""

from __future__ import annotations

from .detector import Payloads

__all__ = ["Payloads"]
