"""The Jupyter server extension: authenticated handlers around the Judge. Writes no file."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from . import __version__
from .config import ConfigError, with_ignored
from .live import Judge, OutsideRoot
from .policy import resolve
from .report.json import encodable
from .rules import all_rules
from .wire import (
    EXPORTS,
    IgnoreReply,
    IgnoreRequest,
    Limits,
    ReportReply,
    ReportRequest,
    ScanReply,
    ScanRequest,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Callable

LIMITS: Final = Limits(request_bytes=32_000_000, seconds=10.0)
_GRACE: Final = 2.0
_WORKERS: Final = 2
_MOST_WAITING: Final = 16
_RESOURCE: Final = "contents"

Answer = TypeVar("Answer")


Method = TypeVar("Method", bound="Callable[..., Any]")


def guarded(method: Method) -> Method:
    """Only for users who are known and may read contents."""
    return cast("Method", web.authenticated(authorized("read", resource=_RESOURCE)(method)))


class Scanner:
    """Runs scans in threads, a few at a time, none longer than the limit."""

    def __init__(self, root: Path, limits: Limits = LIMITS) -> None:
        """`root` is the served directory."""
        self.judge = Judge(root)
        self.limits = limits
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="llmsec")
        self._waiting = 0

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """What `work` returns. Raises TimeoutError, and 503 when too much is waiting."""
        if self._waiting >= _MOST_WAITING:
            raise web.HTTPError(503, "too many scans are waiting; try again")
        self._waiting += 1
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._finished())
        limit = self.limits.seconds + _GRACE
        return await asyncio.wait_for(asyncio.wrap_future(future), limit)

    def _finished(self) -> None:
        self._waiting -= 1

    def warm(self) -> None:
        """Import and compile what the first scan would wait for."""
        cell = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}
        request = msgspec.convert(
            {"cells": [{"key": "", "index": 0, "cell": cell}], "metadata": {}}, ScanRequest
        )
        self._pool.submit(self.judge.scan, request, self.limits.seconds)

    def close(self) -> None:
        """Take no more work."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Handler(APIHandler):
    _track_activity = False  # scans follow what people and kernels do; alone they are no activity
    scanner: Scanner

    def initialize(self, scanner: Scanner) -> None:
        self.scanner = scanner

    def answer(self, message: Any) -> None:
        """Reply with a message of the wire."""
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(msgspec.json.encode(encodable(message)))


@web.stream_request_body
class _BodyHandler(_Handler):
    """Reads at most the allowed bytes of a body; what is beyond is not kept."""

    def initialize(self, scanner: Scanner) -> None:
        super().initialize(scanner)
        self._chunks: list[bytes] = []
        self._size = 0

    def data_received(self, chunk: bytes) -> None:
        """Keep a chunk unless there are too many."""
        self._size += len(chunk)
        if self._size <= self.scanner.limits.request_bytes:
            self._chunks.append(chunk)
        else:
            self._chunks.clear()

    def message(self, kind: type[Answer]) -> Answer:
        """The body as a message. Raises 413 and 400, never quoting what was sent."""
        if self._size > self.scanner.limits.request_bytes:
            limit = self.scanner.limits.request_bytes // 1_000_000
            raise web.HTTPError(413, f"a request may hold {limit} MB")
        try:
            # The standard library's reader: notebooks hold lone surrogates, stricter ones refuse.
            return msgspec.convert(json.loads(b"".join(self._chunks)), kind)
        except msgspec.ValidationError as error:
            raise web.HTTPError(400, f"not a {kind.__name__}: {error}") from None
        except (ValueError, RecursionError):
            raise web.HTTPError(400, "the body is not JSON") from None


class StatusHandler(_Handler):
    """`GET status`: version, rules and limits; wakes the scanner up."""

    @guarded
    def get(self) -> None:
        """Answer with Status."""
        self.scanner.warm()
        rules = tuple(all_rules().values())
        self.answer(Status(version=__version__, rules=rules, limits=self.scanner.limits))


class ScanHandler(_BodyHandler):
    """`POST scan`: judge cells."""

    @guarded
    async def post(self) -> None:
        """Answer a ScanRequest with a ScanReply."""
        try:
            self.answer(await self.scanner.run(self._scanned))
        except OutsideRoot as error:
            raise web.HTTPError(403, str(error)) from None
        except TimeoutError:
            raise web.HTTPError(503, "the scan took too long; use llmsec check") from None

    def _scanned(self) -> ScanReply:
        """In a worker: reading a large body takes time, too."""
        request = self.message(ScanRequest)
        return self.scanner.judge.scan(request, self.scanner.limits.seconds)


class ReportHandler(_BodyHandler):
    """`POST report`: scan a whole notebook and render the report."""

    @guarded
    async def post(self) -> None:
        """Answer a ReportRequest with a ReportReply."""
        try:
            self.answer(await self.scanner.run(self._report))
        except OutsideRoot as error:
            raise web.HTTPError(403, str(error)) from None
        except TimeoutError:
            raise web.HTTPError(503, "the scan took too long; use llmsec check") from None

    def _report(self) -> ReportReply:
        request = self.message(ReportRequest)
        if request.format not in EXPORTS:
            raise web.HTTPError(400, f"a report is one of {', '.join(EXPORTS)}")
        return self.scanner.judge.report(request)


class ConfigHandler(_BodyHandler):
    """`GET config?path=`: where the configuration is; `POST`: its text with a rule ignored."""

    @guarded
    def get(self) -> None:
        """Answer with ConfigPlace."""
        try:
            self.answer(self.scanner.judge.config_place(self.get_query_argument("path", "")))
        except OutsideRoot as error:
            raise web.HTTPError(403, str(error)) from None

    @guarded
    def post(self) -> None:
        """Answer an IgnoreRequest with an IgnoreReply."""
        request = self.message(IgnoreRequest)
        try:
            resolve(request.rule)
            text = with_ignored(request.text, request.name, request.rule, request.reason)
        except ConfigError as error:
            raise web.HTTPError(400, str(error)) from None
        self.answer(IgnoreReply(text=text))


_HANDLERS: Final[dict[str, type[_Handler]]] = {
    "status": StatusHandler,
    "scan": ScanHandler,
    "report": ReportHandler,
    "config": ConfigHandler,
}


def load(app: Any) -> None:
    """Add the handlers to a running Jupyter server."""
    settings = app.web_app.settings
    root = Path(getattr(app, "root_dir", "") or settings.get("server_root_dir", ".")).expanduser()
    scanner = Scanner(root)
    base = settings["base_url"]
    app.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, "llmsec-nb", "api", name), handler, {"scanner": scanner})
            for name, handler in _HANDLERS.items()
        ],
    )
    app.log.info("llmsec_nb %s: live findings are on", __version__)
