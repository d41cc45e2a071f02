"""Personal data replaced: in tables, in texts and in the outputs of notebooks.

The results are pseudonymised. Whoever holds the key can tell whose they are, and rows may be told
apart by what was left: k-anonymity is not promised.
"""

from __future__ import annotations

from .frames import redact
from .problems import CannotRedact, StillThere
from .report import RedactionReport
from .result import Redacted, describe
from .texts import redact_notebook, redact_text

__all__ = [
    "CannotRedact",
    "Redacted",
    "RedactionReport",
    "StillThere",
    "describe",
    "redact",
    "redact_notebook",
    "redact_text",
]
