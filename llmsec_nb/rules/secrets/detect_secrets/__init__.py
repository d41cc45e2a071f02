"""Yelp/detect-secrets: its patterns as rules of ours, and its own findings, quick and exact."""

from __future__ import annotations

from .plugins import PLUGINS, DetectSecretsPlugins

__all__ = ["PLUGINS", "DetectSecretsPlugins"]
