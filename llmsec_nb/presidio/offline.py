"""The public suffix list without the network, for the recognizers of Presidio and of users."""

from __future__ import annotations

import socket
import sys
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_made: list[Any] = []


def _extractor() -> Any:
    """One that reads the list bundled with tldextract, and neither fetches nor caches one."""
    if not _made:
        import tldextract

        _made.append(tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None))
    return _made[0]


@contextmanager
def no_probe() -> Iterator[None]:
    """Nothing is bound while tldextract is imported.

    With it comes urllib3, which tries a socket of its own once to learn whether there is IPv6.
    Here it is told what Python was built with, so that it later asks for addresses of both kinds.
    """
    name = "urllib3.util.connection"
    if name in sys.modules:
        yield
        return
    has = socket.has_ipv6
    socket.has_ipv6 = False
    try:
        yield
    finally:
        socket.has_ipv6 = has
        if name in sys.modules:
            sys.modules[name].HAS_IPV6 = has  # type: ignore[attr-defined]


def bundle_suffixes(recognizers: Iterable[Any]) -> None:
    """Make the modules of these recognizers use the bundled list wherever they use tldextract.

    tldextract itself stays as it is, for other code of this process may want what it fetches.
    """
    tldextract = sys.modules.get("tldextract")
    if tldextract is None:
        return
    kinds = {kind for recognizer in recognizers for kind in type(recognizer).__mro__}
    for module in {sys.modules.get(kind.__module__) for kind in kinds}:
        if module is None or module is tldextract or module.__name__.startswith("tldextract"):
            continue
        for name, value in list(vars(module).items()):
            if value is tldextract:
                public = {key: thing for key, thing in vars(tldextract).items() if key[0] != "_"}
                own = SimpleNamespace(**{**public, "extract": _extractor()})
                setattr(module, name, own)
            elif value is getattr(tldextract, "extract", None):
                setattr(module, name, _extractor())
