"""What a model file would do to whoever loads it: read, never loaded.

No module that a file names is imported and nothing of it is executed; see `scan_model`. The
readers are imported when one of the functions is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .issue import Budget, ModelIssue, ModelScan

if TYPE_CHECKING:
    from .scan import is_model_file, scan_bytes, scan_model

__all__ = ["Budget", "ModelIssue", "ModelScan", "is_model_file", "scan_bytes", "scan_model"]

_LAZY: Final = frozenset({"is_model_file", "scan_bytes", "scan_model"})


def __getattr__(name: str) -> Any:
    """One of the functions of `scan`."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import scan

    return getattr(scan, name)
