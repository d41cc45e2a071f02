"""Security for notebooks, made inside the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from . import datasets
    from .api import check, check_text
    from .redaction import redact, redact_notebook, redact_text
    from .sanitizing import sanitize
    from .tables import profile

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "check",
    "check_text",
    "datasets",
    "profile",
    "redact",
    "redact_notebook",
    "redact_text",
    "sanitize",
]

_HOMES = {
    "check": "api",
    "check_text": "api",
    "profile": "tables",
    "redact": "redaction",
    "redact_notebook": "redaction",
    "redact_text": "redaction",
    "sanitize": "sanitizing",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    if name == "datasets":
        return import_module(".datasets", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext llmsec_nb`: register the magics."""
    from .magics import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """`%unload_ext llmsec_nb`: take everything back."""
    from .magics import unload

    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where `jupyter labextension develop` finds the panel."""
    return [{"src": "labextension", "dest": "llmsec-nb"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell a Jupyter server which module extends it."""
    return [{"module": "llmsec_nb"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Add the scanner's handlers to a Jupyter server."""
    from .server import load

    load(app)
