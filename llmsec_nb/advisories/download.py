"""One conditional request, kept in a file; nothing else in this package opens a connection."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from ..core.lazy import lazy
from .readers import BadSource

if TYPE_CHECKING:
    import urllib.request
    from collections.abc import Callable
    from pathlib import Path

LARGEST: Final = 2 * 2**30
"""Bytes."""
SECONDS: Final = 60
_CHUNK: Final = 2**18
_ADDRESS: Final = lazy(r"[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NOT_MODIFIED: Final = 304


class Answer(NamedTuple):
    """What has come: the digest of it, and the mark to ask with the next time."""

    sha256: str
    etag: str


def is_address(source: str) -> bool:
    """Whether a source is a URL."""
    return _ADDRESS.match(source) is not None


def _opener() -> urllib.request.OpenerDirector:
    """A redirection must not lead out of https."""
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Redirects(HTTPRedirectHandler):
        def redirect_request(
            self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
        ) -> Request | None:
            _check(newurl)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    return build_opener(Redirects)


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise BadSource("advisories come over https only")


def download(
    address: str,
    file: Path,
    etag: str,
    progress: Callable[[int], None],
    *,
    largest: int = LARGEST,
) -> Answer | None:
    """Fetch an address into a file; None when it is as `etag` says.

    Raises BadSource for anything else than a whole answer within the limit.
    """
    import urllib.error
    import urllib.request

    _check(address)
    request = urllib.request.Request(address, headers={"User-Agent": "llmsec"})  # noqa: S310  checked above
    if etag:
        request.add_header("If-None-Match", etag)
    try:
        with _opener().open(request, timeout=SECONDS) as answer:
            sha256 = _keep(answer, file, progress, largest)
            return Answer(sha256, str(answer.headers.get("ETag") or ""))
    except urllib.error.HTTPError as error:
        if error.code == _NOT_MODIFIED and etag:
            return None
        raise BadSource(f"{_host(address)} answers {error.code}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise BadSource(f"{_host(address)} cannot be reached: {reason}") from error


def _keep(answer: Any, file: Path, progress: Callable[[int], None], largest: int) -> str:
    digest = hashlib.sha256()
    done = 0
    announced = answer.headers.get("Content-Length")
    with file.open("wb") as stream:
        while chunk := answer.read(_CHUNK):
            done += len(chunk)
            if done > largest:
                raise BadSource(f"the answer is longer than {largest:,} bytes")
            digest.update(chunk)
            stream.write(chunk)
            progress(done)
    if announced is not None and announced.isdecimal() and int(announced) != done:
        raise BadSource(f"the answer ended after {done:,} of {announced} bytes")
    return digest.hexdigest()


def _host(address: str) -> str:
    return urlsplit(address).hostname or "the address"
