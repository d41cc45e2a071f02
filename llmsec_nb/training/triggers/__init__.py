"""Triggers in classified texts: what stands in rows, speaks for a label, and does not belong."""

from .detector import TriggerMiner

__all__ = ["TriggerMiner"]
