"""The Jupyter server extension: authenticated handlers around processes that scan."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from . import __version__
from .core.evidence import Concealer
from .rules import all_rules
from .wire import Limits, Status
from .worker import READY, greeting

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

LIMITS: Final = Limits(request_bytes=32_000_000, seconds=10.0)
_GRACE: Final = 2.0
_WORKERS: Final = 2
_MOST_WAITING: Final = 16
_RESOURCE: Final = "contents"
_LATE: Final = b"scanning it takes too long; use llmsec check"
_STOPPED: Final = b"the scanner stopped; nothing was scanned"

Method = TypeVar("Method", bound="Callable[..., Any]")


def guarded(method: Method) -> Method:
    """Only for users who are known and may read contents."""
    return cast("Method", web.authenticated(authorized("read", resource=_RESOURCE)(method)))


class Gone(Exception):
    """A worker ended before it had answered."""


class Worker:
    """A process that scans. It is started when it is needed, and again when it has ended."""

    def __init__(self, greeting: bytes) -> None:
        """`greeting` tells a new process what it has to know."""
        self._greeting = greeting
        self._process: subprocess.Popen[bytes] | None = None

    def ready(self) -> None:
        """Wait for the process to take messages. Raises Gone."""
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        # -P: a module that lies in the working directory is not ours to run.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "llmsec_nb.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if self._said(self._greeting) != READY:
            raise Gone

    def ask(self, name: str, body: bytes) -> tuple[int, bytes]:
        """The status and text of the answer. Raises Gone."""
        status, _, size = self._said(b"%b %d\n" % (name.encode(), len(body)), body).partition(b" ")
        if not size:
            raise Gone
        text: bytes = self._pipes[1].read(int(size))
        if len(text) < int(size):
            raise Gone
        return int(status), text

    def end(self) -> None:
        """Stop the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _said(self, *words: bytes) -> bytes:
        """Say something; the line that is answered, nothing when the process has ended."""
        sink, source = self._pipes
        try:
            sink.writelines(words)
            sink.flush()
        except OSError:
            return b""
        line: bytes = source.readline()
        return line

    @property
    def _pipes(self) -> tuple[Any, Any]:
        if self._process is None:
            raise Gone
        return self._process.stdin, self._process.stdout


class Scanner:
    """Runs scans in processes, a few at a time, none longer than the limit."""

    def __init__(self, root: Path, limits: Limits = LIMITS) -> None:
        """`root` is the served directory."""
        self.limits = limits
        first = greeting(root, Concealer(), limits.seconds)
        self.workers = [Worker(first) for _ in range(_WORKERS)]
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        for worker in self.workers:
            self._idle.put_nowait(worker)
        self._threads = ThreadPoolExecutor(_WORKERS, thread_name_prefix="llmsec")
        self._asked = 0
        self._warming: asyncio.Task[None] | None = None

    async def ask(self, name: str, body: bytes) -> bytes:
        """The reply of a worker. Raises HTTPError: 400, 403, 413, 500, or 503 when all are busy."""
        if self._asked >= _MOST_WAITING:
            raise web.HTTPError(503, "too many scans are waiting; try again")
        self._asked += 1
        try:
            worker = await self._idle.get()
            try:
                status, text = await self._asking(worker, name, body)
            finally:
                self._idle.put_nowait(worker)
        finally:
            self._asked -= 1
        if status != 200:
            raise web.HTTPError(status, text.decode())
        return text

    async def _asking(self, worker: Worker, name: str, body: bytes) -> tuple[int, bytes]:
        loop = asyncio.get_running_loop()
        late = False
        try:
            await loop.run_in_executor(self._threads, worker.ready)
            asked = loop.run_in_executor(self._threads, worker.ask, name, body)
            done, _ = await asyncio.wait({asked}, timeout=self.limits.seconds + _GRACE)
            if late := not done:
                worker.end()
            return await asked
        except (Gone, OSError):
            return (413, _LATE) if late else (500, _STOPPED)

    def warm(self) -> None:
        """Start what the first scan would wait for, once."""
        if self._warming is None:
            self._warming = asyncio.get_running_loop().create_task(self._warm())

    async def _warm(self) -> None:
        with suppress(web.HTTPError):
            await self.ask("place", b'""')

    def close(self) -> None:
        """End the processes."""
        for worker in self.workers:
            worker.end()


class _Handler(APIHandler):
    _track_activity = False  # scans follow what people and kernels do; alone they are no activity
    scanner: Scanner

    def initialize(self, scanner: Scanner) -> None:
        self.scanner = scanner

    def set_default_headers(self) -> None:
        """No reply is kept, errors included."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    async def prepare(self) -> None:  # type: ignore[override]  # as APIHandler has it
        """Refuse strangers before their body is read, and what another site makes a browser get."""
        await super().prepare()
        if self.request.method == "OPTIONS":
            return
        if self.current_user is None:
            raise web.HTTPError(403)
        self.check_xsrf_cookie()

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Log where a defect is, not its message: that may quote what was sent."""
        if isinstance(value, web.HTTPError):
            super().log_exception(typ, value, tb)
        else:
            where = "".join(traceback.format_tb(tb))
            self.log.error("llmsec_nb: %s\n%s", typ and typ.__name__, where)


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

    @property
    def body(self) -> bytes:
        """What was sent. Raises 413."""
        if self._size > self.scanner.limits.request_bytes:
            limit = self.scanner.limits.request_bytes // 1_000_000
            raise web.HTTPError(413, f"a request may hold {limit} MB")
        return b"".join(self._chunks)


class StatusHandler(_Handler):
    """`GET status`: version, rules and limits; wakes the scanner up."""

    @guarded
    def get(self) -> None:
        """Answer with Status."""
        self.scanner.warm()
        rules = tuple(all_rules().values())
        status = Status(version=__version__, rules=rules, limits=self.scanner.limits)
        self.finish(msgspec.json.encode(status))


class ScanHandler(_BodyHandler):
    """`POST scan`: judge cells."""

    @guarded
    async def post(self) -> None:
        """Answer a ScanRequest with a ScanReply."""
        self.finish(await self.scanner.ask("scan", self.body))


class ReportHandler(_BodyHandler):
    """`POST report`: scan a whole notebook and render the report."""

    @guarded
    async def post(self) -> None:
        """Answer a ReportRequest with a ReportReply."""
        self.finish(await self.scanner.ask("report", self.body))


class ConfigHandler(_BodyHandler):
    """`GET config?path=`: where the configuration is; `POST`: its text with a rule ignored."""

    @guarded
    async def get(self) -> None:
        """Answer with ConfigPlace."""
        path = self.get_query_argument("path", "", strip=False)
        self.finish(await self.scanner.ask("place", json.dumps(path).encode()))

    @guarded
    async def post(self) -> None:
        """Answer an IgnoreRequest with an IgnoreReply."""
        self.finish(await self.scanner.ask("ignore", self.body))


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
