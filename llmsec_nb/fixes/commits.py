"""Commits of models and data sets that the cache of Hugging Face holds on this machine.

Layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache. Read only.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..rules.code.fixes import Asked

_KINDS: Final = frozenset({"models", "datasets", "spaces"})
_WORD: Final = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,95}"
_NAME: Final = re.compile(rf"{_WORD}(?:/{_WORD})?")
_REVISION: Final = re.compile(_WORD)
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")


def cached_commit(asked: Asked) -> str:
    """The commit that a branch or tag stood for when it was last downloaded; empty if unknown."""
    known = asked.kind in _KINDS and _NAME.fullmatch(asked.name)
    if not known or not _REVISION.fullmatch(asked.revision):
        return ""
    folder = f"{asked.kind}--{asked.name.replace('/', '--')}"
    try:
        with (_cache() / folder / "refs" / asked.revision).open("rb") as stream:
            commit = stream.read(64).decode("ascii").strip()
    except (OSError, ValueError, RuntimeError):
        return ""
    return commit if _COMMIT.fullmatch(commit) else ""


def _cache() -> Path:
    """Where huggingface_hub keeps what it downloads. Raises RuntimeError without a home."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(name):
            return Path(os.environ[name]).expanduser()
    home = os.environ.get("HF_HOME")
    if not home:
        home = str(Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
    return Path(home).expanduser() / "hub"
