"""The server extension in a real Jupyter server: who may ask, what is kept, and that it stays up."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from jupyter_server.auth.security import passwd
from tornado.web import HTTPError

from llmsec_nb import __version__, server
from llmsec_nb.rules import all_rules
from llmsec_nb.wire import Limits

from .samples import Maker
from .test_live import REFUSED
from .test_notebook import code, notebook
from .test_trust import HOSTILE, python

MAKER = Maker(23)
SECRET = MAKER.token("SEC103")
ACCESS, PASSWORD = MAKER.of(32), MAKER.of(16)
SERVE = """
import sys, warnings
from jupyter_server.auth import Authorizer
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import JupyterServerAuthWarning

class Refusing(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return resource != "contents"

more = {"authorizer_class": Refusing} if sys.argv.pop(1) == "refuse" else {}
warnings.simplefilter("error", JupyterServerAuthWarning)
ServerApp.launch_instance(sys.argv[1:], **more)
"""
SCAN = {"path": "a.ipynb", "cells": [{"key": "k", "index": 0, "cell": code(f't = "{SECRET}"')}]}
LINES = (
    "import pickle as p, torch",
    "!pip install sklearn git+https://example.org/a/b.git",
    "p.load(open('model.bin', 'rb'))\ntorch.load('model.pt')",
    "from transformers import AutoModel\nAutoModel.from_pretrained('a/b', trust_remote_code=True)",
)
PROGRAM = {
    "path": "a.ipynb",
    "code": [{"key": f"k{n}", "index": n, "source": line} for n, line in enumerate(LINES)],
}
REPORT = {"path": "a.ipynb", "format": "html", "notebook": notebook(code(f't = "{SECRET}"'))}
IGNORE = {"name": "llmsec.toml", "text": "", "rule": "SEC103", "reason": "why not"}
CALLS: list[tuple[str, str, Any]] = [
    ("GET", "status", None),
    ("POST", "scan", SCAN),
    ("POST", "scan", PROGRAM),
    ("POST", "report", REPORT),
    ("GET", "config?path=sub/a.ipynb", None),
    ("POST", "config", IGNORE),
]


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A Jupyter server of its own, and all that it ever replied."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self.root = folder, folder / "root"
        for name in ("root/sub", "tmp", "home", "config", "data", "runtime"):
            (folder / name).mkdir(parents=True)
        self.replies: list[Reply] = []
        self.log = folder / "log.txt"
        env = {
            **os.environ,
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTER_NO_CONFIG": "1",
            "IPYTHONDIR": str(folder / "home"),
            "LLMSEC_KEY": "tests",
        }
        words = [
            kind,
            "--no-browser",
            "--allow-root",
            "--debug",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            f"--ServerApp.root_dir={self.root}",
            "--ServerApp.jpserver_extensions={'llmsec_nb': True}",
            "--ServerApp.allow_unauthenticated_access=False",
            f"--IdentityProvider.token={ACCESS}",
            f"--PasswordIdentityProvider.hashed_password={passwd(PASSWORD, 'sha1')}",  # type: ignore[no-untyped-call]
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, *words],
                env=env,
                cwd=folder / "home",
                stdout=log,
                stderr=log,
            )
        self.port = self._port()

    def _port(self) -> int:
        """Where it listens: Jupyter says it a moment before it does."""
        for _ in range(600):
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.said())
            if found and _listens(int(found[1])):
                return int(found[1])
            assert self.process.poll() is None, self.said()
            time.sleep(0.1)
        raise AssertionError(self.said())

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def call(
        self, method: str, name: str, body: Any = None, *, token: bool = True, **headers: str
    ) -> Reply:
        known = {"Authorization": f"token {ACCESS}"} if token else {}
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        where = name if name.startswith("/") else f"/llmsec-nb/api/{name}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        connection.request(method, where, data, {**known, **sent})
        response = connection.getresponse()
        many = [(key, value) for key, value in response.getheaders() if key != "Set-Cookie"]
        cookies = [v.split(";")[0] for k, v in response.getheaders() if k == "Set-Cookie"]
        made = Reply(
            response.status,
            {**dict(many), "cookies": "; ".join(cookies)},
            response.read(),
        )
        connection.close()
        self.replies.append(made)
        return made

    def login(self) -> dict[str, str]:
        """The headers of a browser that has logged in with the password."""
        first = self.call("GET", "/login", token=False).headers["cookies"]
        xsrf = first.partition("_xsrf=")[2].partition(";")[0]
        form = urlencode({"password": PASSWORD, "_xsrf": xsrf}).encode()
        kind = "application/x-www-form-urlencoded"
        made = self.call("POST", "/login", form, token=False, Cookie=first, Content_Type=kind)
        assert made.status == 302
        return {"Cookie": f"{first}; {made.headers['cookies']}", "X_XSRFToken": xsrf}

    def tree(self) -> dict[str, str]:
        """Every file beneath, with the digest of its content; but for the log."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path != self.log
        }

    def audit(self) -> None:
        """No raw value in anything that was ever replied or logged, and no defect met."""
        for reply in self.replies:
            assert SECRET.encode() not in reply.body
            assert SECRET not in str(reply.headers)
        said = self.said()
        assert "POST /llmsec-nb/api/scan" in said
        assert SECRET not in said
        assert "Uncaught exception" not in said
        assert "Traceback" not in said

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 60).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("jupyter"), "usual")
    try:
        yield made
        made.audit()
    finally:
        made.stop()


# Who may ask


@pytest.mark.parametrize(("method", "name", "body"), CALLS)
def test_only_users_are_answered(jupyter: Server, method: str, name: str, body: Any) -> None:
    refused = jupyter.call(method, name, body, token=False)
    assert refused.status == 403
    assert jupyter.call(method, name, body, token=False, Authorization="token no").status == 403
    made = jupyter.call(method, name, body)
    assert made.status == 200
    for reply in (refused, made):
        assert reply.headers["Content-Type"] == "application/json"
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in refused.headers
        json.loads(reply.body)


@pytest.mark.parametrize(("method", "name", "body"), CALLS)
def test_a_browser_needs_the_xsrf_token(jupyter: Server, method: str, name: str, body: Any) -> None:
    headers = jupyter.login()
    cookie = headers["Cookie"]
    assert jupyter.call(method, name, body, token=False, **headers).status == 200
    assert jupyter.call(method, name, body, token=False, Cookie=cookie).status == 403
    wrong = {**headers, "X_XSRFToken": jupyter.login()["X_XSRFToken"]}
    assert jupyter.call(method, name, body, token=False, **wrong).status == 403
    evil = {"Origin": "http://evil.example", "Referer": "http://evil.example/x"}
    for more in (evil, {"Host": "evil.example"}):
        made = jupyter.call(method, name, body, token=False, **{**headers, **more})
        assert made.status in {403, 404}
        assert "Access-Control-Allow-Origin" not in made.headers
        simple = jupyter.call(method, name, body, token=False, Cookie=cookie, **more)
        assert simple.status in {403, 404}


def test_a_form_of_another_site_is_refused(jupyter: Server) -> None:
    headers = jupyter.login()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        made = jupyter.call(
            "POST", "scan", SCAN, token=False, Cookie=headers["Cookie"], Content_Type=kind
        )
        assert made.status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
def test_there_are_no_other_methods(jupyter: Server, method: str) -> None:
    for name in ("status", "scan", "report", "config"):
        assert jupyter.call(method, name, token=False).status == 403
        assert jupyter.call(method, name).status == 405
    assert jupyter.call("GET", "scan").status == 405
    assert jupyter.call("OPTIONS", "scan", token=False).body == b""


def test_an_authorizer_can_refuse(tmp_path: Path) -> None:
    refusing = Server(tmp_path, "refuse")
    try:
        for method, name, body in CALLS:
            assert refusing.call(method, name, body, token=False).status == 403
            made = refusing.call(method, name, body)
            assert (made.status, made.json["message"]) == (
                403,
                "User is not authorized to read on resource: contents.",
            )
        assert refusing.call("GET", "/api/me").status == 200
    finally:
        refusing.stop()


def test_no_handler_is_open(jupyter: Server) -> None:
    """The server has made JupyterServerAuthWarning an error, and the extension was loaded."""
    assert f"llmsec_nb {__version__}: live findings are on" in jupyter.said()
    assert "JupyterServerAuthWarning" not in jupyter.said()
    assert "llmsec_nb | extension failed" not in jupyter.said()


# What is answered


def test_status(jupyter: Server) -> None:
    made = jupyter.call("GET", "status").json
    assert made["version"] == __version__
    assert [rule["id"] for rule in made["rules"]] == list(all_rules())
    assert made["limits"] == {"request_bytes": 32_000_000, "seconds": 10.0}


def test_scan(jupyter: Server) -> None:
    made = jupyter.call("POST", "scan", {**SCAN, "metadata": {"t": SECRET}}).json
    (cell,) = made["cells"]
    found = [(f["rule"], f["location"]["column"]) for f in cell["findings"]]
    assert (cell["key"], found) == ("k", [("SEC103", 5)])
    assert [f["location"]["pointer"] for f in made["notebook"]["findings"]] == ["/metadata/t"]


def test_scan_of_code(jupyter: Server) -> None:
    made = jupyter.call("POST", "scan", PROGRAM).json
    told = {part["key"]: [f["rule"] for f in part["findings"]] for part in made["code"]}
    assert made["cells"] == []
    assert "COD002" in told["k2"]
    assert "DEP006" in told["k1"]


def test_lone_surrogates_and_odd_numbers(jupyter: Server) -> None:
    cell = code(f'"\ud800"; t = "{SECRET}"', metadata={"n": float("nan"), "i": 10**30})
    made = jupyter.call("POST", "scan", {"cells": [{"key": "\ud801", "index": 0, "cell": cell}]})
    assert made.status == 200
    assert [f["rule"] for f in made.json["cells"][0]["findings"]] == ["SEC103"]
    sent = {"key": "\ud801", "index": 0, "source": "import os\nos.system(input())\n'\ud800'"}
    made = jupyter.call("POST", "scan", {"code": [sent]})
    (part, _) = made.json["code"]
    assert [f["rule"] for f in part["findings"]] == ["COD023"]
    assert [skip["message"].partition(":")[0] for skip in part["skips"]] == ["line 3"]


def test_config(jupyter: Server) -> None:
    place = {"file": "llmsec.toml", "shown": "llmsec.toml", "exists": False}
    assert jupyter.call("GET", "config").json == place
    assert jupyter.call("GET", "config?path=RTC%3Asub/a.ipynb").json == place
    assert jupyter.call("POST", "config", IGNORE).json == {
        "text": 'ignore = [\n    "SEC103", # why not\n]\n'
    }


@pytest.mark.parametrize(("path", "status", "message"), REFUSED)
def test_paths_are_confined(jupyter: Server, path: str, status: int, message: str) -> None:
    (jupyter.folder / "other").mkdir(exist_ok=True)
    for link, to in (("outer", "other"), ("out.ipynb", "other/a.ipynb")):
        if not (jupyter.root / link).is_symlink():
            (jupyter.root / link).symlink_to(jupyter.folder / to)
    made = jupyter.call("POST", "scan", {"path": path})
    assert (made.status, made.json["message"]) == (status, message)


@pytest.mark.parametrize("path", ["%2e%2e/a.ipynb", "..%2fa.ipynb", "RTC%3A%2e%2e/a.ipynb"])
def test_percent_encoded_paths(jupyter: Server, path: str) -> None:
    made = jupyter.call("GET", f"config?path={path}")
    assert (made.status, made.json["message"]) == (
        403,
        "the path leads out of the served directory",
    )


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("scan", SECRET.encode(), "the body is not JSON that can be read"),
        ("scan", b"[" * 100_000, "the body is not JSON that can be read"),
        ("scan", b"", "the body is not JSON that can be read"),
        ("scan", {SECRET: 1}, "not a ScanRequest: Object contains unknown field"),
        ("scan", {"path": 3}, "not a ScanRequest: Expected `str`, got `int` - at `$.path`"),
        ("report", {"path": SECRET}, "not a ReportRequest: Object missing required field `format`"),
        (
            "report",
            {**REPORT, "format": SECRET},
            "a report is one of html, json, sarif, text",
        ),
        ("config", {**IGNORE, "rule": SECRET}, "no rule is called so"),
        ("config", {**IGNORE, "name": SECRET}, "no configuration is called so"),
        (
            "config",
            {**IGNORE, "text": f'ignore = "{SECRET}"'},
            "llmsec.toml: not a valid configuration; mend it first",
        ),
    ],
)
def test_what_is_refused_is_not_quoted(jupyter: Server, name: str, body: Any, message: str) -> None:
    made = jupyter.call("POST", name, body)
    assert (made.status, made.json["message"]) == (400, message)
    assert made.headers["Cache-Control"] == "no-store"


def peak(pid: int) -> int:
    """The most memory that a process has held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) // 1000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the memory")
def test_a_body_that_is_too_large_is_not_kept(jupyter: Server) -> None:
    before = peak(jupyter.process.pid)
    made = jupyter.call("POST", "scan", b" " * 150_000_000)
    assert (made.status, made.json["message"]) == (413, "a request may hold 32 MB")
    assert peak(jupyter.process.pid) - before < 90


def test_strangers_cannot_fill_the_memory(jupyter: Server) -> None:
    """A cookie and a header that agree are no user: refused before the body is read."""
    connection = HTTPConnection("127.0.0.1", jupyter.port, timeout=20)
    xsrf = jupyter.login()["X_XSRFToken"]
    connection.putrequest("POST", "/llmsec-nb/api/scan")
    for name, value in (("Cookie", f"_xsrf={xsrf}"), ("X-XSRFToken", xsrf)):
        connection.putheader(name, value)
    connection.putheader("Content-Length", "30000000")
    connection.endheaders()
    assert connection.getresponse().status == 403  # nothing of the body has been sent


def test_the_server_answers_while_scans_run(jupyter: Server) -> None:
    slow = {"cells": [{"key": "k", "index": 0, "cell": code(HOSTILE["escapes"] * 4)}]}
    replies: list[Reply] = []
    scans = [
        threading.Thread(target=lambda: replies.append(jupyter.call("POST", "scan", slow)))
        for _ in range(2)
    ]
    for scan in scans:
        scan.start()
    waits = []
    while any(scan.is_alive() for scan in scans):
        start = time.monotonic()
        assert jupyter.call("GET", "status").status == 200
        waits.append(time.monotonic() - start)
        time.sleep(0.05)
    assert len(waits) > 5
    assert sorted(waits)[len(waits) // 2] < 0.25
    assert {reply.status for reply in replies} <= {200, 413}


def test_nothing_is_written(jupyter: Server) -> None:
    before = jupyter.tree()
    assert "runtime/jupyter_cookie_secret" in before
    for method, name, body in CALLS:
        assert jupyter.call(method, name, body).status == 200
        jupyter.call(method, name, SECRET.encode() if method == "POST" else None)
    assert jupyter.tree() == before


@pytest.mark.parametrize("words", [SCAN, PROGRAM])
def test_a_scan_opens_no_socket(tmp_path: Path, words: dict[str, Any]) -> None:
    body = json.dumps(words)
    script = (
        "import sys\nseen = []\n"
        "from pathlib import Path\n"
        "from llmsec_nb.live import Judge\nfrom llmsec_nb.worker import answer\n"
        "def hook(event, args):\n"
        "    write = event == 'open' and isinstance(args[1], str) and set(args[1]) & set('wax+')\n"
        "    if event.startswith('socket.') or event == 'subprocess.Popen' or write:\n"
        "        seen.append((event, args[:1]))\n"
        "sys.addaudithook(hook)\n"
        f"status, text = answer(Judge(Path({str(tmp_path)!r})), 'scan', {body!r}.encode(), 60)\n"
        "print(status, seen)"
    )
    assert python(script) == "200 []\n"


# Processes that scan


class Ask:
    """A scanner outside of any server."""

    def __init__(self, root: Path, seconds: float = 60.0) -> None:
        limits = Limits(request_bytes=1000, seconds=seconds)
        self.scanner = server.Scanner(root, limits)

    async def scan(self, source: str) -> Any:
        cells = [{"key": "k", "index": 0, "cell": code(source)}]
        return json.loads(await self.scanner.ask("scan", json.dumps({"cells": cells}).encode()))


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[Callable[..., Ask]]:
    made: list[Ask] = []

    def make(seconds: float = 60.0) -> Ask:
        made.append(Ask(tmp_path, seconds))
        return made[-1]

    yield make
    for ask in made:
        ask.scanner.close()


def refusal(error: pytest.ExceptionInfo[HTTPError]) -> tuple[int, str | None]:
    return error.value.status_code, error.value.log_message


def test_a_scan_that_takes_too_long_is_ended(
    scanner: Callable[..., Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_GRACE", 0.2)

    async def main() -> None:
        ask = scanner(0.3)
        ask.scanner.warm()
        assert ask.scanner._warming is not None
        await ask.scanner._warming
        start = time.monotonic()
        with pytest.raises(HTTPError) as raised:
            await ask.scan(HOSTILE["assignments"] * 3)
        assert time.monotonic() - start < 5
        assert refusal(raised) == (413, "scanning it takes too long; use llmsec check")
        made = await ask.scan(f't = "{SECRET}"')  # by a new process
        assert [f["rule"] for f in made["cells"][0]["findings"]] == ["SEC103"]

    asyncio.run(main())


def test_a_process_that_ends_is_started_again(scanner: Callable[..., Ask]) -> None:
    async def main() -> None:
        ask = scanner()
        for _ in range(3):
            made = await ask.scan(f't = "{SECRET}"')
            assert [f["rule"] for f in made["cells"][0]["findings"]] == ["SEC103"]
            ask.scanner.close()
        running = asyncio.ensure_future(ask.scan(HOSTILE["assignments"] * 4))
        await asyncio.sleep(1.5)
        ask.scanner.close()
        with pytest.raises(HTTPError) as raised:
            await running
        assert refusal(raised) == (500, "the scanner stopped; nothing was scanned")

    asyncio.run(main())


def test_a_process_that_cannot_start(
    scanner: Callable[..., Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    for interpreter in ("/no/such/python", "/bin/false"):
        monkeypatch.setattr(sys, "executable", interpreter)
        with pytest.raises(HTTPError) as raised:
            asyncio.run(scanner().scan("x"))
        assert refusal(raised) == (500, "the scanner stopped; nothing was scanned")


def test_too_many_scans(scanner: Callable[..., Ask]) -> None:
    async def main() -> None:
        ask = scanner()
        asked = [asyncio.ensure_future(ask.scan("x = 1")) for _ in range(20)]
        made = await asyncio.gather(*asked, return_exceptions=True)
        refused = [error for error in made if isinstance(error, HTTPError)]
        assert [(e.status_code, e.log_message) for e in refused] == [
            (503, "too many scans are waiting; try again")
        ] * 4
        assert (await ask.scan("x = 1"))["cells"][0]["failures"] == []

    asyncio.run(main())


def test_modules_in_the_working_directory_do_not_run(
    scanner: Callable[..., Ask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "msgspec.py", "sitecustomize.py", "signal.py"):
        (tmp_path / name).write_text("open('RAN', 'w'); raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    made = asyncio.run(scanner().scan(f't = "{SECRET}"'))
    assert [f["rule"] for f in made["cells"][0]["findings"]] == ["SEC103"]
    assert not (tmp_path / "RAN").exists()
