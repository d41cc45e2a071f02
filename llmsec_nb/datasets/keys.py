"""The user's key for manifests and audit trails."""

from __future__ import annotations

from typing import Final

from ..redaction.key import DRAWN, find_key

_PURPOSE: Final = "lineage"


def lineage_key() -> bytes:
    """The key of LLMSEC_KEY or the keyring; b"" where there is none. Raises CannotRedact."""
    found = find_key()
    return b"" if found.origin == DRAWN else found.derive(_PURPOSE)
